"""Leases in an object store: one holder at a time, told to others, renewed while held, else taken over and lost."""

import json
import threading
import time
from datetime import timedelta

import pytest

from bucket import SECONDS
from earmark.catalogue import lease
from earmark.catalogue.lease import Claim, expect_held, hold
from earmark.catalogue.objects import ObjectPlace
from earmark.catalogue.where import place_of
from earmark.errors import CatalogueBusy, CatalogueError


@pytest.fixture
def place(uri):
    return place_of(uri)


@pytest.fixture
def held(place):
    """Holds the lease "work" of the place, and notes when it was taken over."""
    taken_over = []

    told = []

    def take(patience: float = 0):
        tell = lambda what, share: told.append((what, share))  # noqa: E731
        return hold(place, "work", "it is taken", patience, lambda: taken_over.append(True), tell)

    take.over, take.told = taken_over, told
    return take


def in_another_thread(work):
    """What work raises there; threads of one process are as strange to one another as processes are."""
    found = []

    def run():
        try:
            work()
        except Exception as error:
            found.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    return found[0] if found else None


def enter(context):
    with context:
        pass


def leave_behind(place: ObjectPlace, seconds: float = SECONDS, owner: str = "me on old, process 7") -> str:
    """A lease as a process that was killed leaves it; returns its tag."""
    return (place / "work.lease").replace(Claim(owner, 7, "mark", seconds, True).to_bytes(), None)


def test_it_is_given_back_and_counted(place, held):
    for n in (1, 2, 3):
        with held():
            claim = Claim.from_bytes((place / "work.lease").read())
            assert (claim.token, claim.is_held) == (n, True)
        assert not Claim.from_bytes((place / "work.lease").read()).is_held
    assert not held.over


def test_another_is_told_who_holds_it(place, held):
    with held():
        error = in_another_thread(lambda: enter(held()))
    assert isinstance(error, CatalogueBusy)
    assert error.source == str(place)
    assert error.problem.startswith("it is taken (")
    assert "process" in error.problem


def test_the_thread_that_holds_it_may_hold_it_once_more(place, held):
    with held():
        with held():
            expect_held(place)
        assert Claim.from_bytes((place / "work.lease").read()).is_held


def test_it_outlives_its_seconds_while_it_is_held(place, held):
    with held():
        time.sleep(1.5 * SECONDS)
        expect_held(place)
        assert isinstance(in_another_thread(lambda: enter(held())), CatalogueBusy)


def test_with_patience_it_is_waited_for(held):
    order = []

    def second():
        with held(patience=30):
            order.append("second")

    with held():
        thread = threading.Thread(target=second)
        thread.start()
        time.sleep(0.5)
        order.append("first")
    thread.join(30)
    assert order == ["first", "second"]


def test_of_many_who_want_it_at_once_one_has_it_at_any_moment(held):
    inside, most = [], []

    def work():
        with held(patience=60):
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.02)
            inside.pop()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert most == [1, 1, 1, 1]


def test_what_a_killed_process_left_is_taken_over_when_its_time_is_over(place, held):
    leave_behind(place)
    began = time.monotonic()
    with held():
        assert time.monotonic() - began > SECONDS
        assert held.over == [True]
        assert Claim.from_bytes((place / "work.lease").read()).token == 8
    shares = [share for _, share in held.told]
    assert {what for what, _ in held.told} == {"waiting for a sign of life of me on old, process 7"}
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 0.6 < shares[-1] <= 1


def test_what_was_left_long_ago_is_taken_over_at_once(place, held, monkeypatch):
    leave_behind(place, seconds=20)
    clock = lease._Watch._clock
    monkeypatch.setattr(lease._Watch, "_clock", lambda watch: clock(watch) + timedelta(seconds=60))
    began = time.monotonic()
    with held():
        assert time.monotonic() - began < 10
    assert held.over == [True]


def test_noise_in_its_place_is_free(place, held):
    (place / "work.lease").write(b"nonsense")
    with held():
        assert Claim.from_bytes((place / "work.lease").read()).token == 1


def test_whoever_has_lost_it_is_stopped_before_the_next_write(place, held):
    with held():
        expect_held(place)
        found = (place / "work.lease").read_tagged()
        (place / "work.lease").replace(Claim("me on new", 9, "other", 30, True).to_bytes(), found.etag)
        time.sleep(SECONDS)
        with pytest.raises(CatalogueError, match="me on new has gone on with it") as caught:
            expect_held(place)
    assert caught.value.remedy == lease.AGAIN
    assert Claim.from_bytes((place / "work.lease").read()).mark == "other"  # nothing was given back for another
    expect_held(place)  # this process holds nothing any more


def test_a_process_that_slept_renews_before_it_writes(place, held, monkeypatch):
    monkeypatch.setattr(lease.Lease, "_keep", lambda self: None)
    with held():
        time.sleep(SECONDS + 0.2)
        before = (place / "work.lease").read_tagged().etag
        expect_held(place)
        assert (place / "work.lease").read_tagged().etag != before


def test_without_an_answer_of_the_store_nothing_is_written_after_its_time(place, held, monkeypatch):
    with held():

        def silent(*args):
            raise CatalogueError(place, "cannot be reached", "Wait.")

        with monkeypatch.context() as patch:
            patch.setattr(ObjectPlace, "replace", silent)
            expect_held(place)
            time.sleep(SECONDS + 0.2)
            with pytest.raises(CatalogueError, match="the right to write to it ran out"):
                expect_held(place)


def test_a_renewal_whose_answer_was_lost_is_no_loss(place, held):
    with held():
        mine = (place / "work.lease").read_tagged()
        (place / "work.lease").write(mine.data)  # another tag where tags count writes; here the content must differ
        row = json.loads(mine.data) | {"written": "later"}
        (place / "work.lease").write(json.dumps(row).encode())
        time.sleep(SECONDS)
        expect_held(place)  # raises nothing
        assert json.loads((place / "work.lease").read_tagged().data)["written"] != "later"


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"owner": 1, "token": "x"}', b"\xff"])
def test_what_is_no_claim(data):
    assert Claim.from_bytes(data) is None
