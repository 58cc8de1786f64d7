"""Binds the address, says where the server is, and runs it until it is told to end."""

import ipaddress
import logging
import os
import socket
from collections.abc import Callable, Iterable

import uvicorn

from earmark import heap
from earmark.errors import ConfigError
from earmark.server.app import make_app
from earmark.server.keys import KeyStore
from earmark.server.protocol import LARGEST_HEAD, Protocol
from earmark.server.routes.jobs import begin_watch
from earmark.server.shapes import ScanShape
from earmark.server.state import make_state, state_folder

BACKLOG = 2048
GRACE = 5  # seconds that open answers have at the end
KEY_REMEDY = "Make a key first: `earmark keys create --name NAME --scope read`."


def serve(
    catalogue: str | os.PathLike,
    host: str,
    port: int,
    hosts: Iterable[str],
    say: Callable[[str], None],
    webhook_hosts: Iterable[str] = (),
    with_opensubsonic: bool = False,
    watch: bool = False,
    writes_files: bool = False,
    media_hosts: Iterable[str] = (),
) -> None:
    """Serve a catalogue until Ctrl-C or SIGTERM; its jobs are interrupted then, and can be resumed.

    Parameters
    ----------
    port : 0 takes any that is free
    hosts : names that the server is reached by, beside addresses and ``localhost``
    webhook_hosts : names that webhooks may have in this machine or a private network
    with_opensubsonic : answer players that speak that API, too
    watch : keep the catalogue current, see `earmark.server.work.watch`; one that was paused stays so
    writes_files : let tags be written into files
    media_hosts : as `webhook_hosts`, of media servers
    say : prints a line for the user

    Raises
    ------
    ConfigError : the address cannot be had, or others could reach it and there is no key
    """
    local = is_loopback(host)
    if not local and not any(key.is_valid for key in KeyStore(state_folder(catalogue)).all().values()):
        raise ConfigError(host, "other machines can reach it, and there is no key that holds", KEY_REMEDY)
    heap.share_arenas()
    with _bound(host, port) as listener:
        port = listener.getsockname()[1]
        state = make_state(catalogue, port, local, webhook_hosts, writes_files, media_hosts)
        if watch:
            begin_watch(state, "session", ScanShape(watch=True), may_resume=False)
        shown = f"[{host}]" if ":" in host else host
        logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
        config = uvicorn.Config(
            make_app(state, hosts, with_opensubsonic), log_config=None, access_log=False, server_header=False,
            ws="none", timeout_graceful_shutdown=GRACE, lifespan="on", http=Protocol,
            h11_max_incomplete_event_size=LARGEST_HEAD,
        )  # fmt: skip
        say(f"http://{shown}:{port}/" + (f"enter?token={state.sessions.token}" if local else ""))
        uvicorn.Server(config).run([listener])


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _bound(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except (OSError, OverflowError) as error:
        problem = f"cannot be listened on ({getattr(error, 'strerror', None) or error})"
        raise ConfigError(f"{host}:{port}", problem, "Choose another `--host` or `--port`.") from error
    # Connections inherit it. Without, the second part of an answer waits 40 ms for word that the first has come.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener
