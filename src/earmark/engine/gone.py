"""The end of a scan: known paths that were not found are moved, deleted, or on a disk that is not mounted."""

import os
from collections.abc import Collection, Iterable, Set
from dataclasses import dataclass

from earmark.audio.addresses import STORES, is_address
from earmark.catalogue.store import Store
from earmark.engine.report import Prune, ScanReport
from earmark.errors import printable

MOST = 0.5  # of the files of a folder that may vanish at once


def is_below(path: str, roots: Iterable[str]) -> bool:
    """Whether a path is one of `roots` or lies in one of these folders."""
    return any(path == root or path.startswith(os.path.join(root, "")) for root in roots)


def why_not_to_prune(roots: Collection[str], known: Collection[str], missing: Collection[str]) -> str | None:
    """Why what is missing should not be dropped: a disk may not be mounted. None where it may be dropped.

    Parameters
    ----------
    roots : folders that were scanned, now or before
    known, missing : paths in the catalogue, and those of them that are no longer there
    """
    for root in sorted(roots):
        here, lost = (sum(is_below(path, [root]) for path in paths) for paths in (known, missing))
        if lost and not is_address(root) and not os.path.isdir(root):
            return f"the folder {printable(root)} is not there, with {lost} known files; is its disk mounted?"
        if lost > MOST * here:
            return f"{lost} of {here} known files in {printable(root)} are not there; is its disk mounted?"
    return None


@dataclass(frozen=True)
class Seen:
    """What a scan met.

    Attributes
    ----------
    roots : absolute folders and addresses that were scanned
    paths : found in them, readable or not
    unread : folders that could not be looked into; of what lies in them nothing is said
    arrived : tracks that were found at a new path
    passed : addresses of files that are there and were left out
    """

    roots: list[str]
    paths: Set[str]
    unread: Collection[str]
    arrived: Set[str]
    passed: Set[str] = frozenset()

    def is_there(self, path: str) -> bool:
        """Whether there is anything at a known path that was not found; an address that was not listed has nothing."""
        return path in self.passed if is_address(path) else os.path.lexists(path)

    def is_folder(self, root: str) -> bool:
        """Whether one of `roots` is a folder, and there."""
        if is_address(root):  # no server lists the folders of the web
            return root.split("://", 1)[0] in STORES and root not in self.paths
        return os.path.isdir(root)


def settle(store: Store, seen: Seen, prune: Prune, report: ScanReport) -> None:
    """Drop what is wrong by now, prune where that was asked for, and note in the report what is not there."""
    here = store.seen(seen.roots)
    report.failed = [state for state in store.failures() if state.path in seen.paths]
    unseen = sorted(path for path in here if path not in seen.paths and not is_below(path, seen.unread))
    gone = [path for path in unseen if not seen.is_there(path)]
    kept_out = set(unseen) - set(gone)
    report.gone = [path for path in gone if here[path].track_id not in seen.arrived]
    report.kept_out = sorted(path for path in kept_out if here[path].track_id)
    # What moved is known at its new path; a failure that is left out now is none, nor is a folder that can be read.
    store.forget(set(gone) - set(report.gone) | kept_out - set(report.kept_out))
    if prune and not report.interrupted:
        _prune(store, seen.roots, here, prune, report)
    known = store.roots()
    store.note_roots(root for root in filter(seen.is_folder, seen.roots) if _is_root(root, known))
    report.without_file = len(store.without_files())


def _is_root(root: str, known: Collection[str]) -> bool:
    """Whether a folder that was scanned stands for itself: none in a known one, unless it is another disk."""
    inside = is_below(root, [other for other in known if other != root])
    return not inside or os.path.ismount(root)


def _prune(store: Store, roots: list[str], here: Collection[str], prune: Prune, report: ScanReport) -> None:
    known_roots = {root for root in (*roots, *store.roots()) if is_below(root, roots)}
    report.refused = ("" if prune == "force" else why_not_to_prune(known_roots, here, report.gone)) or ""
    if report.refused:
        return
    store.forget(report.gone + report.kept_out)
    lost = store.without_files()
    store.drop(lost)
    report.removed = len(lost)
