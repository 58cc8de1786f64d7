"""The passages of a reason as sound: read from the files of the tracks, one after another with gaps."""

import os
from collections.abc import Callable, Iterator

import numpy as np

from earmark.audio.stretches import read_stretch, write_wav
from earmark.catalogue.store import Store
from earmark.errors import FileError, NotFound
from earmark.explore.evidence import Evidence
from earmark.explore.why import LikeReason

GAP, PAUSE = 0.3, 0.9  # seconds of silence between passages, and between pairs of passages
LONGEST = 30.0  # seconds of a passage


def write_passages(reason: Evidence | LikeReason, path: str | os.PathLike, file_of: Callable[[str], str]) -> float:
    """Write the passages of a reason as WAV; returns the length in seconds.

    file_of : id of a track -> a file of it, see `file_in`

    Raises
    ------
    NotFound : there is no passage, or no file of a track is there
    AudioError : a file cannot be read
    FileError : the place cannot be written to
    """
    spans = _spans_of_tag(reason) if isinstance(reason, Evidence) else _spans_of_pairs(reason)
    if not spans:
        raise NotFound(reason.track_id, "no passage to be heard", "Ask for another tag or track.")
    files = {track_id: file_of(track_id) for track_id in dict.fromkeys(track_id for track_id, *_ in spans)}
    try:
        return write_wav(path, _read(files, spans))
    except OSError as error:
        raise FileError(path, f"cannot be written ({error.strerror})", "Choose another place.") from error


def _spans_of_tag(reason: Evidence) -> list[tuple[str, float, float, float]]:
    """Track, start, end, and the silence after it."""
    return [(reason.track_id, passage.start, passage.end, GAP) for passage in reason.passages]


def _spans_of_pairs(reason: LikeReason) -> list[tuple[str, float, float, float]]:
    found = []
    for pair in reason.pairs:
        found.append((reason.track_id, pair.seed_start, pair.seed_end, GAP))
        found.append((reason.other, pair.start, pair.end, PAUSE))
    return found


def _read(files: dict[str, str], spans: list) -> Iterator[tuple[np.ndarray, float]]:
    for track_id, start, end, silence in spans:
        yield read_stretch(files[track_id], start, min(end, start + LONGEST)), silence


def file_in(store: Store, track_id: str) -> str:
    """The first file of a track that is there; raises NotFound."""
    for file in store.track(track_id).files:
        if os.path.isfile(file.path):
            return file.path
    raise NotFound(track_id, "none of its files is there", "Mount or scan the folder that they are in now.")
