"""What a scan has to do: pure functions from the files found, and what is known, to tasks."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from earmark.analysis import join_versions
from earmark.audio.discover import SoundFile
from earmark.catalogue.files import FileState
from earmark.engine.protocol import Analyse, Identify, Task


@dataclass
class Known:
    """What the catalogue holds when a scan begins; `versions` and `sizes` grow while it runs.

    Attributes
    ----------
    files : path -> how it was last seen
    versions : track_id -> part -> version that is stored
    sizes : bytes of every known file; a new file of another size cannot be a copy of one
    """

    files: Mapping[str, FileState] = field(default_factory=dict)
    versions: dict[str, dict[str, str]] = field(default_factory=dict)
    sizes: set[int] = field(init=False)

    def __post_init__(self) -> None:
        self.sizes = {state.size for state in self.files.values()}


@dataclass(frozen=True)
class Wanted:
    """What a scan is to bring about.

    Attributes
    ----------
    versions : part -> version that every track shall have
    retry : try files again that failed before, though they did not change
    earprints : folder that keeps earprints; None where none are kept
    """

    versions: Mapping[str, str]
    retry: bool = False
    earprints: str | None = None

    @property
    def text(self) -> str:
        """The versions as text, noted with every file."""
        return join_versions(self.versions)


@dataclass(frozen=True)
class Plan:
    """The files that are new, changed or outdated, and how many are not.

    Large files come first, so that none is left to one worker at the end.
    """

    files: tuple[SoundFile, ...]
    unchanged: int


def make_plan(found: Iterable[SoundFile], known: Known, wanted: Wanted) -> Plan:
    """Decide for every file found whether there is anything to do."""
    found = sorted(found, key=lambda file: -file.size)
    todo = tuple(file for file in found if not _is_done(file, known, wanted))
    return Plan(todo, len(found) - len(todo))


def first_task(file: SoundFile, known: Known, wanted: Wanted) -> Task:
    """What to do with a file first, as far as is known by now.

    One that may hold a known track (moved, copied, retagged) is only identified: that is far cheaper.
    """
    state = known.files.get(file.path)
    if state and state.track_id and _is_unchanged(file, state):
        return _analysis(file.path, state.track_id, known, wanted)
    if state or file.size in known.sizes:
        return Identify(file.path)
    return _analysis(file.path, None, known, wanted)


def task_after(path: str, track_id: str, known: Known, wanted: Wanted) -> Analyse | None:
    """What is left to do for a file whose track_id has just become known; None where its track is up to date."""
    return _analysis(path, track_id, known, wanted) if outdated(track_id, known, wanted) else None


def outdated(track_id: str | None, known: Known, wanted: Wanted) -> frozenset[str]:
    """The parts of a track that are missing, or stored in another version than wanted."""
    stored = known.versions.get(track_id, {})
    return frozenset(part for part, version in wanted.versions.items() if stored.get(part) != version)


def _is_done(file: SoundFile, known: Known, wanted: Wanted) -> bool:
    state = known.files.get(file.path)
    if state is None or not _is_unchanged(file, state):
        return False
    if state.track_id is None:
        return not wanted.retry and state.versions == wanted.text
    return not outdated(state.track_id, known, wanted)


def _is_unchanged(file: SoundFile, state: FileState) -> bool:
    return (state.size, state.mtime_ns) == (file.size, file.mtime_ns)


def _analysis(path: str, track_id: str | None, known: Known, wanted: Wanted) -> Analyse:
    return Analyse(path, outdated(track_id, known, wanted), track_id, wanted.earprints)
