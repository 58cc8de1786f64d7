"""One script, against a folder and against a server of the same folder."""

import pytest

from catalogues import write_music
from earmark.catalogue.filters import parse_filter
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
