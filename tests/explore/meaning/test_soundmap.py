import numpy as np
import pytest

from earmark.explore.meaning.concepts import concepts
from earmark.explore.meaning.soundmap import map_of, with_own
from earmark.tagger.model import load_model
from earmark.tagger.registry import model_path
from earmark.teaching.fit import Head
from earmark.teaching.taught import Taught


def test_the_map_knows_the_concepts_and_the_tags_of_the_bundled_model(sound):
    model = load_model(model_path("default"))

    assert sound.concepts == tuple(concepts())
    assert sound.tags == tuple(model.tagset.names())
    assert map_of(model.info.id, model.info.version) is sound
    assert sound.tag_directions.shape == (len(sound.mean), len(sound.tags))


def test_another_model_or_version_has_no_map():
    assert map_of("mine", "7-default") is None
    assert map_of("earmark", "6-default") is None


def test_a_direction_follows_its_tag(heard, sound):
    """Over the tracks of a catalogue, the product with a tag's direction goes with the tag's probability."""
    from earmark.catalogue.store import Store

    store = Store(heard / "catalogue")
    table = store.table()
    vectors = store.embeddings("earmark")
    embeddings = np.array([vectors[i] for i in table["track_id"].to_pylist()], np.float32)
    for tag, column in (("instrument/piano", "instrument_piano"), ("character/slow", "character_slow")):
        p = np.array(table[column].to_pylist())
        assert np.corrcoef(sound.heard(embeddings, [tag])[:, 0], np.log(p / (1 - p)))[0, 1] > 0.9


def test_a_vector_has_unit_length_and_grows_with_what_is_weighed(sound):
    vector = sound.vector({"genre/jazz": 1.0, "instrument/piano": 1.0})

    assert np.linalg.norm(vector) == pytest.approx(1)
    assert vector @ sound.directions(["genre/jazz"])[0] > 0


def test_five_in_a_hundred_lie_above_the_line_of_chance(sound, rng):
    vector = sound.vector({"genre/jazz": 1.0})
    drawn = rng.multivariate_normal(sound.unit_mean, sound.unit_covariance, 20_000) @ vector
    assert np.mean(drawn > sound.chance_line(vector)) == pytest.approx(0.05, abs=0.01)


def test_a_tag_that_was_taught_has_the_direction_in_which_its_logit_grows(sound):
    rng = np.random.default_rng(3)
    weights = rng.normal(size=(len(sound.mean), 3)).astype(np.float32)
    head = Head(weights, np.zeros(3, np.float32))
    scene = Taught(
        "scene", ("kitchen", "stage"), True, model_id=sound.model_id, head=head, told=("kitchen", "stage", "")
    )
    other = Taught("other", ("other",), model_id="another model", head=head, told=("other", ""))
    bare = Taught("bare", ("bare",), model_id=sound.model_id)

    found = with_own(sound, [scene, other, bare])
    assert found.own == ("scene/kitchen", "scene/stage")
    one = found.directions(["scene/stage"])[0]
    grows = weights[:, 1] - weights[:, [0, 2]].mean(axis=1)
    assert one @ grows / (np.linalg.norm(one) * np.linalg.norm(grows)) == pytest.approx(1)
    tags = found.directions(list(sound.tags)).T
    spread = [np.sqrt(d @ sound.unit_covariance @ d) for d in (*tags.T, one)]
    assert spread[-1] == pytest.approx(np.median(spread[:-1]), rel=0.2)
    assert with_own(sound, [bare]) is sound
