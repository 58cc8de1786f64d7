"""What helps to find a fault, without what is private: paths and names are hashed, with a key drawn anew each time.

The same path has the same hash all through one report, so that it can be followed; nobody can try out paths against it.
"""

import os
import re
import secrets
from collections import Counter
from hashlib import blake2b
from pathlib import Path

from earmark.catalogue.store import Store
from earmark.settings import FOLDERS

QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|(?:[A-Za-z]:)?[/\\]\S+")
KINDS = 50  # of failures that are listed, the most frequent first


def bug_report(found: dict, store: Store | None = None) -> dict:
    """The parts of a `diagnose` report, with paths hashed, and ``settings``, ``catalogue``.

    Parameters
    ----------
    found : what `earmark.engine.diagnosis.diagnose` returned
    store : of the catalogue that the fault is about; None leaves it out
    """
    key = secrets.token_bytes(16)
    hidden = {"system": {"executable"}, "model": {"path", "name"}}
    report = {part: _hidden(values, hidden.get(part, set()), key) for part, values in found.items()}
    report["settings"] = {
        folder.variable: hashed(os.environ[folder.variable], key)
        for folder in FOLDERS
        if os.environ.get(folder.variable)
    }
    report["catalogue"] = None if store is None else _catalogue(store, key)
    return report


def hashed(value: str, key: bytes) -> str:
    """Twelve digits in place of a text."""
    return f"hash:{blake2b(os.fsencode(value), key=key, digest_size=6).hexdigest()}"


def _hidden(values, names: set[str], key: bytes):
    if not names:
        return values
    return {name: hashed(str(value), key) if name in names else value for name, value in values.items()}


def _catalogue(store: Store, key: bytes) -> dict:
    model = store.model()
    return {
        "path": hashed(str(store.path), key),
        "place": "folder" if store.path.is_local else str(store.path).partition("://")[0],
        "tracks": len(store),
        "model": None if model is None else {"id": model.id, "version": model.version},
        "roots": [hashed(root, key) for root in store.roots()],
        "failures": _failures(store),
    }


def _failures(store: Store) -> list[dict]:
    kinds = Counter((Path(file.path).suffix.lower()[:8], QUOTED.sub("...", file.problem)) for file in store.failures())
    return [{"suffix": suffix, "problem": problem, "files": n} for (suffix, problem), n in kinds.most_common(KINDS)]
