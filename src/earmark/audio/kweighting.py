"""Energy of K-weighted sound (ITU-R BS.1770-4) in steps of 100 ms, without filtering every sample.

Only energies are wanted, so the filter need not run at the full rate. With H1 the shelf and H2 the high-pass,

    |H1 H2|^2  =  a  -  (a - |H1|^2)  -  |H1|^2 (1 - |H2|^2),        a = |H1|^2 at the top, +4 dB.

The first term is the plain energy. The second is a low-pass, taken at 10 kHz or more from the spectrum of each step.
The third is deep bass, where |H1| is 1, taken at about 3 kHz from the filter itself. `response` gives what comes out:
within 0.02 dB of the standard's curve from 20 Hz to 20 kHz.
"""

from dataclasses import dataclass

import numpy as np

from earmark.errors import AudioError

STEP_SECONDS = 0.1
RATES = (10_000, 25_000)  # Hz, of the second term
DEEP_RATES = (1900, 5000)  # Hz, of the third
OUTPUTS = range(6, 13)  # of one decimated block: small matrices, and filters as long as a block
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
    taps : float64 [outputs * factor], the low-pass, of sum 1
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
    """The plan for one sampling rate: lengths, matrices and weights. Holds no signal.

    Attributes
    ----------
    sr : Hz
    step : samples of a step, near 100 ms
    first, deep : decimators of the second and the third term
    top : energy gain of the shelf far above its edge
    weights : float64 [step // factor // 2 + 1], of each bin of a decimated step in the second term
    deep_section : [6], the high-pass at the rate of the third term

    Raises
    ------
    AudioError : no step near 100 ms can be divided at this rate
    """

    def __init__(self, sr: int) -> None:
        self.sr = sr
        self.step, factor, outputs, deep, deep_outputs = _plan(sr)
        self.first = Decimator.design(factor, outputs, 0.9)
        self.deep = Decimator.design(deep, deep_outputs, 0.6)
        self.top = 10 ** (SHELF_DB / 10)
        self.deep_section = high_pass(sr / factor / deep)
        self.weights = self._shelf_weights()

    @property
    def factor(self) -> int:
        """By which the signal is decimated for the second term; 1 where its rate is low enough."""
        return self.first.factor

    @property
    def step_seconds(self) -> float:
        """Length of a step, seconds; near 0.1."""
        return self.step / self.sr

    def _shelf_weights(self) -> np.ndarray:
        """Weight of each bin of a decimated step: least squares over the frequencies that fold into it."""
        n = self.step // self.factor
        folded = self._folded(np.fft.rfftfreq(n, self.factor / self.sr))
        gain = self._first_power(folded)
        wanted = self.top - power(shelf(self.sr), folded, self.sr) * power(high_pass(self.sr), folded, self.sr)
        weights = (gain * wanted).sum(axis=0) / np.maximum((gain * gain).sum(axis=0), 1e-12) - self._bass(folded[0])
        weights[1 : (n + 1) // 2] *= 2  # the negative frequencies
        return weights / n**2

    def _folded(self, hz: np.ndarray) -> np.ndarray:
        """The frequencies [r, n] below Nyquist that decimation folds into hz [n]."""
        rate = self.sr / self.factor
        aliases = [
            hz + m * rate if m >= 0 else -hz - m * rate for m in range(-(self.factor // 2), (self.factor + 1) // 2)
        ]
        return np.array(aliases)

    def _first_power(self, hz: np.ndarray) -> np.ndarray:
        return np.ones_like(hz) if self.factor == 1 else self.first.power(hz, self.sr)

    def response(self, hz: np.ndarray) -> np.ndarray:
        """Energy gain of this plan at hz [n], to be compared with |H1 H2|^2: [n]."""
        n, rate = self.step // self.factor, self.sr / self.factor
        place = np.abs(hz - rate * np.round(hz / rate))
        scale = np.full(n // 2 + 1, n**2, float)
        scale[1 : (n + 1) // 2] /= 2
        W = np.interp(place, np.fft.rfftfreq(n, 1 / rate), self.weights * scale)
        first = self._first_power(hz)
        return PASS_POWER * (self.top - first * W - first * self._bass(place))

    def _bass(self, hz: np.ndarray) -> np.ndarray:
        """What the third term takes from the energy at hz, below the first decimation's Nyquist frequency."""
        rate, deep_rate = self.sr / self.factor, self.sr / self.factor / self.deep.factor
        folded = np.abs(hz - deep_rate * np.round(hz / deep_rate))
        return self.deep.power(hz, rate) * (1 - power(self.deep_section, folded, deep_rate))


def _plan(sr: int) -> tuple[int, int, int, int, int]:
    """(step, factor, outputs, deep factor, deep outputs): the step next to 100 ms that all blocks divide."""
    for step in sorted(range(int(sr * 0.08), int(sr * 0.12)), key=lambda n: abs(n - STEP_SECONDS * sr)):
        first = _decimation(step, sr, RATES)
        deep = first and _decimation(step // first[0], sr / first[0], DEEP_RATES)
        if deep:
            return step, *first, *deep
    raise AudioError("audio", f"{sr} Hz", "Convert it to an ordinary sampling rate.")


def _decimation(step: int, sr: float, rates: tuple[int, int]) -> tuple[int, int] | None:
    """The largest factor, and outputs a block, that divide `step` and lead to one of the rates."""
    for factor in range(int(sr // rates[0]) or 1, 0, -1):
        for outputs in reversed(OUTPUTS):
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
        plan = self.plan
        steps = x.reshape(len(x), -1, plan.step)
        plain = np.einsum("cns,cns->cn", steps, steps).astype(np.float64) / plan.step
        low = x if plan.factor == 1 else np.stack([s.push(c) for s, c in zip(self._first, x, strict=True)])
        energy = plan.top * plain - self._shelf_deficit(low, steps.shape[1])
        energy -= self._bass_deficit(
            np.stack([s.push(c) for s, c in zip(self._deep, low, strict=True)]), steps.shape[1]
        )
        return PASS_POWER * np.maximum(energy, 0)

    def _shelf_deficit(self, low: np.ndarray, n_steps: int) -> np.ndarray:
        import scipy.fft

        spectrum = scipy.fft.rfft(low.reshape(len(low), n_steps, -1), axis=2).view(np.float32)
        np.multiply(spectrum, spectrum, out=spectrum)
        return (spectrum @ np.repeat(self.plan.weights, 2).astype(np.float32)).astype(np.float64)

    def _bass_deficit(self, deep: np.ndarray, n_steps: int) -> np.ndarray:
        import scipy.signal

        section = self.plan.deep_section.astype(np.float32)
        kept, self._state = scipy.signal.lfilter(section[:3], section[3:], deep, axis=1, zi=self._state)
        squares = (deep * deep - kept * kept).reshape(len(deep), n_steps, -1)
        return squares.mean(axis=2, dtype=np.float64)


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
