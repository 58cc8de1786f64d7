"""A scan needs nothing of its executor but the protocol: here it is one of a few lines, in this process."""

from pathlib import Path

import pytest

from catalogues import contents
from earmark.engine.protocol import Analyse, Identify
from earmark.engine.scan import ScanOptions, scan
from fake_executor import FakeExecutor


@pytest.fixture
def scan_with(store, model, music, tmp_path):
    from earmark.catalogue.store import Store

    def run(executor, folder="catalogue", **options):
        opened = Store(tmp_path / folder, create=True)
        return scan(opened, [music], model, "tiny", ScanOptions(**options), executor=executor)

    return run


def test_the_catalogue_is_the_same_as_that_of_processes(scan_with, run_scan, model, tmp_path):
    fake = FakeExecutor(model)
    report = scan_with(fake, "fake")
    run_scan(workers=1)

    assert (report.analysed, report.failed, fake.closed) == (5, [], True)
    assert contents(tmp_path / "fake") == contents(tmp_path / "catalogue")


def test_no_more_tasks_are_under_way_than_it_has_room_for(scan_with, model):
    fake = FakeExecutor(model, capacity=2)
    scan_with(fake)
    assert (fake.most, len(fake.log)) == (2, 5)


def test_a_task_that_was_lost_is_a_failure_of_its_file(scan_with, model, music):
    (music / "low.flac").rename(music / "bad.flac")
    (failure,) = scan_with(FakeExecutor(model)).failed
    assert (Path(failure.path).name, failure.problem) == ("bad.flac", "the machine it was on is gone")


def test_a_woken_scan_keeps_what_is_done_and_goes_on_later(scan_with, store, model):
    first = scan_with(FakeExecutor(model, wake_after=2))
    assert (first.analysed, len(store())) == (2, 2)
    second = scan_with(FakeExecutor(model))
    assert (second.unchanged, second.analysed, len(store())) == (2, 3, 5)


def test_a_retagged_file_costs_one_identification(scan_with, model, music):
    scan_with(FakeExecutor(model))
    path = music / "low.flac"
    path.touch()
    fake = FakeExecutor(model)
    assert scan_with(fake).reread == 1
    assert fake.log == [Identify(str(path))]


def test_a_changed_file_is_identified_and_then_analysed(scan_with, model, music):
    scan_with(FakeExecutor(model))
    (music / "low.flac").write_bytes((music / "top.flac").read_bytes() + b"")
    (music / "top.flac").unlink()
    fake = FakeExecutor(model)
    assert scan_with(fake).recognised == 1  # it is the other track now
    assert [type(task) for task in fake.log] == [Identify]
    assert not any(isinstance(task, Analyse) for task in fake.log)
