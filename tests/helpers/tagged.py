"""Files of every format whose tags are written, and tracks that lead to them, whose analysis is made by hand."""

import os
import struct
from dataclasses import replace
from pathlib import Path

import numpy as np

from earmark.analysis import Analysis
from earmark.audio.decode import content_hash
from earmark.audio.loudness import Loudness
from earmark.catalogue.files import FileState
from earmark.catalogue.track import Track
from earmark.descriptors.energy import Energy
from earmark.descriptors.key import Key
from earmark.descriptors.structure import Structure
from earmark.descriptors.tempo import Rhythm
from earmark.tagger.tags import TagProbability
from earmark.tagger.tagset import TagGroup, Tagset
from sounds import chord, write_sound

KINDS = ("mp3", "flac", "ogg", "opus", "m4a", "wav", "aiff", "wma", "wv", "ape")
TAGS = {"title": "Tïtle", "artist": "Artist; Other", "album": "Álbum", "date": "1999"}

RHYTHM = Rhythm(
    bpm=127.96, confidence=0.9, stability=0.95, octave_confidence=0.93, beats=np.arange(0.5, 3, 0.4689),
    downbeats=np.array([0.5]), metre="4/4", metre_confidence=0.8,
)  # fmt: skip
KEY = Key(tonic="A#", mode="minor", confidence=0.85, camelot="3A")
LOUDNESS = Loudness(-9.46, 6.0, 0.21, -0.1, -6.0, -7.0, 9.67, -8.54, 0.988, 0.0, 3.0, (-9.5,))
TAGSET = Tagset((TagGroup("genre", ("rock",), "exclusive"), TagGroup("mood", ("happy", "joyful_activation", "sad"))))
HEARD = {
    "genre": [TagProbability("rock", 0.8, True)],
    "style": [TagProbability("classic rock", 0.7, True), TagProbability("r&b", 0.2, False)],
    "mood": [
        TagProbability("happy", 0.9, True), TagProbability("joyful_activation", 0.8, True),
        TagProbability("sad", 0.1, False),
    ],
    "use": [TagProbability("dancing", 0.9, True)],
}  # fmt: skip


def write_kind(path: Path, seconds: float = 1.0, tags: dict[str, str] = TAGS, **options) -> Path:
    """A sound in the format of its suffix, with tags where FFmpeg writes some."""
    if path.suffix == ".ape":
        return write_ape(path)
    if path.suffix == ".wv":
        options |= {"encoder": "wavpack", "sample_format": "s16p"}
    return write_sound(path, chord(seconds, **({"sr": 48_000} if path.suffix == ".opus" else {})), tags=tags, **options)


def write_ape(path: Path, n_frames: int = 8) -> Path:
    """The container of Monkey's Audio around bytes by chance: reading through decodes nothing."""
    frames = [np.random.default_rng(i).bytes(4_000) for i in range(n_frames)]
    head = 52 + 24 + 4 * n_frames
    seek = [head + 4_000 * i for i in range(n_frames)]
    audio = b"".join(frames)
    described = struct.pack("<4sHHIIIIIII16s", b"MAC ", 3990, 0, 52, 24, 4 * n_frames, 0, len(audio), 0, 0, bytes(16))
    header = struct.pack("<HHIIIHHI", 2000, 32, 73_728, 73_728, n_frames, 16, 2, 44_100)
    path.write_bytes(described + header + struct.pack(f"<{n_frames}I", *seek) + audio)
    return path


def state_of(path: Path, track_id: str) -> FileState:
    """As a scan would keep it."""
    found = os.stat(path)
    return FileState(str(path), found.st_size, found.st_mtime_ns, "", track_id)


def track_of(*paths: Path, **changes) -> Track:
    """The track of these files, in which everything is sure; `changes` replace fields of its analysis."""
    track_id = content_hash(paths[0])
    analysis = Analysis(
        str(paths[0]), track_id, 1.0, 1.0, "tiny", "1", {"tags": "tiny@1", "tempo": "1"}, TAGSET, HEARD,
        descriptors={"tempo": RHYTHM, "key": KEY, "loudness": LOUDNESS, "energy": Energy("high", 0.68, (0.7,), 0.5),
                     "structure": Structure((20.0, 41.5), ("A", "B", "A"), (20.0, 41.5))},
    )  # fmt: skip
    return Track(replace(analysis, **changes), tuple(state_of(path, track_id) for path in paths))
