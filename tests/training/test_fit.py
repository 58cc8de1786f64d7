"""The training loop: it learns, it stops on the valid part alone, it resumes to the same end."""

import csv

import numpy as np
import pytest
import torch

from earmark.errors import DataError
from earmark.training.batches import Clips, predict
from earmark.training.fit import FitSettings, Learner
from earmark.training.objective import Objective
from tinysets import FEATURES, bright_and_dark
from tinytraining import TRAIN, VALID, fit_tiny


def test_a_network_learns_bright_from_dark_and_leaves_its_curves(tmp_path):
    settings = FitSettings(epochs=12, batch=8, rate=1e-2, patience=12)
    network, history, examples = fit_tiny(tmp_path, settings)

    logits, _ = predict(network, examples, VALID)
    assert (logits.argmax(1) == VALID % 2).all()
    rows = list(csv.DictReader((tmp_path / "metrics.csv").read_text().splitlines()))
    assert [int(row["epoch"]) for row in rows] == list(range(len(history)))
    assert float(rows[-1]["train_loss"]) < float(rows[0]["train_loss"])
    assert {"valid_loss", "valid_accuracy", "seconds"} <= set(rows[0])
    assert (tmp_path / "curves.png").read_bytes().startswith(b"\x89PNG")


def test_an_interrupted_training_ends_with_the_same_metrics(tmp_path, monkeypatch):
    settings = FitSettings(epochs=4, batch=6, rate=5e-3, schedule="cosine")
    whole, history, _ = fit_tiny(tmp_path / "whole", settings)

    step = Learner.training_step

    def interrupted(self, batch, k):
        if self.current_epoch == 2 and k == 1:
            raise KeyError("the power went")
        return step(self, batch, k)

    monkeypatch.setattr(Learner, "training_step", interrupted)
    with pytest.raises(KeyError):
        fit_tiny(tmp_path / "cut", settings)
    monkeypatch.setattr(Learner, "training_step", step)
    resumed, again, _ = fit_tiny(tmp_path / "cut", settings)

    def figures(rows):
        return [{k: v for k, v in row.items() if k != "seconds"} for row in rows]

    assert figures(again) == figures(history)
    for one, other in zip(whole.state_dict().values(), resumed.state_dict().values(), strict=True):
        assert torch.equal(one, other)


def test_the_same_seed_gives_the_same_network_and_another_does_not(tmp_path):
    settings = FitSettings(epochs=2, batch=8)
    first, second, other = (
        fit_tiny(tmp_path / name, s)[1][-1]["train_loss"]
        for name, s in (("a", settings), ("b", settings), ("c", FitSettings(epochs=2, batch=8, seed=1)))
    )
    assert first == second != other


def test_training_stops_early_and_keeps_the_best_epoch(tmp_path):
    """Valid labels are turned round: what is learned makes the valid part worse from the start."""
    spectrograms, y = bright_and_dark()
    y[VALID] = 1 - y[VALID]
    examples = Clips(spectrograms, y, FEATURES, 64, 1024, 64)
    network, history, _ = fit_tiny(tmp_path, FitSettings(epochs=40, batch=8, rate=1e-2, patience=3), examples=examples)

    losses = [row["valid_loss"] for row in history]
    assert len(history) < 40
    assert len(losses) - 1 - int(np.argmin(losses)) == 3
    logits, _ = predict(network, examples, VALID)
    kept = Objective.of("exclusive", y).loss(torch.from_numpy(logits)[:, None], torch.from_numpy(y[VALID]))
    assert float(kept) == pytest.approx(min(losses), abs=1e-4)


def test_another_training_in_the_folder_is_refused(tmp_path):
    fit_tiny(tmp_path, FitSettings(epochs=1, batch=8))
    with pytest.raises(DataError, match="holds a training with other settings"):
        fit_tiny(tmp_path, FitSettings(epochs=1, batch=8, rate=1e-4))


@pytest.mark.parametrize("kind", ["independent", "value"])
def test_tags_and_values_are_learned_by_the_same_code(kind, tmp_path):
    spectrograms, y = bright_and_dark()
    y = y if kind == "independent" else (y * 60 + [100, -20]).astype(np.float32)
    objective = Objective.of(kind, y[TRAIN])
    examples = Clips(spectrograms, objective.standardise(y), FEATURES, 64, 1024, 64)
    network, history, _ = fit_tiny(tmp_path, FitSettings(epochs=15, batch=8, rate=1e-2), examples=examples, kind=kind)

    logits, _ = predict(network, examples, VALID)
    name, merit = objective.merit(logits, examples.y[VALID])
    assert name == ("roc_auc" if kind == "independent" else "pearson_r")
    assert merit > 0.95
    assert history[-1][f"valid_{name}"] == pytest.approx(merit, abs=1e-6)


def test_a_loss_that_is_no_number_ends_training_with_a_remedy(tmp_path):
    with pytest.raises(DataError, match=r"loss became (nan|inf).*Lower `train.rate`"):
        fit_tiny(tmp_path, FitSettings(epochs=3, batch=8, rate=1e30, optimiser="sgd"))


def test_a_training_that_goes_on_reports_what_was_done_before(tmp_path, monkeypatch):
    def stop(self, batch, k):
        if self.current_epoch == 1:
            raise KeyError("stopped")
        return step(self, batch, k)

    step, calls = Learner.training_step, []
    monkeypatch.setattr(Learner, "training_step", stop)
    with pytest.raises(KeyError):
        fit_tiny(tmp_path, FitSettings(epochs=2, batch=8))
    monkeypatch.setattr(Learner, "training_step", step)
    fit_tiny(tmp_path, FitSettings(epochs=2, batch=8), progress=lambda *call: calls.append(call))
    assert calls[0] == ("training", 1, 2, "goes on after epoch 1")
    assert calls[-1][:3] == ("training", 2, 2)
