"""Questions to a server over HTTP, and what goes wrong with them as one clear error."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from earmark.errors import FileError, MissingPackage
from earmark.network import is_public, resolve

TIMEOUT = 30.0  # seconds without a word
LONGEST = 300.0  # seconds for a whole answer
LARGEST = 64 * 2**20  # bytes of an answer
INSIDE = "Add it on this machine, with `earmark servers add`, or let `earmark serve --media-host NAME` allow it."
REFUSED = {
    401: ("refuses the key, or the name and password", "Add the server again, with others."),
    403: ("does not let this user do that", "Use the key of a user who may, such as an administrator."),
    404: ("has nothing at this address", "Check the address: it is that of the server's own page."),
}


@contextmanager
def understood(base: str, kind: str) -> Iterator[None]:
    """Let an answer of another form than the documented one be a FileError."""
    try:
        yield
    except (KeyError, TypeError, AttributeError, IndexError, ValueError):
        raise FileError(base, f"does not speak the API of {kind}", "Check the address and the kind.") from None


class Web:
    """Questions to one server.

    Parameters
    ----------
    base : its address
    headers, parameters : that go with every question
    public : refuse an address in this machine or a private network, by whatever name

    Raises
    ------
    MissingPackage : httpx is not installed
    """

    def __init__(
        self,
        base: str,
        headers: dict[str, str] | None = None,
        parameters: dict[str, str] | None = None,
        public: bool = False,
    ) -> None:
        try:
            import httpx
        except ModuleNotFoundError:
            raise MissingPackage("httpx", "is not installed", "Run `pip install earmark[servers]`.") from None
        self.base, self._httpx, self._parameters = base.rstrip("/"), httpx, parameters or {}
        hooks = {"request": [self._pin]} if public else {}
        self._client = httpx.Client(
            headers=headers, timeout=TIMEOUT, follow_redirects=False, trust_env=False, event_hooks=hooks
        )

    def ask(self, method: str, path: str, parameters: Any = (), form: Any = None, body: Any = None) -> Any:
        """The JSON of an answer; None where it is empty.

        Raises FileError: no connection, a status of failure, or no JSON. No secret is in its text.
        """
        pairs = [*self._parameters.items(), *(parameters.items() if isinstance(parameters, dict) else parameters)]
        where, data = (None, [*pairs, *form]) if form is not None else (pairs, None)
        try:
            with self._sent(method, path, where, data, body) as answer:
                if answer.is_error or answer.is_redirect:
                    unknown = (f"answers {answer.status_code}", "Look into its log.")
                    raise FileError(self.base, *REFUSED.get(answer.status_code, unknown))
                content = self._content(answer)
        except (self._httpx.HTTPError, self._httpx.InvalidURL) as error:
            problem = f"does not answer ({type(error).__name__})"
            raise FileError(self.base, problem, "Check the address, and that the server runs.") from None
        return self._json(content) if content else None

    def _sent(self, method: str, path: str, where: Any, data: Any, body: Any) -> Any:
        if data is not None:  # httpx takes a name several times only in an encoded form
            content = str(self._httpx.QueryParams(data))
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            return self._client.stream(method, self.base + path, content=content, headers=headers)
        return self._client.stream(method, self.base + path, params=where, json=body)

    def _pin(self, request: Any) -> None:
        """Let a request go to the address that was looked at, so that its name cannot lead elsewhere a moment later."""
        host = request.url.host
        try:
            found = resolve(host, request.url.port)
        except OSError:
            found = []
        if not found:
            raise FileError(self.base, "has a name that nobody knows", "Check the address.")
        if not all(map(is_public, found)):
            raise FileError(self.base, "lies in this machine or a private network", INSIDE)
        request.url = request.url.copy_with(host=found[0])
        request.extensions = request.extensions | {"sni_hostname": host}  # whose certificate is asked for

    def _content(self, answer: Any) -> bytes:
        """What it sends, unpacked, within bounds of size and time."""
        content, until = bytearray(), time.monotonic() + LONGEST
        for piece in answer.iter_bytes():
            content += piece
            if len(content) > LARGEST:
                raise FileError(self.base, f"sends more than {LARGEST // 2**20} MB at once", "Check the address.")
            if time.monotonic() > until:
                raise FileError(self.base, f"takes more than {LONGEST:.0f} s for an answer", "Try again later.")
        return bytes(content)

    def _json(self, content: bytes) -> Any:
        try:
            return json.loads(content)
        except ValueError:
            raise FileError(self.base, "does not answer in JSON", "Check the address: is it this kind?") from None

    def close(self) -> None:
        """End its connections."""
        self._client.close()
