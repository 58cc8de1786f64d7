"""The map of a collection: where each track lies in a plane, so that neighbours sound alike.

Coordinates are two columns of tracks that no filter names, ``map_x`` and ``map_y``; the rest is a document of the kind
``map``. A track without coordinates is not on the map yet.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
import pyarrow as pa

KIND = "map"  # of the document, and its id
COLUMNS = ("map_x", "map_y")
SCHEMA = pa.schema([(name, pa.float32()) for name in COLUMNS])


@dataclass(frozen=True, slots=True)
class Label:
    """A dense region: what it is called, by the tags that stand out there, its middle, and how many tracks it has."""

    text: str
    x: float
    y: float
    n_tracks: int


@dataclass(frozen=True)
class Map:
    """A map.

    Attributes
    ----------
    ids : of the tracks that are on it
    xy : float32 [n, 2], in units of their own; only who is near whom means something
    labels : of dense regions, the largest first
    version : changes with every coordinate and label
    model_id : of the embeddings
    kept : share of the ten nearest neighbours by embedding that are among the ten nearest on the map
    chance : what a random map would keep
    n_placed : tracks that came after it was made and were put beside those that sound like them
    n_missing : tracks of the catalogue that are not on it
    built_at : ISO 8601, UTC
    """

    ids: Sequence[str] = field(repr=False)
    xy: np.ndarray = field(repr=False)
    labels: tuple[Label, ...] = ()
    version: str = ""
    model_id: str = ""
    kept: float = 0.0
    chance: float = 0.0
    n_placed: int = 0
    n_missing: int = 0
    built_at: str = ""

    def __len__(self) -> int:
        """How many tracks are on it."""
        return len(self.ids)

    def to_dict(self) -> dict:
        """All but the tracks, for JSON."""
        return {
            "version": self.version, "model": self.model_id, "tracks": len(self), "placed": self.n_placed,
            "missing": self.n_missing, "kept": round(self.kept, 4), "chance": round(self.chance, 6),
            "built_at": self.built_at, "labels": [asdict(label) for label in self.labels],
        }  # fmt: skip

    def to_document(self) -> dict:
        """What the catalogue keeps beside the coordinates."""
        return {"name": KIND} | {name: value for name, value in self.to_dict().items() if name != "missing"}


def version_of(ids: Sequence[str], xy: np.ndarray, labels: Sequence[Label]) -> str:
    """Twelve hexadecimal digits that any change of coordinates or labels changes."""
    digest = hashlib.sha256("\n".join(ids).encode())
    digest.update(np.ascontiguousarray(xy, "<f4").tobytes())
    digest.update(repr(list(labels)).encode())
    return digest.hexdigest()[:12]


def map_of(document: Mapping, table: pa.Table) -> Map:
    """The map of its document and of the tracks' ids and coordinates, null where they are not on it."""
    there = table.filter(table[COLUMNS[0]].is_valid())
    xy = np.stack([there[name].to_numpy() for name in COLUMNS], axis=1).astype(np.float32)
    labels = tuple(Label(**one) for one in document["labels"])
    return Map(
        there["track_id"].to_pylist(), xy, labels, document["version"], document["model"], document["kept"],
        document["chance"], document["placed"], len(table) - len(there), document["built_at"],
    )  # fmt: skip
