"""The model of large scans: its formula, its simulation, and the tables of docs/scale.md made from it."""

import importlib.util
import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def model():
    spec = importlib.util.spec_from_file_location("cluster_model", ROOT / "benchmarks" / "cluster_model.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["cluster_model"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def costs(model):
    return model.Costs((1.0, 3.0), 0.001, 0.009, 5e6, 3, 26_000, 2e-5)


def test_cores_that_hear_less_than_can_be_written_are_full_first(model, costs):
    found, share = model.simulate(costs, 16)
    assert found == pytest.approx(16 / (2.0 + 3 * model.LATENCY + 5e6 / model.BANDWIDTH), rel=0.05)
    assert found == pytest.approx(model.rate(costs, 16), rel=0.05)
    assert share < 0.1


def test_more_cores_than_the_committer_can_serve_change_nothing(model, costs):
    found, share = model.simulate(costs, 1024)
    assert found == pytest.approx(1 / (0.001 + 0.009), rel=0.02)
    assert share > 0.98
    assert model.simulate(costs, 2048)[0] == pytest.approx(found, rel=0.02)


def test_a_slower_commit_lowers_the_ceiling_and_a_faster_one_raises_it(model, costs):
    slow = replace(costs, commit=0.039)
    assert model.simulate(slow, 1024)[0] == pytest.approx(25, rel=0.05)


def test_the_tables_of_the_page_are_those_of_the_model(model):
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    for line in model.table(model.MEASURED):
        assert line in page, f"python benchmarks/cluster_model.py table says: {line}"
