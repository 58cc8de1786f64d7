"""Tags in the files of a server's machine: planned there, looked at here, written and taken back there."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from earmark.catalogue.filters import Filter
from earmark.client.remote import PAGE, Remote, where_of
from earmark.errors import NotFound
from earmark.interop.apply import TagReport
from earmark.interop.plan import Change, FilePlan, Plan, Refusal
from earmark.progress import Progress, silent


class RemoteTags(Remote):
    """The methods of `earmark.Catalogue` that are about tags in files."""

    def plan_tags(
        self,
        words: str = "",
        where: str | Filter | None = None,
        to: str = "navidrome",
        mode: str = "fill-empty",
        fields: Iterable[str] = (),
        notation: str | None = None,
        gates: Mapping[str, float] | None = None,
        progress: Progress = silent,
        tracks: Sequence[str] | None = None,
    ) -> Plan:
        """As `Catalogue.plan_tags`, with the profiles that come with earmark; the server keeps the plan.

        Examples
        --------
        >>> plan = catalogue.plan_tags(where="genre = 'jazz'", to="beets")  # doctest: +SKIP
        """
        asked = {"q": words, **where_of(where), "profile": to, "mode": mode, "fields": list(fields)}
        asked |= {"notation": notation, "gates": dict(gates or {}), "tracks": None if tracks is None else list(tracks)}
        job = self._server.finished(self._server.post("/tag-plans", asked), progress)
        path = f"/tag-plans/{job['result']['plan']}"
        return read_tag_plan(self._server.get(path), self._rows(path, "files"), self._rows(path, "refused"))

    def _rows(self, path: str, rows: str) -> Iterator[dict]:
        cursor: dict | None = {}
        while cursor is not None:
            told = self._server.get(path, rows=rows, limit=PAGE, **cursor)
            yield from told["items"]
            cursor = {"cursor": told["next"]} if told["next"] else None

    def apply_tags(
        self,
        plan: Plan | str,
        keep_times: bool = False,
        progress: Progress = silent,
        skip: Collection[str] = (),
    ) -> TagReport:
        """As `Catalogue.apply_tags`, of a plan that the server keeps, or its id; see ``earmark serve --write-files``.

        Examples
        --------
        >>> catalogue.apply_tags(plan).written  # doctest: +SKIP
        ['/music/song.flac']
        """
        plan_id = plan.id if isinstance(plan, Plan) else plan
        return self._done(plan_id, "apply", {"skip": list(skip), "keep_times": keep_times}, progress)

    def undo_tags(self, run: str | None = None, progress: Progress = silent) -> TagReport:
        """As `Catalogue.undo_tags`; by default of the newest plan of the server that has written something.

        Examples
        --------
        >>> catalogue.undo_tags().written  # doctest: +SKIP
        ['/music/song.flac']
        """
        if run is None:
            run = next((plan["id"] for plan in self._server.listed("/tag-plans") if plan["written"]), None)
        if run is None:
            raise NotFound(self._server.address, "no tags to be undone", "Write some with `apply_tags`.")
        return self._done(run, "undo", None, progress)

    def tags_written(self) -> dict[str, int]:
        """As `Catalogue.tags_written`, of the plans that the server keeps.

        Examples
        --------
        >>> catalogue.tags_written()  # doctest: +SKIP
        {'5f1d0c7a9e21': 12}
        """
        return {plan["id"]: plan["written"] for plan in self._server.listed("/tag-plans") if plan["written"]}

    def _done(self, plan_id: str, act: str, asked: dict | None, progress: Progress) -> TagReport:
        job = self._server.finished(self._server.post(f"/tag-plans/{plan_id}:{act}", asked), progress)
        return read_tag_report(self._server.get(f"/jobs/{job['id']}/result"))


def read_tag_plan(about: dict, files: Iterable[dict], refused: Iterable[dict]) -> Plan:
    """A plan of tags from its numbers and its rows."""
    numbers = (about[name] for name in ("id", "made", "profile", "mode"))
    return Plan(*numbers, tuple(map(_file_plan, files)), tuple(Refusal(**row) for row in refused), about["same"])


def _file_plan(told: dict) -> FilePlan:
    changes = (Change(x["field"], x["name"], tuple(x["old"]), tuple(x["new"])) for x in told["changes"])
    return FilePlan(**told | {"changes": tuple(changes)})


def read_tag_report(told: dict) -> TagReport:
    """What became of the files of a plan."""
    return TagReport(**told | {"refused": [Refusal(**row) for row in told["refused"]]})
