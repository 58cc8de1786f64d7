"""What every request passes before the API sees it: host, origin, size and identity; and the headers of every answer.

It stands around the whole application, so that no route can be without it.
"""

import asyncio
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from earmark.network import is_ip
from earmark.server.keys import KeyStore
from earmark.server.problems import Refused, problem_response
from earmark.server.sessions import Sessions
from earmark.server.signing import Signer

API = "/api/v1"
OPEN = frozenset({API, f"{API}/", f"{API}/health"})
"""What the API says to anyone: nothing private."""
UPLOADS = {f"{API}/analyses": 512 * 2**20, f"{API}/playlists:import": 16 * 2**20}
"""Where a body is a file: bytes of it at most,"""
MAX_BODY = 2**20  # and of any other request
MAX_DRAINED, DRAIN_SECONDS = 2**24, 5.0  # of a body that is refused
MAX_TARGET = 16_384  # bytes of path and query
SIGNED = ("read", "audio")
"""What a signed address is good for, at its one path."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self'; "
    "connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9_.-]+)(?::(\d{1,5}))?")


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks: a key's id or ``session``, and what they may do.

    at_console : let in by the token that this machine has shown to whoever started the server
    """

    name: str
    scopes: frozenset[str]
    at_console: bool = False

    def may(self, scope: str) -> bool:
        """Whether they may do what needs this scope; ``admin`` may do everything."""
        return scope in self.scopes or "admin" in self.scopes


class Guard:
    """An ASGI application around another one.

    Parameters
    ----------
    hosts : names, beside addresses and ``localhost``, that the server is reached by
    signer : of addresses that need no key
    quota : how many questions may wait at once, and how many more may now
    """

    def __init__(
        self,
        app: ASGIApp,
        keys: KeyStore,
        sessions: Sessions,
        hosts: Iterable[str] = (),
        signer: Signer | None = None,
        quota: Callable[[], tuple[int, int]] | None = None,
    ) -> None:
        self._app, self._keys, self._sessions, self._signer, self._quota = app, keys, sessions, signer, quota
        self._hosts = {name.lower().rstrip(".") for name in ("localhost", *hosts)}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        answer = _with_headers(send, self._rates(scope["path"]))
        try:
            limit = self._check(scope, headers)
        except Refused as refused:
            await _drain(receive)
            await problem_response(refused, scope["path"])(scope, receive, answer)
        else:
            await self._app(scope, _bounded(receive, limit), answer)

    def _check(self, scope: Scope, headers: Headers) -> int:
        """The most bytes that its body may have; raises Refused."""
        self._check_host(headers)
        self._check_origin(scope["method"], scope["path"], headers)
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > MAX_TARGET:
            raise Refused(414, "address", f"longer than {MAX_TARGET} bytes", "Send a POST with a body.")
        if scope["path"].startswith(API) and scope["path"] not in OPEN:
            scope["earmark.identity"] = self._signed(scope) or self._identify(headers)
        is_json = headers.get("content-type", "").lower().startswith("application/json")
        limit = MAX_BODY if is_json else UPLOADS.get(scope["path"], MAX_BODY)
        length = headers.get("content-length", "0")
        if length.isdigit() and int(length) > limit:
            raise Refused(413, "body", f"larger than {limit} bytes", "Send less.", {"Connection": "close"})
        return limit

    def _rates(self, path: str) -> dict[str, str]:
        """How much may be asked now, see draft-ietf-httpapi-ratelimit-headers."""
        if self._quota is None or not path.startswith(API) or path in OPEN:
            return {}
        most, left = self._quota()
        return {"RateLimit-Policy": f'"questions";q={most};w=1', "RateLimit": f'"questions";r={left};t=1'}

    # -- from where -----------------------------------------------------------------------------------------------

    def _check_host(self, headers: Headers) -> None:
        """A name that we do not go by is another site's whose name was pointed at us (DNS rebinding)."""
        hosts = headers.getlist("host")
        found = HOST.fullmatch(hosts[0]) if len(hosts) == 1 else None
        if found is None or not (found[1].lower().rstrip(".") in self._hosts or is_ip(found[1])):
            raise Refused(400, "Host", "not a name of this server", "Start it with `--allow-host NAME`.")

    def _check_origin(self, method: str, path: str, headers: Headers) -> None:
        """Pages of other sites may neither write nor load what is private, whatever cookies their visitor has."""
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "none")
        foreign = origin is not None and urlsplit(origin).netloc.lower() != headers["host"].lower()
        elsewhere = site not in ("none", "same-origin") and path.startswith(API)
        if (foreign and method not in SAFE) or elsewhere:
            problem = "a page of another site may not do this"
            raise Refused(403, "Origin", problem, "Call it from the server's own pages, or from a program.")

    # -- who ------------------------------------------------------------------------------------------------------

    def _signed(self, scope: Scope) -> Identity | None:
        """Who has signed the address: it lets whoever has it read this one path, while the signer's key holds."""
        if self._signer is None or scope["method"] not in ("GET", "HEAD"):
            return None
        owner = self._signer.owner(scope["path"], scope["query_string"].decode("latin-1"))
        key = self._keys.all().get(owner or "")
        holds = owner == "session" or (key is not None and key.is_valid)
        return Identity(owner, frozenset(SIGNED)) if owner and holds else None

    def _identify(self, headers: Headers) -> Identity:
        """A key goes before a cookie; raises Refused where there is neither."""
        given = headers.get("authorization")
        if given is not None:
            scheme, _, text = given.partition(" ")
            key = self._keys.find(text.strip()) if scheme.lower() == "bearer" else None
            if key is not None:
                return Identity(key.id, frozenset(key.scopes))
        elif (session := self._sessions.find(self.cookie(headers))) is not None:
            return Identity("session", frozenset(session.scopes), session.at_console)
        problem = "no key, or one that does not hold"
        remedy = "Send `Authorization: Bearer KEY`; `earmark keys create` makes one."
        raise Refused(401, "Authorization", problem, remedy, {"WWW-Authenticate": "Bearer"})

    def cookie(self, headers: Headers) -> str:
        """The value of our cookie, empty where there is none."""
        try:
            found = SimpleCookie(headers.get("cookie", "")).get(self._sessions.cookie)
        except CookieError:
            return ""
        return found.value if found else ""


def _bounded(receive: Receive, limit: int) -> Receive:
    """`receive` that raises as soon as a body is larger than it may be, also one that does not tell its length."""
    n_bytes = 0

    async def bounded() -> Message:
        nonlocal n_bytes
        message = await receive()
        n_bytes += len(message.get("body", b""))
        if n_bytes > limit:
            await _drain(receive, message)
            raise HTTPException(413, f"larger than {limit} bytes", {"Connection": "close"})
        return message

    return bounded


async def _drain(receive: Receive, message: Message | None = None) -> None:
    """Take what a client still sends, within bounds: most read no answer before they have sent everything."""
    left = MAX_DRAINED
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_SECONDS):
            while left > 0 and (message is None or message.get("more_body")):
                message = await receive()
                left -= len(message.get("body", b""))


def _with_headers(send: Send, more: dict[str, str]) -> Callable:
    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            for name, value in (HEADERS | more).items():
                headers.setdefault(name, value)
            headers.setdefault("Cache-Control", "private, no-cache")
        await send(message)

    return answer
