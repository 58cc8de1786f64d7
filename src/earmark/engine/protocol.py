"""What a scan and its workers tell each other: tasks one way, replies the other. All of it can be pickled."""

from dataclasses import dataclass

from earmark.analysis import Analysis
from earmark.settings import MAX_SECONDS, TIME_LIMIT


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost.

    Attributes
    ----------
    time_limit : seconds of wall clock that decoding may take
    max_seconds : of sound that are analysed
    """

    time_limit: float = TIME_LIMIT
    max_seconds: float = MAX_SECONDS


@dataclass(frozen=True, slots=True)
class Identify:
    """Read a file through without decoding it; the reply is `Identified`."""

    path: str


@dataclass(frozen=True, slots=True)
class Analyse:
    """Compute parts of a file's analysis; the reply is `Analysed`.

    Attributes
    ----------
    parts : ``tags`` and names of descriptors
    track_id : of the file where it is known from before
    earprints : folder that keeps earprints; one that lies there is read in place of the audio
    """

    path: str
    parts: frozenset[str]
    track_id: str | None = None
    earprints: str | None = None


@dataclass(frozen=True, slots=True)
class Identified:
    """The content hash of a file's audio."""

    path: str
    track_id: str


@dataclass(frozen=True, slots=True)
class Analysed:
    """The analysis of a file, with the parts that were asked for."""

    path: str
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Failed:
    """Why a task could not be done, and what to do about it."""

    path: str
    problem: str
    remedy: str


Task = Identify | Analyse
Reply = Identified | Analysed | Failed
