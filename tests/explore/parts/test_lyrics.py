import pytest

from earmark.catalogue.store import Store
from earmark.errors import QueryError
from earmark.explore.meaning.sung import read_songs
from earmark.explore.parts import lyrics
from earmark.explore.seeds import Seed
from earmark.explore.similar import similar
from earmark.explore.why import why_like
from likeness import TAGSET
from two_kinds import scan_kinds, write_kinds
from words_encoder import WordsEncoder

WORDS = {"low 0": "train", "low 1": "sea", "low 2": "sea train", "high 0": "Zug", "high 1": "Meer"}


@pytest.fixture
def sung(tmp_path):
    music = write_kinds(tmp_path / "music", range(4))
    for name, text in WORDS.items():
        (music / f"{name}.txt").write_text(text, encoding="utf-8")
    store = scan_kinds(tmp_path)
    read_songs(store, lambda: WordsEncoder("train Zug", "sea Meer"))
    return Store(store.path)


def test_what_songs_are_about_orders_them_and_unknown_words_count_half(sung):
    hits = similar(sung, "Low 0", weights="lyrics=1", explain=True)
    parts = {hit.track.title: hit.parts["lyrics"] for hit in hits}

    assert [hit.track.title for hit in hits][0] == "High 0"
    assert parts["High 0"] > parts["Low 2"] > parts["Low 1"]
    assert parts["Low 3"] is None
    assert {hit.track.title: hit.score for hit in hits}["Low 3"] == 0.5
    assert parts["High 0"] == pytest.approx(hits[0].score)


def test_it_is_told_where_others_are_asked_and_by_why(sung):
    by_sound = {hit.track.title: hit.parts["lyrics"] for hit in similar(sung, "Low 0", explain=True)}
    by_parts = {h.track.title: h.parts["lyrics"] for h in similar(sung, "Low 0", weights="lyrics=1", explain=True)}
    assert by_sound == by_parts
    reason = why_like(sung, Seed("Low 0"), Seed("High 0"))
    assert reason.to_dict()["parts"]["lyrics"] == pytest.approx(by_parts["High 0"], abs=1e-4)
    assert why_like(sung, Seed("Low 0"), Seed("High 3")).parts["lyrics"] is None


def test_a_track_without_words_and_a_window_have_no_such_part(sung):
    with pytest.raises(QueryError, match="lyrics"):
        similar(sung, "Low 3", weights="lyrics=1")
    assert lyrics.columns(TAGSET) == ["lyrics_vector"]
    hits = similar(sung, Seed("Low 0", start=0.0, end=0.5), weights="sound=1", explain=True)
    assert {hit.parts["lyrics"] for hit in hits} == {None}


def test_a_catalogue_without_any_says_so(tmp_path):
    write_kinds(tmp_path / "music", range(2))
    store = scan_kinds(tmp_path)
    with pytest.raises(QueryError, match="not known of any track"):
        similar(store, "Low 0", weights="lyrics=1")
    assert {hit.parts["lyrics"] for hit in similar(store, "Low 0", explain=True)} == {None}
