import pytest

from earmark.engine.gone import is_below, why_not_to_prune


@pytest.mark.parametrize(
    ("path", "below"), [("/m/a", True), ("/m", True), ("/music/a", False), ("/", False), ("/m/b/c", True)]
)
def test_below_is_in_the_folder_or_the_folder_itself(path, below):
    assert is_below(path, ["/x", "/m"]) == below


def test_everything_is_below_the_root():
    assert is_below("/m/a", ["/"])


def files(folder, n):
    return [str(folder / f"{i}.mp3") for i in range(n)]


def test_half_of_a_folder_may_go(tmp_path):
    known = files(tmp_path, 4)
    assert why_not_to_prune([str(tmp_path)], known, known[:2]) is None
    assert "3 of 4 known files" in why_not_to_prune([str(tmp_path)], known, known[:3])


def test_a_known_folder_that_is_missing_speaks_against_it(tmp_path):
    inner = files(tmp_path / "usb", 1)
    known = files(tmp_path, 4) + inner
    assert why_not_to_prune([str(tmp_path)], known, inner) is None
    assert "usb is not there, with 1 known files" in why_not_to_prune(
        [str(tmp_path), str(tmp_path / "usb")], known, inner
    )


def test_a_folder_of_which_nothing_is_known_says_nothing(tmp_path):
    assert why_not_to_prune([str(tmp_path / "old")], files(tmp_path, 2), []) is None
