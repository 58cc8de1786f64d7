import pytest

from commandline import invoke
from earmark.cli import teach
from earmark.cli.teach import one_each
from earmark.errors import NotFound

LOW, HIGH = [f"Low {i}" for i in range(6)], [f"High {i}" for i in range(6)]


@pytest.fixture
def run(kinds):
    return lambda *words: invoke(teach, *words, "--catalogue", kinds)


def test_an_option_takes_all_words_up_to_the_next():
    words = ["tag", "--yes", "A", "B", "--json", "--no", "C", "--from", "x=y", "-"]
    expected = "tag --yes A --yes B --json --no C --from x=y --from -"
    assert list(one_each(words)) == expected.split()
    assert list(one_each(["tag", "--yes", "A", "--yes", "B"])) == ["tag", "--yes", "A", "--yes", "B"]


def test_teach_tells_examples_worth_and_column(run, json_lines):
    done = run("teach", "campfire", "--yes", *LOW, "--no", *HIGH)
    head, worth, named = done.stdout.splitlines()
    assert head == "campfire  examples: 6 campfire, 6 without"
    assert "AUC 1.00" in worth
    assert "0.50; 12 artists" in worth
    assert "own_campfire > 0.5" in named
    (told,) = json_lines(run("teach", "--list", "--json"))
    assert told["tags"]["campfire"]["yes"] == 6
    assert told["estimate"]["n_examples"] == {"campfire": 6, "no": 6}
    assert told["estimate"]["auc"][0] > 0.95


def test_few_examples_are_too_few_to_say(run):
    assert "too few to say" in run("teach", "campfire", "--yes", "Low 1", "--no", "High 1").stdout
    assert "Not fitted yet" in run("teach", "other", "--no", "High 1").stdout


def test_sources_and_what_they_lack(run, tmp_path, kinds_scanned):
    (tmp_path / "a.m3u8").write_text(f"{kinds_scanned}/music/low 1.flac\n/nowhere.mp3\n")
    done = run("teach", "campfire", "--from", tmp_path / "a.m3u8", "genre=low", "--no-from", "genre=high")
    assert done.stdout.splitlines()[0] == "campfire  examples: 12 campfire, 12 without"
    assert "not in the catalogue: /nowhere.mp3" in done.stderr


def test_next_asks_and_forget_forgets(run, json_lines):
    run("teach", "campfire", "--yes", *LOW[:3], "--no", *HIGH[:3])
    asked = json_lines(run("teach", "campfire", "--next", "4", "--json"))
    assert len(asked) == 4
    assert all(0 <= one["asked"]["campfire"] <= 1 for one in asked)
    assert len(run("teach", "campfire", "--next", 4).stdout.splitlines()) == 4
    assert run("teach", "campfire", "--forget").exit_code == 0
    assert run("teach", "--list").stdout == "Nothing was taught.\n"
    assert isinstance(run("teach", "--forget", "campfire").exception, NotFound)


def test_a_tag_alone_is_shown(run):
    run("teach", "campfire", "--yes", "Low 1", "--no", "High 1")
    assert run("teach", "campfire").stdout.startswith("campfire  examples: 1 campfire, 1 without")
    assert isinstance(run("teach", "other").exception, NotFound)


@pytest.mark.parametrize("words", [("--forget",), ("--next", "3"), ("--yes", "Low 1")])
def test_without_a_tag_the_command_line_is_wrong(run, words):
    assert run("teach", *words).exit_code == 2
