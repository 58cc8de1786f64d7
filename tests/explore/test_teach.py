import json

import numpy as np
import pytest

from earmark.catalogue.store import Store
from earmark.errors import ConfigError, NotFound
from earmark.explore.teach import ask, find, forget, lessons, place_of, teach
from earmark.library import Catalogue
from two_kinds import scan_kinds, titles, write_kinds

LOW, HIGH = titles("Low", range(0, 12, 2)), titles("High", range(0, 12, 2))
LOWS, HIGHS = set(titles("Low", range(12))), set(titles("High", range(12)))


def test_a_taught_tag_ranks_filters_and_is_found_by_words(kinds):
    lesson = teach(Store(kinds), "camp fire", LOW, HIGH)
    assert lesson.taught.estimate.auc[0] > 0.95
    catalogue = Catalogue(kinds)
    for hits in (
        catalogue.search(where="own_camp_fire > 0.5", n=50),
        catalogue.search(where="tags HAS 'camp fire'", n=50, versions=True),
        catalogue.search("campfire camp fire", n=50, versions=True),
    ):
        assert {hit.track.title for hit in hits} <= LOWS
        assert len(hits) >= 8
    others = {hit.track.title for hit in catalogue.search(where="NOT tags HAS 'camp fire'", n=50, versions=True)}
    assert others >= HIGHS
    first = catalogue.page(sort="-own_camp_fire", limit=12)
    assert {track.title for track in first} == LOWS
    assert lesson.n_named["camp fire"] == 24 - len(others)


def test_a_taught_tag_is_in_the_json_of_a_track_and_in_exports(kinds, tmp_path):
    teach(Store(kinds), "campfire", LOW, HIGH)
    catalogue = Catalogue(kinds)
    (told,) = catalogue.show("Low 9").to_dict()["tags"]["own"]
    assert (told["tag"], told["sure"]) == ("campfire", True)
    assert told["probability"] > 0.5
    catalogue.export(tmp_path / "all.jsonl", "jsonl")
    rows = [json.loads(line) for line in (tmp_path / "all.jsonl").read_text().splitlines()]
    assert all("own" in row["tags"] for row in rows)
    catalogue.export(tmp_path / "all.csv", "csv")
    assert "own_campfire" in (tmp_path / "all.csv").read_text().splitlines()[0]


def test_what_arrives_later_has_the_tag_too(tmp_path):
    write_kinds(tmp_path / "music", range(0, 12, 2))
    teach(scan_kinds(tmp_path), "campfire", LOW, HIGH)
    write_kinds(tmp_path / "music", range(1, 12, 2))
    store = scan_kinds(tmp_path)
    values = {row["title"]: row["own_campfire"] for row in store.table().to_pylist()}
    assert min(values[title] for title in LOWS) > max(values[title] for title in HIGHS)
    found = Catalogue(store.path).search("campfire", n=50, versions=True)
    assert {"Low 5", "Low 7"} <= {hit.track.title for hit in found}


def test_another_model_fits_it_anew(tmp_path):
    write_kinds(tmp_path / "music", range(12))
    teach(scan_kinds(tmp_path), "campfire", LOW, HIGH)
    store = scan_kinds(tmp_path, seed=1, id="other")
    taught = store.taught()["campfire"]
    assert (taught.model_id, taught.version) == ("other", 2)
    values = {row["title"]: row["own_campfire"] for row in store.table().to_pylist()}
    assert min(values[title] for title in LOWS) > max(values[title] for title in HIGHS)


def test_one_tag_of_a_group_is_the_answer(kinds):
    teach(Store(kinds), "cellar", LOW, group="scene")
    lesson = teach(Store(kinds), "scene/attic", HIGH)
    assert lesson.taught.tags == ("cellar", "attic")
    catalogue = Catalogue(kinds)
    assert catalogue.show("High 9").fields["own_scene"] == "attic"
    assert {hit.track.title for hit in catalogue.search(where="own_scene = 'cellar'", n=50, versions=True)} <= LOWS
    p = [catalogue.show("Low 7").fields[f"own_scene_{tag}"] for tag in ("cellar", "attic")]
    assert sum(p) == pytest.approx(1, abs=1e-5)
    assert set(catalogue.show("Low 7").tags) >= {"scene"}
    forget(Store(kinds), "scene/attic")
    assert "own_scene_attic" not in catalogue.fields()
    forget(Store(kinds), "scene")
    assert not [name for name in catalogue.fields() if name.startswith("own_scene")]


def test_examples_are_added_changed_and_taken_back(kinds):
    store = Store(kinds)
    teach(store, "campfire", LOW[:2], HIGH[:2])
    teach(store, "campfire", yes=LOW[2:3])
    lesson = teach(store, "campfire", no=LOW[:1], drop=HIGH[:1])
    assert lesson.to_dict()["no"] == 2
    assert lesson.to_dict()["tags"]["campfire"]["yes"] == 2
    assert lesson.taught.version == 3
    assert lesson.to_dict()["estimate"]["enough"] is False


def test_the_word_of_the_user_wins_over_the_head(kinds):
    teach(Store(kinds), "campfire", [*LOW, "High 11"], [*HIGH, "Low 11"])
    found = {hit.track.title for hit in Catalogue(kinds).search(where="tags HAS 'campfire'", n=50, versions=True)}
    assert "High 11" in found
    assert "Low 11" not in found


def test_what_was_taught_survives_repair_and_is_forgotten_on_wish(kinds):
    teach(Store(kinds), "campfire", LOW, HIGH)
    before = Store(kinds).taught()["campfire"]
    (documents,) = kinds.glob("documents.lance/data/*")
    documents.write_bytes(b"")
    Catalogue(kinds).repair()
    assert Store(kinds).taught()["campfire"].to_dict() == before.to_dict()
    assert len(Catalogue(kinds).search(where="tags HAS 'campfire'", n=50, versions=True)) >= 8
    forget(Store(kinds), "campfire")
    assert lessons(Store(kinds)) == []
    assert Catalogue(kinds).search("campfire") == []
    assert "own_campfire" not in Store(kinds).kinds()
    assert Catalogue(kinds).check().is_whole


def test_what_is_asked_next_is_doubtful_and_no_example(kinds):
    store = Store(kinds)
    teach(store, "campfire", LOW[:3], HIGH[:3])
    asked = ask(store, "campfire", 6)
    names = [one.track.title for one in asked]
    assert len(set(names)) == 6
    assert not set(names) & {*LOW[:3], *HIGH[:3]}
    assert all(0 <= one.probabilities["campfire"] <= 1 for one in asked)
    only = ask(store, "own/campfire", 6, store.filter("title = 'Low 7'"))
    assert [one.to_dict()["title"] for one in only] == ["Low 7"]


def test_words_of_a_retagged_track_keep_the_tag(kinds):
    store = Store(kinds)
    teach(store, "campfire", LOW, HIGH)
    track_id = store.resolve("Low 3")
    store._settle({track_id})
    assert "Low 3" in {hit.track.title for hit in Catalogue(kinds).search("campfire", n=50, versions=True)}


@pytest.mark.parametrize(
    ("words", "error", "problem"),
    [
        ({"tag": "a;b", "yes": ["Low 1"]}, ConfigError, "no name of a tag"),
        ({"tag": "x", "yes": ["nobody"]}, NotFound, "not in the catalogue"),
        ({"tag": "x", "yes": ["Low 1"], "no": ["Low 1"]}, ConfigError, "Decide for one"),
        ({"tag": "sad", "group": "mood", "yes": ["Low 1"]}, ConfigError, "the model has a group"),
        ({"tag": "x", "group": "x", "yes": ["Low 1"]}, ConfigError, "names a tag and its group"),
        ({"tag": "tags", "yes": ["Low 1"]}, ConfigError, "has that name"),
        ({"tag": "camp-fire", "yes": ["Low 1"]}, ConfigError, "has that name"),
        ({"tag": "y", "group": "camp fire", "yes": ["Low 1"]}, ConfigError, "is a tag and no group"),
    ],
)
def test_what_cannot_be_taught_is_said_and_changes_nothing(kinds, words, error, problem):
    teach(Store(kinds), "camp fire", LOW, HIGH)
    before = Store(kinds).documents("taught")
    with pytest.raises(error, match=problem):
        teach(Store(kinds), **words)
    assert Store(kinds).documents("taught") == before
    with pytest.raises(NotFound, match="was not taught"):
        find(Store(kinds), "other")


def test_places_of_tags():
    assert place_of("own/campfire") == place_of("campfire") == ("campfire", "campfire")
    assert place_of("scene/attic") == place_of("attic", "scene") == ("scene", "attic")


def test_probabilities_are_of_the_stored_embedding(kinds):
    """A scan computes the same numbers for a new track as teaching does for all."""
    store = Store(kinds)
    taught = teach(store, "campfire", LOW, HIGH).taught
    ids, vectors = store.vectors(store.model().id)
    told = dict(zip(ids, taught.probabilities(vectors)[:, 0].tolist(), strict=True))
    kept = {row["track_id"]: row["own_campfire"] for row in store.table().to_pylist()}
    assert np.allclose([told[i] for i in ids], [kept[i] for i in ids], atol=1e-6)
