"""Loudness by EBU R128 / ITU-R BS.1770-4, measured while a file is decoded, at its own rate and channels.

`LoudnessMeter.push` takes the decoder's blocks; `result` gives integrated loudness, loudness range (EBU Tech 3342),
true peak, ReplayGain 2.0 and the silence at both ends. Memory: two numbers for each 100 ms.
"""

from dataclasses import dataclass

import av
import numpy as np

from earmark.audio.kweighting import StepEnergies, weighting
from earmark.audio.samples import LOUDEST, mended
from earmark.audio.true_peak import TruePeak
from earmark.errors import AudioError

OFFSET = -0.691  # LUFS of a mean square of 1, BS.1770-4
ABSOLUTE_GATE, RELATIVE_GATE, RANGE_GATE = -70.0, -10.0, -20.0
REPLAYGAIN_REFERENCE = -18.0  # LUFS, ReplayGain 2.0
SILENCE_DBFS = -60.0  # a sample below it is silent; hand-set
SILENCE = 10 ** (SILENCE_DBFS / 20)
CHUNK_SECONDS = 8.0  # of sound weighed at once
SURROUND = {"BL", "BR", "BC", "SL", "SR", "TBL", "TBC", "TBR"}  # FFmpeg's names of channels at the side and behind
BASS_EFFECTS = {"LFE", "LFE2"}


@dataclass(frozen=True, slots=True)
class Loudness:
    """How loud a track is. A value is None where it is not defined: silence, or less than one gating block (0.4 s).

    Attributes
    ----------
    integrated_lufs : gated loudness of the whole
    range_lu : loudness range; None below 3 s
    true_peak_dbtp, sample_peak_dbfs : largest sample after and before 4x oversampling
    max_momentary_lufs, max_short_term_lufs : largest over 0.4 s and over 3 s
    peak_to_loudness_db : true peak less integrated loudness; small for music that was compressed hard
    replaygain_db, replaygain_peak : gain to -18 LUFS, and the sample peak (1.0 is full scale)
    silence_start, silence_end : seconds below -60 dBFS at either end; the whole duration twice for silence
    curve : short-term loudness once a second, LUFS, not below -70
    """

    integrated_lufs: float | None
    range_lu: float | None
    true_peak_dbtp: float | None
    sample_peak_dbfs: float | None
    max_momentary_lufs: float | None
    max_short_term_lufs: float | None
    peak_to_loudness_db: float | None
    replaygain_db: float | None
    replaygain_peak: float
    silence_start: float
    silence_end: float
    curve: tuple[float, ...] = ()

    @property
    def is_too_short(self) -> bool:
        """Whether there is sound, but less than one gating block of it."""
        return not self.curve and self.sample_peak_dbfs is not None and self.sample_peak_dbfs >= SILENCE_DBFS

    def to_dict(self) -> dict:
        """Field names and their values, ready for JSON: `curve` is a list."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__} | {"curve": list(self.curve)}

    @classmethod
    def from_dict(cls, values: dict) -> "Loudness":
        """Read what `to_dict` gave; raises TypeError or KeyError where it is something else."""
        return cls(**values | {"curve": tuple(values["curve"])})


class LoudnessMeter:
    """Measures the loudness of sound as it is decoded.

    Parameters
    ----------
    sr : Hz
    n_channels : of every block to come
    layout : FFmpeg's name of the channel layout; unknown ones count every channel alike
    """

    def __init__(self, sr: int, n_channels: int, layout: str = "") -> None:
        self._energies: list[np.ndarray] = []  # weighted mean square of each step
        self._seconds = 0.0
        self._first_sound = self._last_sound = None  # seconds
        self._sample_peak = 0.0
        self._true_peak = 0.0
        self._start(sr, n_channels, layout)

    def __call__(self, block: np.ndarray, sr: int, layout: str) -> None:
        """`push` float32 [n_channels, n] of a stream that may change its rate (Hz) or its channels on the way.

        This is the `Observer` of `load_audio`.
        """
        if (sr, len(block), layout) != (self._plan.sr, len(self._weights), self._layout):
            self._finish()
            self._start(sr, len(block), layout)
        self.push(block)

    def _start(self, sr: int, n_channels: int, layout: str) -> None:
        self._plan, self._layout = weighting(sr), layout
        self._weigh = StepEnergies(self._plan, n_channels)
        self._peaks = TruePeak(n_channels, sr)
        self._weights = channel_weights(layout, n_channels)
        steps = max(1, round(CHUNK_SECONDS / self._plan.step_seconds))
        self._chunk = np.zeros((n_channels, steps * self._plan.step), np.float32)
        self._filled = 0

    def push(self, block: np.ndarray) -> None:
        """Add float32 [n_channels, n]; blocks may have any length. Values that are not finite count as 0.

        Raises
        ------
        AudioError : another number of channels than this meter was made for
        """
        if block.ndim != 2 or len(block) != len(self._weights):
            raise AudioError(
                "block", f"expected {len(self._weights)} channels, got {block.shape}", "Start a new meter."
            )
        done, n = 0, block.shape[1]
        while done < n:
            take = min(n - done, self._chunk.shape[1] - self._filled)
            self._chunk[:, self._filled : self._filled + take] = block[:, done : done + take]
            self._filled, done = self._filled + take, done + take
            if self._filled == self._chunk.shape[1]:
                self._weigh_chunk()

    def _weigh_chunk(self) -> None:
        """Weigh what the chunk holds; what is left of a last step counts for peaks and silence only."""
        x = self._chunk[:, : self._filled]
        top = float(max(x.max(initial=0), -x.min(initial=0)))
        if not top <= LOUDEST:  # NaN is not either
            x = mended(x)
            top = float(np.abs(x).max())
        whole = self._filled // self._plan.step * self._plan.step
        if whole:
            self._energies.append(self._weights @ self._weigh.push(x[:, :whole]))
        self._sample_peak = max(self._sample_peak, top)
        self._peaks.push(x, top)
        if top >= SILENCE:
            self._note_sound(x)
        self._seconds += self._filled / self._plan.sr
        self._filled = 0

    def _note_sound(self, x: np.ndarray) -> None:
        """Remember the first and the last sample that is no silence; looks no further than it must."""
        step, n = self._plan.step, x.shape[1]
        if self._first_sound is None:
            loud = np.flatnonzero((np.abs(x) >= SILENCE).any(axis=0))
            self._first_sound = self._seconds + loud[0] / self._plan.sr
        for start in range((n - 1) // step * step, -1, -step):
            loud = np.flatnonzero((np.abs(x[:, start : start + step]) >= SILENCE).any(axis=0))
            if loud.size:
                self._last_sound = self._seconds + (start + loud[-1] + 1) / self._plan.sr
                return

    def _finish(self) -> None:
        if self._filled:
            self._weigh_chunk()
        self._true_peak = max(self._true_peak, self._peaks.finish())

    def result(self) -> Loudness:
        """The loudness of everything pushed so far; further pushes start a new stretch of sound."""
        self._finish()
        self._start(self._plan.sr, len(self._weights), self._layout)
        steps = np.concatenate(self._energies) if self._energies else np.zeros(0)
        rate = 1 / self._plan.step_seconds
        momentary, short = moving_mean(steps, round(0.4 * rate)), moving_mean(steps, round(3 * rate))
        integrated, peak = gated_loudness(momentary), _decibels(self._true_peak, 20)
        silent = self._first_sound is None
        return Loudness(
            integrated_lufs=_rounded(integrated),
            range_lu=_rounded(loudness_range(short)),
            true_peak_dbtp=_rounded(peak),
            sample_peak_dbfs=_rounded(_decibels(self._sample_peak, 20)),
            max_momentary_lufs=_rounded(_largest(momentary)),
            max_short_term_lufs=_rounded(_largest(short)),
            peak_to_loudness_db=None if integrated is None or peak is None else _rounded(peak - integrated),
            replaygain_db=None if integrated is None else _rounded(REPLAYGAIN_REFERENCE - integrated),
            replaygain_peak=round(self._sample_peak, 6),
            silence_start=round(float(self._seconds if silent else self._first_sound), 3),
            silence_end=round(float(self._seconds if silent else self._seconds - self._last_sound), 3),
            curve=_curve(short if short.size else momentary, rate),
        )


def channel_weights(layout: str, n_channels: int) -> np.ndarray:
    """Weight of each channel, float64 [n_channels]: 1.41 at the side and behind, 0 for bass effects, else 1.

    layout : FFmpeg's name, which may be unknown or belong to another number of channels: then all weigh 1
    """
    try:
        names = [channel.name for channel in av.AudioLayout(layout).channels]
    except (ValueError, OSError):
        names = []
    if len(names) != n_channels:
        return np.ones(n_channels)
    return np.array([0.0 if name in BASS_EFFECTS else 1.41 if name in SURROUND else 1.0 for name in names])


def moving_mean(steps: np.ndarray, n: int) -> np.ndarray:
    """Mean of every n neighbouring values of float64 [n_steps]: [n_steps - n + 1], empty where there are fewer."""
    if len(steps) < n:
        return np.zeros(0)
    total = np.concatenate([[0.0], np.cumsum(steps)])
    return np.maximum(total[n:] - total[:-n], 0) / n


def lufs(energy: np.ndarray) -> np.ndarray:
    """Mean squares [n] of K-weighted sound, summed over channels, full scale 1.0 -> LUFS [n]."""
    return OFFSET + 10 * np.log10(np.maximum(energy, 1e-20))


def gated_loudness(momentary: np.ndarray) -> float | None:
    """Integrated loudness, LUFS, of 400 ms blocks given as mean squares [n]; None where all are below -70 LUFS.

    Blocks count that are above -70 LUFS and no more than 10 LU below the mean of these. Source: BS.1770-4.
    """
    kept = momentary[lufs(momentary) > ABSOLUTE_GATE]
    if not kept.size:
        return None
    kept = kept[lufs(kept) > lufs(kept.mean()) + RELATIVE_GATE]
    return float(lufs(kept.mean()))


def loudness_range(short: np.ndarray) -> float | None:
    """Loudness range, LU, of 3 s blocks given as mean squares [n]; None where all are below -70 LUFS.

    From the 10th to the 95th percentile of the blocks above -70 LUFS and no more than 20 LU below the mean of these.
    Source: EBU Tech 3342.
    """
    kept = short[lufs(short) > ABSOLUTE_GATE]
    if not kept.size:
        return None
    kept = lufs(kept[lufs(kept) > lufs(kept.mean()) + RANGE_GATE])
    low, high = np.percentile(kept, [10, 95])
    return float(high - low)


def _largest(energies: np.ndarray) -> float | None:
    top = float(lufs(energies.max())) if energies.size else -np.inf
    return top if top > ABSOLUTE_GATE else None


def _curve(energies: np.ndarray, rate: float) -> tuple[float, ...]:
    """One value a second, LUFS, from ABSOLUTE_GATE up."""
    at = np.arange(0, len(energies), rate).astype(int)
    return tuple(round(float(v), 1) for v in np.maximum(lufs(energies[at]), ABSOLUTE_GATE))


def _decibels(value: float, factor: float) -> float | None:
    return factor * float(np.log10(value)) if value > 1e-10 else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
