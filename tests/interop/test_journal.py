import pytest

from earmark.errors import CatalogueBusy, CatalogueError
from earmark.interop.delta import Delta
from earmark.interop.journal import DONE, UNDONE, journal_path, open_journal, written_by

DELTA = Delta(3, 4, 1, ((0, b"abc"),))


@pytest.fixture
def journal(tmp_path):
    with open_journal(tmp_path / "music.earmark") as found:
        yield found


def test_it_lies_beside_the_catalogue(tmp_path, journal):
    assert journal_path(tmp_path / "music.earmark") == tmp_path / "music.earmark.tags.sqlite"
    assert journal_path(tmp_path / "music.earmark").is_file()
    assert not (tmp_path / "music.earmark").exists()


def test_rows_are_found_by_run_and_path_until_they_are_undone(journal):
    path = "/m\udcff.flac"
    row = journal.ready("run", path, b"1", b"2", 5, DELTA)
    found = journal.latest("run", path)
    assert (found.path, found.state, found.before, found.after, found.mtime_ns) == (path, "ready", b"1", b"2", 5)
    assert found.delta == DELTA
    assert journal.latest("other", path) is journal.latest("run", "/other") is None
    journal.mark(row, DONE)
    assert journal.runs() == ["run"]
    journal.mark(row, UNDONE)
    assert (journal.latest("run", path), list(journal.written("run")), journal.runs()) == (None, [], [])


def test_the_newest_comes_first(journal):
    rows = [journal.ready("run", f"/{i}", b"", b"", 0, DELTA) for i in range(3)]
    journal.ready("later", "/0", b"", b"", 0, DELTA)
    assert [entry.id for entry in journal.written("run")] == rows[::-1]
    assert journal.runs() == ["run", "later"]
    journal.drop(rows[0])
    assert len(list(journal.written("run"))) == 2


def test_one_process_at_a_time(tmp_path, journal):
    with (
        pytest.raises(CatalogueBusy, match="another process is writing tags"),
        open_journal(tmp_path / "music.earmark"),
    ):
        pass


def test_what_is_no_journal_is_an_error_with_its_path(tmp_path):
    journal_path(tmp_path / "c").write_bytes(b"something else entirely" * 100)
    with pytest.raises(CatalogueError, match=r"c\.tags\.sqlite: cannot be used"), open_journal(tmp_path / "c"):
        pass


def test_what_was_written_is_counted_beside_whoever_writes(tmp_path, journal):
    place = tmp_path / "music.earmark"
    rows = [journal.ready("run", f"/{i}", b"", b"", 0, DELTA) for i in range(3)]
    journal.ready("later", "/0", b"", b"", 0, DELTA)
    journal.mark(rows[0], DONE)
    journal.mark(rows[1], UNDONE)
    assert written_by(place) == {"run": 2, "later": 1}
    assert (journal.count("run"), journal.count("none")) == (2, 0)
    assert written_by(tmp_path / "none.earmark") == {}
    assert not journal_path(tmp_path / "none.earmark").exists()
    journal_path(tmp_path / "c").write_bytes(b"something else entirely" * 100)
    with pytest.raises(CatalogueError, match=r"c\.tags\.sqlite: cannot be used"):
        written_by(tmp_path / "c")
