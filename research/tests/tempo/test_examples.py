"""Pieces as examples: FluidSynth is replaced, so that its sound is known."""

import numpy as np
import pytest

from earmark_research.music.groove import compose
from earmark_research.tempo import examples
from earmark_research.tempo.examples import PATCH, STEPS, composed_examples, fill_up, render


@pytest.fixture
def synthesised(monkeypatch):
    """Soundfonts that were asked for; the sound is noise that begins with the first beat."""
    asked = []

    def play(midi, soundfont, synthesis):
        asked.append((soundfont, synthesis.reverb))
        assert midi.stat().st_size > 100
        y = np.random.default_rng(0).normal(0, 0.1, (25 * synthesis.sr, 2)).astype(np.float32)
        y[: synthesis.sr] = 0
        return y

    monkeypatch.setattr(examples, "play", play)
    return asked


def test_an_example_is_twenty_seconds_of_log_mel_with_its_beats(synthesised):
    piece = compose(1, 20.0)
    example = render(piece, "a.sf2", seed=1)
    assert example.S.dtype == np.uint8
    assert example.S.shape == (1 + 20 * 16_000 // 256, 96)
    assert example.S[:50].max() == 0
    assert example.S[80:].mean() > STEPS / 2
    assert example.beats is piece.beats


def test_two_pieces_in_three_have_the_first_soundfont(synthesised):
    told = []
    composed_examples(6, ["a.sf2", "b.sf2"], lambda *step: told.append(step))
    assert [soundfont[0] for soundfont, _ in synthesised] == list("baabaa")
    assert told[-1] == ("composed pieces", 6, 6)


def test_short_excerpts_are_filled_up(spiked):
    short = fill_up(spiked(100.0, 5.0))
    assert len(short.S) == PATCH * 3 // 2
    assert short.S[400:].max() == 0
    assert fill_up(spiked(100.0)).S.shape == spiked(100.0).S.shape


def test_excerpts_of_scores_are_of_several_and_no_more_than_asked_for(synthesised, monkeypatch):
    def read_scores():
        yield from "abcdef"
        pytest.fail("more scores were read than could be needed")

    monkeypatch.setattr(examples, "read_scores", read_scores)
    monkeypatch.setattr(examples, "perform", lambda score, seed: None if seed == 1 else compose(seed, 20.0))
    found = examples.written_examples(3, ["a.sf2", "b.sf2"])
    assert len(found) == 3
    assert [soundfont for soundfont, _ in synthesised] == ["a.sf2", "a.sf2", "b.sf2"]  # of seeds 0, 2 and 3
