import shutil

import pytest

from catalogues import contents
from damage import DAMAGES, cut, flip, newest_data, newest_manifest
from earmark.catalogue.checksums import bytes_of
from earmark.catalogue.places import manifests, table_path
from earmark.catalogue.store import Store
from earmark.catalogue.tables import Table
from earmark.library import Catalogue


def corrections(folder) -> dict:
    store = Store(folder)
    found = store.corrections(sorted(store.track_ids()))
    return {track_id: fields for track_id, fields in found.items() if fields}


def test_a_whole_catalogue_stays_as_it_is(folder):
    before = contents(folder)
    report = Catalogue(folder).repair()
    assert (report.done, report.hear_again, report.earprints) == ([], [], 0)
    assert contents(folder) == before


@pytest.mark.parametrize("kind", DAMAGES)
def test_after_a_repair_and_a_scan_all_is_as_before(folder, prepared, run_scan, kind):
    before = contents(folder)
    kept = corrections(folder)
    DAMAGES[kind](folder)

    report = Catalogue(folder).repair()

    assert Catalogue(folder).check().is_whole
    assert report.done
    run_scan(prepared / "music")
    assert contents(folder) == before
    assert corrections(folder) == kept
    assert Catalogue(folder).check().is_whole


def test_only_the_rows_of_the_damaged_fragment_are_lost_and_named(run_scan, store, music, tmp_path):
    names = sorted(music.iterdir())
    late = tmp_path / "late"
    late.mkdir()
    shutil.move(names[0], late / names[0].name)
    run_scan()
    folder = store().path
    first = newest_data(folder)
    run_scan(late)
    tracks = Table(table_path(folder, "tracks"))
    if len(tracks.fragments()) == 1:
        pytest.skip("the store has joined the fragments")
    flip(first)
    report = Catalogue(folder).repair()
    assert report.hear_again == [str(path) for path in names[1:]]
    assert len(Store(folder)) == 1


def test_a_damaged_list_of_files_costs_nothing(folder):
    before = contents(folder)
    assert len(manifests(table_path(folder, "tracks"))) >= 2
    newest_manifest(folder).write_bytes(b"noise")
    report = Catalogue(folder).repair()
    assert any("went back" in line for line in report.done)
    assert report.hear_again == []
    assert contents(folder) == before


def test_lost_tracks_stand_among_the_failures_until_they_are_heard_again(folder, prepared, run_scan):
    cut(newest_data(folder))
    report = Catalogue(folder).repair()
    failures = Catalogue(folder).failures()
    assert [file.path for file in failures] == sorted(report.hear_again)
    assert len(failures) == 5
    assert {file.problem for file in failures} == {"its analysis was lost by damage"}
    run_scan(prepared / "music")
    assert Catalogue(folder).failures() == []


def test_corrections_come_back_from_their_mirror_and_are_laid_over(folder):
    kept = corrections(folder)
    shutil.rmtree(table_path(folder, "corrections"))
    Catalogue(folder).repair()
    assert corrections(folder) == kept
    assert Catalogue(folder).tracks("tempo = 99").num_rows == 1


def test_a_correction_taken_back_stays_so(folder):
    store = Store(folder)
    mirror = (folder / "corrections.jsonl").read_text()
    store.correct(sorted(store.track_ids())[0], "tempo", None)
    (folder / "corrections.jsonl").write_text(mirror)  # killed before the mirror followed
    Catalogue(folder).repair()
    assert corrections(folder) == {}


def test_no_space_is_leaked(folder):
    before = bytes_of(folder)
    newest_manifest(folder).write_bytes(b"")
    Catalogue(folder).repair()
    assert bytes_of(folder) < 1.1 * before + 8000  # the two lists of files that repair leaves


def test_bad_earprints_are_dropped(run_scan, store):
    run_scan(keep_earprints=True)
    first = min((store().path.local / "earprints").iterdir())
    flip(first, 40)
    assert Catalogue(store().path).repair().earprints == 1
    assert not first.exists()
    assert Catalogue(store().path).check().is_whole
