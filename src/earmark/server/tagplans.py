"""Plans of tags as a server keeps them: made and done by jobs, looked at page by page, gone when somebody forgets them.

A folder a plan: ``plan.json`` is what `earmark tags apply` reads too, ``about.json`` its numbers, ``files.jsonl`` and
``refused.jsonl`` its rows, a line each, so that a page of a plan of 100,000 files is read without the others.
"""

import json
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from earmark.errors import NotFound, as_unicode
from earmark.files import whole_file
from earmark.library import Plan

ROWS = ("files", "refused")
NONE = "GET /api/v1/tag-plans lists those that there are."


class TagPlans:
    """All plans of one server.

    Parameters
    ----------
    folder : of the server's state
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "tag-plans"

    def keep(self, plan: Plan, asked: dict) -> dict:
        """Keep a plan and what it was asked with; returns its numbers. It is there whole or not at all."""
        about = {
            "id": plan.id, "made": plan.made, "profile": plan.profile, "mode": plan.mode, "asked": asked,
            "files": len(plan.files), "same": plan.n_same, "refused": len(plan.refused), "values": _values(plan),
        }  # fmt: skip
        folder = self._folder / plan.id
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        plan.write(folder / "plan.json")
        for name in ROWS:
            _write_lines(folder / f"{name}.jsonl", map(asdict, getattr(plan, name)))
        with whole_file(folder / "about.json") as draft:  # the last: without it there is no plan
            draft.write_text(json.dumps(about), encoding="utf-8")
        return about

    def all(self) -> list[dict]:
        """The numbers of every plan, by id."""
        found = (_read(path) for path in sorted(self._folder.glob("*/about.json")))
        return [about for about in found if about]

    def about(self, plan_id: str) -> dict:
        """The numbers of a plan; raises NotFound."""
        found = _read(self._folder / plan_id / "about.json")
        if found is None:
            raise NotFound(plan_id, "no such plan of tags", NONE)
        return found

    def path(self, plan_id: str) -> Path:
        """The file of a plan, for `earmark.library.Catalogue.apply_tags`; raises NotFound."""
        self.about(plan_id)
        return self._folder / plan_id / "plan.json"

    def page(self, plan_id: str, rows: str, start: int, limit: int) -> tuple[list[dict], int | None]:
        """Rows from a place in their file on, and the place of the next page; None at the end. Raises NotFound.

        rows : ``files`` that change, or ``refused`` ones
        """
        self.about(plan_id)
        with open(self._folder / plan_id / f"{rows}.jsonl", "rb") as file:
            file.seek(start)
            lines = [line for _, line in zip(range(limit), file, strict=False)]
            place = start + sum(map(len, lines))
            more = file.seek(0, 2) > place
        return [json.loads(line) for line in lines], place if more else None

    def drop(self, plan_id: str) -> None:
        """Forget a plan; raises NotFound. What was written can still be undone from the command line."""
        self.about(plan_id)
        (self._folder / plan_id / "about.json").unlink(missing_ok=True)
        shutil.rmtree(self._folder / plan_id, ignore_errors=True)


def _values(plan: Plan) -> dict[str, int]:
    """Field -> in how many files it would change."""
    return dict(Counter(name for file in plan.files for name in dict.fromkeys(change.field for change in file.changes)))


def _write_lines(path: Path, rows: Iterable[dict]) -> None:
    with open(path, "w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row | {"path": as_unicode(row["path"])}) + "\n")


def _read(path: Path) -> dict | None:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):  # forgotten in this moment, or not yet whole
        return None
