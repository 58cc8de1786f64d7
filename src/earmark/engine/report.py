"""What a scan did, in numbers that add up."""

from dataclasses import dataclass, field
from typing import Literal

from earmark.catalogue.files import FileState

Prune = bool | Literal["force"]


@dataclass
class ScanReport:
    """What a scan did.

    Each thing found is counted once: ``found == analysed + recognised + reread + unchanged + len(failed) + left``.

    Attributes
    ----------
    found : sound files in the folders, and folders and links in them that cannot be read
    analysed : files whose sound was analysed now
    warned : of these, files that were heard with a warning, see `Catalogue.warnings`
    recognised : new files whose sound was known from others: moved or copied
    reread : known files whose tags were read again, their sound being the same
    unchanged : known files with nothing to do
    failed : files that failed, now or before without having changed since
    left : files that were not reached, where the scan was interrupted
    gone : known paths, below these folders, that are no longer there; those of moved files are not among them
    kept_out : known paths that are there, and are left out by now: excluded, hidden ...; ``prune`` drops them too
    removed : tracks dropped by ``prune``
    refused : why ``prune`` dropped nothing; empty where it was not asked for or did
    without_file : tracks that no path leads to any more; they are no answer to a query and kept for their return
    left_out : reason -> files, and folders that were not entered, which are no music or not wanted; not in ``found``
    audio_seconds, seconds : of sound analysed, of wall clock
    interrupted : stopped early; the next scan goes on from there
    """

    found: int = 0
    analysed: int = 0
    warned: int = 0
    recognised: int = 0
    reread: int = 0
    unchanged: int = 0
    failed: list[FileState] = field(default_factory=list)
    left: int = 0
    gone: list[str] = field(default_factory=list)
    kept_out: list[str] = field(default_factory=list)
    removed: int = 0
    refused: str = ""
    without_file: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    audio_seconds: float = 0.0
    seconds: float = 0.0
    interrupted: bool = False
