"""The earprint: a track as a spectrogram on disk, so that it can be analysed without its audio.

The format is specified in docs/earprint.md; this module is its reference implementation.
"""

import json
import os
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from earmark.audio.chroma import DEFAULT_CHROMA, ChromaConfig
from earmark.audio.config import FeatureConfig
from earmark.audio.filetags import FileTags
from earmark.audio.loudness import Loudness
from earmark.errors import AudioError, FileError
from earmark.files import whole_file

EARPRINT_SUFFIX = ".earprint"
VERSION = 2  # 1 had no chroma and no loudness
REMEDY = "Make it again from the audio with `earmark earprint`."


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
    """

    S: np.ndarray
    features: FeatureConfig
    duration: float
    track_id: str
    truncated: bool = False
    tags: FileTags = field(default_factory=FileTags)
    chroma: np.ndarray | None = None
    loudness: Loudness | None = None


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


def read_earprint(path: str | os.PathLike) -> Earprint:
    """Read an earprint.

    Raises
    ------
    AudioError : missing, or not a whole earprint of a version that is known
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            head, arrays = json.loads(str(file["head"])), {name: file[name] for name in file.files if name != "head"}
        return _from_parts(head, arrays, path)
    except FileNotFoundError:
        raise AudioError(path, "no such file", "Check the path.") from None
    except (OSError, KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise AudioError(path, f"not a readable earprint ({error})", REMEDY) from error


def _from_parts(head: dict, arrays: dict[str, np.ndarray], path: str | os.PathLike) -> Earprint:
    if head["format"] != "earprint":
        raise ValueError(f"format {head['format']!r}")
    if head["version"] > VERSION:
        raise AudioError(path, f"earprint version {head['version']} is newer than this earmark", "Update earmark.")
    features, mel = FeatureConfig.from_dict(head["features"]), arrays["mel"]
    if mel.dtype != np.uint8 or mel.ndim != 2 or mel.shape[1] != features.n_mels or not len(mel):
        raise ValueError(f"mel is {mel.dtype} {mel.shape}")
    return Earprint(
        S=mel * np.float32(head["mel_step"]) + np.float32(head["mel_low"]),
        features=features,
        duration=float(head["duration"]),
        track_id=str(head["track_id"]),
        truncated=bool(head["truncated"]),
        tags=FileTags(**head["tags"]),
        chroma=_chroma(head.get("chroma"), arrays.get("chroma")),
        loudness=Loudness.from_dict(head["loudness"]) if head.get("loudness") else None,
    )


def _chroma(config: dict | None, chroma: np.ndarray | None) -> np.ndarray | None:
    """The chroma, where it was made as ours is: another version's cannot be read by our key head."""
    if config is None or chroma is None or ChromaConfig.from_dict(config) != DEFAULT_CHROMA:
        return None
    if chroma.dtype != np.float16 or chroma.ndim != 2 or chroma.shape[1] != DEFAULT_CHROMA.n_bins or not len(chroma):
        raise ValueError(f"chroma is {chroma.dtype} {chroma.shape}")
    return chroma


def is_earprint(path: str | os.PathLike) -> bool:
    """Whether the name ends in ``.earprint``; the content is not looked at."""
    return os.fspath(path).lower().endswith(EARPRINT_SUFFIX)
