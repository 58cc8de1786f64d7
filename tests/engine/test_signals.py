import os
import signal
import threading

import pytest

from earmark.engine.signals import ENDING, woken_by_signals

pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals")


@pytest.fixture(autouse=True)
def handlers():
    before = {number: signal.getsignal(number) for number in ENDING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", ENDING)
def test_the_first_signal_stops_and_the_second_does_what_it_always_did(number):
    stops, hard = [], []
    signal.signal(number, lambda *_: hard.append(number))
    with woken_by_signals(lambda: stops.append(number)):
        os.kill(os.getpid(), number)
        assert (stops, hard) == ([number], [])
        os.kill(os.getpid(), number)
        assert (stops, hard) == ([number], [number])


def test_all_is_as_before_after_the_block():
    before = [signal.getsignal(number) for number in ENDING]
    with woken_by_signals(lambda: None):
        assert [signal.getsignal(number) for number in ENDING] != before
    assert [signal.getsignal(number) for number in ENDING] == before


def test_what_nohup_ignores_stays_ignored():
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    with woken_by_signals(lambda: pytest.fail("a closed terminal is nothing to a scan under nohup")):
        os.kill(os.getpid(), signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN


def test_another_thread_takes_no_signals():
    before, seen = signal.getsignal(signal.SIGTERM), []

    def work():
        with woken_by_signals(lambda: None):
            seen.append(signal.getsignal(signal.SIGTERM))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [before]
