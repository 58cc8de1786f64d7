from commandline import invoke
from earmark.cli import map as command
from earmark.errors import NotFound


def test_build_tells_what_is_kept_and_export_writes(kinds, tmp_path, json_lines):
    run = lambda *words: invoke(command, *words, "--catalogue", kinds)  # noqa: E731
    assert isinstance(run("map", "export", tmp_path / "a.html").exception, NotFound)
    done = run("map", "build")
    assert done.stdout.startswith("24 tracks. Version ")
    assert "by chance" in done.stdout
    (told,) = json_lines(run("map", "build", "--json"))
    assert told["version"] in done.stdout
    assert 0 < told["chance"] < told["kept"] <= 1
    (written,) = json_lines(run("map", "export", tmp_path / "a.html", "--json"))
    assert written == {"out": str(tmp_path / "a.html"), "tracks": 24}
    assert (tmp_path / "a.html").read_text().startswith("<!doctype html>")
