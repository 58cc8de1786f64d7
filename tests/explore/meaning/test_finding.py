import shutil

import numpy as np
import pytest

from earmark.catalogue.store import Store
from earmark.errors import QueryError
from earmark.explore.distinct import Variety
from earmark.explore.meaning import finding
from earmark.explore.meaning.encoder import encoder_at_hand
from earmark.explore.meaning.finding import Wish, find
from earmark.explore.playlists.pool import gather
from earmark.explore.playlists.recipe import Recipe
from earmark.library import Catalogue

EVERY = Variety(versions=True)


def titles(answer):
    return [found.hit.track.title for found in answer.hits]


def by_product(store, sound, weights):
    """The titles by the cosine of their embeddings with the direction of the weights."""
    rows = store.table().to_pylist()
    vector = sound.vector(weights)
    vectors = store.embeddings("earmark")
    by_title = {row["title"]: vectors[row["track_id"]].astype(np.float64) for row in rows}
    cosine = {title: x @ vector / np.linalg.norm(x) for title, x in by_title.items()}
    return sorted(cosine, key=lambda title: -cosine[title])


def test_a_concept_by_name_orders_tracks_by_their_product_with_its_direction(store, sound):
    answer = find(store, "jazz", wish=Wish(by="sound", variety=EVERY))

    assert titles(answer) == by_product(store, sound, {"genre/jazz": 1.0})
    assert list(answer.understood.weights) == ["genre/jazz"]


def test_what_is_denied_turns_the_order_around(store):
    wanted = titles(find(store, "jazz", wish=Wish(by="sound", variety=EVERY)))
    denied = titles(find(store, "no jazz", wish=Wish(by="sound", variety=EVERY)))

    assert denied == wanted[::-1]


def test_keywords_weigh_with_text_and_without(store, sound):
    weights = {"genre/jazz": 2.0, "mood/sadness": -1.0}

    assert titles(find(store, "", weights, Wish(variety=EVERY))) == by_product(store, sound, weights)
    both = find(store, "slow", weights, Wish(by="sound", variety=EVERY))
    assert titles(both) == by_product(store, sound, both.understood.weights)
    assert both.understood.weights.items() > weights.items()


def test_the_encoder_adds_what_the_text_means(store, parrot):
    known = parrot(smoky_basement="genre/jazz")
    plain = find(store, "smoky basement", wish=Wish(by="sound"))
    meant = find(store, "smoky basement", wish=Wish(by="sound"), load_encoder=lambda: known)

    assert plain.hits == []
    assert "pip install 'earmark[text]'" in plain.understood.note
    assert next(iter(meant.understood.weights)) == "genre/jazz"
    assert len(meant.hits) == 7


def test_a_hit_tells_score_concepts_passage_and_chance(store, sound):
    answer = find(store, "slow piano, no drums", wish=Wish(by="sound", variety=EVERY))
    found = answer.hits[0].to_dict()

    assert found["score"] == pytest.approx(answer.hits[0].score, abs=1e-4)
    assert {one["name"] for one in found["concepts"]} == {"character/slow", "instrument/piano", "instrument/drums"}
    passage = found["passages"][0]
    assert 0 <= passage["start"] < passage["end"] <= found["duration"] + 0.01
    line = sound.chance_line(sound.vector(answer.understood.weights))
    assert [hit.chance for hit in answer.hits] == [hit.score < line for hit in answer.hits]


def test_passages_are_told_of_the_first_answers_alone(store, monkeypatch):
    monkeypatch.setattr(finding, "MOST_PASSAGES", 2)
    hits = find(store, "slow", wish=Wish(by="sound", variety=EVERY)).hits

    assert [found.passage is not None for found in hits] == [True] * 2 + [False] * 5
    assert not any(found.passage for found in find(store, "slow", wish=Wish(by="sound", passages=False)).hits)


def test_names_come_before_sounds(store):
    answer = find(store, "coltrane love supreme")

    assert titles(answer)[0] == "A Love Supreme"
    assert answer.hits[0].by == "words"
    assert {found.by for found in find(store, "jazz coltrane", wish=Wish(by="sound")).hits} == {"sound"}


def test_a_question_for_a_sound_is_no_title_unless_it_is_the_whole_title(store):
    assert find(store, "sad piano").hits[0].by == "words"
    assert {found.by for found in find(store, "piano").hits} == {"sound"}


def test_facts_filter_and_tell(store):
    answer = find(store, "jazz from the 60s, under two minutes", wish=Wish(by="sound", where=store.filter("year > 0")))

    assert set(titles(answer)) == {"A Love Supreme", "Sad Piano"}
    assert answer.understood.to_dict()["where"] == (
        "year > 0 AND (year BETWEEN 1960 AND 1969 OR year IS NULL) AND duration <= 120"
    )
    assert "era/60s or older" in answer.understood.weights


def test_facts_alone_filter(store):
    answer = find(store, "since 1966", wish=Wish(where=store.filter("year > 0")))

    assert titles(answer) == ["Sad Piano"]
    assert answer.hits[0].to_dict()["by"] == "filter"


def test_facts_beside_words_that_tell_of_no_sound_filter(store, parrot):
    answer = find(store, "songs under 3 minutes", load_encoder=parrot)

    assert {found.by for found in answer.hits} == {"filter"}
    assert len(answer.hits) == 7
    assert find(store, "qwertz", wish=Wish(where=store.filter("duration < 180"))).hits == []


def test_facts_that_nothing_fits_are_told_and_left_out(store):
    answer = find(store, "jazz longer than 20 minutes", wish=Wish(by="sound"))

    assert answer.missed == ("length from 20 min",)
    assert len(answer.hits) == 7
    assert answer.to_dict()["understood"]["missed"] == ["length from 20 min"]


def test_quotes_must_be_in_a_name(store):
    assert titles(find(store, '"love supreme" jazz')) == ["A Love Supreme"]
    assert find(store, '"nowhere to be found" jazz').hits == []


def test_by_words_is_the_search_of_words(store):
    answer = find(store, "sines", wish=Wish(by="words", variety=EVERY))

    assert {found.hit.track.analysis.file_tags.artist for found in answer.hits} == {"Sines"}
    assert all(found.score == found.hit.relevance for found in answer.hits)


def test_no_more_than_n_answers_and_no_track_twice(store):
    answer = find(store, "sines jazz", wish=Wish(n=4))
    ids = [found.hit.track.track_id for found in answer.hits]
    assert len(ids) == len(set(ids)) == 4


def test_an_unknown_way_is_refused(store):
    with pytest.raises(QueryError, match="Search by both, sound, words"):
        Wish(by="smell")


def test_a_catalogue_of_another_model_is_searched_by_words(place):
    store = Store(place / "catalogue")

    assert [found.hit.track.title for found in find(store, "höhner").hits] == ["Don't"]
    with pytest.raises(QueryError, match="no map of what it hears"):
        find(store, "jazz", wish=Wish(by="sound"))
    with pytest.raises(QueryError, match="no map of what it hears"):
        find(store, "", {"genre/jazz": 1})


def test_a_playlist_by_a_text_is_of_what_the_text_means(store, rng):
    def ids(text):
        return gather(store, Recipe(text=text), (), (), 10, rng).ids

    found = find(store, "slow jazz", wish=Wish(n=50, variety=EVERY), load_encoder=encoder_at_hand)
    assert ids("slow jazz") == [one.hit.track.track_id for one in found.hits]


def test_half_and_double_tempo_follow_where_few_fit_and_say_so(heard, tmp_path):
    shutil.copytree(heard / "catalogue", tmp_path / "catalogue")
    catalogue = Catalogue(tmp_path / "catalogue")
    for title, tempo in (("A Love Supreme", 90), ("Sad Piano", 180), (other(catalogue), 45)):
        catalogue.correct(title, tempo=tempo)
    store = Store(catalogue.path)

    hits = find(store, "slow, 85 to 95 bpm", wish=Wish(by="sound", variety=EVERY)).hits
    assert [hit.octave for hit in hits][0] == ""
    assert {hit.hit.track.title: hit.octave for hit in hits}["Sad Piano"] == "double"
    assert sorted(hit.octave for hit in hits) == ["", "double", "half"]
    assert hits[-1].to_dict()["octave"] == hits[-1].octave
    assert "octave" not in hits[0].to_dict()
    few = find(store, "slow, 85 to 95 bpm", wish=Wish(n=1, by="sound", variety=EVERY)).hits
    assert [hit.octave for hit in few] == [""]
    exact = find(store, "slow, 85 to 95 bpm", wish=Wish(by="sound", variety=EVERY, octaves=False)).hits
    assert len(exact) == 1
    assert find(store, "slow, over 90 bpm", wish=Wish(by="sound", variety=EVERY)).hits[0].octave == ""


def other(catalogue):
    """The id of a track that has no name of its own."""
    return next(t.track_id for t in catalogue.chosen() if t.title not in ("A Love Supreme", "Sad Piano"))
