"""What users make beside the tracks and want to keep: JSON objects by kind, such as ``playlist``, each with a name.

They are one table, mirrored as corrections are: a backup takes them along, a check reads them, a repair brings them
back, and no scan touches them.
"""

import json
from typing import Any

import pyarrow.compute as pc

from earmark.catalogue.tables import Table, decoded

Document = dict[str, Any]
"""A JSON object that has a ``name``."""


def read_documents(table: Table | None, kind: str) -> dict[str, Document]:
    """Id -> document, of one kind, by name; raises CatalogueError where one is no JSON object."""
    if table is None:
        return {}
    rows = table.read(where=pc.field("kind") == kind).to_pylist()
    with decoded(table.path):
        found = {row["key"].removeprefix(f"{kind} "): dict(json.loads(row["document"])) for row in rows}
        return dict(sorted(found.items(), key=lambda item: (item[1]["name"].casefold(), item[0])))


def write_documents(table: Table, kind: str, before: dict[str, Document], after: dict[str, Document]) -> bool:
    """Bring the table from one state of a kind to another; returns whether anything changed."""
    gone = [f"{kind} {i}" for i in before.keys() - after.keys()]
    changed = {i: document for i, document in after.items() if document != before.get(i)}
    if gone:
        table.delete_among("key", gone)
    if changed:
        table.upsert("key", [_row(kind, i, document) for i, document in changed.items()])
    return bool(gone or changed)


def _row(kind: str, document_id: str, document: Document) -> dict:
    text = json.dumps(document)  # plain ASCII: a title may hold what UTF-8 cannot
    return {"key": f"{kind} {document_id}", "kind": kind, "document": text}


def unreadable(table: Table | None) -> list[str]:
    """The keys of documents that are no JSON object with a name."""
    rows = [] if table is None else table.read(["key", "document"]).to_pylist()
    return sorted(row["key"] for row in rows if not _is_document(row["document"]))


def _is_document(text: str | None) -> bool:
    try:
        return isinstance(json.loads(text)["name"], str)
    except (ValueError, TypeError, KeyError):
        return False
