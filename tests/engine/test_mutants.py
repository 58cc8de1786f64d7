"""Files of 18 formats, damaged at random by their numbers: each is heard, or refused with a cause."""

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from earmark.engine.limits import Limits
from earmark.engine.local import WorkerProcess

N, WORKERS = 300, 2
SCRIPT = Path(__file__).parents[2] / "benchmarks" / "robustness.py"


@pytest.fixture(scope="module")
def robustness():
    spec = importlib.util.spec_from_file_location("robustness", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_mutant_is_heard_or_named(robustness, model, tmp_path):
    mutants = robustness.Mutants(tmp_path, seconds=1.5)

    def share(first: int) -> list:
        worker = WorkerProcess(model, Limits())
        try:
            return [robustness.hear(worker, mutants.write(number)[0]) for number in range(first, N, WORKERS)]
        finally:
            worker.close()

    with ThreadPoolExecutor(WORKERS) as pool:
        outcomes = [outcome for some in pool.map(share, range(WORKERS)) for outcome in some]

    assert len(outcomes) == N
    assert all(outcome.heard is not None or outcome.problem for outcome in outcomes)
    for word in ("crashed", "hung", "needed more", "a fault in the analysis", "taken over"):
        assert [outcome.problem for outcome in outcomes if word in outcome.problem] == []
    assert sum(outcome.heard is not None for outcome in outcomes) > N / 2
    assert max(outcome.peak for outcome in outcomes) < 1.5e9


def test_a_number_gives_the_same_file_again(robustness, tmp_path):
    path, name, kind = robustness.Mutants(tmp_path, seconds=0.5).write(7)
    first = path.read_bytes()
    assert (name, kind) == ("aiff", "flip")
    assert robustness.Mutants(tmp_path, seconds=0.5).write(7)[0].read_bytes() == first
