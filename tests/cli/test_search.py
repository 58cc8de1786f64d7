import json
import re

import pytest

from catalogues import write_music
from commandline import invoke
from earmark.catalogue.schema import SHOWN
from earmark.catalogue.store import Store
from earmark.cli import scan, search
from earmark.descriptors.tempo import Rhythm, TempoCandidate
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
    assert found.pop("relevance") == found.pop("score") > 0
    assert found.pop("by") == "words"
    assert found == shown


def test_curves_are_there_on_wish(run, json_lines):
    (shown,) = json_lines(run("show", "low", "--json", "--curves"))
    assert set(shown["curves"]) == {"times", "tags"}


def test_a_correction_is_in_the_description_in_every_language(run, json_lines):
    run("correct", "low", "--key", "es-Moll")
    (shown,) = json_lines(run("show", "low", "--json", "--language", "de"))
    assert "in es-moll" in shown["description"].lower()
    assert shown["description"] in run("show", "low", "--language", "de").stdout
    assert "in eb minor" in run("show", "low", "--language", "en").stdout.lower()
    run("correct", "low", "--undo")


def test_for_people_a_hit_is_a_line(run):
    (line,) = run("search", "low").stdout.splitlines()
    figure, track_id, duration, name, _ = line.split("\t")
    assert (float(figure) > 0, len(track_id), duration, name) == (True, 8, "0:02", "Sines: Low")
    assert run("search", "zzz").stdout == "Nothing fits.\n"
    assert run("search", "zzz", "--json").stdout == ""


def test_for_people_a_track_is_a_head_paths_and_lines(run):
    head, path, coding, *rest = run("show", "Low").stdout.splitlines()
    assert head.startswith("Sines: Low  [0:02]  ")
    assert path.endswith("low.flac")
    assert re.fullmatch(r"    flac, \d+ kb/s, 44\.1 kHz, mono", coding)
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


def test_tags_are_confirmed_and_denied(run, json_lines):
    (before,) = json_lines(run("show", "Low", "--json"))
    genre = next(tag["tag"] for tag in before["tags"]["genre"] if not tag["sure"])
    assert run("correct", "Low", "--tag", f"genre/{genre}", "--not-tag", "mood/sad").exit_code == 0
    (shown,) = json_lines(run("show", "Low", "--json"))
    assert shown["corrections"] == {f"genre/{genre}": "yes", "mood/sad": "no"}
    assert shown["tags"]["genre"][0]["sure"]
    run("correct", "Low", "--undo")
    assert json_lines(run("show", "Low", "--json")) == [before]


@pytest.mark.parametrize(
    ("words", "error", "problem"),
    [
        (("similar", "nobody"), NotFound, "not in the catalogue"),
        (("similar", "missing.mp3"), NotFound, "no such file"),
        (("search", "--where", "tempo = 'x"), QueryError, "Unterminated"),
        (("search", "--where", "tempo > 1; --"), QueryError, ";"),
        (("correct", "Low", "--tempo", "fast"), QueryError, "not a tempo"),
        (("search", "x " * 5000), QueryError, "more than 256 words"),
    ],
)
def test_a_wrong_question_is_an_error(run, words, error, problem):
    raised = run(*words).exception
    assert isinstance(raised, error)
    assert problem in str(raised)


def test_nothing_to_correct_is_a_wrong_command_line(run):
    assert run("correct", "Low").exit_code == 2


@pytest.fixture
def ask(doubles):
    return lambda *words: invoke(search, *words, "--catalogue", doubles / "catalogue")


def test_a_song_is_an_answer_once_but_on_wish(ask, json_lines):
    hits = json_lines(ask("search", "song band", "--json"))
    assert len(hits) == 4
    assert len(json_lines(ask("search", "song band", "--versions", "--json"))) == 6
    assert sum(len(hit.get("versions", ())) for hit in hits) == 2
    assert len(json_lines(ask("search", "song band", "--versions", "--per-artist", "1", "--json"))) == 2


def test_versions_of_the_reference_are_left_out_but_on_wish(ask, doubles, json_lines):
    reference = doubles / "music" / "song.flac"
    assert len(json_lines(ask("similar", reference, "--json"))) == 3
    assert len(json_lines(ask("similar", reference, "--versions", "--json"))) == 6
    assert len(json_lines(ask("similar", reference, "--versions", "--per-album", "1", "--json"))) == 2


def test_duplicates_are_groups_the_better_file_first(ask, run, json_lines):
    groups = json_lines(ask("duplicates", "--json"))
    assert [group["kind"] for group in groups] == ["audio", "recording", "version"]
    assert [file["codec"] for file in groups[0]["files"]] == ["flac", "flac"]
    head, first, *_ = ask("duplicates").stdout.splitlines()
    assert head == "same audio"
    path, duration, kind = first.split("\t")
    assert (path.endswith("copy of song.flac"), duration, kind.split(",")[0]) == (True, "0:15", "flac")
    assert run("duplicates").stdout == "No song is there twice.\n"


def test_a_phrase_is_typed_in_quotes(ask, json_lines):
    assert {hit["title"] for hit in json_lines(ask("search", '"live at home"', "--json"))} == {"Song - Live at Home"}
    assert ask("search", '"home live"').stdout == "Nothing fits.\n"
    assert ask("search", "🎵").stdout == "Nothing fits.\n"


def test_show_folds_an_estimate_but_not_a_correction_into_a_range(run, json_lines, place):
    store = Store(place / "catalogue")
    track_id = store.resolve("Low")
    before = json.dumps(store.track(track_id).descriptors["tempo"].to_dict())
    kept = Rhythm(87.0, 1.0, 1.0, 0.6, (TempoCandidate(87.0, 1.0),))

    def write(text: str) -> None:
        store._tracks.upsert("track_id", [{"track_id": track_id, "tempo_json": text, SHOWN: None}])

    write(json.dumps(kept.to_dict()))
    try:
        assert json_lines(run("show", "Low", "--json"))[0]["tempo"]["bpm"] == 87
        assert json_lines(run("show", "Low", "--json", "--tempo-range", "88:175"))[0]["tempo"]["bpm"] == 174
        run("correct", "Low", "--tempo", "70")
        assert json_lines(run("show", "Low", "--json", "--tempo-range", "88:175"))[0]["tempo"]["bpm"] == 70
    finally:
        run("correct", "Low", "--undo")
        write(before)


def test_similar_by_parts_windows_and_several_tracks(run, json_lines):
    hits = json_lines(run("similar", "low", "--weights", "sound=1,mood=0.5", "-n", "2", "--json"))
    assert len(hits) == 2
    for hit in hits:
        assert hit["score"] == pytest.approx((hit["parts"]["sound"] + 0.5 * hit["parts"]["mood"]) / 1.5, abs=2e-4)
        assert hit["parts"]["instruments"] is None
    ids = {track: json_lines(run("show", track, "--json"))[0]["track_id"] for track in ("low", "top", "high")}
    (hit,) = json_lines(run("similar", "low#t=0.2,0.9", "high", "--not", "top", "-n", "1", "--json"))
    assert hit["track_id"] not in ids.values()
    assert hit["passages"][0]["seed"] == ids["low"]
    text = run("similar", "low", "--weights", "sound=1", "--from", "0:00.5", "--to", "1", "--variety", "0.3").stdout
    assert re.search(r"0:00 ~ 0:0\d\tsound [01]\.\d\d", text)


@pytest.mark.parametrize("words", [("--from", "x"), ("--variety", "2")])
def test_what_similar_cannot_read(run, words):
    assert run("similar", "low", *words).exit_code == 2


def test_a_part_that_there_is_not_is_one_clear_error(run):
    assert isinstance(run("similar", "low", "--weights", "sund=1").exception, QueryError)
    assert isinstance(run("similar", "low", "--from", "0:30").exception, QueryError)


def test_a_tag_with_a_weight_is_read():
    from earmark.cli.search import read_weights

    assert read_weights(["genre/jazz=2", "mood/sadness=-1.5", "piano"]) == {
        "genre/jazz": 2, "mood/sadness": -1.5, "piano": 1,
    }  # fmt: skip
    with pytest.raises(QueryError, match="Write it as genre/jazz=2"):
        read_weights(["genre/jazz=much"])


@pytest.fixture(scope="module")
def heard(tmp_path_factory):
    """A folder with a catalogue by the bundled small network."""
    root = tmp_path_factory.mktemp("heard")
    write_music(root / "music", seconds=3.0)
    done = invoke(scan, "scan", root / "music", "--catalogue", root / "catalogue", "--model", "fast", "--workers", 1)
    assert done.exit_code == 0
    return root


def test_a_question_in_words_is_explained_first_and_answered_in_lines_of_json(heard, json_lines):
    words = ("no drums, jazz, under two minutes", "--tag", "instrument/piano=2", "--explain", "--json", "--by", "sound")
    first, *hits = json_lines(invoke(search, "search", *words, "--catalogue", heard / "catalogue"))

    assert first["understood"]["not"] == ["instrument/drums"]
    assert first["understood"]["where"] == "duration <= 120"
    assert {"name": "instrument/piano", "weight": 2.0} in first["understood"]["concepts"]
    assert [hit["score"] for hit in hits] == sorted((hit["score"] for hit in hits), reverse=True)
    assert all(type(hit["chance"]) is bool and hit["passages"] and len(hit["concepts"]) == 3 for hit in hits)


def test_a_question_in_words_for_people_has_chips_apart_from_the_hits(heard):
    done = invoke(search, "search", "calm, no drums", "--catalogue", heard / "catalogue")

    assert "[not instrument/drums]" in done.stderr
    assert len(done.stdout.splitlines()) == 5
    assert re.match(r"-?[.\d]+\??\t[0-9a-f]{8}\t0:03\t.*\t0:0\d-0:0\d$", done.stdout.splitlines()[0])
    missed = invoke(search, "search", "calm, longer than 20 min", "--catalogue", heard / "catalogue")
    assert "nothing fits length from 20 min; without it:" in missed.stderr
