import pytest

from commandline import invoke
from earmark.cli import search
from earmark.errors import NotFound, QueryError


@pytest.fixture
def run(place):
    return lambda *words: invoke(search, *words, "--catalogue", place / "catalogue")


def test_show_similar_and_search_are_one_json_of_a_track(run, json_lines):
    (shown,) = json_lines(run("show", "low", "--json"))
    assert shown["title"] == "Low"
    assert shown["paths"][0].endswith("low.flac")

    hits = json_lines(run("similar", "low", "-n", "3", "--json"))
    assert len(hits) == 3
    assert all(hit["track_id"] != shown["track_id"] and -1 <= hit["similarity"] <= 1 for hit in hits)

    (found,) = json_lines(run("search", "low", "--json"))
    assert found.pop("relevance") > 0
    assert found == shown


def test_curves_are_there_on_wish(run, json_lines):
    (shown,) = json_lines(run("show", "low", "--json", "--curves"))
    assert set(shown["curves"]) == {"times", "tags"}


def test_for_people_a_hit_is_a_line(run):
    (line,) = run("search", "low").stdout.splitlines()
    figure, track_id, duration, name, _ = line.split("\t")
    assert (float(figure) > 0, len(track_id), duration, name) == (True, 8, "0:02", "Sines: Low")
    assert run("search", "zzz").stdout == "Nothing fits.\n"
    assert run("search", "zzz", "--json").stdout == ""


def test_for_people_a_track_is_a_head_paths_and_lines(run):
    head, path, *rest = run("show", "Low").stdout.splitlines()
    assert head.startswith("Sines: Low  [0:02]  ")
    assert path.endswith("low.flac")
    assert any(line.startswith("  tempo ") for line in rest)


def test_filters_and_compatible_keys(run, json_lines):
    assert [hit["title"] for hit in json_lines(run("search", "--where", "title = 'Top'", "--json"))] == ["Top"]
    assert [hit["title"] for hit in json_lines(run("similar", "low", "--where", "title = 'Top'", "--json"))] == ["Top"]
    run("correct", "Low", "--key", "Am")
    run("correct", "Top", "--key", "F#")
    found = {hit["title"] for hit in json_lines(run("search", "--compatible", "8A", "--json"))}
    assert "Low" in found
    assert "Top" not in found
    for title in ("Low", "Top"):
        run("correct", title, "--undo")


def test_a_correction_is_shown_and_taken_back(run, json_lines):
    (before,) = json_lines(run("show", "Low", "--json"))
    assert run("correct", "Low", "--tempo", "92", "--key", "D minor").exit_code == 0
    (shown,) = json_lines(run("show", "Low", "--json"))
    assert (shown["tempo"]["bpm"], shown["key"]["tonic"], shown["key"]["corrected"]) == (92.0, "D", True)
    assert "corrected by you" in run("show", "Low").stdout
    run("correct", "Low", "--undo")
    assert json_lines(run("show", "Low", "--json")) == [before]


@pytest.mark.parametrize(
    ("words", "error", "problem"),
    [
        (("similar", "nobody"), NotFound, "not in the catalogue"),
        (("search", "--where", "tempo = 'x"), QueryError, "Unterminated"),
        (("search", "--where", "tempo > 1; --"), QueryError, ";"),
        (("correct", "Low", "--tempo", "fast"), QueryError, "not a tempo"),
    ],
)
def test_a_wrong_question_is_an_error(run, words, error, problem):
    raised = run(*words).exception
    assert isinstance(raised, error)
    assert problem in str(raised)


def test_nothing_to_correct_is_a_wrong_command_line(run):
    assert run("correct", "Low").exit_code == 2
