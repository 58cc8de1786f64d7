"""A file as one of several of a song: what it is made of, and which of two is the better one."""

import os
from dataclasses import asdict, dataclass

from earmark.catalogue.files import FileState
from earmark.errors import printable

LOSSLESS = ("flac", "alac", "ape", "wavpack", "tta", "tak", "shorten", "wmalossless", "truehd", "mlp", "dst")
LOSSLESS_BEGINNINGS = ("pcm_", "dsd_", "dff", "dsf", "wav", "aif")  # codecs and, where none is noted, suffixes
SUFFIXES = {"wv": "wavpack"}


@dataclass(frozen=True)
class Copy:
    """One file of a song.

    Attributes
    ----------
    path, track_id, title, artist, album : as the catalogue has them
    duration : of its track, seconds
    codec : FFmpeg's name, or the file's suffix where none is noted
    bit_rate : bits a second; size by duration where none is noted
    sample_rate : Hz; None where none is noted
    """

    path: str
    track_id: str
    title: str
    artist: str
    album: str
    duration: float
    codec: str
    bit_rate: int
    sample_rate: int | None = None

    @property
    def is_lossless(self) -> bool:
        """Whether its codec keeps every sample."""
        return self.codec in LOSSLESS or self.codec.startswith(LOSSLESS_BEGINNINGS)

    @property
    def rank(self) -> tuple:
        """Sorts the better file first: lossless, higher bit rate, higher sample rate, longer; then by path."""
        return (not self.is_lossless, -self.bit_rate, -(self.sample_rate or 0), -self.duration, self.path)

    def to_dict(self) -> dict:
        """The JSON object of a file in ``duplicates --json``."""
        return asdict(self) | {
            "path": printable(self.path), "duration": round(self.duration, 3), "lossless": self.is_lossless,
        }  # fmt: skip


def copy_of(file: FileState, row: dict) -> Copy:
    """A file that leads to a track; what no scan has noted of it is that of the track, or guessed from name and size.

    row : of the track, with ``title``, ``artist``, ``album`` and ``duration``
    """
    tags = {name: row[name] or "" for name in ("title", "artist", "album")}
    suffix = os.path.splitext(file.path)[1].removeprefix(".").lower()
    codec, bit_rate, sample_rate = SUFFIXES.get(suffix, suffix), round(8 * file.size / max(row["duration"], 0.1)), None
    if file.info is not None:
        tags = {name: getattr(file.info.tags, name) for name in tags}
        sound = file.info.sound
        codec, bit_rate, sample_rate = sound.codec or codec, sound.bit_rate or bit_rate, sound.sample_rate
    about = {"duration": row["duration"], "codec": codec, "bit_rate": bit_rate, "sample_rate": sample_rate}
    return Copy(file.path, file.track_id, **tags, **about)
