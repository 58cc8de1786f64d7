"""The Python interface, as its users call it."""

import doctest
import json

import pytest

import earmark
from catalogues import write_music
from earmark import library
from earmark.errors import CatalogueError, FileError, ModelError, NotFound, QueryError
from scan_fixtures import in_this_process  # noqa: F401
from tiny_model import write_tiny_model


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """music/, tiny.onnx and a catalogue of them."""
    root = tmp_path_factory.mktemp("library")
    write_music(root / "music")
    write_tiny_model(root / "tiny.onnx")
    options = earmark.ScanOptions(workers=1)
    report = earmark.Catalogue(root / "catalogue").scan(root / "music", root / "tiny.onnx", options)
    assert (report.analysed, report.failed) == (5, [])
    return root


@pytest.fixture
def catalogue(place):
    return earmark.Catalogue(place / "catalogue")


def test_every_public_name_is_there_and_has_a_docstring():
    for name in earmark.__all__:
        assert getattr(earmark, name)
    for name in library.__all__:
        assert getattr(library, name).__doc__, name


def test_everything_that_library_defines_has_an_example():
    defined = [value for value in vars(library).values() if getattr(value, "__module__", "") == library.__name__]
    public = [value for value in defined if not value.__name__.startswith("_")]
    methods = [value for name, value in vars(earmark.Catalogue).items() if callable(value) and not name.startswith("_")]
    assert len(public) >= 6
    for value in (*public, *methods):
        assert ">>> " in value.__doc__, value


def test_the_examples_that_need_no_music_are_true(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    failed, tried = doctest.testmod(library, extraglobs={"earmark": earmark})
    assert failed == 0
    assert tried >= 3


def test_a_catalogue_as_a_table(catalogue):
    table = catalogue.tracks()
    assert len(catalogue) == table.num_rows == 5
    assert {"track_id", "paths", "title", "artist", "duration"} <= set(table.column_names)
    assert len(table.to_pandas()) == 5
    assert catalogue.tracks("title = 'Low'")["title"].to_pylist() == ["Low"]


def test_similar_search_and_show(catalogue, place):
    analysis = earmark.analyze(place / "music" / "low.flac", place / "tiny.onnx")
    (hit,) = catalogue.similar(analysis.track_id, 1)
    assert hit.track.title != "Low"
    assert [hit.track.title for hit in catalogue.search("low")] == ["Low"]
    assert [hit.track.title for hit in catalogue.search(where="title = 'Top'", n=3)] == ["Top"]
    assert catalogue.show("Low").track_id == analysis.track_id
    assert "curves" in catalogue.show("Low", curves=True).to_dict(curves=True)
    assert catalogue.failures() == []


def test_versions_and_the_number_of_an_artist(catalogue):
    assert len(catalogue.search("sines", per_artist=2)) == 2
    assert len(catalogue.similar("Low", per_artist=3, versions=True)) == 3
    assert catalogue.duplicates() == []


def test_only_compatible_keys(catalogue):
    catalogue.correct("Low", key="Am")
    catalogue.correct("Top", key="C major")
    catalogue.correct("High", key="F# major")
    assert {hit.track.title for hit in catalogue.search(compatible="8A")} >= {"Low", "Top"}
    assert "High" not in {hit.track.title for hit in catalogue.search(compatible="8A")}
    assert [h.track.title for h in catalogue.similar("Low", compatible="8A", where="title = 'Top'")] == ["Top"]
    for title in ("Low", "Top", "High"):
        catalogue.uncorrect(title)


def test_a_correction_wins_until_it_is_taken_back(catalogue):
    before = catalogue.show("Low").to_dict()
    catalogue.correct("Low", tempo=92.5, metre="3/4")
    shown = catalogue.show("Low")
    assert (shown.descriptors["tempo"].bpm, shown.descriptors["tempo"].metre) == (92.5, "3/4")
    catalogue.correct("Low", metre=None)
    assert catalogue.show("Low").corrections == {"tempo": "92.5"}
    catalogue.uncorrect("Low")
    assert catalogue.show("Low").to_dict() == before


@pytest.mark.usefixtures("in_this_process")
def test_what_another_process_scanned_is_seen(place, tmp_path):
    one, other = earmark.Catalogue(tmp_path / "c"), earmark.Catalogue(tmp_path / "c")
    options = earmark.ScanOptions(workers=1)
    one.scan(write_music(tmp_path / "a", ["low"]), place / "tiny.onnx", options)
    assert len(other) == 1
    one.scan([tmp_path / "a", write_music(tmp_path / "b", ["top"])], place / "tiny.onnx", options)
    assert len(other) == 2


@pytest.mark.usefixtures("in_this_process")
def test_a_catalogue_that_was_deleted_is_missed_and_made_anew(place, tmp_path):
    import shutil

    catalogue = earmark.Catalogue(tmp_path / "c")
    with pytest.raises(CatalogueError, match="no catalogue here"):
        len(catalogue)
    music = write_music(tmp_path / "a", ["low"])
    catalogue.scan(music, place / "tiny.onnx", earmark.ScanOptions(workers=1))
    shutil.rmtree(tmp_path / "c")
    with pytest.raises(CatalogueError, match="no catalogue here"):
        catalogue.tracks()
    assert catalogue.scan(music, place / "tiny.onnx", earmark.ScanOptions(workers=1)).analysed == 1


def test_an_earprint_stands_for_its_file(place, tmp_path):
    path = earmark.make_earprint(place / "music" / "top.flac", tmp_path / "new" / "folder", place / "tiny.onnx")
    assert path == tmp_path / "new" / "folder" / "top.earprint"
    again = earmark.analyze(path, place / "tiny.onnx")
    assert again.track_id == earmark.analyze(place / "music" / "top.flac", place / "tiny.onnx").track_id


@pytest.mark.parametrize(
    ("ask", "error", "problem"),
    [
        (lambda c: c.show("nobody"), NotFound, "not in the catalogue"),
        (lambda c: c.search("low", n=0), QueryError, "not a number of hits"),
        (lambda c: c.search(where="tempoo > 3"), QueryError, "Did you mean tempo"),
        (lambda c: c.similar("Low", compatible="H"), QueryError, "not a key"),
        (lambda c: c.correct("Low", mood="sad"), QueryError, "cannot be corrected"),
        (lambda c: earmark.load_model("nope"), ModelError, "no such model. The names are default"),
    ],
)
def test_a_wrong_call_is_one_clear_error(catalogue, ask, error, problem):
    with pytest.raises(error, match=problem):
        ask(catalogue)


def test_hits_can_be_written_as_json(catalogue):
    for hit in catalogue.search("sines"):
        assert json.loads(json.dumps(hit.to_dict(), allow_nan=False))["tags"]["genre"]


def test_a_mistyped_folder_leaves_no_catalogue(tmp_path):
    with pytest.raises(FileError, match="no such folder"):
        earmark.Catalogue(tmp_path / "c").scan(tmp_path / "nowhere")
    assert not (tmp_path / "c").exists()
