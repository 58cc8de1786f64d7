"""How Ray is started here, or found: on loopback, with a token, without a dashboard, and telling nobody.

Whoever reaches the ports of a Ray cluster and has its token runs any code on it. A Ray that is started here therefore
listens on 127.0.0.1 alone and has a token of its own, which lives as long as it does; of a cluster that was started by
others, its token is asked for. Variables are set before Ray is imported, since it reads them once.

Source of the variables: Ray's pages on token authentication and usage statistics, and `ray_constants.py` of Ray 2.60.
"""

import logging
import os
import secrets
import shutil
import tempfile
import warnings
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

from earmark.errors import ConfigError, MissingPackage, one_line

SILENT = {"RAY_USAGE_STATS_ENABLED": "0", "RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0"}
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""Ray then takes 127.0.0.1 for its address as it does on Windows and macOS; else it replaces it by that of the network
and listens on all interfaces, even where `ray.init` is given `_node_ip_address="127.0.0.1"`."""
MODE, TOKEN, TOKEN_PATH = "RAY_AUTH_MODE", "RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH"
DEFAULT_TOKEN = Path("~/.ray/auth_token")
GIVE_TOKEN = f"Give it in {TOKEN} or {TOKEN_PATH}, or put it into {DEFAULT_TOKEN}."
TRIES = 3  # to reach a cluster; Ray's own 20 take four minutes
OBJECTS = 200_000_000  # bytes of shared memory for results on their way; each has some 100 kB
INSTALL = "Install it with `pip install 'earmark[cluster]'`."


class RaySession:
    """A connection to Ray; `close` ends it, and the Ray that was started for it.

    Parameters
    ----------
    address : of a running cluster, ``auto`` for one that runs on this machine; None starts one here
    cores : of this machine, for a Ray that is started here

    Attributes
    ----------
    ray : the module

    Raises
    ------
    MissingPackage : Ray is not installed
    ConfigError : there is no cluster at the address, or no token for it
    """

    def __init__(self, address: str | None, cores: int) -> None:
        self._folder: Path | None = None
        self._ours = False
        self._before = {name: os.environ.get(name) for name in (*SILENT, *LOOPBACK, MODE, TOKEN)}
        try:
            os.environ.update(_environment(address, os.environ))
            self.ray = _imported()
            self._ours = not self.ray.is_initialized()
            if self._ours:
                _read_again(alone=_is_here(address))
                self._start(cores) if address is None else self._connect(address)
        except BaseException:
            self.close()
            raise

    def _start(self, cores: int) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="earmark-ray-"))  # mode 0700; Ray's own would be open to all
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "lance is not fork-safe")  # what Ray forks is another program at once
            self.ray.init(
                num_cpus=cores,
                include_dashboard=False,
                object_store_memory=OBJECTS,
                _temp_dir=str(self._folder),
                _node_ip_address="127.0.0.1",
                **_quiet(),
            )
        if not self.ray.get_runtime_context().gcs_address.startswith("127.0.0.1:"):  # another release of Ray, perhaps
            raise ConfigError("--engine ray", "Ray would listen beyond this machine", "Use Ray 2.52 to 2.60.")

    def _connect(self, address: str) -> None:
        try:
            self.ray.init(address=address, **_quiet())
        except (self.ray.exceptions.RayError, ConnectionError, RuntimeError, ValueError) as error:
            if "AuthenticationError" in f"{type(error).__name__} {error}":
                raise ConfigError("--address", "the cluster asks for another token", GIVE_TOKEN) from error
            problem = f"no Ray cluster at {address}, or one with another token ({one_line(error)})"
            remedy = "Start one with `ray start`, see docs/cluster.md, or leave out --address."
            raise ConfigError("--address", problem, remedy) from error

    def close(self) -> None:
        """End the connection; what was started is stopped, and its folder removed."""
        if self._ours and self.ray.is_initialized():
            self.ray.shutdown()
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
        for name, value in self._before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _environment(address: str | None, given: Mapping[str, str]) -> dict[str, str]:
    """The variables that Ray is to find. A token of one's own goes before one that is made here.

    Raises ConfigError where a cluster is named and there is no token for it.
    """
    if address is None:
        token = given.get(TOKEN) or secrets.token_hex(32)
        return SILENT | LOOPBACK | {MODE: "token", TOKEN: token}
    mode = given.get(MODE, "token")
    has_token = given.get(TOKEN) or given.get(TOKEN_PATH) or DEFAULT_TOKEN.expanduser().is_file()
    if mode == "token" and not has_token:
        raise ConfigError("--address", "there is no token for the cluster", GIVE_TOKEN)
    return SILENT | (LOOPBACK if _is_here(address) else {}) | {MODE: mode}


def _is_here(address: str | None) -> bool:
    """Whether Ray is to keep to loopback."""
    return address is None or address.startswith(("127.0.0.1:", "localhost:"))


def _read_again(alone: bool) -> None:
    """Have a Ray that was imported before, by whomever, read its variables now: it keeps what it read at import."""
    from ray._private import ray_constants
    from ray._raylet import AuthenticationTokenLoader, Config

    Config.initialize("")
    AuthenticationTokenLoader.instance().reset_cache()
    ray_constants.ENABLE_RAY_CLUSTER, ray_constants.NUM_REDIS_GET_RETRIES = not alone, TRIES


def _quiet() -> dict:
    return {"log_to_driver": False, "logging_level": logging.ERROR, "configure_logging": False}


def _imported() -> ModuleType:
    try:
        import ray
    except ImportError:
        raise MissingPackage("ray", "`--engine ray` needs it", INSTALL) from None
    return ray
