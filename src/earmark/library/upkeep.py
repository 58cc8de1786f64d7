"""What keeps a catalogue whole: check, repair, copies."""

import os
from contextlib import nullcontext
from pathlib import Path

from earmark.catalogue import backup, check, repair
from earmark.catalogue.backup import BackupReport
from earmark.catalogue.check import CheckReport
from earmark.catalogue.checksums import bytes_of
from earmark.catalogue.lock import locked
from earmark.catalogue.repair import RepairReport
from earmark.catalogue.where import place_of_user
from earmark.errors import CatalogueError
from earmark.library.opened import Opened


class Upkeep(Opened):
    """Part of `earmark.Catalogue`: what keeps a catalogue whole: check, repair, copies."""

    def check(self) -> CheckReport:
        """Read everything, compare it with its checksums and itself; changes nothing and may run during a scan.

        Raises CatalogueError where there is no catalogue.

        Examples
        --------
        >>> catalogue.check().is_whole  # doctest: +SKIP
        True
        """
        return check.check(self.path)

    def repair(self) -> RepairReport:
        """Mend what is damaged: keep what is whole, rebuild the rest, and name what the next scan hears again.

        No correction is dropped. Raises CatalogueError where there is no catalogue, or a scan is at work.

        Examples
        --------
        >>> catalogue.repair().hear_again  # doctest: +SKIP
        []
        """
        check.expect_catalogue(self.path)
        self._opened = None
        with locked(self.path):
            report = repair.repair_tables(self.path)
            store = self._store()
            store.migrate()
            store.reconcile()
            if report.done:
                store.lay_corrections()
                store.renew_taught(lay=True)
            store.tidy()
            if report.done:
                store.sweep()
        return report

    def backup(self, target: str | os.PathLike) -> BackupReport:
        """Copy the catalogue into a new folder or a ``.tar``, consistent even during a scan, and verify the copy.

        Raises CatalogueError: the target exists, the catalogue is damaged, the disk refuses.

        Examples
        --------
        >>> catalogue.backup("/mnt/backup/music.tar").n_files  # doctest: +SKIP
        31
        """
        place = place_of_user(target)
        if not place.is_local:
            raise CatalogueError(place, "copies go to a disk of this machine", "Name a new folder, or a .tar file.")
        return backup.backup(self.path, Path(str(place)))

    def restore(self, source: str | os.PathLike, force: bool = False) -> BackupReport:
        """Make this catalogue of a copy that `backup` has made; the copy is verified first.

        force : replace a catalogue that is there

        Raises CatalogueError: the copy is damaged, or there is a catalogue.

        Examples
        --------
        >>> Catalogue("new.earmark").restore("/mnt/backup/music.tar")  # doctest: +SKIP
        """
        copy = place_of_user(source)
        if not copy.is_local:
            remedy = "Copy it here first, with `earmark catalogue backup` or the store's own tool."
            raise CatalogueError(copy, "copies come from a disk of this machine", remedy)
        self._opened = None
        with locked(self.path) if self.path.is_folder() or not self.path.is_local else nullcontext():
            return backup.restore(Path(str(copy)), self.path, force)

    def compact(self) -> tuple[int, int]:
        """Join small fragments, drop old versions and what killed scans left; returns bytes before and after.

        Raises CatalogueError, also while a scan is at work.

        Examples
        --------
        >>> before, after = catalogue.compact()  # doctest: +SKIP
        """
        store = self._store()
        with locked(self.path):
            before = bytes_of(self.path)
            store.refresh()
            store.tidy()
            store.sweep()
            return before, bytes_of(self.path)
