import shutil

import numpy as np
import pytest

from damage import flip, index_files, newest_data, newest_manifest
from earmark.catalogue.check import check, disorder
from earmark.catalogue.places import table_path
from earmark.catalogue.tables import Table
from earmark.errors import CatalogueError


def damage_of(folder) -> list[str]:
    return [f"{finding.where}: {finding.what}" for finding in check(folder).findings if finding.is_damage]


def test_a_whole_catalogue(folder):
    report = check(folder)
    assert report.is_whole
    assert report.findings == []
    assert report.n_rows == {"files": 5, "tracks": 5, "corrections": 1, "steps": 5}
    assert report.n_unsummed == 0
    assert report.n_files > 10


def test_a_folder_without_a_catalogue_is_an_error(tmp_path):
    with pytest.raises(CatalogueError, match="no catalogue here"):
        check(tmp_path)


def test_what_a_killed_scan_wrote_is_no_damage(scanned):
    report = check(scanned.path)  # tidied, then corrected: files without a sum
    scanned.correct(sorted(scanned.track_ids())[0], "tempo", "99")
    after = check(scanned.path)
    assert report.is_whole
    assert after.is_whole
    assert after.n_unsummed > report.n_unsummed


@pytest.mark.parametrize("seed", range(6))
def test_one_flipped_bit_in_any_file_is_found(folder, seed):
    files = sorted(p for p in folder.rglob("*") if ".lance/" in p.as_posix() and p.is_file() and p.suffix != ".json")
    path = files[int(np.random.default_rng(seed).integers(len(files)))]
    flip(path, 1, seed)
    assert any(path.relative_to(folder).as_posix() in line for line in damage_of(folder))


def test_each_kind_of_file_is_named(folder):
    flip(newest_data(folder))
    flip(newest_manifest(folder, "files"))
    flip(index_files(folder)[0])
    lines = "\n".join(damage_of(folder))
    assert "5 rows cannot be read" in lines
    assert "_versions/" in lines
    assert "_indices/" in lines


def test_a_missing_table_is_named(folder):
    shutil.rmtree(table_path(folder, "tracks"))
    assert "tracks.lance: is missing" in damage_of(folder)


def test_files_that_lead_nowhere(folder):
    tracks = Table(table_path(folder, "tracks"))
    gone = sorted(tracks.read(["track_id"])["track_id"].to_pylist())[0]
    tracks.delete_among("track_id", [gone])
    report = check(folder)
    assert [line for line in damage_of(folder) if "1 files lead to tracks that are missing" in line]
    assert len(disorder(folder).astray) == 1
    assert any("tracks with corrections are not there" in f.what and not f.is_damage for f in report.findings)


def test_ids_that_are_no_hash_and_rows_that_stand_twice(folder):
    tracks = Table(table_path(folder, "tracks"))
    tracks.upsert("track_id", [{"track_id": "../../etc/passwd", "title": "x"}])
    rows = tracks.read(["track_id", "title"]).slice(0, 1)
    tracks._dataset.insert(rows)
    found = disorder(folder)
    assert found.bad_ids == ["../../etc/passwd"]
    assert found.doubled == rows["track_id"].to_pylist()
    assert len(damage_of(folder)) == 2


def test_notes_that_cannot_be_read(folder):
    Table(table_path(folder, "files")).note(model="{")
    assert any("its notes cannot be read" in line for line in damage_of(folder))


def test_a_mirror_that_is_behind_is_a_note(folder):
    (folder / "corrections.jsonl").unlink()
    report = check(folder)
    assert report.is_whole
    assert [finding.where for finding in report.findings] == ["corrections.jsonl"]


def test_earprints(run_scan, store):
    run_scan(keep_earprints=True)
    folder = store().path.local
    report = check(folder)
    assert report.is_whole
    assert report.n_earprints == 5
    first, second, third, *_ = sorted((folder / "earprints").iterdir())
    flip(first, 40)
    shutil.copy(second, third)
    (folder / "earprints" / "song.earprint").write_bytes(second.read_bytes())
    notes = [finding.what for finding in check(folder).findings if not finding.is_damage]
    assert len(damage_of(folder)) == 1
    assert any("is of another track" in note for note in notes)
    assert any("is not named by the id" in note for note in notes)
