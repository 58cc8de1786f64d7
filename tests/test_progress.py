import inspect

from earmark.progress import Progress, silent


def test_silent_is_a_progress(capsys):
    assert inspect.signature(silent).parameters.keys() == (
        inspect.signature(Progress.__call__).parameters.keys() - {"self"}
    )
    assert silent("stage", 1, 2, note="x") is None
    assert capsys.readouterr() == ("", "")
