"""Sound as it comes -> what the network believes at this moment, for files, pipes and whatever a machine hears."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

import av
import numpy as np

from earmark.audio.features import log_mel
from earmark.errors import AudioError, one_line
from earmark.tagger.model import Model
from earmark.tagger.tags import TagProbability, rank_tags

WINDOW = 6.0
"""Seconds of sound that a belief rests on: the last ones."""
STEP = 0.5
"""Seconds between two beliefs."""
LEAST = 1.0  # seconds of sound before the first belief


@dataclass(frozen=True)
class Belief:
    """What is heard at one moment.

    Attributes
    ----------
    time : seconds since the beginning
    level : dBFS of the last `STEP`, RMS; -inf for silence
    tags : group -> tags of the last `WINDOW` seconds, most probable first
    """

    time: float
    level: float
    tags: dict[str, list[TagProbability]]

    def to_dict(self) -> dict:
        """JSON: the probability of every tag; no level where there is no sound."""
        level = round(self.level, 1) if np.isfinite(self.level) else None
        tags = {group: {hit.tag: round(hit.probability, 4) for hit in hits} for group, hits in self.tags.items()}
        return {"time": round(self.time, 2), "level": level, "tags": tags}


def read_sound(source: str | BinaryIO, sr: int, raw: tuple[int, int] | None = None) -> Iterator[np.ndarray]:
    """Blocks of mono sound as they can be had: float32 [n] at `sr` Hz.

    Parameters
    ----------
    source : a path, or an open pipe with sound in any format that tells its own, such as WAV
    raw : rate in Hz and channels of 16-bit little-endian samples that come without a head

    Raises
    ------
    AudioError : it cannot be read
    """
    name = source if isinstance(source, str) else "-"
    options = {} if raw is None else {"sample_rate": str(raw[0]), "ch_layout": f"{raw[1]}c"}
    try:
        with av.open(source, format="s16le" if raw else None, options=options, metadata_errors="replace") as container:
            resampler = av.AudioResampler("flt", "mono", sr)
            for frame in container.decode(container.streams.audio[0]):
                yield from (block.to_ndarray()[0] for block in resampler.resample(frame))
            yield from (block.to_ndarray()[0] for block in resampler.resample(None))
    except (OSError, ValueError, IndexError) as error:
        remedy = "Give a sound file, or WAV from a pipe."
        raise AudioError(name, f"cannot be heard ({one_line(error)})", remedy) from error


def beliefs(blocks: Iterator[np.ndarray], model: Model, window: float = WINDOW, step: float = STEP) -> Iterator[Belief]:
    """What the model believes, each `step` seconds of sound; memory does not grow with the length of the sound.

    blocks : float32 [n], mono at the model's rate
    """
    sr = model.info.features.sr
    n_step, n_window = round(step * sr), round(window * sr)
    heard, n_heard = np.zeros(0, np.float32), 0
    for part in _in_steps(blocks, n_step):
        heard, n_heard = np.concatenate([heard, part])[-n_window:], n_heard + len(part)
        if n_heard % n_step == 0 and n_heard >= LEAST * sr:
            yield _belief(heard, n_heard / sr, model, n_step)


def _in_steps(blocks: Iterator[np.ndarray], n_step: int) -> Iterator[np.ndarray]:
    """The same samples in parts that end at every multiple of `n_step` at the latest."""
    n_given = 0
    for block in blocks:
        while len(block):
            part, block = np.split(block, [n_step - n_given % n_step])
            n_given += len(part)
            yield part


def _belief(y: np.ndarray, moment: float, model: Model, n_last: int) -> Belief:
    power = float(np.mean(np.square(y[-n_last:], dtype=np.float64)))
    level = 10 * np.log10(power) if power > 0 else -np.inf
    activations = model.run(log_mel(np.clip(np.nan_to_num(y), -8, 8), model.info.features))
    return Belief(moment, level, rank_tags(model.tagset, activations))


def in_real_time(
    blocks: Iterator[np.ndarray],
    sr: int,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[np.ndarray]:
    """The blocks as a player would give them: none before its time."""
    began, n_given = clock(), 0
    for block in blocks:
        for start in range(0, len(block), sr // 10):
            part = block[start : start + sr // 10]
            n_given += len(part)
            if (early := n_given / sr - (clock() - began)) > 0:
                sleep(early)
            yield part
