"""The model cards in the form of Hugging Face: made from docs/model-card.md, and read as its readers read them."""

import importlib.util
import re
from pathlib import Path

import pytest
import yaml

from earmark.tagger.registry import ACCURATE, DEFAULT, FAST

ROOT = Path(__file__).parents[1]
CARD = (ROOT / "docs" / "model-card.md").read_text(encoding="utf-8")
PROFILES = ("fast", "default", "accurate")  # the order of the table


@pytest.fixture(scope="module")
def models():
    spec = importlib.util.spec_from_file_location("models", ROOT / "docs" / "models.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def page_of(profile: str) -> str:
    return (ROOT / "docs" / "models" / f"{profile}.md").read_text(encoding="utf-8")


def header_of(profile: str) -> dict:
    return yaml.safe_load(re.match(r"---\n(.*?)\n---\n", page_of(profile), re.S)[1])


@pytest.mark.parametrize("profile", PROFILES)
def test_a_card_is_up_to_date(profile, models):
    assert page_of(profile) == models.render(profile)


@pytest.mark.parametrize("profile", PROFILES)
def test_the_header_says_what_a_hub_asks(profile):
    header = header_of(profile)
    assert header["license"] == ["apache-2.0", "isc"]
    assert header["pipeline_tag"] == "audio-classification"
    assert {"tags", "datasets", "metrics", "library_name"} <= header.keys()
    assert {r["metrics"][0]["type"] for r in header["model-index"][0]["results"]} == set(header["metrics"])
    assert {r["dataset"]["type"] for r in header["model-index"][0]["results"]} == set(header["datasets"])


@pytest.mark.parametrize("profile", PROFILES)
def test_the_figures_are_those_of_the_model_card(profile):
    results = header_of(profile)["model-index"][0]["results"]
    assert len(results) == 5
    for result in results:
        metric = result["metrics"][0]
        line = next(line for line in CARD.split("\n") if line.startswith(f"| {metric['name']} |"))
        cell = line.strip("| ").split(" | ")[1 + PROFILES.index(profile)]
        assert float(cell) == metric["value"]
        assert 0 < metric["value"] < 1


def test_every_profile_that_there_is_has_a_card():
    cards = {path.stem for path in (ROOT / "docs" / "models").glob("*.md")}
    assert cards == set(PROFILES) == {FAST, DEFAULT, ACCURATE}
