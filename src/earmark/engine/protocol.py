"""What a scan and its workers tell each other: tasks one way, news and replies the other. `wire` carries them."""

from dataclasses import dataclass, field

from earmark.analysis import Analysis
from earmark.audio.fileinfo import FileInfo


@dataclass(frozen=True, slots=True)
class Identify:
    """Read a file's tags, and read it through for its content hash without decoding it; the reply is `Identified`.

    Attributes
    ----------
    track_id : where it is known from before, and only the tags are wanted
    size : bytes of the file, as far as the scan knows
    """

    path: str
    track_id: str | None = None
    size: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Analyse:
    """Compute parts of a file's analysis; the reply is `Analysed`.

    Attributes
    ----------
    parts : ``tags`` and names of descriptors
    track_id : of the file where it is known from before
    earprints : folder that keeps earprints; one that lies there is read in place of the audio
    size : bytes of the file, as far as the scan knows
    """

    path: str
    parts: frozenset[str]
    track_id: str | None = None
    earprints: str | None = None
    size: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Ready:
    """The first news of a worker: it has started."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file was opened; `seconds` is the length that it claims, None where it does not say."""

    path: str
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A file was decoded: from here on a hostile file has no part in what is computed."""

    path: str


@dataclass(frozen=True, slots=True)
class Identified:
    """The content hash of a file's audio, and what the file says of itself."""

    path: str
    track_id: str
    info: FileInfo


@dataclass(frozen=True, slots=True)
class Analysed:
    """The analysis of a file, with the parts that were asked for, and what the file says of itself."""

    path: str
    analysis: Analysis
    info: FileInfo


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a task could not be done, and what to do about it.

    Attributes
    ----------
    again : the file may not be at fault, as when the worker was killed from outside: it is worth another try
    """

    path: str
    problem: str
    remedy: str
    again: bool = False


Task = Identify | Analyse
News = Ready | Opened | Heard
Reply = Identified | Analysed | Failed
