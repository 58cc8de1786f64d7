"""The training loop: it learns, it stops on the valid part alone, it resumes to the same end."""

import csv

import numpy as np
import pytest
import torch

from earmark.errors import DataError, FileError
from earmark.tagger.model import ModelInfo
from earmark.tagger.tagset import TagGroup, Tagset
from earmark.training.augment import Augmentation, amplify, mask, mix
from earmark.training.batches import Clips, EpochBatches, predict, random_crop, shuffle_rows
from earmark.training.calibrate import calibrate
from earmark.training.checkpoint import checkpoint_header, load_checkpoint
from earmark.training.fit import FitSettings, fit
from earmark.training.networks import build_network
from earmark.training.objective import Objective
from tinysets import FEATURES, bright_and_dark

OPTIONS = {"width": 4, "dim": 8, "context": 1, "dropout": 0.2}
TRAIN, VALID = np.arange(0, 16), np.arange(16, 24)
AUGMENTED = Augmentation(gain_db=3, time_masks=1, band_masks=1, band_width=2, mixup=0.2)


def train(folder, settings, train_rows=TRAIN, valid=VALID, examples=None, kind="exclusive"):
    if examples is None:
        spectrograms, y = bright_and_dark()
        examples = Clips(spectrograms, y, FEATURES, 64, 1024, 64, AUGMENTED)
    torch.manual_seed(settings.seed)
    n = examples.y.shape[1]
    network = build_network("fcn", 16, n, OPTIONS)
    info = ModelInfo("t", "1", Tagset((TagGroup("g", tuple(f"t{k}" for k in range(n)), kind),)), FEATURES)
    header = checkpoint_header("fcn", 16, n, OPTIONS, info, {"rate": settings.rate, "seed": settings.seed})
    objective = Objective.of(kind, examples.y[train_rows])
    order = shuffle_rows(train_rows)
    return *fit(network, objective, examples, order, valid, settings, folder, header, "cpu"), examples


def test_a_network_learns_bright_from_dark_and_leaves_its_curves(tmp_path):
    settings = FitSettings(epochs=12, batch=8, rate=1e-2, patience=12)
    network, history, examples = train(tmp_path, settings)

    logits, _ = predict(network, examples, VALID)
    assert (logits.argmax(1) == VALID % 2).all()
    rows = list(csv.DictReader((tmp_path / "metrics.csv").read_text().splitlines()))
    assert [int(row["epoch"]) for row in rows] == list(range(len(history)))
    assert float(rows[-1]["train_loss"]) < float(rows[0]["train_loss"])
    assert {"valid_loss", "valid_accuracy", "seconds"} <= set(rows[0])
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_an_interrupted_training_ends_with_the_same_metrics(tmp_path, monkeypatch):
    settings = FitSettings(epochs=4, batch=6, rate=5e-3, schedule="cosine")
    whole, history, _ = train(tmp_path / "whole", settings)

    from earmark.training.fit import Learner

    step = Learner.training_step

    def interrupted(self, batch, k):
        if self.current_epoch == 2 and k == 1:
            raise KeyError("the power went")
        return step(self, batch, k)

    monkeypatch.setattr(Learner, "training_step", interrupted)
    with pytest.raises(KeyError):
        train(tmp_path / "cut", settings)
    monkeypatch.setattr(Learner, "training_step", step)
    resumed, again, _ = train(tmp_path / "cut", settings)

    def figures(rows):
        return [{k: v for k, v in row.items() if k != "seconds"} for row in rows]

    assert figures(again) == figures(history)
    for one, other in zip(whole.state_dict().values(), resumed.state_dict().values(), strict=True):
        assert torch.equal(one, other)


def test_the_same_seed_gives_the_same_network_and_another_does_not(tmp_path):
    settings = FitSettings(epochs=2, batch=8)
    first, second, other = (
        train(tmp_path / name, s)[1][-1]["train_loss"]
        for name, s in (("a", settings), ("b", settings), ("c", FitSettings(epochs=2, batch=8, seed=1)))
    )
    assert first == second != other


def test_training_stops_early_and_keeps_the_best_epoch(tmp_path):
    """Valid labels are turned round: what is learned makes the valid part worse from the start."""
    spectrograms, y = bright_and_dark()
    y[VALID] = 1 - y[VALID]
    examples = Clips(spectrograms, y, FEATURES, 64, 1024, 64)
    network, history, _ = train(tmp_path, FitSettings(epochs=40, batch=8, rate=1e-2, patience=3), examples=examples)

    losses = [row["valid_loss"] for row in history]
    assert len(history) < 40
    assert len(losses) - 1 - int(np.argmin(losses)) == 3
    logits, _ = predict(network, examples, VALID)
    kept = Objective.of("exclusive", y).loss(torch.from_numpy(logits)[:, None], torch.from_numpy(y[VALID]))
    assert float(kept) == pytest.approx(min(losses), abs=1e-4)


def test_another_training_in_the_folder_is_refused(tmp_path):
    train(tmp_path, FitSettings(epochs=1, batch=8))
    with pytest.raises(DataError, match="holds a training with other settings"):
        train(tmp_path, FitSettings(epochs=1, batch=8, rate=1e-4))


def test_a_checkpoint_needs_only_its_path(tmp_path):
    network, _, examples = train(tmp_path, FitSettings(epochs=1, batch=8))
    loaded, info, settings = load_checkpoint(tmp_path / "last.ckpt")

    np.testing.assert_array_equal(predict(loaded, examples, VALID)[0], predict(network, examples, VALID)[0])
    assert info.features == FEATURES
    assert settings == {"rate": 1e-3, "seed": 0}
    (tmp_path / "x.ckpt").write_text("not a checkpoint")
    with pytest.raises(FileError, match="not a readable checkpoint"):
        load_checkpoint(tmp_path / "x.ckpt")


@pytest.mark.parametrize("kind", ["independent", "value"])
def test_tags_and_values_are_learned_by_the_same_code(kind, tmp_path):
    spectrograms, y = bright_and_dark()
    y = y if kind == "independent" else (y * 60 + [100, -20]).astype(np.float32)
    objective = Objective.of(kind, y[TRAIN])
    examples = Clips(spectrograms, objective.standardise(y), FEATURES, 64, 1024, 64)
    network, history, _ = train(tmp_path, FitSettings(epochs=15, batch=8, rate=1e-2), examples=examples, kind=kind)

    logits, _ = predict(network, examples, VALID)
    name, merit = objective.merit(logits, examples.y[VALID])
    assert name == ("roc_auc" if kind == "independent" else "pearson_r")
    assert merit > 0.95
    assert history[-1][f"valid_{name}"] == pytest.approx(merit, abs=1e-6)


def test_a_loss_that_is_no_number_ends_training_with_a_remedy(tmp_path):
    with pytest.raises(DataError, match=r"loss became (nan|inf).*Lower `train.rate`"):
        train(tmp_path, FitSettings(epochs=3, batch=8, rate=1e30, optimiser="sgd"))


# ---------------------------------------------------------------- batches and augmentation


def test_epochs_differ_and_each_gives_every_row_once():
    seen = []

    class Rows:
        def batch(self, rows, rng):
            seen.extend(rows)
            return (), rows

    for epoch in (0, 1, 0):
        batches = EpochBatches(Rows(), shuffle_rows(np.arange(12)), 4, 7, lambda e=epoch: e)
        assert len(list(batches)) == len(batches) == 3
    first, second, again = (seen[k * 12 : k * 12 + 12] for k in range(3))
    assert sorted(first) == sorted(second) == list(range(12))
    assert first == again != second


def test_processes_share_an_epoch_without_overlap():
    class Rows:
        def batch(self, rows, rng):
            return (), tuple(rows)

    parts = [EpochBatches(Rows(), shuffle_rows(np.arange(16)), 4, 0, lambda: 0, lambda r=r: (r, 2)) for r in (0, 1)]
    rows = [row for part in parts for _, batch in part for row in batch]
    assert sorted(rows) == list(range(16))


@pytest.mark.parametrize("length", [5, 20])
def test_a_crop_is_consecutive_and_a_short_clip_goes_round(length, rng):
    S = np.arange(length)[:, None] * np.ones((1, 2))
    crop = random_crop(S, 12, rng)
    assert crop.shape == (12, 2)
    assert set(np.diff(crop[:, 0]) % length) == {1}


@pytest.mark.parametrize("code", ["log10_1p_1e4", "ln_floor_1e-6"])
def test_gain_on_the_spectrogram_is_gain_on_the_signal(code, rng):
    from earmark.audio.config import FeatureConfig
    from earmark.audio.features import log_mel

    y, cfg = (0.1 * rng.standard_normal(16_000)).astype(np.float32), FeatureConfig(compression=code)
    louder = log_mel((y * 10 ** (6 / 20)).astype(np.float32), cfg)
    np.testing.assert_allclose(amplify(log_mel(y, cfg), 6.0, code), louder, atol=1e-4)


def test_masks_erase_at_most_their_width_and_leave_the_original_alone(rng):
    x = rng.random((3, 50, 20)).astype(np.float32)
    kept = x.copy()
    how = Augmentation(time_masks=1, time_width=0.1, band_masks=1, band_width=4)
    masked = mask(x, how, rng, frame_rate=62.5)
    np.testing.assert_array_equal(x, kept)
    for before, after in zip(x, masked, strict=True):
        changed = before != after
        assert changed.all(axis=1).sum() <= 6
        assert changed.all(axis=0).sum() <= 4


def test_mixup_blends_inputs_and_targets_in_the_same_shares(rng):
    x = np.eye(4, dtype=np.float32)[:, None] * np.ones((1, 3, 1), np.float32)
    mixed, y = mix(x, np.eye(4, dtype=np.float32), 0.4, rng)
    np.testing.assert_allclose(mixed[:, 0], y, atol=1e-6)
    np.testing.assert_allclose(y.sum(axis=1), 1, atol=1e-6)
    assert (y.max(axis=1) >= 0.5).all()


# ---------------------------------------------------------------- calibration


def test_a_temperature_undoes_exaggeration(rng):
    truth = rng.integers(0, 3, 4000)
    honest = rng.standard_normal((4000, 3)) * 1.0
    honest[np.arange(4000), truth] += 1.0  # for unit noise these logits are the true log-odds
    group = TagGroup("g", ("a", "b", "c"), "exclusive")
    fitted = calibrate(group, (5 * honest).astype(np.float32), np.eye(3, dtype=np.float32)[truth])
    assert fitted.scale == pytest.approx((0.2,) * 3, rel=0.1)
    p = fitted.probabilities((5 * honest).astype(np.float32))
    sure = p.max(1) >= fitted.threshold[0]
    assert (p.argmax(1) == truth)[sure].mean() == pytest.approx(0.7, abs=0.02)


def test_platt_lines_restore_the_base_rate(rng):
    z = rng.standard_normal((3000, 2))
    truth = (rng.random((3000, 2)) < 1 / (1 + np.exp(-(2 * z - 1)))).astype(np.float32)
    fitted = calibrate(TagGroup("g", ("a", "b")), z.astype(np.float32), truth)
    assert fitted.scale == pytest.approx((2.0, 2.0), abs=0.25)
    assert fitted.bias == pytest.approx((-1.0, -1.0), abs=0.25)
