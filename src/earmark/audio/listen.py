"""A file -> its earprint: all that the analysis reads of the sound."""

import os
from collections.abc import Collection

from earmark.audio.chroma import DEFAULT_CHROMA, chroma
from earmark.audio.config import FeatureConfig
from earmark.audio.decode import content_hash, load_audio
from earmark.audio.earprint import Earprint, is_earprint, read_earprint, read_earprint_head
from earmark.audio.features import log_mel
from earmark.audio.fileinfo import titled
from earmark.audio.filetags import read_file_tags
from earmark.audio.loudness import LoudnessMeter
from earmark.audio.tagguard import tag_warnings
from earmark.settings import MAX_SECONDS, TIME_LIMIT

EVERYTHING = frozenset({"chroma", "loudness"})
"""What an earprint can hold beside the log-mel."""


def identify(path: str | os.PathLike) -> str:
    """The ``track_id`` of an audio file or an earprint, without decoding it. Raises AudioError."""
    return read_earprint_head(path).track_id if is_earprint(path) else content_hash(path)


def listen(
    path: str | os.PathLike,
    features: FeatureConfig,
    max_seconds: float = MAX_SECONDS,
    time_limit: float = TIME_LIMIT,
    needs: Collection[str] = EVERYTHING,
) -> Earprint:
    """The earprint of a file: read as it is from an ``.earprint``, computed from anything else.

    Parameters
    ----------
    path : any file that FFmpeg reads, or an earprint
    features : the front end of the log-mel
    max_seconds : of sound that are decoded
    time_limit : seconds of wall clock that decoding may take
    needs : which of ``chroma`` and ``loudness`` are computed beside the log-mel; the others are left None

    Raises
    ------
    AudioError : the file cannot be read
    """
    if is_earprint(path):
        return read_earprint(path, max_seconds)
    meter = None
    if "loudness" in needs:
        meter = LoudnessMeter(44_100, 2, "stereo")  # it starts anew when the file turns out otherwise
    audio = load_audio(path, features.sr, max_seconds, time_limit, observer=meter)
    tonal = audio.sr == DEFAULT_CHROMA.sr and "chroma" in needs
    return Earprint(
        S=log_mel(audio.y, features),
        features=features,
        duration=audio.duration,
        track_id=audio.track_id,
        truncated=audio.truncated,
        tags=titled(read_file_tags(path, audio.metadata), path),
        chroma=chroma(audio.y) if tonal else None,
        loudness=meter.result() if meter else None,
        sound=audio.sound,
        incomplete=audio.incomplete,
        warnings=(*audio.warnings, *tag_warnings(path)),
    )
