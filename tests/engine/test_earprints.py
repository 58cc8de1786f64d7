from pathlib import Path

import pytest

from earmark.catalogue.where import place_of
from earmark.engine.earprints import Earprints
from earmark.engine.protocol import Analyse, Identify
from earmark.errors import ConfigError

ONE, TWO = "1" * 20, "2" * 20


@pytest.fixture
def place(uri):
    return place_of(uri) / "earprints"


def task(track_id=None):
    return Analyse("/music/song.flac", frozenset(), track_id, "/somewhere")


def test_on_a_disk_workers_use_the_folder_of_the_catalogue(tmp_path):
    folder = tmp_path / "earprints"
    assert Earprints(place_of(folder), wanted=False).folder is None
    assert Earprints(place_of(folder), wanted=True).folder == str(folder)
    folder.mkdir()
    (folder / f"{ONE}.earprint").write_bytes(b"kept")
    there = Earprints(place_of(folder), wanted=False)
    there.bring(task(ONE))
    there.keep(ONE)
    there.close()
    assert there.folder == str(folder)
    assert (folder / f"{ONE}.earprint").read_bytes() == b"kept"


def test_what_a_worker_makes_goes_to_the_object_store(place):
    assert Earprints(place, wanted=False).folder is None
    there = Earprints(place, wanted=True)
    (Path(there.folder) / f"{ONE}.earprint").write_bytes(b"new")
    there.keep(ONE)
    there.keep(TWO)  # made none
    assert place.entries() == [f"{ONE}.earprint"]
    assert (place / f"{ONE}.earprint").read() == b"new"
    assert list(Path(there.folder).iterdir()) == []
    there.close()
    assert not Path(there.folder).exists()


def test_what_is_kept_comes_to_the_worker_and_goes_back_only_where_it_was_made_anew(place):
    for track_id in (ONE, TWO):
        (place / f"{track_id}.earprint").write(b"old")
    times = {name: found.mtime_ns for name, found in place.files()}
    there = Earprints(place, wanted=False)
    for one in (task(ONE), task(TWO), task("3" * 20), task(), Identify("/music/song.flac")):
        there.bring(one)
    here = Path(there.folder)
    assert {path.name: path.read_bytes() for path in here.iterdir()} == dict.fromkeys(times, b"old")
    (here / f"{TWO}.earprint").write_bytes(b"new")
    uploaded = []
    upload = type(place).copy_from
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(place), "copy_from", lambda at, source: (uploaded.append(at.name), upload(at, source)))
        there.keep(ONE)
        there.keep(TWO)
    there.close()
    assert uploaded == [f"{TWO}.earprint"]
    assert (place / f"{TWO}.earprint").read() == b"new"


def test_the_machines_of_a_cluster_share_no_folder_with_a_scan_into_an_object_store(place, tmp_path):
    (place / f"{ONE}.earprint").write(b"old")
    assert Earprints(place, wanted=False, on_cluster=True).folder is None
    with pytest.raises(ConfigError, match="keep no earprints there"):
        Earprints(place, wanted=True, on_cluster=True)
    assert Earprints(place_of(tmp_path / "earprints"), wanted=True, on_cluster=True).folder == str(
        tmp_path / "earprints"
    )
