"""The network learns, and an interrupted training ends the same."""

import numpy as np
import pytest
import torch

from earmark_research.tagger import fit
from earmark_research.tagger.initialise import initialise_network
from earmark_research.tagger.network import BranchConfig, StarterConfig, pad_to_steps


def test_the_network_learns_and_an_interrupted_training_ends_the_same(
    tmp_path, monkeypatch, training_patches, musicnn_weights
):
    torch.set_num_threads(1)
    data, w = training_patches, musicnn_weights
    cfg = StarterConfig({"MTT_musicnn": BranchConfig((3, 3, 2, 1, 1), 10)})
    settings = fit.FitConfig(steps=40, batch=16, lr=1e-2)

    def fresh():
        torch.manual_seed(0)  # of the head
        return initialise_network(cfg, 3, {"MTT_musicnn": w}, data.corpus.mel[:4].astype(np.float32))

    targets, rows = fit.EmbeddingTargets.of(data.corpus, cfg), np.arange(64)

    def distance(network) -> float:
        with torch.no_grad():
            mel = pad_to_steps(torch.from_numpy(data.corpus.mel).float())
            return float(targets.distance(network.embed(mel)[0].mean(dim=1), rows))

    whole = fit.fit(data, settings, fresh())
    assert distance(whole) < 0.7 * distance(fresh())
    monkeypatch.setattr(fit, "SAVE_EVERY", 10)
    with pytest.raises(KeyboardInterrupt):
        fit.fit(data, settings, fresh(), tmp_path / "c.pt", progress=stop_at(25))
    again = fit.fit(data, settings, fresh(), tmp_path / "c.pt")

    for one, other in zip(whole.state_dict().values(), again.state_dict().values(), strict=True):
        torch.testing.assert_close(one, other)


def stop_at(step: int):
    def watch(what: str, done: int, total: int, note: str) -> None:
        if done == step:
            raise KeyboardInterrupt

    return watch


def test_rows_are_drawn_in_proportion_to_their_weight():
    rows = fit.draw_rows(np.random.default_rng(0), np.array([1.0, 0.0, 3.0]), 4000)
    assert np.bincount(rows).tolist() == pytest.approx([1000, 0, 3000], abs=120)
