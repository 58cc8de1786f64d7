"""The earprint: a track as a spectrogram on disk, so that it can be analysed without its audio.

The format is specified in docs/earprint.md; this module is its reference implementation.
"""

import json
import math
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from earmark.audio.chroma import DEFAULT_CHROMA
from earmark.audio.config import FeatureConfig
from earmark.audio.decode import SoundFormat
from earmark.audio.earprint_head import REMEDY, VERSION, Head, is_track_id, read_head
from earmark.audio.filetags import FileTags
from earmark.audio.incomplete import Incomplete
from earmark.audio.loudness import Loudness
from earmark.audio.npz import DAMAGE, NpzReader
from earmark.audio.opening import open_file
from earmark.errors import AudioError, FileError, one_line
from earmark.files import whole_file
from earmark.settings import MAX_SECONDS

EARPRINT_SUFFIX = ".earprint"
SLACK = 1.0  # seconds by which mel, chroma and duration may differ: each is rounded in its own way
LONGER = "Analyse it with a larger --max-seconds, or make it again from a part of the audio."


@dataclass(frozen=True)
class Earprint:
    """One track as a spectrogram, with what else the analysis reads.

    Attributes
    ----------
    S : float32 [n_frames, n_mels], log-mel in the front end of `features`
    features : its configuration
    duration : of the whole track, seconds
    track_id : content hash of the audio it was made from
    truncated : True where S covers only the beginning
    tags : of the file it was made from
    chroma : float16 [n_steps, n_bins] by `earmark.audio.chroma` in its default config; None in files of version 1
    loudness : measured while decoding; None in files of version 1
    sound : how the file was coded; not written to disk
    incomplete : what was missing of the file; None where it was whole
    warnings : what else was not as it should be, in short sentences
    """

    S: np.ndarray
    features: FeatureConfig
    duration: float
    track_id: str
    truncated: bool = False
    tags: FileTags = field(default_factory=FileTags)
    chroma: np.ndarray | None = None
    loudness: Loudness | None = None
    sound: SoundFormat = field(default_factory=SoundFormat)
    incomplete: Incomplete | None = None
    warnings: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        """Of sound that S covers."""
        return min(self.duration, len(self.S) / self.features.frame_rate)


def write_earprint(print_: Earprint, path: str | os.PathLike) -> Path:
    """Write one earprint, its log-mel in 256 even steps up to the maximum; the file is whole or absent.

    Raises
    ------
    FileError : the place cannot be written to
    """
    path = Path(path)
    low = min(float(print_.S.min()), 0.0)
    step = max((float(print_.S.max()) - low) / 255, 1e-6)
    head = {
        "format": "earprint", "version": VERSION, "features": print_.features.to_dict(),
        "duration": print_.duration, "track_id": print_.track_id, "truncated": print_.truncated,
        "tags": asdict(print_.tags), "mel_low": low, "mel_step": step,
        "loudness": print_.loudness and print_.loudness.to_dict(),
    }  # fmt: skip
    if print_.incomplete:
        head["incomplete"] = print_.incomplete.to_dict()
    if print_.warnings:
        head["warnings"] = list(print_.warnings)
    arrays = {"mel": np.rint((print_.S - low) / step).astype(np.uint8)}
    if print_.chroma is not None:
        arrays["chroma"] = print_.chroma.astype(np.float16)
        head["chroma"] = DEFAULT_CHROMA.to_dict()
    try:
        with whole_file(path) as draft, open(draft, "wb") as file:  # the file is closed before it is renamed
            np.savez_compressed(file, head=np.array(json.dumps(head)), **arrays)
    except OSError as error:
        raise FileError(path, f"cannot be written ({error.strerror})", "Choose another place.") from error
    return path


def read_earprint(path: str | os.PathLike, max_seconds: float = MAX_SECONDS) -> Earprint:
    """Read an earprint, which may come from anybody: all that it claims is checked before its arrays are read.

    Parameters
    ----------
    max_seconds : of sound that it may hold

    Raises
    ------
    AudioError : missing, longer than `max_seconds`, or not a whole earprint of a version that is known
    """
    with _opened(path) as (archive, head):
        _check_mel(archive.shape("mel", np.uint8), head, path, max_seconds)
        return _from_parts(head, archive.array("mel", np.uint8), _chroma(archive, head))


def read_earprint_head(path: str | os.PathLike) -> Head:
    """The id, tags and figures of an earprint of any length, without its arrays; raises AudioError as above."""
    with _opened(path) as (archive, head):
        _check_mel(archive.shape("mel", np.uint8), head, path, math.inf)
        return head


@contextmanager
def _opened(path: str | os.PathLike) -> Iterator[tuple[NpzReader, Head]]:
    """The archive and its head; what is wrong with either, or found in the block, becomes an AudioError."""
    try:
        with open_file(path) as file:
            archive = NpzReader(file)
            yield archive, read_head(archive, path)
    except FileNotFoundError:
        raise AudioError(path, "no such file", "Check the path.") from None
    except DAMAGE as error:
        raise AudioError(path, f"not a readable earprint ({one_line(error)})", REMEDY) from error


def _from_parts(head: Head, mel: np.ndarray, chroma: np.ndarray | None) -> Earprint:
    return Earprint(
        S=mel * np.float32(head.mel_step) + np.float32(head.mel_low),
        features=head.features,
        duration=head.duration,
        track_id=head.track_id,
        truncated=head.truncated,
        tags=head.tags,
        chroma=chroma,
        loudness=head.loudness,
        incomplete=head.incomplete,
        warnings=head.warnings,
    )


def _check_mel(shape: tuple[int, ...], head: Head, path: str | os.PathLike, max_seconds: float) -> None:
    """Raise AudioError for more than `max_seconds`, ValueError for a spectrogram that its head does not fit."""
    if len(shape) != 2 or shape[1] != head.features.n_mels or not shape[0]:
        raise ValueError(f"mel is {shape} for {head.features.n_mels} bands")
    seconds = shape[0] / head.features.frame_rate
    if seconds > max_seconds + SLACK:
        raise AudioError(path, f"it holds {seconds:.0f} s of sound, more than {max_seconds:g} s", LONGER)
    covers = seconds >= head.duration - SLACK or head.truncated
    if seconds > head.duration + SLACK + 1 / head.features.frame_rate or not covers:
        raise ValueError(f"mel is {seconds:.1f} s long, the track {head.duration:.1f} s")


def _chroma(archive: NpzReader, head: Head) -> np.ndarray | None:
    """The chroma, where it was made as ours is: another version's cannot be read by our key head."""
    if not head.has_our_chroma or "chroma" not in archive:
        return None
    shape = archive.shape("chroma", np.float16)
    if len(shape) != 2 or shape[1] != DEFAULT_CHROMA.n_bins or not shape[0]:
        raise ValueError(f"chroma is {shape}")
    seconds = archive.shape("mel", np.uint8)[0] / head.features.frame_rate
    if abs(shape[0] / DEFAULT_CHROMA.frame_rate - seconds) > SLACK:
        raise ValueError(f"chroma has {shape[0]} rows for {seconds:.1f} s of mel")
    chroma = archive.array("chroma", np.float16)
    if not (np.isfinite(chroma).all() and chroma.min() >= 0):
        raise ValueError("chroma holds values that are no magnitudes")
    return chroma


def earprint_name(track_id: str) -> str:
    """The name under which a track's earprint is kept; raises AudioError for what is no id of a track."""
    if not is_track_id(track_id):
        raise AudioError(track_id, "not the id of a track", "An id is 20 hexadecimal digits.")
    return f"{track_id}{EARPRINT_SUFFIX}"


def is_earprint(path: str | os.PathLike) -> bool:
    """Whether the name ends in ``.earprint``; the content is not looked at."""
    return os.fspath(path).lower().endswith(EARPRINT_SUFFIX)
