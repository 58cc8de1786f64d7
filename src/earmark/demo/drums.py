"""Drums: functions of (hz, seconds, velocity) like all instruments; pitch and length do not matter to most of them."""

import numpy as np

from earmark.demo.synth import SR, band, noise, ringing, times


def _drum(seconds: float, start: float, end: float, sweep: float, fading: float) -> np.ndarray:
    """A head whose pitch falls from `start` to `end` Hz within about `sweep` seconds."""
    t = times(seconds)
    cycles = end * t + (start - end) * sweep * (1 - np.exp(-t / sweep))
    return np.sin(2 * np.pi * cycles) * np.exp(-t / fading)


def _rush(seconds: float, fading: float, low: float, high: float, seed: int) -> np.ndarray:
    """Noise between `low` and `high` Hz that dies away."""
    t = times(seconds)
    return band(noise(len(t), seed), low, high) * np.exp(-t / fading)


def kick(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """A head tuned low whose pitch falls fast, with a soft click."""
    y = _drum(0.35, 190, 48, 0.03, 0.12)
    y[:400] += 0.3 * noise(400, 1) * np.exp(-np.arange(400) / 60)
    return velocity * y


def metal_kick(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Short, with the click of the beater."""
    y = _drum(0.16, 160, 60, 0.015, 0.05)
    return velocity * (y + 0.7 * _rush(0.16, 0.006, 2500, 7000, 2))


def snare(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Two modes of the head and the rattle of the wires."""
    head = ringing([185, 330], [0.7, 0.4], [0.06, 0.04], 0.25)
    return velocity * (head + 0.9 * _rush(0.25, 0.06, 900, 9000, 3))


def rim(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """A stick on the rim: three short modes."""
    return velocity * ringing([480, 1650, 2480], [0.6, 0.8, 0.4], [0.015, 0.012, 0.01], 0.1)


def brush(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Wire brush on a snare: a soft rush."""
    t = times(0.22)
    return velocity * band(noise(len(t), 4), 1500, 7000) * np.minimum(t / 0.02, 1) * np.exp(-t / 0.06)


def clap(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Four bursts, eleven milliseconds apart, and a tail."""
    t = times(0.25)
    bursts = sum(np.where(t >= at, np.exp(-(t - at) / 0.006), 0) for at in (0, 0.011, 0.022))
    tail = np.where(t >= 0.03, np.exp(-(t - 0.03) / 0.05), 0)
    return velocity * band(noise(len(t), 5), 900, 3500) * (bursts + tail)


def hat(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Closed hi-hat: 18 ms of noise above 7.5 kHz."""
    return velocity * _rush(0.08, 0.018, 7500, 16000, 6)


def open_hat(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Open hi-hat: 90 ms of noise above 7 kHz."""
    return velocity * _rush(0.3, 0.09, 7000, 16000, 7)


def shaker(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Grains in a shaker: noise that swells and dies within 0.1 s."""
    t = times(0.12)
    return velocity * band(noise(len(t), 8), 5000, 12000) * np.minimum(t / 0.02, 1) * np.exp(-t / 0.025)


def ride(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """A cymbal's many inharmonic partials, with the tick of the stick."""
    f = np.geomspace(2300, 11000, 40) * np.random.RandomState(9).uniform(0.96, 1.04, 40)
    y = 0.1 * ringing(f, 1.0, 0.28, 0.9)
    return velocity * (y + 0.6 * np.pad(_rush(0.05, 0.006, 4000, 12000, 10), (0, len(y) - round(0.05 * SR))))


def crash(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Noise and many inharmonic partials that ring for a second and a half."""
    return velocity * (_rush(1.6, 0.4, 3500, 15000, 11) + 0.02 * ringing(np.geomspace(900, 8000, 30), 1.0, 0.4, 1.6))


def frame_drum(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Large and soft, struck by the hand."""
    return velocity * (_drum(0.9, 90, 62, 0.05, 0.25) + 0.15 * _rush(0.9, 0.03, 200, 1200, 12))


def chip_noise(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Noise held for a few samples each, as from a shift register, in falling steps; the lower `hz`, the coarser."""
    hold = max(1, int(4000 / hz))
    n = round(min(seconds, 0.12) * SR)
    y = np.repeat(np.sign(noise(n // hold + 1, 13)), hold)[:n]
    return velocity * y * np.round(15 * np.exp(-np.arange(n) / SR / 0.03)) / 15


def crackle(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """The dust on a record: sparse clicks over a faint hiss."""
    n = round(seconds * SR)
    state = np.random.RandomState(14)
    dust = np.where(state.uniform(0, 1, n) > 0.9997, state.uniform(-1, 1, n), 0)
    return velocity * band(dust + 0.004 * state.uniform(-1, 1, n), 1000, 8000)
