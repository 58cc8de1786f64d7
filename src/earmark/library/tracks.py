"""What a catalogue tells of its tracks, and what its user knows better."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa

from earmark.catalogue.corrections import NO, YES
from earmark.catalogue.files import FileState
from earmark.catalogue.filters import Filter
from earmark.catalogue.filters.expression import Kind
from earmark.catalogue.track import ModelRef, Track, Warned
from earmark.descriptors.tempo import TempoRange
from earmark.errors import QueryError
from earmark.explore import lyrics
from earmark.explore.lyrics import Lyrics
from earmark.library.opened import Opened
from earmark.library.sound import read_tempo_range


class Tracks(Opened):
    """Part of `earmark.Catalogue`: what a catalogue tells of its tracks, and what its user knows better."""

    def show(
        self, track: str | os.PathLike, curves: bool = False, tempo_range: str | TempoRange | None = None
    ) -> Track:
        """All that is known of one track (id, path, title); raises NotFound, and ConfigError for a range that is none.

        curves : read each tag over time too, for ``track.to_dict(curves=True)``
        tempo_range : show the octave of the tempo that lies in it, such as ``88:175``; what is kept has no range

        Examples
        --------
        >>> catalogue.show("Three and Two").descriptors["key"].label  # doctest: +SKIP
        'G minor'
        """
        shown = read_tempo_range(tempo_range)
        store = self._store()
        return store.meant(track, curves).with_tempo_in(shown)

    def shown(self, track_ids: Sequence[str]) -> list[Track]:
        """`show` of many tracks by their ids, in this order, read at once; raises NotFound.

        Examples
        --------
        >>> [track.title for track in catalogue.shown(["c00c9bc7bd3a6b1e0a55"])]  # doctest: +SKIP
        """
        return self._store().tracks(track_ids)

    def lyrics(self, track: str | os.PathLike) -> Lyrics:
        """The words of a song as its files bring them, and their language; raises NotFound where none does.

        Examples
        --------
        >>> catalogue.lyrics("Silent Night").language  # doctest: +SKIP
        'de'
        """
        return lyrics.read(self._store(), track)

    def embedding(self, track: str | os.PathLike) -> list[float]:
        """The vector of a track, [dim], to be compared within the model of the catalogue only; raises NotFound.

        Examples
        --------
        >>> len(catalogue.embedding("Three and Two"))  # doctest: +SKIP
        656
        """
        store = self._store()
        return store.embedding(store.resolve(track), store.scanned_model().id)

    def kept_earprint(self, track_id: str, into: Path | None = None) -> Path | None:
        """The earprint of a track, where the scan was told to keep it.

        into : a folder for a copy of what lies in an object store; by default one that goes with this object

        Examples
        --------
        >>> catalogue.kept_earprint("0123456789abcdef0123")  # doctest: +SKIP
        """
        path = self._store().earprint_path(track_id)
        if path.is_local:
            return Path(str(path)) if path.exists() else None
        if into is None:
            self._scratch = self._scratch or tempfile.TemporaryDirectory(prefix="earmark-")
            into = Path(self._scratch.name)
        return path.fetch(into / path.name)

    def tracks(self, where: str | Filter | None = None) -> pa.Table:
        """Every track that fits a filter, as an Arrow table: ``.to_pandas()`` makes a data frame of it.

        It has ``track_id``, ``paths``, ``title``, ``artist``, ``duration`` and a column for every filterable field.

        Examples
        --------
        >>> catalogue.tracks("duration > 300")["title"].to_pylist()  # doctest: +SKIP
        """
        return self._store().table(where)

    def columns(self, names: Sequence[str], where: str | Filter | None = None) -> pa.Table:
        """Only these columns of every track that fits; see `fields`. Raises QueryError.

        Examples
        --------
        >>> catalogue.columns(["track_id", "tempo"]).num_rows  # doctest: +SKIP
        1204
        """
        store = self._store()
        return store.columns(list(names), store.filter(where))

    def fields(self) -> dict[str, Kind]:
        """Column -> ``text``, ``number``, ``time``, ``flag`` or ``list``, of everything that can be filtered.

        Examples
        --------
        >>> catalogue.fields()["tempo"]  # doctest: +SKIP
        'number'
        """
        return self._store().kinds()

    def overview(self) -> dict:
        """How many tracks and hours, which model, which folders.

        Examples
        --------
        >>> catalogue.overview()["tracks"]  # doctest: +SKIP
        31
        """
        store, model = self._store(), self.model()
        seconds = store.columns(["duration"]) if len(store) else None
        return {
            "tracks": len(store),
            "hours": round(sum(seconds["duration"].to_pylist()) / 3600, 2) if seconds else 0.0,
            "model": {"name": model.name, "id": model.id, "version": model.version} if model else None,
            "roots": store.roots(),
        }

    def model(self) -> ModelRef | None:
        """The model of the last scan, with its tagset; None while nothing was scanned.

        Examples
        --------
        >>> catalogue.model().id  # doctest: +SKIP
        'earmark-starter'
        """
        return self._store().model()

    def versions(self) -> dict[str, str]:
        """Id -> version of the analysis, of every track: what tells whether one was heard again.

        Examples
        --------
        >>> catalogue.versions()["0123456789abcdef0123"]  # doctest: +SKIP
        'tags:earmark@7-default tempo:2'
        """
        store = self._store()
        found = store.columns(["track_id", "analysis_version"]) if len(store) else None
        return dict(zip(*(found[name].to_pylist() for name in found.column_names), strict=True)) if found else {}

    def roots(self) -> list[str]:
        """The folders that were scanned into it.

        Examples
        --------
        >>> catalogue.roots()  # doctest: +SKIP
        ['/home/me/Music']
        """
        return self._store().roots()

    def correct(
        self, track: str | os.PathLike, tags: Mapping[str, bool | None] | None = None, **values: str | float | None
    ) -> None:
        """Let your word on a track win over the estimate, now and in every later scan; None takes it back.

        tags : ``{"genre/jazz": True, "mood/sadness": False}``: it has this one and not that one
        values : ``tempo`` (BPM), ``key`` ('A minor', 'Am', '8A'), ``metre`` ('3/4')

        Raises
        ------
        NotFound : no such track
        QueryError : the field cannot be corrected, or not to that value

        Examples
        --------
        >>> catalogue.correct("Three and Two", tempo=84, key="Gm")  # doctest: +SKIP
        >>> catalogue.correct("Three and Two", tempo=None)  # the estimate again  # doctest: +SKIP
        >>> catalogue.correct("Three and Two", tags={"genre/jazz": True})  # doctest: +SKIP
        """
        store = self._store()
        track_id = store.resolve(track)
        told = {name: _answer(name, is_so) for name, is_so in (tags or {}).items()}
        for name, value in (values | told).items():
            store.correct(track_id, name, None if value is None else str(value))

    def uncorrect(self, track: str | os.PathLike) -> None:
        """Take back all corrections of a track; raises NotFound.

        Examples
        --------
        >>> catalogue.uncorrect("Three and Two")  # doctest: +SKIP
        """
        store = self._store()
        track_id = store.resolve(track)
        for name in store.corrections([track_id]).get(track_id, {}):
            store.correct(track_id, name, None)

    def failures(self) -> list[FileState]:
        """Every file that could not be analysed, with its problem and remedy.

        Examples
        --------
        >>> [(file.path, file.problem) for file in catalogue.failures()]  # doctest: +SKIP
        """
        return self._store().failures()

    def warnings(self) -> list[Warned]:
        """Every file that was heard, but not as it should be: cut off, damaged, with channels that cancel each other.

        Examples
        --------
        >>> [(file.path, file.warnings) for file in catalogue.warnings()]  # doctest: +SKIP
        """
        return self._store().warnings()


def _answer(tag: str, has: bool | None) -> str | None:
    if has is None:
        return None
    if not isinstance(has, bool):
        raise QueryError(f"{tag} = {has!r}", "a track has a tag or not", "give True or False, or None to take it back")
    return YES if has else NO
