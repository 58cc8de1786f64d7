"""The tables of a catalogue, opened, and what is small enough to be remembered of them."""

import json
from functools import lru_cache

from earmark.audio.earprint import earprint_name
from earmark.catalogue import map as mapping
from earmark.catalogue import own
from earmark.catalogue.documents import Document, read_documents
from earmark.catalogue.map import Map
from earmark.catalogue.migrations import version_of
from earmark.catalogue.place import Place
from earmark.catalogue.places import EARPRINTS, check_place, has_table, look_over, table_path
from earmark.catalogue.tables import Table, decoded
from earmark.catalogue.track import ModelRef
from earmark.catalogue.where import Where, place_of
from earmark.errors import CatalogueError
from earmark.tagger.tagset import Tagset
from earmark.teaching.taught import Taught


class Opened:
    """Opens a catalogue folder.

    Raises
    ------
    CatalogueError : there is no catalogue, it was made by a newer earmark, or it cannot be read
    """

    def __init__(self, path: Where) -> None:
        self.path = place_of(path)
        check_place(self.path)
        self._files = Table(table_path(self.path, "files"))
        version_of(self._files)
        self._tracks = self._open("tracks")
        self._corrections = self._open("corrections")
        self._documents = self._open("documents")
        self._steps = self._open("steps")
        self._hiding: tuple[int, bool] | None = None  # version of the table of tracks, `_hides_some`
        self._corrected: tuple[int, dict] | None = None  # version of the table of corrections, all of them
        self._taught: tuple[int, dict[str, Taught]] | None = None  # version of the table, `taught`
        look_over(self.path, self._tables().values())

    def _tables(self) -> dict[str, Table]:
        """Those that are there, by name."""
        named = {
            "files": self._files,
            "tracks": self._tracks,
            "corrections": self._corrections,
            "documents": self._documents,
            "steps": self._steps,
        }
        return {name: table for name, table in named.items() if table is not None}

    def _open(self, table: str) -> Table | None:
        return Table(table_path(self.path, table)) if has_table(self.path, table) else None

    def refresh(self) -> None:
        """See what other processes have written since."""
        for table in self._tables().values():
            table.refresh()
        for name in ("tracks", "corrections", "documents", "steps"):
            if getattr(self, f"_{name}") is None:
                setattr(self, f"_{name}", self._open(name))

    def model(self) -> ModelRef | None:
        """The model of the last scan; None while nothing was scanned."""
        note = self._files.metadata.get("model")
        if note is None:
            return None
        with decoded(self._files.path):
            return _model_of(note)

    def scanned_model(self) -> ModelRef:
        """The model of the last scan; raises CatalogueError while nothing was scanned."""
        found = self.model()
        if found is None:
            raise CatalogueError(self.path, "nothing was scanned into it yet", "Run `earmark scan` first.")
        return found

    def roots(self) -> list[str]:
        """The folders that were scanned into it."""
        with decoded(self._files.path):
            return [str(root) for root in json.loads(self._files.metadata.get("roots", "[]"))]

    def documents(self, kind: str) -> dict[str, Document]:
        """Id -> what users made of one kind, by name; a copy."""
        return read_documents(self._documents, kind)

    def corrections(self, track_ids: list[str]) -> dict[str, dict[str, str]]:
        """track_id -> field -> the user's value, of those tracks that have any."""
        every = self._all_corrections()
        return {track_id: dict(every[track_id]) for track_id in track_ids if track_id in every}

    def _all_corrections(self) -> dict[str, dict[str, str]]:
        """As `corrections`: people make few, so that all are kept at hand while their table has one version."""
        if self._corrections is None:
            return {}
        if self._corrected is None or self._corrected[0] != self._corrections.version:
            found: dict[str, dict[str, str]] = {}
            for row in self._corrections.read(["track_id", "field", "value"]).to_pylist():
                found.setdefault(row["track_id"], {})[row["field"]] = row["value"]
            self._corrected = self._corrections.version, found
        return self._corrected[1]

    def taught(self) -> dict[str, Taught]:
        """Name -> what the user has taught: tags of their own, and groups of them."""
        if self._documents is None:
            return {}
        if self._taught is None or self._taught[0] != self._documents.version:
            self._taught = self._documents.version, self._read_taught(self.documents(own.KIND))
        return self._taught[1]

    def _read_taught(self, documents: dict[str, Document]) -> dict[str, Taught]:
        with decoded(table_path(self.path, "documents")):
            return {name: Taught.from_dict(values) for name, values in documents.items()}

    def map(self) -> Map | None:
        """The map as it was last kept; None where there is none."""
        document = self.documents(mapping.KIND).get(mapping.KIND)
        if document is None or self._tracks is None or mapping.COLUMNS[0] not in self._tracks.schema.names:
            return None
        table = self._tracks.read(["track_id", *mapping.COLUMNS], self._sql(None))
        with decoded(table_path(self.path, "documents")):
            return mapping.map_of(document, table)

    @property
    def earprints(self) -> Place:
        """The folder of the earprints that are kept; it may not be there."""
        return self.path / EARPRINTS

    def earprint_path(self, track_id: str) -> Place:
        """Where a track's earprint lies, if it is kept; raises AudioError for what is no id of a track."""
        return self.earprints / earprint_name(track_id)


@lru_cache(maxsize=4)
def _model_of(note: str) -> ModelRef:
    values = json.loads(note)
    return ModelRef(values["name"], values["id"], values["version"], Tagset.from_dict(values["tagset"]))
