"""Questions to a server over HTTP, and what goes wrong with them as one clear error."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from earmark.errors import FileError, MissingPackage

TIMEOUT = 30.0  # seconds
LARGEST = 64 * 2**20  # bytes of an answer
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

    Raises
    ------
    MissingPackage : httpx is not installed
    """

    def __init__(self, base: str, headers: dict[str, str] | None = None, parameters: dict[str, str] | None = None):
        try:
            import httpx
        except ModuleNotFoundError:
            raise MissingPackage("httpx", "is not installed", "Run `pip install earmark[servers]`.") from None
        self.base, self._httpx, self._parameters = base.rstrip("/"), httpx, parameters or {}
        self._client = httpx.Client(headers=headers, timeout=TIMEOUT, follow_redirects=False, trust_env=False)

    def ask(self, method: str, path: str, parameters: Any = (), form: Any = None, body: Any = None) -> Any:
        """The JSON of an answer; None where it is empty.

        Raises FileError: no connection, a status of failure, or no JSON. No secret is in its text.
        """
        pairs = [*self._parameters.items(), *(parameters.items() if isinstance(parameters, dict) else parameters)]
        where, data = (None, [*pairs, *form]) if form is not None else (pairs, None)
        try:
            answer = self._send(method, path, where, data, body)
        except self._httpx.HTTPError as error:
            problem = f"does not answer ({type(error).__name__})"
            raise FileError(self.base, problem, "Check the address, and that the server runs.") from None
        if answer.is_error or answer.is_redirect:
            problem, remedy = REFUSED.get(answer.status_code, (f"answers {answer.status_code}", "Look into its log."))
            raise FileError(self.base, problem, remedy)
        return self._json(answer) if answer.content else None

    def _send(self, method: str, path: str, where: Any, data: Any, body: Any) -> Any:
        if data is not None:  # httpx takes a name several times only in an encoded form
            content = str(self._httpx.QueryParams(data))
            headers = {"Content-Type": "application/x-www-form-urlencoded"}
            return self._client.request(method, self.base + path, content=content, headers=headers)
        return self._client.request(method, self.base + path, params=where, json=body)

    def _json(self, answer: Any) -> Any:
        if len(answer.content) > LARGEST:
            raise FileError(self.base, f"sends more than {LARGEST // 2**20} MB at once", "Check the address.")
        try:
            return answer.json()
        except ValueError:
            raise FileError(self.base, "does not answer in JSON", "Check the address: is it this kind?") from None

    def close(self) -> None:
        """End its connections."""
        self._client.close()
