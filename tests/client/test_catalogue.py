"""One script, against a folder and against a server of the same folder."""

import inspect
import wave
from dataclasses import replace
from pathlib import Path

import pyarrow.feather
import pytest

import earmark
from catalogues import write_music
from earmark.catalogue.filters import parse_filter
from earmark.client.catalogue import RemoteCatalogue
from earmark.errors import AudioError, ConfigError, NotFound, QueryError, ServerError
from earmark.explore.seeds import Seed
from earmark.library import ScanOptions
from sounds import tune, write_sound


def script(catalogue, folder, progress) -> list:
    """What a user may do, with all that it gives back as plain values."""
    low = catalogue.show("Low")
    found = [len(catalogue), low.to_dict(), catalogue.show(low.track_id, curves=True).to_dict(curves=True)]
    found += [
        [hit.to_dict() for hit in catalogue.search("sines", n=3)],
        low.descriptors["tempo"].bpm,
        low.analysis.top("mood"),
    ]
    found += [[hit.to_dict() for hit in catalogue.search(where="title <> 'Low'", n=3, versions=True)]]
    found += [[hit.to_dict() for hit in catalogue.similar("Low", n=3)]]
    weighed = catalogue.similar(Seed("Low", start=0.1, end=1.2), n=2, weights="sound=1,rhythm=1", explain=True)
    found += [[hit.to_dict() for hit in weighed]]
    chosen = parse_filter("duration > 0 AND NOT title = 'High'", catalogue.fields())
    found += [sorted(track.title for track in catalogue.chosen(where=chosen)), sorted(catalogue.fields())]
    first = catalogue.page(sort="title", limit=2)
    after = catalogue.page(sort="title", after=(first[-1].title, first[-1].track_id), limit=2)
    found += [[track.title for track in (*first, *after)], catalogue.facets(["title"], "duration > 0")]
    tag = f"mood/{low.tags['mood'][0].tag}"
    found += [catalogue.evidence("Low", tag), catalogue.embedding("Low"), catalogue.overview(), catalogue.roots()]
    found += [[group.to_dict() for group in catalogue.duplicates()], catalogue.model().id]
    catalogue.correct("Low", tempo=92, key="Am", tags={"mood/sad": False})
    found += [catalogue.show("Low").corrections, catalogue.show("Low").descriptors["key"].label]
    catalogue.uncorrect("Low")
    found += [catalogue.show("Low").corrections]
    report = catalogue.scan(folder, catalogue.model().name, ScanOptions(workers=1), progress)
    found += [report.found, report.analysed, len(report.failed), [file.problem for file in catalogue.failures()]]
    found += [[warned.warnings for warned in catalogue.warnings()], len(catalogue)]
    found += [catalogue.tracks("title = 'one'").select(["track_id", "title", "duration"]).to_pylist()]
    out = folder.parent / "out.csv"
    found += [
        catalogue.export(out, where="duration > 0"),
        len(out.read_text().splitlines()),
        out.read_text().splitlines()[0],
    ]
    listed = catalogue.write_playlist(folder.parent / "list.m3u8", ["one", "Low"])
    return [*found, listed.n_found]


def script_of_meaning(catalogue) -> list:
    """The same for questions in words, reasons and ways."""
    answer = catalogue.find("low, not high", n=3, where="duration > 0")
    found = [answer.to_dict(), [hit.to_dict() for hit in answer.hits], [hit.hit.track.title for hit in answer.hits]]
    found += [catalogue.why("Low", like="High").to_dict(), catalogue.why("Low", like="Low", start=0, end=1).to_dict()]
    tag = f"mood/{catalogue.show('Low').tags['mood'][0].tag}"
    steps = catalogue.path_between("Low", "Top", 3)
    found += [catalogue.why("Low", tag).to_dict(), [step.to_dict() for step in steps]]
    return [*found, catalogue.columns(["title", "duration"], "title = 'Low'").to_pylist()]


def test_questions_in_words_and_reasons(both, same):
    same(*(script_of_meaning(catalogue) for catalogue in both))
    for catalogue in both:
        with pytest.raises(ConfigError, match="not both"):
            catalogue.why("Low")


def test_jams_is_the_same_here_and_there(both):
    here, there = (catalogue.jams("Low") for catalogue in both)
    assert there == here
    assert here["annotations"]


def test_the_map(both):
    pytest.importorskip("openTSNE")
    here, there = (catalogue.build_map() for catalogue in both)
    assert there.ids == list(here.ids)
    assert there.xy.tolist() == here.xy.tolist()
    assert there.to_dict() | {"built_at": ""} == here.to_dict() | {"built_at": ""}


def test_a_script_does_the_same_against_a_folder_and_a_server(both, tmp_path):
    music = write_music(tmp_path / "more", ["one", "two"])
    (music / "broken.mp3").write_bytes(b"ID3" + b"\0" * 4000)
    told = []
    here, there = (script(catalogue, music, lambda *news: told.append(news)) for catalogue in both)
    assert len(here) == len(there) > 30
    assert [(ours, theirs) for ours, theirs in zip(here, there, strict=True) if ours != theirs] == []
    assert told


def test_errors_are_those_that_were_raised_there(both):
    for catalogue in both:
        with pytest.raises(NotFound, match="Nothing"):
            catalogue.show("Nothing")
        with pytest.raises(QueryError, match="temp"):
            catalogue.search(where="temp > 3")
        with pytest.raises(QueryError):
            catalogue.correct("Low", tempo=1)
        with pytest.raises(NotFound):
            catalogue.similar("no such file.mp3")


def test_a_file_from_here_is_heard_there_and_not_kept(both, tmp_path):
    path = write_sound(tmp_path / "mine.flac", tune(3, 3.0), tags={"title": "Mine"})
    here, there = (catalogue.similar(path, n=3) for catalogue in both)
    assert [hit.track.track_id for hit in there] == [hit.track.track_id for hit in here]
    assert [hit.similarity for hit in there] == pytest.approx([hit.similarity for hit in here], abs=1e-3)
    assert len(both[1]) == 5
    (tmp_path / "no.mp3").write_bytes(b"no sound at all" * 100)
    with pytest.raises((ServerError, AudioError), match=r"no\.mp3"):
        both[1].similar(tmp_path / "no.mp3")


def test_what_a_server_does_not_write(both, tmp_path):
    with pytest.raises(ConfigError, match="no format"):
        both[1].export(tmp_path / "x.jams", "jams")


NOT_OVER_HTTP = {
    "backup": "of the folder, done on the machine where it lies",
    "check": "of the folder, done on the machine where it lies",
    "compact": "of the folder, done on the machine where it lies",
    "repair": "of the folder, done on the machine where it lies",
    "restore": "of the folder, done on the machine where it lies",
    "kept_earprint": "a path in the folder of the catalogue",
    "watch": "the server watches by itself: `earmark serve --watch`, or a job",
}
"""Method of `Catalogue` that a server's does not have -> why."""
OTHER_ARGUMENTS = {
    "apply_tags": "within_roots: a server writes nowhere else",
    "plan_tags": "within_roots: a server writes nowhere else",
    "playlist": "the former way to write a list, kept for one release",
    "scan": "without folders the server scans those that it knows",
}
"""Method whose arguments differ -> why."""


def public(kind) -> dict:
    return {name: method for name, method in inspect.getmembers(kind, inspect.isfunction) if name[0] != "_"}


def arguments(method) -> list[tuple]:
    return [(one.name, one.kind, one.default) for one in inspect.signature(method).parameters.values()]


def test_a_server_has_every_method_of_a_catalogue_or_there_is_a_reason():
    here, there = public(earmark.Catalogue), public(RemoteCatalogue)
    assert len(here) > 50
    assert here.keys() - there.keys() == NOT_OVER_HTTP.keys()
    assert there.keys() - here.keys() == set()
    differing = {name for name in here.keys() & there.keys() if arguments(here[name]) != arguments(there[name])}
    assert differing == OTHER_ARGUMENTS.keys()
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    assert [name for name in NOT_OVER_HTTP if f"`{name}`" not in page] == []


def test_a_file_with_the_passages_of_a_reason(both, tmp_path):
    sounds = []
    for i, catalogue in enumerate(both):
        out = tmp_path / f"{i}.wav"
        assert catalogue.write_passages(catalogue.why("Low", like="High"), out) > 1
        with wave.open(str(out)) as file:
            sounds.append(file.readframes(file.getnframes()))
        with pytest.raises(NotFound):
            catalogue.write_passages(replace(catalogue.why("Low", like="High"), pairs=()), out)
    assert sounds[0] == sounds[1]
    assert len(set(sounds[0])) > 50


def test_the_map_as_a_file(both, tmp_path):
    pytest.importorskip("openTSNE")
    for i, catalogue in enumerate(both):
        with pytest.raises(NotFound):
            catalogue.export_map(tmp_path / "none.html")
        catalogue.build_map()
        assert catalogue.export_map(tmp_path / f"{i}.arrow") == catalogue.export_map(tmp_path / f"{i}.html") == 5
        with pytest.raises(ConfigError, match="no format of a map"):
            catalogue.export_map(tmp_path / "map.png")
    here, there = (pyarrow.feather.read_table(tmp_path / f"{i}.arrow") for i in range(2))
    assert here.to_pylist() == there.to_pylist()


def test_songs_filters_versions_and_words_that_are_sung(both):
    here, there = both
    for ask in (
        lambda c: c.find_song("low"), lambda c: c.find_song("LOW", "sines", 1.5), lambda c: c.versions(),
        lambda c: c.filter("duration > 1", {"field": "title", "op": "ne", "value": "Low"}, "Am"), lambda c: c.filter(),
    ):  # fmt: skip
        assert ask(here) == ask(there)
    for catalogue in both:
        with pytest.raises(NotFound, match="brings lyrics"):
            catalogue.lyrics("Low")
        with pytest.raises(NotFound, match="no track is called so"):
            catalogue.find_song("Low", "somebody else")


def test_tracks_are_heard_again(both):
    for catalogue in both:
        report = catalogue.reanalyze(["Low", "Top"], ScanOptions(workers=1))
        assert (report.found, report.analysed, report.failed) == (2, 2, [])


def test_a_job_that_was_cancelled_is_one_clear_error(both, monkeypatch):
    _, there = both
    ended = {"kind": "scan", "state": "cancelled", "links": {"self": "/x"}, "progress": None}
    monkeypatch.setattr(there._server, "_news", lambda path: iter([ended]))
    with pytest.raises(ServerError, match="was cancelled"):
        there.scan()
