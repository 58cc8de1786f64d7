"""The music that the rhythm head learns from: its beats must lie where its notes say."""

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("mido")

import onnxruntime
import torch

from earmark.audio.config import DEFAULT_FEATURES
from earmark_research.music.groove import METRES, compose
from earmark_research.music.render import Example, write_midi
from earmark_research.music.scores import Score, perform
from earmark_research.tempo.train import PATCH, RhythmNetwork, draw, export, train

RATE = DEFAULT_FEATURES.frame_rate


def spiked(bpm: float, seconds: float = 20.0) -> Example:
    """Frames that light up exactly on the beats."""
    beats = np.arange(1.0, seconds - 0.5, 60 / bpm)
    S = np.zeros((int(seconds * RATE), 96), np.uint8)
    S[np.round(beats * RATE).astype(int)] = 120
    return Example(S, beats, beats[::4])


@pytest.mark.parametrize("seed", range(12))
def test_a_composed_piece_is_repeatable_and_its_beats_have_its_tempo(seed):
    piece, again = compose(seed), compose(seed)

    assert piece.notes == again.notes
    assert np.all(np.diff(piece.beats) > 0)
    assert 60 / np.median(np.diff(piece.beats)) == pytest.approx(piece.bpm, rel=0.15)
    np.testing.assert_array_equal(piece.downbeats, piece.beats[:: METRES[piece.metre][0]])


def test_composed_notes_gather_on_the_beats():
    shares = []
    for seed in range(30):
        piece = compose(seed)
        starts = np.array([note[0] for note in piece.notes])
        gap = np.median(np.diff(piece.beats))
        on = (np.abs(starts[:, None] - piece.beats).min(axis=1) < 0.08 * gap).mean()
        off = (np.abs(starts[:, None] - piece.beats - gap * 0.31).min(axis=1) < 0.08 * gap).mean()
        shares.append((on, off))

    on, off = np.mean(shares, axis=0)
    assert on > 0.4
    assert on > 4 * off


def test_a_performed_score_keeps_its_bars():
    bars = [(3.0 * i, 3.0, "3/4") for i in range(40)]
    notes = [(float(q), 1.0, 60 + q % 12, 0) for q in range(120)]
    piece = perform(Score(bars, notes, 1), seed=3)

    assert len(piece.downbeats) == pytest.approx(len(piece.beats) / 3, abs=1)
    starts = np.array([note[0] for note in piece.notes])
    assert np.abs(starts[:, None] - piece.beats).min(axis=1).max() < 0.08


def test_midi_holds_every_note_at_its_time(tmp_path):
    import mido

    piece = compose(5)
    write_midi(piece, tmp_path / "piece.mid")

    now, starts = 0.0, []
    for message in mido.MidiFile(tmp_path / "piece.mid"):
        now += message.time
        if message.type == "note_on" and message.velocity:
            starts.append(now)
    np.testing.assert_allclose(starts, sorted(note[0] for note in piece.notes), atol=0.002)


def test_drawn_targets_follow_the_stretched_sound():
    rng = np.random.default_rng(0)
    example = spiked(100.0)
    for _ in range(10):
        S, targets = draw(example, rng)
        lit = S.mean(axis=1)
        beats = np.flatnonzero(targets[:, 0] == 1)

        assert S.shape == (PATCH, 96)
        near = [lit[max(0, b - 1) : b + 2].max() for b in beats]
        assert np.median(near) > 2 * np.median(lit) + 0.1


def test_the_exported_network_learns_and_answers_like_the_trained_one(tmp_path):
    examples = [spiked(bpm) for bpm in (80.0, 100.0, 125.0)]
    losses = []
    network = train((examples, []), steps=12, seed=0, batch=2, note=lambda text: losses.append(text))
    export(network, tmp_path / "head.onnx")

    S = np.random.default_rng(0).uniform(0, 3, (1, 700, 96)).astype(np.float32)
    with torch.no_grad():
        expected = network(torch.from_numpy(S)).numpy()
    session = onnxruntime.InferenceSession((tmp_path / "head.onnx").read_bytes())
    np.testing.assert_allclose(session.run(None, {"mel": S})[0], expected, atol=1e-4)
    assert (tmp_path / "head.onnx").stat().st_size < 300_000
    assert isinstance(network, RhythmNetwork)
