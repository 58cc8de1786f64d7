import numpy as np
import pyarrow as pa

from earmark.explore import sheet as sheets
from earmark.explore.parts import PARTS
from earmark.explore.parts.sound import units
from earmark.explore.sheet import SAMPLE, read_sample, read_sheet, sample_bound
from likeness import track_of, write_tracks


def test_a_sheet_has_every_track_and_is_read_once(likes):
    sheet = read_sheet(likes)
    assert set(sheet.ids.to_pylist()) == likes.track_ids()
    assert read_sheet(likes) is sheet
    assert {name for name in PARTS if not sheet.part(name).is_known} == {"lyrics"}
    assert sheet.rows_among(sheet.ids.slice(3, 2)).sum() == 2
    assert sheet.row_of(sheet.ids[5].as_py()) == 5
    assert sheet.row_of("f" * 20) is None


def test_embeddings_take_the_room_that_they_take_in_the_catalogue(likes):
    sheet = read_sheet(likes)
    stored = np.concatenate([vectors for _, vectors in likes.compared([], sheet.model.id)])
    assert stored.dtype == np.float16
    assert np.array_equal(sheet.part("sound").features, stored)
    assert sheet.part("sound").features.dtype == np.float16


def test_scaled_parts_have_mean_0_and_deviation_1(likes):
    features = read_sheet(likes).part("mood").features
    assert np.allclose(features.mean(axis=0), 0, atol=1e-5)
    assert np.allclose(features.std(axis=0), 1, atol=1e-4)


def test_a_change_of_the_catalogue_is_seen(tmp_path):
    store = write_tracks(tmp_path / "c", [track_of(n) for n in range(3)])
    first = read_sheet(store)
    store.correct(track_of(0).track_id, "tempo", "77")
    again = read_sheet(store)
    assert again is not first
    assert [sheet for sheet in sheets._whole._sheets.values() if sheet in (first, again)] == [again]
    beats = 2 ** again.part("rhythm").features[:, 0]
    assert np.abs(beats - 77).min() < 0.01


def test_the_sample_has_the_scales_of_the_sheet(tmp_path):
    rng = np.random.default_rng(3)
    tracks = [track_of(n, first=(v := rng.normal(size=16)), second=v) for n in range(900)]
    store = write_tracks(tmp_path / "c", tracks)
    sheet, sample = read_sheet(store), read_sample(store)
    assert len(sheet) == 900
    assert 0.8 * SAMPLE < len(sample) < 1.2 * SAMPLE
    for name in PARTS:
        assert np.allclose(sheet.scale(name).values, sample.scale(name).values, atol=1e-4)


def test_shares_of_random_pairs_are_spread_evenly(likes):
    sheet = read_sheet(likes)
    for name in ("sound", "mood", "energy", "instruments"):
        part = sheet.part(name)
        shares = [sheet.scale(name).share(np.delete(part.likeness(part.features[i]), i)) for i in range(len(sheet))]
        assert np.allclose(np.quantile(np.concatenate(shares), [0.25, 0.5, 0.75]), [0.25, 0.5, 0.75], atol=0.03)


def test_a_part_that_a_model_does_not_tell_is_not_known(store):
    sheet = read_sheet(store)  # its model has no instruments
    assert not sheet.part("instruments").is_known
    assert sheet.part("mood").is_known
    assert np.isnan(sheet.part("instruments").likeness(np.zeros(0))).all()


def test_the_bound_of_a_sample():
    assert sample_bound(SAMPLE) == "g"
    ids = pa.array([f"{i * 2**80 // 100_000:020x}" for i in range(100_000)])
    assert sum(i < sample_bound(100_000) for i in ids.to_pylist()) in (SAMPLE, SAMPLE + 1)


def test_of_many_tracks_the_sound_is_nearly_told_by_main_directions(likes, monkeypatch):
    sheet = read_sheet(likes)
    one = units(sheet.part("sound").features[:1])[0]
    exact = units(sheet.part("sound").features) @ one
    assert np.allclose(sheet.sound_nearly(one), exact, atol=1e-6)
    monkeypatch.setattr(sheets, "MANY", 10)
    monkeypatch.setattr(sheets, "DIRECTIONS", 8)
    other = sheets._read(likes, False)
    nearly = other.sound_nearly(one)
    assert not np.array_equal(nearly, exact)
    assert np.corrcoef(nearly, exact)[0, 1] > 0.9
