"""What leaves for other programs: tags in files, exports."""

import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from earmark import settings
from earmark.catalogue.filters import Filter
from earmark.errors import NotFound
from earmark.interop import apply, export, journal, profile
from earmark.interop.apply import TagReport
from earmark.interop.chosen import chosen
from earmark.interop.jams import to_jams
from earmark.interop.plan import Plan, make_plan, read_plan
from earmark.library.tracks import Tracks
from earmark.progress import Progress, silent


class TagFiles(Tracks):
    """Part of `earmark.Catalogue`: what leaves for other programs: tags in files, exports."""

    def export(
        self,
        path: str | os.PathLike,
        form: str = "csv",
        where: str | Filter | None = None,
        progress: Progress = silent,
        fields: Sequence[str] = (),
    ) -> int:
        """Write all tracks that fit into a file: ``csv``, ``jsonl``, ``parquet``, ``xlsx``, or a folder of ``jams``.

        Returns how many.

        Parameters
        ----------
        fields : columns of csv, parquet and xlsx, see `fields`; all of them by default

        Raises
        ------
        ConfigError : no such format, or fields in one that has no columns
        FileError : the place cannot be written to
        MissingPackage : the extra ``earmark[xlsx]`` is not installed
        QueryError, CatalogueError

        Examples
        --------
        >>> catalogue.export("music.csv", where="year < 1970")  # doctest: +SKIP
        12
        """
        store = self._store()
        return export.export(store, path, form, store.filter(where), progress, fields)

    def jams(self, track: str | os.PathLike) -> dict:
        """One track (id, path, title) as the JSON object of a JAMS file, 0.3; raises NotFound.

        Examples
        --------
        >>> [x["namespace"] for x in catalogue.jams("Three and Two")["annotations"]][:2]  # doctest: +SKIP
        ['tempo', 'beat']
        """
        return to_jams(self._store().meant(track, False))

    def plan_tags(
        self,
        words: str = "",
        where: str | Filter | None = None,
        to: str | profile.Profile = "navidrome",
        mode: str = "fill-empty",
        fields: Iterable[str] = (),
        notation: str | None = None,
        gates: Mapping[str, float] | None = None,
        progress: Progress = silent,
        tracks: Sequence[str] | None = None,
        within_roots: bool = False,
    ) -> Plan:
        """What would be written into the files of all tracks that fit; nothing is changed.

        Parameters
        ----------
        to : a profile: its name, a TOML file, or a `earmark.interop.profile.Profile`
        mode : ``fill-empty``, ``add`` or ``replace``, see `earmark.interop.plan.make_plan`
        fields, notation, gates : in place of the profile's
        tracks : ids of tracks, in place of words and a filter
        within_roots : refuse files that lie outside of the folders that were scanned, as behind a link

        Raises
        ------
        ConfigError : no such profile, mode, field, notation or gate
        QueryError, CatalogueError
        NotFound : no track has one of these ids
        MissingPackage : the extra ``earmark[tag]`` is not installed

        Examples
        --------
        >>> plan = catalogue.plan_tags(where="genre = 'jazz'", to="beets")  # doctest: +SKIP
        >>> plan.write("plan.json")  # doctest: +SKIP
        """
        store = self._store()
        known = profile.load_profile(to) if isinstance(to, str) else to
        wanted = profile.adjusted(known, fields, notation, gates)
        found = chosen(store, words, store.filter(where)) if tracks is None else store.tracks(tracks)
        return make_plan(found, wanted, mode, progress, store.roots() if within_roots else None)

    def apply_tags(
        self,
        plan: Plan | str | os.PathLike,
        keep_times: bool = False,
        progress: Progress = silent,
        skip: Collection[str] = (),
        within_roots: bool = False,
    ) -> TagReport:
        """Write the tags of a plan, or of its file; what cannot be written is in the report. May be run again.

        Parameters
        ----------
        keep_times : leave every file's time of change as it was
        skip : paths of the plan that are left out
        within_roots : refuse files that lie outside of the folders that were scanned, as behind a link

        Raises
        ------
        CatalogueError : tags are being written already, or the journal cannot be used
        FileError : there is no such plan
        MissingPackage : the extra ``earmark[tag]`` is not installed

        Examples
        --------
        >>> report = catalogue.apply_tags("plan.json")  # doctest: +SKIP
        >>> len(report.written), report.refused  # doctest: +SKIP
        (12, [])
        """
        found = plan if isinstance(plan, Plan) else read_plan(plan)
        roots = self.roots() if within_roots else None
        with journal.open_journal(self._journal_of()) as notes:
            return apply.apply_plan(found, notes, keep_times, progress, skip, roots)

    def undo_tags(self, run: str | None = None, progress: Progress = silent) -> TagReport:
        """Bring the files of a plan back to the bytes that they had; files that were changed since are refused.

        run : the id of the plan; by default the last that was applied

        Raises
        ------
        NotFound : nothing was written by that plan, or it was undone before
        CatalogueError : tags are being written, or the journal cannot be used

        Examples
        --------
        >>> catalogue.undo_tags().written  # doctest: +SKIP
        ['/music/song.flac']
        """
        with journal.open_journal(self._journal_of()) as notes:
            runs = notes.runs()
            if not runs or run not in (None, *runs):
                remedy = f"There are: {', '.join(runs)}." if runs else "Write some with `earmark tags apply`."
                raise NotFound(run or self.path, "no tags to be undone", remedy)
            return apply.undo_run(run or runs[-1], notes, progress)

    def tags_written(self) -> dict[str, int]:
        """Id of a plan -> how many files it has changed that were not changed back; raises CatalogueError.

        Examples
        --------
        >>> catalogue.tags_written()  # doctest: +SKIP
        {'5f1d0c7a9e21': 12}
        """
        return journal.written_by(self._journal_of())

    def _journal_of(self) -> Path:
        """What the journal lies beside: for an object store a folder of this machine, whose files were written."""
        if self.path.is_local:
            return Path(str(self.path))
        folder = settings.JOURNALS.path()
        folder.mkdir(parents=True, exist_ok=True)
        return folder / quote(str(self.path), safe="")
