"""The composed pieces keep what is written of them: tempo, key and length."""

import numpy as np
import pytest
from scipy import signal

from earmark.demo import PIECES, SR, render
from earmark.demo.mix import TAIL
from earmark.demo.pieces import BEATS
from earmark.descriptors.key.names import key_number

each_piece = pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)


@each_piece
def test_a_piece_is_whole(piece, rendered):
    y = rendered[piece.name]

    assert y.dtype == np.float32
    assert y.shape == (round(piece.seconds * SR), 2)
    assert 16 <= piece.seconds <= 24.2
    assert np.abs(y).max() == pytest.approx(0.89, abs=1e-3)
    seconds = y[: int(piece.seconds - TAIL) * SR].reshape(-1, SR * 2)
    assert np.sqrt((seconds**2).mean(axis=1)).min() > 0.01  # it plays all the time
    assert np.abs(y[-1]).max() < 1e-4  # and does not break off
    assert y[:, 0].std() == pytest.approx(y[:, 1].std(), rel=0.3)  # neither side is left out


@each_piece
def test_its_notes_fill_its_bars(piece):
    ends = [note.start + note.length for part in piece.compose() for note in part.notes]
    beats = piece.n_bars * BEATS[piece.metre]

    assert sum(abs(end - beats) < 0.01 for end in ends) >= 1
    assert max(note.start for part in piece.compose() for note in part.notes) < beats


@each_piece
def test_its_tempo_is_the_stated_one(piece, rendered):
    onsets, rate = onset_strength(rendered[piece.name])
    acf = np.correlate(onsets, onsets, "full")[len(onsets) - 1 :]
    bpm = np.arange(40, 240, 0.25)
    # Multiples of a beat up to eight seconds, read between the lags; a wrong tempo drifts off them.
    lags = [np.arange(1, 1 + int(8 * b / 60)) * 60 / b * rate for b in bpm]
    salience = np.array([np.interp(lag, np.arange(len(acf)), acf).mean() for lag in lags]) / acf[0]

    near = np.abs(bpm / piece.bpm - 1) < 0.1
    assert bpm[near][salience[near].argmax()] == pytest.approx(piece.bpm, rel=0.01)
    assert salience[near].max() > np.percentile(salience, 90)


@each_piece
def test_its_pitches_are_of_the_stated_key(piece, rendered):
    chroma = pitch_classes(rendered[piece.name])
    fits = [np.corrcoef(chroma, np.roll(PROFILES[mode], tonic))[0, 1] for mode in (0, 1) for tonic in range(12)]

    assert int(np.argmax(fits)) == key_number(*piece.key.split())


def test_a_piece_is_the_same_each_time(rendered):
    for name in ("musette", "metal"):  # with loose hands, noise and a room
        piece = next(piece for piece in PIECES if piece.name == name)
        assert render(piece).tobytes() == rendered[name].tobytes()


def test_the_pieces_differ():
    assert len({piece.name for piece in PIECES}) == len(PIECES) == 16
    assert len({piece.genre for piece in PIECES}) >= 14
    assert len({piece.key for piece in PIECES}) >= 12
    assert {piece.metre for piece in PIECES} == set(BEATS)
    assert len({name for piece in PIECES for name in piece.instruments}) >= 12


# Krumhansl and Kessler 1982, probe-tone ratings: major, minor.
PROFILES = np.array([
    [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88],
    [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17],
])  # fmt: skip


def onset_strength(y):
    """Positive changes of a log spectrogram, smoothed mean removed; and their rate in Hz."""
    mono = signal.resample_poly(y.mean(axis=1), 1, 2)
    power = np.abs(signal.stft(mono, SR / 2, nperseg=1024, noverlap=1024 - 256, padded=False)[2])
    flux = np.maximum(np.diff(np.log1p(1000 * power), axis=1), 0).sum(axis=0)
    return flux - signal.convolve(flux, np.ones(86) / 86, "same"), SR / 2 / 256


def pitch_classes(y):
    """Magnitude of the spectral peaks of each moment in twelve pitch classes, C first, 100-1000 Hz: float [12]."""
    mono = signal.resample_poly(y.mean(axis=1), 1, 8)
    hz, _, spectrum = signal.stft(mono, SR / 8, nperseg=8192, noverlap=6144)
    heard = (hz > 100) & (hz < 1000)
    hz, power = hz[heard], np.abs(spectrum[heard])
    peaks = (power >= np.roll(power, 1, axis=0)) & (power >= np.roll(power, -1, axis=0))
    pitch = np.round(69 + 12 * np.log2(hz / 440)).astype(int)
    return np.bincount(pitch % 12, (power * peaks).sum(axis=1), 12)
