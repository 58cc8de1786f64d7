import numpy as np
import pytest

from catalogues import ROOTS, write_music
from earmark.analysis import analyze
from earmark.catalogue.schema import slug
from earmark.catalogue.store import CatalogueStore
from earmark.engine.scan import ScanOptions
from earmark.engine.scan import scan as run_scan
from earmark.errors import AudioError, CatalogueError, NotFound, QueryError
from earmark.explore.similar import search, similar, track_details
from earmark.tagger.model import load_model
from sounds import chord, write_sound
from tiny_model import TAGSET, write_tiny_model


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A scanned folder: music/, tiny.onnx, catalogue/."""
    root = tmp_path_factory.mktemp("search")
    music = write_music(root / "music")
    write_sound(
        music / "apostrophe.flac", chord(1.0, root=500.0), tags={"title": "Don't", "artist": "Höhner", "date": "1987"}
    )
    model = load_model(write_tiny_model(root / "tiny.onnx"))
    run_scan(CatalogueStore(root / "catalogue", create=True), [music], model, str(model.path), ScanOptions(workers=1))
    return root


@pytest.fixture
def store(place):
    return CatalogueStore(place / "catalogue")


@pytest.fixture
def model(place):
    return load_model(place / "tiny.onnx")


def test_similar_is_the_order_of_the_cosines(store, place, model):
    own = analyze(place / "music" / "low.flac", model).embedding

    hits = similar(store, "Low", 10)

    assert len(hits) == 5  # all but itself
    for hit in hits:
        other = analyze(hit.path, model).embedding
        cosine = own @ other / np.linalg.norm(own) / np.linalg.norm(other)
        assert hit.similarity == pytest.approx(cosine, abs=1e-4)
    assert [h.similarity for h in hits] == sorted((h.similarity for h in hits), reverse=True)


def test_by_id_path_prefix_title_and_file_is_the_same_question(store, place, tmp_path):
    path = place / "music" / "middle.flac"
    track_id = store.resolve(str(path))
    expected = [hit.track["track_id"] for hit in similar(store, track_id, 3)]
    copy = tmp_path / "elsewhere.flac"
    copy.write_bytes(path.read_bytes())

    for reference in (path, track_id[:8], "middle", "MIDDLE", copy):
        assert [hit.track["track_id"] for hit in similar(store, reference, 3)] == expected
    assert len(similar(store, path, 2)) == 2


def test_a_new_file_is_listened_to(store, tmp_path):
    new = write_sound(tmp_path / "new.flac", chord(1.5, root=441.0))

    best = similar(store, new, 1)[0]

    assert best.track["title"] == "High"  # the chord on 440 Hz
    assert best.similarity > 0.99


def test_a_filter_holds_before_the_ranking(store):
    hits = similar(store, "Low", 2, "title IN ('High', 'Top')")

    assert {hit.track["title"] for hit in hits} == {"High", "Top"}


def test_filters_see_every_field(store):
    probability = {row["title"]: row["mood_sad"] for row in store.tracks().to_pylist()}
    middle = sorted(probability.values())[2]

    found = {hit.track["title"] for hit in search(store, where=f"mood_sad > {middle} AND duration < 5")}

    assert found == {title for title, p in probability.items() if p > middle}
    assert [hit.track["title"] for hit in search(store, where="year = 1987")] == ["Don't"]
    assert search(store, where="artist = 'nobody'") == []


def test_words_are_found_in_title_artist_and_tags(store, model):
    assert [hit.track["title"] for hit in search(store, "höhner")] == ["Don't"]
    assert {hit.track["title"] for hit in search(store, "sines")} == {name.title() for name in ROOTS}
    assert [h.track["title"] for h in search(store, "sines", where="title = 'Top'")] == ["Top"]
    with_tag = {row["title"] for row in store.tracks().to_pylist() if "happy" in row["tags"]}
    assert {hit.track["title"] for hit in search(store, "happy")} == with_tag
    assert search(store, "zzzz") == []


def test_details_are_those_of_the_analysis(store, place, model):
    analysis = analyze(place / "music" / "top.flac", model)

    details = track_details(store, "Top", with_curves=True)

    shown, expected = details.to_dict(), analysis.to_dict()
    for group, hits in expected["tags"].items():
        assert [hit["tag"] for hit in shown["tags"][group]] == [hit["tag"] for hit in hits]
        assert [h["probability"] for h in shown["tags"][group]] == pytest.approx(
            [h["probability"] for h in hits], abs=1e-3
        )
    assert {k: shown[k] for k in ("track_id", "title", "model")} == {
        k: expected[k] for k in ("track_id", "title", "model")
    }
    beliefs = TAGSET.probabilities(analysis.activations.logits)[:, 3]
    assert details.curves["tags"]["mood/sad"] == pytest.approx(beliefs.tolist(), abs=2e-3)


@pytest.mark.parametrize(
    ("ask", "error", "problem"),
    [
        (lambda s: similar(s, "no such thing"), NotFound, "not in the catalogue"),
        (lambda s: similar(s, "Low", 0), QueryError, "not a number of hits"),
        (lambda s: search(s, where="nope > 3"), QueryError, r"No field named nope\. The fields are: track_id"),
        (lambda s: search(s, where="title = 'x"), QueryError, "Unterminated string"),
        (lambda s: search(s, where="duration >"), QueryError, "duration >"),
        (lambda s: similar(s, "Low", 3, "1 = 'a' OR"), QueryError, "1 = 'a' OR"),
        (lambda s: track_details(s, "x'; DROP TABLE tracks"), NotFound, "not in the catalogue"),
        (lambda s: similar(s, __file__), AudioError, "test_search.py"),
    ],
)
def test_a_wrong_question_is_one_clear_error(store, ask, error, problem):
    with pytest.raises(error, match=problem):
        ask(store)


def test_an_ambiguous_title_lists_the_tracks(tmp_path):
    music = tmp_path / "music"
    music.mkdir()
    for i in range(2):
        write_sound(music / f"{i}.flac", chord(0.5, root=200.0 + i), tags={"title": "Same"})
    model = load_model(write_tiny_model(tmp_path / "tiny.onnx"))
    store = CatalogueStore(tmp_path / "catalogue", create=True)
    run_scan(store, [music], model, "tiny", ScanOptions(workers=1))

    with pytest.raises(NotFound, match="fits 2 tracks"):
        store.resolve("same")


def test_a_catalogue_that_is_none(tmp_path):
    with pytest.raises(CatalogueError, match="no catalogue here"):
        CatalogueStore(tmp_path)
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(CatalogueError, match=r"holds other things \(letter.txt\)"):
        CatalogueStore(tmp_path, create=True)
    empty = CatalogueStore(tmp_path / "new", create=True)
    assert (len(empty), empty.tracks().num_rows, empty.failures()) == (0, 0, [])
    with pytest.raises(CatalogueError, match="nothing was scanned"):
        similar(empty, "x")


def test_a_newer_catalogue_is_not_touched(tmp_path):
    import lance

    CatalogueStore(tmp_path / "c", create=True)
    lance.dataset(str(tmp_path / "c" / "files.lance")).update_schema_metadata({"schema_version": "99"})

    with pytest.raises(CatalogueError, match="made by a newer earmark"):
        CatalogueStore(tmp_path / "c")


def test_slugs_need_no_quotes():
    assert slug("Joyful activation") == "joyful_activation"
    assert slug("R&B / Soul") == "r_b_soul"
    assert slug("日本") == "x"
