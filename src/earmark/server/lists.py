"""Lists that are read whole and told a page at a time: failures, playlists, jobs, keys."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from fastapi.responses import Response

from earmark.server.answers import answer, encode
from earmark.server.shapes import MOST_LISTED, Cursor, Limit
from earmark.server.state import State


@dataclass(frozen=True)
class Part:
    """Which part of a list is wanted: so many entries, after those that a cursor ends."""

    limit: int = MOST_LISTED
    cursor: str | None = None


async def _part(limit: Annotated[Limit, Query()] = MOST_LISTED, cursor: Cursor | None = None) -> Part:
    return Part(limit, cursor)


PartOf = Annotated[Part, Depends(_part)]
"""Arguments of a route: the page that is asked for."""


def paged(
    request: Request,
    state: State,
    part: Part,
    items: Iterable[Any],
    key: Callable[[Any], tuple],
    told: Callable[[Any], dict] = lambda item: item.to_dict(),
    headers: dict[str, str] | None = None,
) -> Response:
    """The page of a list, in the order of `key`; what comes or goes between two pages repeats and skips nothing.

    key : of an entry, as texts and numbers, no two alike
    """
    question = request.url.path
    after = tuple(state.cursors.read(question, part.cursor)) if part.cursor else None
    rest = sorted((item for item in items if after is None or key(item) > after), key=key)
    page = rest[: part.limit]
    cursor = state.cursors.write(question, key(page[-1])) if len(rest) > part.limit else None
    body = encode({"items": [told(item) for item in page], "next": cursor})
    return answer(request, body, headers=(headers or {}) | link_to(request, cursor))


def link_to(request: Request, cursor: str | None) -> dict[str, str]:
    """The header that leads to the next page, where there is one."""
    return {"Link": f'<{request.url.include_query_params(cursor=cursor)}>; rel="next"'} if cursor else {}
