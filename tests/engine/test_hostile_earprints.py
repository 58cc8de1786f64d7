"""Earprints that once emptied catalogues, ended scans and wrote outside: each is a failure in the list, no more."""

import shutil

import pytest

from earmark.analysis import analyze
from earmark.audio.earprint import write_earprint
from earmark.audio.listen import listen
from earprints import change_earprint

HEADS = {
    "wipe": {"track_id": "x') OR ('a'='a"},
    "inject": {"track_id": "x' OR '1'='1"},
    "traverse": {"track_id": "../../escaped/song"},
    "poison": {"tags": {"title": "\x1b]0;pwned\x07", "artist": 5, "album": None, "year": "x", "genre": []}},
    "nan": {"mel_step": float("nan")},
    "long": {"duration": 1e9},
}


@pytest.fixture
def hostile(music, model):
    """The music, and beside it an earprint of each kind."""
    first = sorted(music.glob("*.flac"))[0]
    for name, head in HEADS.items():
        path = write_earprint(listen(first, model.info.features), music / f"{name}.earprint")
        change_earprint(path, lambda old, arrays, head=head: old.update(head))
    return music


@pytest.mark.parametrize("workers", [None, 2])
def test_a_scan_lists_them_and_keeps_the_others(run_scan, store, hostile, tmp_path, workers):
    before = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if "catalogue" not in path.parts}
    options = {"workers": workers} if workers else {}

    report = run_scan(keep_earprints=True, **options)
    again = run_scan(prune=True, retry=True, keep_earprints=True, **options)

    assert len(store()) == report.analysed == 5
    assert sorted(state.path for state in store().failures()) == sorted(str(hostile / f"{n}.earprint") for n in HEADS)
    assert all("not a readable earprint (" in state.problem for state in store().failures())
    assert (len(again.failed), again.removed) == (len(HEADS), 0)
    assert {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if "catalogue" not in path.parts} == before
    kept = sorted(path.stem for path in (tmp_path / "catalogue" / "earprints").iterdir())
    assert kept == sorted(store().track_ids())


def test_a_kept_earprint_that_somebody_exchanged_is_made_anew(run_scan, store, music, model, tmp_path):
    run_scan(keep_earprints=True)
    low, high = (analyze(music / f"{name}.flac", model).track_id for name in ("low", "high"))
    shutil.copyfile(store().earprint_path(high), store().earprint_path(low))

    run_scan(reanalyze=True, keep_earprints=True)

    assert store().track_ids() >= {low, high}
    assert len(store()) == 5
