"""Energy of K-weighted sound (ITU-R BS.1770-4) in steps of 100 ms, without filtering every sample.

Only energies are wanted, so the filter need not run at the full rate. With H1 the shelf and H2 the high-pass,

    |H1 H2|^2  =  a  -  (a - |H1|^2)  -  |H1|^2 (1 - |H2|^2),        a = |H1|^2 at the top, +4 dB.

The first term is the plain energy. The second is a low-pass: a decimator to 6 kHz or more that has this very response
takes it, for what folds is counted too. The third is deep bass, where |H1| is 1, taken at 2 kHz or more from the filter
itself. `response` gives what comes out: within 0.02 dB of the standard's curve from 20 Hz to 20 kHz.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from earmark.errors import AudioError

STEP_SECONDS = 0.1
RATES = (6000, 25_000)  # Hz, of the second term
DEEP_RATES = (1900, 5000)  # Hz, of the third
TAPS_SECONDS = (0.0013, 0.0021)  # length of the second term's filter, which is as long as a block
MOST_FITTED = 600  # taps: for rates up to 384 kHz
DEEP_OUTPUTS = range(6, 11)  # of one block of the third term: small matrices, and filters as long as a block
SHELF_HZ, SHELF_DB, SHELF_Q = 1681.974450955533, 3.999843853973347, 0.7071752369554196
PASS_HZ, PASS_Q = 38.13547087602444, 0.5003270373238773
_K48 = np.tan(np.pi * PASS_HZ / 48_000)
PASS_POWER = (1 + _K48 / PASS_Q + _K48**2) ** 2  # the standard's table leaves its numerator at 1, -2, 1: +0.04 dB


def shelf(sr: float) -> np.ndarray:
    """Second-order section [6] of the head's shelf at rate sr. Source: libebur128's reading of BS.1770's table."""
    k, high = np.tan(np.pi * SHELF_HZ / sr), 10 ** (SHELF_DB / 20)
    band = high**0.4996667741545416
    b = [high + band * k / SHELF_Q + k * k, 2 * (k * k - high), high - band * k / SHELF_Q + k * k]
    return _section(b, k, SHELF_Q)


def high_pass(sr: float) -> np.ndarray:
    """Second-order section [6] of the RLB high-pass at rate sr, with gain 1 far above its edge."""
    return _section([1, -2, 1], np.tan(np.pi * PASS_HZ / sr), PASS_Q)


def _section(b: list[float], k: float, q: float) -> np.ndarray:
    a0 = 1 + k / q + k * k
    return np.array([*np.divide(b, a0), 1, 2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0])


def power(section: np.ndarray, hz: np.ndarray, sr: float) -> np.ndarray:
    """Squared magnitude at hz [n] of a second-order section [6] at rate sr: [n]."""
    z = np.exp(-2j * np.pi * np.asarray(hz) / sr)
    return np.abs(np.polyval(section[2::-1], z) / np.polyval(section[:2:-1], z)) ** 2


@dataclass(frozen=True)
class Decimator:
    """Low-pass and every `factor`-th sample, as one matrix product a block of `outputs * factor` samples.

    Attributes
    ----------
    factor : samples in for one sample out
    outputs : samples out for each block
    taps : float64 [outputs * factor], the low-pass
    """

    factor: int
    outputs: int
    taps: np.ndarray

    @classmethod
    def design(cls, factor: int, outputs: int, cutoff: float) -> "Decimator":
        """A Kaiser low-pass; cutoff as a share of the new Nyquist frequency."""
        n = outputs * factor
        k = np.arange(n) - (n - 1) / 2
        taps = np.sinc(k * cutoff / factor) * np.kaiser(n, 5.0)
        return cls(factor, outputs, taps / taps.sum())

    @classmethod
    def fitted(cls, factor: int, outputs: int, gain: np.ndarray, weight: np.ndarray) -> "Decimator":
        """The filter of linear phase whose gain is next to gain [n], from 0 to Nyquist in even steps.

        weight : [n], where it counts
        """
        n = outputs * factor
        spacing = -(-n // MOST_FITTED)  # samples: above 384 kHz each tap is fitted for several and drawn out
        k = np.arange(-(-n // spacing)) - (-(-n // spacing) - 1) / 2
        band = slice(len(gain) // spacing + 1)
        A = np.cos(np.pi * np.linspace(0, 1, len(gain))[band, None] * spacing * k[k >= 0]) * np.where(k[k >= 0], 2, 1)
        half = np.linalg.lstsq(A * weight[band, None], gain[band] * weight[band])[0]
        taps = np.concatenate([half[::-1], half[len(k) % 2 :]])
        if spacing > 1:
            taps = np.interp((np.arange(n) - (n - 1) / 2) / spacing, k, taps) / spacing
        return cls(factor, outputs, taps)

    def matrix(self) -> np.ndarray:
        """float32 [block, 2 * outputs]: what a block adds to its own outputs, and to those of the next block."""
        block = len(self.taps)
        both = np.zeros((2 * block, self.outputs), np.float32)
        for j in range(self.outputs):
            start = (j + 1) * self.factor
            both[start : start + block, j] = self.taps
        return np.ascontiguousarray(np.hstack([both[block:], both[:block]]))

    def power(self, hz: np.ndarray, sr: float) -> np.ndarray:
        """Energy gain at each of hz [n] of a signal at rate sr, before every `factor`-th sample is taken: [n]."""
        z = np.exp(-2j * np.pi * np.asarray(hz) / sr)
        return np.abs(np.polyval(self.taps, z)) ** 2


class Weighting:
    """The plan for one sampling rate: lengths and filters. Holds no signal.

    Attributes
    ----------
    sr : Hz
    step : samples of a step, near 100 ms
    first, deep : decimators of the second and the third term
    top : energy gain of the shelf far above its edge
    bass : share of the energy that the high-pass takes from what `first` lets through, to be taken away too
    deep_section : [6], the high-pass at the rate of the third term

    Raises
    ------
    AudioError : no step near 100 ms can be divided at this rate
    """

    def __init__(self, sr: int) -> None:
        self.sr = sr
        self.step, self.factor, outputs, deep, deep_outputs = _plan(sr)
        self.top = 10 ** (SHELF_DB / 10)
        self.bass = 1 / (self.top - 1)  # at low frequencies `first` has an energy gain of top - 1
        self.deep = Decimator.design(deep, deep_outputs, 0.6)
        self.deep_section = high_pass(sr / self.factor / deep)
        hz = np.linspace(0, sr / 2, max(600, 2 * outputs * self.factor))
        gain = np.sqrt(np.maximum(self.top - self._standard(hz), 0) / (1 + self._bass(hz)))
        weight = gain / np.maximum(self._standard(hz), 0.01)  # what an error of the gain is in decibels
        self.first = Decimator.fitted(self.factor, outputs, gain, np.maximum(weight, 0.05))

    @property
    def step_seconds(self) -> float:
        """Length of a step, seconds; near 0.1."""
        return self.step / self.sr

    def _standard(self, hz: np.ndarray) -> np.ndarray:
        return power(shelf(self.sr), hz, self.sr) * power(high_pass(self.sr), hz, self.sr)

    def response(self, hz: np.ndarray) -> np.ndarray:
        """Energy gain of this plan at hz [n], to be compared with |H1 H2|^2: [n]."""
        return PASS_POWER * (self.top - self.first.power(hz, self.sr) * (1 + self._bass(hz)))

    def _bass(self, hz: np.ndarray) -> np.ndarray:
        """Energy at hz that the third term takes, as a share of what the second takes."""
        rate, deep_rate = self.sr / self.factor, self.sr / self.factor / self.deep.factor
        place = np.abs(hz - rate * np.round(hz / rate))
        folded = np.abs(place - deep_rate * np.round(place / deep_rate))
        return self.bass * self.deep.power(place, rate) * (1 - power(self.deep_section, folded, deep_rate))


@lru_cache(maxsize=16)
def weighting(sr: int) -> Weighting:
    """The plan for a rate, made once; raises AudioError as `Weighting` does."""
    return Weighting(sr)


def _plan(sr: int) -> tuple[int, int, int, int, int]:
    """(step, factor, outputs, deep factor, deep outputs): the step next to 100 ms that all blocks divide."""
    shortest, longest = max(8, int(TAPS_SECONDS[0] * sr)), max(40, int(TAPS_SECONDS[1] * sr))
    for step in sorted(range(int(sr * 0.08), int(sr * 0.12)), key=lambda n: abs(n - STEP_SECONDS * sr)):
        first = _decimation(step, sr, RATES, lambda n: range(-(-shortest // n), longest // n + 1))
        deep = first and _decimation(step // first[0], sr / first[0], DEEP_RATES, lambda n: DEEP_OUTPUTS)
        if deep:
            return step, *first, *deep
    raise AudioError("audio", f"{sr} Hz", "Convert it to an ordinary sampling rate.")


def _decimation(step: int, sr: float, rates: tuple[int, int], outputs_of: Callable) -> tuple[int, int] | None:
    """The largest factor, and outputs a block, that divide `step` and lead to one of the rates.

    outputs_of : factor -> outputs to choose from
    """
    for factor in range(int(sr // rates[0]) or 1, 0, -1):
        for outputs in reversed(outputs_of(factor)):
            if step % (factor * outputs) == 0 and sr / factor <= rates[1]:
                return factor, outputs
    return None


class StepEnergies:
    """K-weighted mean square of each step of a stream; steps are whole and pushed in order."""

    def __init__(self, plan: Weighting, n_channels: int) -> None:
        self.plan = plan
        self._first = [_Stream(plan.first) for _ in range(n_channels)]
        self._deep = [_Stream(plan.deep) for _ in range(n_channels)]
        self._state = np.zeros((n_channels, 2), np.float32)

    def push(self, x: np.ndarray) -> np.ndarray:
        """float32 [n_channels, n_steps * step] -> float64 [n_channels, n_steps], never negative."""
        import scipy.signal

        plan, n_steps = self.plan, x.shape[1] // self.plan.step
        low = np.stack([s.push(c) for s, c in zip(self._first, x, strict=True)])
        deep = np.stack([s.push(c) for s, c in zip(self._deep, low, strict=True)])
        section = plan.deep_section.astype(np.float32)
        kept, self._state = scipy.signal.lfilter(section[:3], section[3:], deep, axis=1, zi=self._state)
        bass = plan.bass * (_mean_squares(deep, n_steps) - _mean_squares(kept, n_steps))
        energy = plan.top * _mean_squares(x, n_steps) - _mean_squares(low, n_steps) - bass
        return PASS_POWER * np.maximum(energy, 0)


def _mean_squares(x: np.ndarray, n_steps: int) -> np.ndarray:
    """float32 [n_channels, n] -> float64 [n_channels, n_steps]."""
    steps = x.reshape(len(x), n_steps, -1)
    return np.vecdot(steps, steps).astype(np.float64) / steps.shape[2]


class _Stream:
    """One channel through a Decimator; the last block's part in the next outputs is carried over."""

    def __init__(self, decimator: Decimator) -> None:
        self._matrix, self._outputs = decimator.matrix(), decimator.outputs
        self._carry = np.zeros(decimator.outputs, np.float32)

    def push(self, x: np.ndarray) -> np.ndarray:
        """float32 [n], n a multiple of the block -> float32 [n / factor]."""
        parts = x.reshape(-1, len(self._matrix)) @ self._matrix
        out = parts[:, : self._outputs].copy()
        out[0] += self._carry
        out[1:] += parts[:-1, self._outputs :]
        self._carry = parts[-1, self._outputs :].copy()
        return out.ravel()
