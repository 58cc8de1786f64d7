"""The class `Catalogue` and the names that the front door offers."""

import inspect
import shutil

import pytest

import earmark
from earmark import library
from earmark.errors import FileError, ModelError, NotFound, QueryError


def test_every_public_name_is_there_and_has_a_docstring():
    for name in earmark.__all__:
        assert getattr(earmark, name)
    for name in library.__all__:
        assert getattr(library, name).__doc__, name


def test_everything_that_library_defines_has_an_example():
    for value in (getattr(library, name) for name in library.__all__):
        if inspect.isfunction(value) and value.__module__ == "earmark.library.sound":
            assert ">>> " in value.__doc__, value
    methods = [value for name, value in inspect.getmembers(earmark.Catalogue, inspect.isfunction) if name[0] != "_"]
    assert len(methods) > 50
    for value in methods:
        assert ">>> " in value.__doc__, value


def test_a_mistyped_folder_leaves_no_catalogue(tmp_path):
    with pytest.raises(FileError, match="no such folder"):
        earmark.Catalogue(tmp_path / "c").scan(tmp_path / "nowhere")
    assert not (tmp_path / "c").exists()


def test_tracks_are_heard_again_and_nothing_else_is(place, tmp_path):
    music = shutil.copytree(place / "music", tmp_path / "music")
    catalogue = earmark.Catalogue(tmp_path / "c")
    catalogue.scan(music, place / "tiny.onnx", earmark.ScanOptions(workers=1))
    catalogue.correct("Low", tempo=92)
    (music / "top.flac").unlink()

    def times():
        table = catalogue.columns(["title", "analysed_at"]).to_pylist()
        return {row["title"]: row["analysed_at"] for row in table}

    before = times()
    report = catalogue.reanalyze(["Low", catalogue.show("High").track_id, "Top"], earmark.ScanOptions(workers=1))
    assert (report.analysed, report.gone) == (2, [str(music / "top.flac")])
    assert {title for title, time in times().items() if time != before[title]} == {"Low", "High"}
    assert catalogue.show("Low").descriptors["tempo"].bpm == 92
    assert catalogue.roots() == [str(music)]
    with pytest.raises(NotFound, match="none of its files is there"):
        catalogue.reanalyze("Top")
    with pytest.raises(NotFound):
        catalogue.reanalyze(["Low", "nobody"])


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
