"""The earprint: a track as a spectrogram on disk, so that it can be analysed without its audio.

The format is specified in docs/earprint.md; this module is its reference implementation.
"""

import json
import os
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from earmark.config import FeatureConfig
from earmark.errors import AudioError
from earmark.filetags import FileTags

SUFFIX = ".earprint"
VERSION = 1
REMEDY = "Make it again from the audio with `earmark earprint`."


@dataclass(frozen=True)
class Earprint:
    """What the networks hear of one track.

    Attributes
    ----------
    S : float32 [n_frames, n_mels], log-mel in the front end of `features`
    features : its configuration
    duration : of the whole track, seconds
    track_id : content hash of the audio it was made from
    truncated : True where S covers only the beginning
    tags : what the file said of itself
    """

    S: np.ndarray
    features: FeatureConfig
    duration: float
    track_id: str
    truncated: bool = False
    tags: FileTags = field(default_factory=FileTags)


def write_earprint(print_: Earprint, path: str | os.PathLike) -> Path:
    """Write one earprint, its log-mel in 256 even steps up to the maximum; the file is whole or absent."""
    path = Path(path)
    low = min(float(print_.S.min()), 0.0)
    step = max((float(print_.S.max()) - low) / 255, 1e-6)
    head = {
        "format": "earprint", "version": VERSION, "features": print_.features.to_dict(),
        "duration": print_.duration, "track_id": print_.track_id, "truncated": print_.truncated,
        "tags": asdict(print_.tags), "mel_low": low, "mel_step": step,
    }  # fmt: skip
    mel = np.rint((print_.S - low) / step).astype(np.uint8)
    part = path.with_name(path.name + ".part")
    try:
        with open(part, "wb") as file:
            np.savez_compressed(file, head=np.array(json.dumps(head)), mel=mel)
        os.replace(part, path)
    except OSError as error:
        raise AudioError(path, f"cannot be written ({error.strerror})", "Choose another place.") from error
    finally:
        part.unlink(missing_ok=True)
    return path


def read_earprint(path: str | os.PathLike) -> Earprint:
    """Read an earprint; raises AudioError for anything that is not a whole one of a version that is known."""
    try:
        with np.load(path, allow_pickle=False) as file:
            head, mel = json.loads(str(file["head"])), file["mel"]
        return _from_parts(head, mel, path)
    except FileNotFoundError:
        raise AudioError(path, "no such file", "Check the path.") from None
    except (OSError, KeyError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise AudioError(path, f"not a readable earprint ({error})", REMEDY) from error


def _from_parts(head: dict, mel: np.ndarray, path: str | os.PathLike) -> Earprint:
    if head["format"] != "earprint":
        raise ValueError(f"format {head['format']!r}")
    if head["version"] > VERSION:
        raise AudioError(path, f"earprint version {head['version']} is newer than this earmark", "Update earmark.")
    features = FeatureConfig.from_dict(head["features"])
    if mel.dtype != np.uint8 or mel.ndim != 2 or mel.shape[1] != features.n_mels or not len(mel):
        raise ValueError(f"mel is {mel.dtype} {mel.shape}")
    S = mel * np.float32(head["mel_step"]) + np.float32(head["mel_low"])
    tags = FileTags(**head["tags"])
    return Earprint(S, features, float(head["duration"]), str(head["track_id"]), bool(head["truncated"]), tags)


def is_earprint(path: str | os.PathLike) -> bool:
    """Whether the name says so."""
    return os.fspath(path).lower().endswith(SUFFIX)
