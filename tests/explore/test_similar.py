import numpy as np
import pytest

from earmark.analysis import analyze
from earmark.catalogue.store import Store
from earmark.errors import AudioError, CatalogueError, NotFound, QueryError
from earmark.explore.distinct import Variety
from earmark.explore.seeds import Seed, catalogue_model
from earmark.explore.similar import similar
from sounds import chord, write_sound
from tiny_model import write_tiny_model

ALL = Variety(versions=True)


def test_similar_is_the_order_of_the_cosines(store, place, model):
    own = analyze(place / "music" / "low.flac", model).embedding

    hits = similar(store, "Low", 10)

    assert len(hits) == 5  # all but itself
    for hit in hits:
        other = analyze(hit.path, model).embedding
        cosine = own @ other / np.linalg.norm(own) / np.linalg.norm(other)
        assert hit.similarity == pytest.approx(cosine, abs=5e-4)
    assert [h.similarity for h in hits] == sorted((h.similarity for h in hits), reverse=True)


def test_by_id_path_prefix_title_and_file_is_the_same_question(store, place, tmp_path):
    path = place / "music" / "middle.flac"
    track_id = store.resolve(str(path))
    expected = [hit.track.track_id for hit in similar(store, track_id, 3)]
    copy = tmp_path / "elsewhere.flac"
    copy.write_bytes(path.read_bytes())

    for reference in (path, track_id[:8], "middle", "MIDDLE", copy):
        assert [hit.track.track_id for hit in similar(store, reference, 3)] == expected
    assert len(similar(store, path, 2)) == 2


def test_a_file_that_the_catalogue_does_not_hold_is_analysed(store, tmp_path):
    new = write_sound(tmp_path / "new.flac", chord(1.5, root=441.0))

    best = similar(store, new, 1)[0]

    assert best.track.title == "High"  # the chord on 440 Hz
    assert best.similarity > 0.99


def test_a_filter_holds_before_the_ranking(store):
    hits = similar(store, "Low", 2, store.filter("title IN ('High', 'Top')"))

    assert {hit.track.title for hit in hits} == {"High", "Top"}


@pytest.mark.parametrize(
    ("ask", "error", "problem"),
    [
        (lambda s: similar(s, "no such thing"), NotFound, "not in the catalogue"),
        (lambda s: similar(s, "Low", 0), QueryError, "not a number of hits"),
        (lambda s: similar(s, __file__), AudioError, "test_similar.py"),
    ],
)
def test_a_wrong_question_is_one_clear_error(store, ask, error, problem):
    with pytest.raises(error, match=problem):
        ask(store)


def test_an_empty_catalogue_says_what_to_do(tmp_path):
    with pytest.raises(CatalogueError, match="nothing was scanned into it yet. Run `earmark scan` first"):
        similar(Store(tmp_path / "new", create=True), "x")


def test_a_model_that_has_changed_since_is_no_longer_the_catalogues(store, place):
    content = (place / "tiny.onnx").read_bytes()
    try:
        write_tiny_model(place / "tiny.onnx", version="2")
        with pytest.raises(CatalogueError, match=r"made with model tiny 1, but '.*tiny.onnx' is now 2"):
            catalogue_model(store)
    finally:
        (place / "tiny.onnx").write_bytes(content)


def test_several_seeds_and_one_that_it_shall_not_be_like(store):
    low, top = store.resolve("Low"), store.resolve("Top")
    n = len(store) - 2
    near = {hit.track.track_id: hit.similarity for hit in similar(store, [Seed(low), Seed(top)], n, variety=ALL)}
    far = {hit.track.track_id: hit.similarity for hit in similar(store, [Seed(low), Seed(top, -1)], n, variety=ALL)}
    unit = {i: v / np.linalg.norm(v) for i, v in store.embeddings("tiny").items()}
    for found, direction in ((near, unit[low] + unit[top]), (far, unit[low] - unit[top])):
        direction = direction / np.linalg.norm(direction)
        assert found.keys() == store.track_ids() - {low, top}
        assert found == pytest.approx({i: float(unit[i] @ direction) for i in found}, abs=5e-4)


@pytest.mark.parametrize("weights", [(), (-1,), (1, -1)])
def test_seeds_that_lead_nowhere(store, weights):
    with pytest.raises(QueryError):
        similar(store, [Seed("Low", weight) for weight in weights])


@pytest.mark.parametrize("weight", [0.0, 1000.0, float("nan")])
def test_what_is_no_weight(weight):
    with pytest.raises(QueryError):
        Seed("Low", weight)
