import pytest

from earmark.files import whole_file


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_the_file_is_there_when_the_block_ends_and_not_before(tmp_path):
    target = tmp_path / "a.json"
    with whole_file(target) as draft:
        draft.write_text("new")
        assert not target.exists()
        assert draft.parent == tmp_path
        assert draft.suffix == ".json"
    assert target.read_text() == "new"
    assert names(tmp_path) == ["a.json"]


def test_a_failure_leaves_what_was_there(tmp_path):
    target = tmp_path / "a.json"
    target.write_text("old")

    def fail_halfway():
        with whole_file(target) as draft:
            draft.write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_halfway()
    assert target.read_text() == "old"
    assert names(tmp_path) == ["a.json"]


def test_a_block_that_wrote_nothing_is_an_error_and_leaves_nothing(tmp_path):
    with pytest.raises(FileNotFoundError), whole_file(tmp_path / "a.json"):
        pass
    assert names(tmp_path) == []


def test_a_text_will_do_as_the_path(tmp_path):
    with whole_file(str(tmp_path / "a.txt")) as draft:
        draft.write_text("x")
    assert names(tmp_path) == ["a.txt"]
