"""Pitched instruments: functions of (hz, seconds held, velocity 0..1) -> float64 [n_samples], tail included."""

import numpy as np

from earmark.demo.synth import (  # fmt: skip
    SR,
    band,
    envelope,
    harmonics,
    lowpass_gain,
    noise,
    read_table,
    ringing,
    times,
    vibrato,
    wave_table,
)

# ---------------------------------------------------------------- struck and plucked


def _damped(y: np.ndarray, held: float, release: float) -> np.ndarray:
    """`y` as it is until `held` seconds, then stopped as by a damper or a hand."""
    t = np.arange(len(y)) / SR
    return y * np.exp(-np.maximum(t - held, 0) / (release / 4))


def piano(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Stiff strings, two to a note and a hair apart, struck by felt: high partials are sharp and die first."""
    k = np.arange(1, 26)
    stretched = hz * k * np.sqrt(1 + 4e-4 * (hz / 262) ** 0.8 * k**2)
    struck = np.abs(np.sin(np.pi * k / 8.3)) / k**0.7 * np.exp(-k * hz / (1500 + 4500 * velocity**1.5))
    fading = 4.5 * (130 / hz) ** 0.5 / (1 + 0.12 * k)
    partials = np.concatenate([stretched, stretched * 1.0007])
    y = ringing(partials, np.tile(struck, 2), np.concatenate([fading, fading * 0.6]), min(seconds + 0.35, 6))
    thump = band(noise(2000, 3), 150, 2500) * np.exp(-np.arange(2000) / 300)
    y[:2000] += 0.15 * velocity * thump[: len(y)]
    return velocity * _damped(y, seconds, 0.3)


def pluck(
    hz: float, seconds: float, velocity: float,
    bright: float = 5000.0, at: float = 0.2, loss: float = 0.996, release: float = 0.2, longest: float = 5.0,
) -> np.ndarray:  # fmt: skip
    """Karplus and Strong's plucked string in closed form.

    Their loop averages two neighbouring samples and loses a little (`loss`) each period, so harmonic k falls by
    loss * cos(pi * k * hz / sr) a period; a noise burst, plucked `at` a share of the string and low-passed at `bright`
    Hz, sets how loud each begins. Unlike the loop itself this is in tune at every pitch.
    """
    f = harmonics(hz, 60)
    k = np.arange(1, len(f) + 1)
    burst = np.random.RandomState(round(hz)).uniform(0.5, 1, len(f))
    gains = burst * np.sin(np.pi * k * at) / k**0.6 * lowpass_gain(f, bright * (0.4 + 0.6 * velocity), 1)
    period_loss = loss * np.cos(np.pi * np.minimum(f, 0.49 * SR) / (2 * SR))
    fading = 1 / (hz * -np.log(period_loss))
    y = ringing(f, gains, np.minimum(fading, longest), min(seconds + release, longest))
    return velocity * _damped(y, seconds, release)


def steel_guitar(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Bright strings that ring long."""
    return pluck(hz, seconds, velocity, bright=6000, at=0.16, loss=0.997, release=0.4)


def nylon_guitar(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Duller strings, plucked nearer to their middle."""
    return pluck(hz, seconds, velocity, bright=1500, at=0.28, loss=0.993, release=0.15)


def muted_guitar(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Palm-muted: almost no sustain."""
    return pluck(hz, min(seconds, 0.09), velocity, bright=1800, at=0.2, loss=0.96, release=0.06)


def harpsichord(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Quill near the end of the string, with a second choir an octave up; no touch, as on the real one."""
    low = pluck(hz, seconds, 0.9, bright=12_000, at=0.09, loss=0.9965, release=0.08)
    high = pluck(2 * hz, seconds, 0.9, bright=12_000, at=0.11, loss=0.9975, release=0.08)
    return low + 0.45 * high


def bass_guitar(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Heavy strings, plucked by the finger: few partials, quickly damped."""
    return pluck(hz, seconds, velocity, bright=900, at=0.22, loss=0.99, release=0.08)


def double_bass(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Plucked by the finger: round, with the knock of the wood."""
    y = pluck(hz, seconds, velocity, bright=450, at=0.35, loss=0.978, release=0.12)
    knock = ringing([105, 190], [0.25, 0.15], 0.03, 0.15)
    n = min(len(y), len(knock))
    y[:n] += velocity * knock[:n]
    return y


def bell(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Partials of a church bell over its strike note."""
    ratios = np.array([0.5, 1, 1.19, 1.5, 2, 2.52, 3.01, 4.1])
    gains = np.array([0.25, 1, 0.25, 0.2, 0.5, 0.2, 0.15, 0.1]) * velocity
    return ringing(hz * ratios, gains, np.array([4, 3, 2, 1.6, 1.4, 0.8, 0.6, 0.4]) / 2, 5)


def electric_piano(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Two FM pairs: the tone bar (1:1) and the tine (14:1), both duller as they fade."""
    t = times(seconds + 0.25)
    body = np.sin(2 * np.pi * hz * t + 1.6 * velocity * np.exp(-t / 0.6) * np.sin(2 * np.pi * hz * t))
    tine = np.exp(-t / 0.12) * np.sin(2 * np.pi * hz * t + 0.6 * velocity * np.sin(2 * np.pi * min(14 * hz, 16e3) * t))
    return velocity * _damped((body + 0.4 * tine) * np.exp(-t / 1.3) * np.minimum(t / 0.003, 1), seconds, 0.2)


# ---------------------------------------------------------------- blown and bowed


def _section(hz: float, t: np.ndarray, gains: np.ndarray, cents: tuple, rate: float, depth: float) -> np.ndarray:
    """Several players of one line, each a little off in pitch, in phase and in vibrato."""
    table = wave_table(gains)
    total = np.zeros(len(t))
    for i, off in enumerate(cents):
        cycles = vibrato(hz * 2 ** (off / 1200), t, rate * (1 + 0.07 * i), depth, 0.1 + 0.07 * i)
        total += read_table(table, cycles + 0.37 * i)
    return total / len(cents)


def strings(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """A string section: saw-like spectra under the hump of the instruments' bodies."""
    f = harmonics(hz, 60)
    body = lowpass_gain(f, 1800 + 1500 * velocity, 1) * (0.5 + np.exp(-(((f - 500) / 500) ** 2)))
    t = times(seconds + 0.3)
    y = _section(hz, t, hz / f * body, (-7, -3, 0, 4, 8), 5.2, 14)
    return velocity * y * envelope(t, seconds - 0.04, 0.05, 0.2, 0.7, 0.35)


VOWEL_AH = ((750, 90, 1.0), (1150, 110, 0.6), (2500, 180, 0.25), (3400, 220, 0.15))  # Hz, width in Hz, gain


def choir(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Voices that sing "ah": a glottal spectrum through four formants, and a little breath."""
    f = harmonics(hz, 60)
    formants = sum(gain / np.sqrt(1 + ((f - centre) / width) ** 2) for centre, width, gain in VOWEL_AH)
    t = times(seconds + 0.35)
    y = _section(hz, t, (hz / f) ** 0.8 * (formants + 0.06), (-11, -5, 0, 5, 11), 5.6, 30)
    breath = 0.05 * band(noise(len(t), round(hz)), 600, 3500)
    return velocity * (y + breath) * envelope(t, seconds - 0.05, 0.07, 0.25, 0.75, 0.4)


def flute(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Few harmonics, breath in the attack, vibrato that comes late."""
    f = harmonics(hz, 8)
    gains = np.array([1, 0.45, 0.22, 0.08, 0.05, 0.02, 0.01, 0.01])[: len(f)]
    t = times(seconds + 0.12)
    tone = _section(hz, t, gains, (0,), 5.0, 16)
    breath = band(noise(len(t), round(hz)), hz * 0.8, min(hz * 4, 15e3)) * (0.06 + 0.25 * np.exp(-t / 0.04))
    return velocity * (tone + breath) * envelope(t, seconds, 0.045, 0.1, 0.85, 0.1)


def accordion(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Two free reeds tuned apart, as in a musette."""
    f = harmonics(hz, 40)
    reed = (hz / f) ** 0.55 * lowpass_gain(f, 3200, 2)
    t = times(seconds + 0.06)
    return velocity * _section(hz, t, reed, (-9, 9), 5, 0) * envelope(t, seconds, 0.02, 0.05, 0.9, 0.1)


def organ(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Drawbars 888000000 and a touch of 2', with the click of the keys."""
    gains = np.zeros(16)
    gains[[0, 1, 2, 3, 7]] = 0.8, 1.0, 0.6, 0.35, 0.15  # of half the pitch: the 16' pipe is harmonic 1
    t = times(seconds + 0.03)
    y = read_table(wave_table(gains[: max(2, int(0.9 * SR / hz))]), vibrato(hz / 2, t, 6.5, 6, 0.05))
    click = 0.3 * noise(len(t), 5) * np.exp(-t / 0.003)
    return velocity * (y + click) * envelope(t, seconds, 0.004, 0.025)


# ---------------------------------------------------------------- synthesisers


def _filtered(hz: float, t: np.ndarray, shape: np.ndarray, cutoffs: tuple, blend: np.ndarray, cents: tuple):
    """Oscillators under a filter that moves from cutoffs[0] (blend 1) to cutoffs[1] (blend 0)."""
    f = harmonics(hz)
    open_, shut = (wave_table(shape[: len(f)] * lowpass_gain(f, c, 2, 0.6)) for c in cutoffs)
    total = np.zeros(len(t))
    for i, off in enumerate(cents):
        cycles = hz * 2 ** (off / 1200) * t + 0.29 * i
        total += blend * read_table(open_, cycles) + (1 - blend) * read_table(shut, cycles)
    return total / len(cents)


SAW = 1 / np.arange(1, 400)
SQUARE = np.where(np.arange(1, 400) % 2 == 1, SAW, 0)


def synth_bass(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Saw through a low-pass that snaps shut, over a sine."""
    t = times(seconds + 0.05)
    y = _filtered(hz, t, SAW, (2400 * velocity, 260), np.exp(-t / 0.09), (0,)) + 0.6 * np.sin(2 * np.pi * hz * t)
    return velocity * y * envelope(t, seconds, 0.004, 0.04, 0.7, 0.2)


def reese_bass(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Saws that beat against each other, growling slowly open and shut."""
    t = times(seconds + 0.06)
    growl = 0.5 - 0.5 * np.cos(2 * np.pi * 1.43 * t)
    y = _filtered(hz, t, SAW, (1400, 300), growl, (-22, 0, 20)) + 0.7 * np.sin(2 * np.pi * hz * t)
    return velocity * y * envelope(t, seconds, 0.01, 0.05)


def pad(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Five soft saws that swell and open slowly."""
    t = times(seconds + 1.2)
    blend = 0.5 - 0.5 * np.cos(2 * np.pi * 0.13 * t)
    y = _filtered(hz, t, SAW, (1800, 500), blend, (-12, -6, 0, 5, 13))
    return velocity * y * envelope(t, seconds, min(0.7, seconds / 2), 1.1)


def stab(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Short bright chord synth of house music."""
    t = times(seconds + 0.12)
    y = _filtered(hz, t, SAW + SQUARE, (5000, 700), np.exp(-t / 0.12), (-8, 0, 8))
    return velocity * y * envelope(t, seconds, 0.003, 0.1, 0.6, 0.15)


def lead(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """Square-like solo synth with vibrato."""
    f = harmonics(hz)
    t = times(seconds + 0.1)
    y = read_table(wave_table(SQUARE[: len(f)] * lowpass_gain(f, 2600, 2)), vibrato(hz, t, 5.5, 18, 0.15))
    return velocity * y * envelope(t, seconds, 0.01, 0.08)


def _pulse(hz: float, seconds: float, velocity: float, duty: float) -> np.ndarray:
    """A pulse wave whose volume falls in sixteen steps, as game consoles had them."""
    k = np.arange(1, len(harmonics(hz)) + 1)
    t = times(seconds)
    volume = np.round(15 * velocity * np.exp(-t / 0.5)) / 15
    # Sines alone: the sine series of a pulse, odd about its middle; the spectrum is the same.
    return volume * read_table(wave_table(np.sin(np.pi * k * duty) / k), hz * t)


def pulse_lead(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """A pulse of a quarter period: the melody voice of a game console."""
    return _pulse(hz, seconds * 0.92, velocity, 0.25)


def pulse_arpeggio(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """A pulse of an eighth of a period: thinner, for broken chords."""
    return _pulse(hz, seconds, velocity, 0.125)


def chip_triangle(hz: float, seconds: float, velocity: float) -> np.ndarray:
    """A triangle in steps of four bits."""
    t = times(seconds * 0.9)
    triangle = 2 * np.abs(2 * ((hz * t + 0.25) % 1) - 1) - 1
    return velocity * np.round(7.5 * triangle) / 7.5 * envelope(t, seconds * 0.88, 0.002, 0.005)
