"""Requests to addresses that a user has given, which must not lead into the network of the server.

A name is resolved once and the connection goes to that address, so that a name cannot point elsewhere by the time it is
used. Addresses of this machine and of private networks are refused unless the server was started with their name;
nothing is followed to another place, and no proxy of the environment is asked.
"""

import http.client
import socket
import ssl
import time
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from earmark.errors import ConfigError, printable
from earmark.network import Resolve, is_ip, is_public, resolve

MOST_ADDRESS = 2048  # characters
SECONDS = 15.0  # for a whole request
PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back: the status of HTTP, and its `Retry-After` in seconds where it has one."""

    status: int
    retry_after: float | None = None


class Outside:
    """Sends requests to where they may go.

    Parameters
    ----------
    allowed : names and addresses that may lie in this machine or a private network
    resolve : name -> addresses
    option : of `earmark serve`, by which more are allowed
    """

    def __init__(self, allowed: Iterable[str] = (), resolve: Resolve = resolve, option: str = "--webhook-host") -> None:
        self._allowed = frozenset(name.lower().rstrip(".").strip("[]") for name in allowed)
        self._resolve, self._option = resolve, option

    def allows(self, host: str) -> bool:
        """Whether a host may lie in this machine or a private network."""
        return host.lower().rstrip(".") in self._allowed

    def check(self, url: str) -> SplitResult:
        """The parts of an address that may be asked; raises ConfigError. Names are not resolved yet."""
        shown = printable(url[:MOST_ADDRESS])
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise ConfigError(shown, "no address of the web", "Give one such as https://example.org/hook.") from error
        plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= MOST_ADDRESS
        whole = parts.scheme in PORTS and parts.hostname and port != 0 and not parts.fragment
        if not (plain and whole) or parts.username is not None:
            raise ConfigError(shown, "no address of the web", "Give one such as https://example.org/hook.")
        if is_ip(parts.hostname):
            self._expect_public(parts.hostname, parts.hostname)
        return parts

    def post(self, url: str, body: bytes, headers: dict[str, str]) -> Reply:
        """Send a body; a redirection is an answer like any other.

        Raises
        ------
        ConfigError : the address may not be asked
        OSError : it cannot be reached in time, or does not speak HTTP
        """
        parts, until = self.check(url), time.monotonic() + SECONDS
        port = parts.port or PORTS[parts.scheme]
        address = self._address_of(parts.hostname, port)
        with socket.create_connection((address, port), timeout=SECONDS) as plain:
            connection = http.client.HTTPConnection(parts.hostname, port)
            with _secured(plain, parts) as connection.sock:
                connection.sock.settimeout(max(0.1, until - time.monotonic()))
                try:
                    connection.request("POST", parts._replace(scheme="", netloc="").geturl() or "/", body, headers)
                    return _reply(connection)
                except http.client.HTTPException as error:
                    raise OSError(f"no HTTP ({type(error).__name__})") from error

    def _address_of(self, host: str, port: int) -> str:
        """The one address of a name that is connected to: where any of them is private, the name is refused."""
        found = self._resolve(host, port)
        for address in found:
            self._expect_public(address, host)
        if not found:
            raise OSError("the name has no address")
        return found[0]

    def _expect_public(self, address: str, host: str) -> None:
        if not self.allows(host) and not is_public(address):
            remedy = f"To allow it, start the server with `{self._option} NAME`."
            raise ConfigError(printable(host), "lies in this machine or a private network", remedy)


def _secured(plain: socket.socket, parts: SplitResult) -> socket.socket:
    if parts.scheme == "http":
        return plain
    return ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname)


def _reply(connection: http.client.HTTPConnection) -> Reply:
    """Its status; the body is of no interest."""
    answer = connection.getresponse()
    after = answer.headers.get("Retry-After", "")
    return Reply(answer.status, float(after) if after.isdigit() and len(after) < 7 else None)
