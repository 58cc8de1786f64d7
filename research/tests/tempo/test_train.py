"""The tempo network's training: targets lie on the beats, and the loss falls."""

import numpy as np

from earmark_research.tempo import train as module
from earmark_research.tempo.examples import STEPS, Example
from earmark_research.tempo.train import PATCH, draw_batch, draw_patch, recolour, train


def test_drawn_targets_follow_the_stretched_sound(spiked):
    rng = np.random.default_rng(0)
    example = spiked(100.0)
    for _ in range(10):
        S, targets = draw_patch(example, rng)
        lit = S.mean(axis=1)
        beats = np.flatnonzero(targets[:, 0] == 1)

        assert S.shape == (PATCH, 96)
        near = [lit[max(0, b - 1) : b + 2].max() for b in beats]
        assert np.median(near) > 2 * np.median(lit) + 0.1


def test_the_loss_falls_and_a_seed_gives_the_same_network(spiked):
    examples, losses = [spiked(bpm) for bpm in (80.0, 100.0, 125.0)], []

    def note_loss(what, done, total, note=""):
        losses.append(float(note.split()[1]))

    first, again = (train(examples, [], 12, 0, batch=2, progress=note_loss) for _ in range(2))
    assert len(losses) == 24
    assert losses[:12] == losses[12:]
    assert losses[11] < losses[0]
    for a, b in zip(first.parameters(), again.parameters(), strict=True):
        assert (a == b).all()


def test_a_batch_has_a_third_of_written_music(spiked):
    composed, written = spiked(120.0), spiked(60.0)
    composed.S[:], written.S[:] = 0, 0
    composed.beats, composed.downbeats = np.zeros(0), np.zeros(0)
    _, targets = draw_batch([composed], [written], 300, np.random.default_rng(0))
    assert 0.25 < (targets[:, :, 0].amax(dim=1) > 0).float().mean() < 0.45


def test_another_colour_keeps_what_is_loud():
    S = np.zeros((50, 96), np.float32)
    S[10:20] = 4
    for seed in range(10):
        found = recolour(S, np.random.default_rng(seed))
        assert found.dtype == np.float32
        assert found[10:20].mean() > found[30:].mean() + 0.5


def test_a_patch_is_stretched_smoothly(monkeypatch):
    """A steady rise stays one: every frame lies as far above the last, by the stretch."""
    monkeypatch.setattr(module, "recolour", lambda S, rng: S)
    rise = np.repeat(np.arange(1250, dtype=float)[:, None] / 5, 96, axis=1)
    for seed in range(5):
        S, _ = draw_patch(Example(rise, np.zeros(0), np.zeros(0)), np.random.default_rng(seed))
        slope = np.diff(S[:, 0]) * 5 * STEPS
        assert 0.75 < slope[:400].mean() < 1.3
        np.testing.assert_allclose(slope[:400], slope[:400].mean(), atol=0.02)
