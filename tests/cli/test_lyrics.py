from commandline import invoke
from earmark.cli import lyrics
from earmark.errors import NotFound
from two_kinds import scan_kinds, write_kinds


def test_lyrics_are_shown_with_their_language(tmp_path, json_lines):
    music = write_kinds(tmp_path / "music", range(1))
    (music / "low 0.txt").write_text("Je ne sais pas qui tu es\net la nuit est dans les rues pour toi et moi")
    scan_kinds(tmp_path)
    run = lambda *words: invoke(lyrics, "lyrics", *words, "--catalogue", tmp_path / "catalogue")  # noqa: E731
    head, first, _ = run("Low 0").stdout.splitlines()
    assert " fr (" in head
    assert first == "  Je ne sais pas qui tu es"
    (told,) = json_lines(run("Low 0", "--json"))
    assert told["language"] == "fr"
    assert told["text"].count("\n") == 1
    assert isinstance(run("High 0").exception, NotFound)
