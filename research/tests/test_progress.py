"""Lines of progress: few, and the last of each stage."""

from earmark_research.progress import PrintedProgress


def test_only_the_ends_of_stages_are_printed_at_once(capsys):
    progress = PrintedProgress(seconds=60)
    for stage in ("first", "second"):
        for step in range(1, 101):
            progress(stage, step, 100, f"loss {1 / step:.2f}")
    lines = capsys.readouterr().out.splitlines()
    assert [line.split("s  ", 1)[1] for line in lines] == ["first 100/100  loss 0.01", "second 100/100  loss 0.01"]


def test_every_step_is_printed_where_no_time_must_pass(capsys):
    progress = PrintedProgress(seconds=0)
    progress("stage", 1, 3)
    progress("stage", 2, 3)
    assert len(capsys.readouterr().out.splitlines()) == 2
