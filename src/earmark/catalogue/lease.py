"""Leases: who may write to a catalogue in an object store, where no lock of an operating system reaches.

A lease is one small object. It is taken, renewed and given back by writes under the condition that it is still what was
read, so of two who want it one gets it. Its holder renews it, three times in the time that it is good for, from a
thread; one that was not renewed for that long is taken over. Ages are told by the store's clock and one's own, which
need not agree with anybody else's.

A holder that was held up (a machine that slept, a network that was gone) may not know that it has lost its lease. So
every write asks `expect_held` first. A write that was under way at that moment is refused by Lance, since whoever takes
a lease over writes a version of every table that goes with no older write (`earmark.catalogue.tables.Table.fence`).

Source: fencing as in Kleppmann, How to do distributed locking (2016).
"""

import getpass
import json
import os
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from earmark import settings
from earmark.catalogue.objects import REMEDY, Changed, ObjectPlace, Tagged
from earmark.catalogue.place import Place
from earmark.errors import CatalogueBusy, CatalogueError, printable

SUFFIX = ".lease"
RENEWALS = 3  # in the time that a lease is good for
SLACK = 1.0  # seconds more that it is left to its holder: the store tells time in whole seconds
LOOKS = 10  # at another's lease, in the time that it is good for
AGAIN = "What was done is kept: run the same command again."


@dataclass(frozen=True)
class Claim:
    """What a lease says.

    Attributes
    ----------
    owner : who has taken it, in words
    token : counts the takings of this lease
    mark : random, of this taking alone
    seconds : that it is good for without being renewed
    is_held : whether it was not given back
    """

    owner: str
    token: int
    mark: str
    seconds: float
    is_held: bool

    def to_bytes(self) -> bytes:
        """As it is stored; no two are alike, so that the tag of the object tells of every renewal."""
        renewed = datetime.now(UTC).isoformat(timespec="microseconds")
        return json.dumps(self.__dict__ | {"written": renewed}).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Claim | None":
        """None for what is no lease."""
        try:
            row = json.loads(data)
            seconds = min(max(float(row["seconds"]), 1.0), 3600.0)
            return cls(str(row["owner"])[:200], int(row["token"]), str(row["mark"]), seconds, bool(row["is_held"]))
        except (ValueError, KeyError, TypeError):
            return None


Tell = Callable[[str, float], None]
"""Told what is being waited for, and the share of the time that is over, 0..1."""
FREE = Claim("", 0, "", 1.0, False)


class Lease:
    """One lease that this process holds; made by `hold`."""

    def __init__(self, object_: ObjectPlace, claim: Claim, etag: str, good_until: float) -> None:
        self._object, self._claim, self._etag, self._good_until = object_, claim, etag, good_until
        self._turn, self._over, self.lost_to = threading.Lock(), threading.Event(), ""
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
        self._thread.start()

    def expect_held(self) -> None:
        """Raise CatalogueError where others may have it by now."""
        if not self.lost_to and time.monotonic() < self._good_until:
            return
        with suppress(CatalogueError):
            self._renew()
        if self.lost_to:
            problem = f"{self.lost_to} has gone on with it, since this process gave no sign of life for too long"
            raise CatalogueError(self._object.parent, problem, AGAIN)
        if time.monotonic() >= self._good_until:
            problem = "the right to write to it ran out, since the object store gives no answer"
            raise CatalogueError(self._object.parent, problem, f"{REMEDY} {AGAIN}")

    def give_back(self) -> None:
        """Let others have it at once; where the store cannot be asked, when its time is over."""
        self._over.set()
        free = Claim(self._claim.owner, self._claim.token, self._claim.mark, self._claim.seconds, False)
        with self._turn, suppress(CatalogueError, Changed):
            if not self.lost_to:
                self._object.replace(free.to_bytes(), self._etag)

    def _keep(self) -> None:
        while not self._over.wait(self._claim.seconds / RENEWALS):
            with suppress(CatalogueError):
                self._renew()
            if self.lost_to:
                return

    def _renew(self) -> None:
        with self._turn:
            if self._over.is_set() or self.lost_to:
                return
            try:
                self._write()
            except Changed:
                found = _read(self._object)
                claim = (found and Claim.from_bytes(found.data)) or FREE
                if claim.mark != self._claim.mark:
                    self.lost_to = claim.owner or "another process"
                    return
                self._etag = found.etag  # the answer to an earlier renewal was lost on its way
                with suppress(Changed):
                    self._write()

    def _write(self) -> None:
        now = time.monotonic()
        self._etag = self._object.replace(self._claim.to_bytes(), self._etag)
        self._good_until = now + self._claim.seconds


_held: dict[tuple[Place, str], tuple[Lease, int]] = {}  # what this process holds, and the thread that took it


def expect_held(catalogue: Place) -> None:
    """Raise CatalogueError where a lease of this process on a catalogue was lost; asked before every write."""
    for (place, _), (lease, _) in list(_held.items()):
        if place == catalogue:
            lease.expect_held()


@contextmanager
def hold(
    catalogue: ObjectPlace,
    name: str,
    taken: str,
    patience: float,
    took_over: Callable[[], None],
    tell: Tell = lambda what, share: None,
) -> Iterator[None]:
    """Hold a lease of a catalogue; the thread that holds it may hold it once more.

    Parameters
    ----------
    name : of the lease
    taken : what to say of another holder
    patience : seconds that another holder who is alive is waited for
    took_over : called, with the lease held, where the last holder did not give it back
    tell : told, while it shows no sign of life, whom this waits for and for which share of the time

    Raises
    ------
    CatalogueBusy : another process holds it
    CatalogueError : the object store refuses
    """
    key, me = (catalogue, name), threading.get_ident()
    if key in _held and _held[key][1] == me:
        yield
        return
    lease, is_orphan = _taken(catalogue / (name + SUFFIX), taken, patience, tell)
    _held[key] = lease, me
    try:
        if is_orphan:
            took_over()
        yield
    finally:
        del _held[key]
        lease.give_back()


def _taken(object_: ObjectPlace, taken: str, patience: float, tell: Tell) -> tuple[Lease, bool]:
    """The lease, and whether its last holder has not given it back."""
    began, watch = time.monotonic(), _Watch(object_)
    while True:
        found = _read(object_)
        claim = (found and Claim.from_bytes(found.data)) or FREE
        if not claim.is_held or watch.is_dead(found, claim):
            now = time.monotonic()
            mine = Claim(_me(), claim.token + 1, secrets.token_hex(8), settings.lease_seconds(), True)
            with suppress(Changed):
                etag = object_.replace(mine.to_bytes(), found.etag if found else None)
                return Lease(object_, mine, etag, now + mine.seconds), claim.is_held
        elif watch.is_alive and time.monotonic() - began >= patience:
            raise CatalogueBusy(object_.parent, f"{taken} ({claim.owner})", "Wait until it has finished.")
        else:
            tell(f"waiting for a sign of life of {printable(claim.owner)}", watch.share(claim))
        time.sleep(claim.seconds / LOOKS if claim.is_held else 0.1 + secrets.randbelow(200) / 1000)


class _Watch:
    """Tells a holder that is alive, whose lease changes, from one that is not."""

    def __init__(self, object_: ObjectPlace) -> None:
        self._object, self._etag, self._since, self.is_alive = object_, None, 0.0, False

    def is_dead(self, found: Tagged, claim: Claim) -> bool:
        """Whether the lease was not renewed in the time that it is good for."""
        if found.etag != self._etag:
            self.is_alive = self._etag is not None
            age = (self._clock() - found.modified).total_seconds() if self._etag is None else 0.0
            self._etag, self._since = found.etag, time.monotonic() - max(age, 0.0)
        return time.monotonic() - self._since > claim.seconds + SLACK

    def share(self, claim: Claim) -> float:
        """Of the time after which it counts as dead, 0..1."""
        return min((time.monotonic() - self._since) / (claim.seconds + SLACK), 1.0)

    def _clock(self) -> datetime:
        """What time it is for the store: that of an object which is written now."""
        sample = self._object.parent / f"{self._object.name}.clock-{secrets.token_hex(4)}"
        sample.write(b"")
        try:
            return sample.read_tagged().modified
        finally:
            sample.remove()


def _read(object_: ObjectPlace) -> Tagged | None:
    try:
        return object_.read_tagged()
    except FileNotFoundError:
        return None


def _me() -> str:
    try:
        name = getpass.getuser()
    except (KeyError, OSError, ImportError):
        name = "somebody"
    return f"{name} on {socket.gethostname()}, process {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
