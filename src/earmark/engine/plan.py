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
    files : path -> how it was last seen, of those in the folders that are scanned
    versions : track_id -> part -> version that is stored
    altered : paths whose bytes were found to be others, though size and time are the same
    sizes : bytes of every known file, by default of `files`; a new file of another size cannot be a copy of one
    """

    files: Mapping[str, FileState] = field(default_factory=dict)
    versions: dict[str, dict[str, str]] = field(default_factory=dict)
    altered: frozenset[str] = frozenset()
    sizes: set[int] | None = None

    def __post_init__(self) -> None:
        if self.sizes is None:
            self.sizes = {state.size for state in self.files.values()}

    def state_of(self, file: SoundFile) -> FileState | None:
        """How the file was last seen, if it has not changed since."""
        state = self.files.get(file.path)
        same = state is not None and (state.size, state.mtime_ns) == (file.size, file.mtime_ns)
        return state if same and file.path not in self.altered else None


@dataclass(frozen=True)
class Wanted:
    """What a scan is to bring about.

    Attributes
    ----------
    versions : part -> version that every track shall have
    retry : try files again that failed before, though they did not change
    reread : read the tags of every file again
    reanalyze : and hear its sound again
    earprints : folder that keeps earprints; None where none are kept
    """

    versions: Mapping[str, str]
    retry: bool = False
    reread: bool = False
    reanalyze: bool = False
    earprints: str | None = None

    @property
    def text(self) -> str:
        """The versions as text, noted with every file."""
        return join_versions(self.versions)


@dataclass(frozen=True)
class Plan:
    """The files that there is something to do for, and how many there are of the others.

    Large files come first, so that none is left to one worker at the end.

    Attributes
    ----------
    files : new, changed or outdated
    unchanged : known, and nothing to do
    failed : failed before, and did not change
    """

    files: tuple[SoundFile, ...]
    unchanged: int
    failed: int


def make_plan(found: Iterable[SoundFile], known: Known, wanted: Wanted) -> Plan:
    """Decide for every file found whether there is anything to do."""
    todo, unchanged, failed = [], 0, 0
    for file in sorted(found, key=lambda file: -file.size):
        state = known.state_of(file)
        if not _is_done(state, known, wanted):
            todo.append(file)
        elif state.track_id is None:
            failed += 1
        else:
            unchanged += 1
    return Plan(tuple(todo), unchanged, failed)


def first_task(file: SoundFile, known: Known, wanted: Wanted) -> Task:
    """What to do with a file first, as far as is known by now.

    One that may hold a known track (moved, copied, retagged) is only identified: that is far cheaper.
    """
    if wanted.reanalyze:
        return Analyse(file.path, frozenset(wanted.versions), None, wanted.earprints, file.size)
    state = known.state_of(file)
    if state and state.track_id and not wanted.reread:
        return task_after(file, state.track_id, known, wanted) or Identify(file.path, state.track_id, file.size)
    if file.path in known.files or file.size in known.sizes:
        return Identify(file.path, size=file.size)
    return _analysis(file, None, known, wanted)


def task_after(file: SoundFile, track_id: str, known: Known, wanted: Wanted) -> Analyse | None:
    """What is left to do for a file whose track_id has just become known; None where its track is up to date."""
    return _analysis(file, track_id, known, wanted) if outdated(track_id, known, wanted) else None


def outdated(track_id: str | None, known: Known, wanted: Wanted) -> frozenset[str]:
    """The parts of a track that are missing, or stored in another version than wanted."""
    stored = known.versions.get(track_id, {})
    return frozenset(part for part, version in wanted.versions.items() if stored.get(part) != version)


def _is_done(state: FileState | None, known: Known, wanted: Wanted) -> bool:
    if state is None or wanted.reread or wanted.reanalyze:
        return False
    if state.track_id is None:
        return not wanted.retry and state.versions == wanted.text
    return state.info is not None and not outdated(state.track_id, known, wanted)


def _analysis(file: SoundFile, track_id: str | None, known: Known, wanted: Wanted) -> Analyse:
    return Analyse(file.path, outdated(track_id, known, wanted), track_id, wanted.earprints, file.size)
