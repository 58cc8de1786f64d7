"""The table of descriptors: each module has the six names, and its results survive JSON and are documented."""

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from cadences import SR, cadence
from earmark import descriptors
from earmark.audio.chroma import chroma
from earmark.audio.config import DEFAULT_FEATURES, FeatureConfig
from earmark.audio.earprint import Earprint
from earmark.audio.features import log_mel
from earmark.audio.loudness import LoudnessMeter
from earmark.descriptors import DESCRIPTORS
from earmark.descriptors.key import Key
from earmark.tagger.model import Activations
from pulses import click_sound

NAMES = ("VERSION", "NEEDS", "COLUMNS", "estimate", "from_dict", "line")
DOCS = Path(__file__).parents[2] / "docs"
KINDS = {"number": (int, float), "text": str}


@pytest.fixture(scope="module")
def earprint() -> Earprint:
    """24 s of cadences in C major with clicks at 120 BPM, complete."""
    y = (cadence(0, times=12, seconds=0.5) + 0.5 * click_sound(120.0, 24.0)).astype(np.float32)
    meter = LoudnessMeter(SR, 1)
    meter.push(y[None])
    return Earprint(
        log_mel(y, DEFAULT_FEATURES), DEFAULT_FEATURES, 24.0, "id", chroma=chroma(y), loudness=meter.result()
    )


@pytest.fixture(scope="module")
def activations() -> Activations:
    rng = np.random.default_rng(0)
    return Activations(np.arange(12, dtype=np.float32) * 2 + 1, np.zeros((12, 3)), rng.normal(size=(12, 8)))


@pytest.fixture(scope="module")
def found(earprint, activations) -> dict:
    return descriptors.estimate(earprint, activations, list(DESCRIPTORS))


@pytest.mark.parametrize("name", DESCRIPTORS)
def test_each_module_has_the_six_names(name, found):
    module = DESCRIPTORS[name]

    assert [n for n in NAMES if not hasattr(module, n)] == []
    assert isinstance(module.VERSION, str)
    assert module.VERSION
    assert {"mel", "chroma", "loudness", "activations"} >= module.NEEDS
    assert module.NEEDS
    text = module.line(found[name])
    assert text.strip()
    assert "\n" not in text


@pytest.mark.parametrize("name", DESCRIPTORS)
def test_each_survives_its_dictionary_and_json(name, found):
    values = found[name].to_dict()
    again = DESCRIPTORS[name].from_dict(values)

    assert type(again) is type(found[name])
    assert again.to_dict() == values
    assert DESCRIPTORS[name].from_dict(json.loads(json.dumps(values))).to_dict() == values


@pytest.mark.parametrize("name", DESCRIPTORS)
@pytest.mark.parametrize("values", [{}, {"colour": 1}])
def test_other_dictionaries_are_refused(name, values):
    with pytest.raises((TypeError, KeyError)):
        DESCRIPTORS[name].from_dict(values)


@pytest.mark.parametrize("name", DESCRIPTORS)
def test_each_column_is_an_attribute_of_its_kind(name, found):
    for column, (kind, attribute) in DESCRIPTORS[name].COLUMNS.items():
        value = getattr(found[name], attribute)
        assert isinstance(value, KINDS[kind]), f"{column}: {value!r} is no {kind}"


def test_no_two_descriptors_share_a_column():
    columns = [column for module in DESCRIPTORS.values() for column in module.COLUMNS]

    assert len(columns) == len(set(columns))


@pytest.mark.parametrize("name", DESCRIPTORS)
def test_each_is_in_the_docs_with_its_columns(name):
    """In the line of this room, and each column in the table of those that filters take."""
    room = re.search(r"^\| `descriptors/` \| (.*)$", (DOCS / "architecture.md").read_text(encoding="utf-8"), re.M)[1]
    assert re.search(rf"\b{name}\b", room)
    catalogue = (DOCS / "catalogue.md").read_text(encoding="utf-8")
    table = "\n".join(re.findall(r"^\| (.*?) \|", catalogue, re.M))
    assert [column for column in DESCRIPTORS[name].COLUMNS if f"`{column}`" not in table] == []


def test_the_example_is_what_was_composed(found):
    assert list(found) == list(DESCRIPTORS)
    assert found["tempo"].bpm == pytest.approx(120, rel=0.02)
    assert found["key"].label == "C major"
    assert found["structure"].labels == ("A",)


def test_another_front_end_has_loudness_only():
    assert descriptors.names_for(DEFAULT_FEATURES) == tuple(DESCRIPTORS)
    assert descriptors.names_for(FeatureConfig(n_mels=64)) == ("loudness",)


def test_the_needs_of_several_are_joined():
    assert descriptors.needs_of(["loudness"]) == {"loudness"}
    assert descriptors.needs_of(["tempo", "key"]) == {"mel", "chroma"}
    assert descriptors.needs_of(DESCRIPTORS) == {"mel", "chroma", "loudness", "activations"}
    assert descriptors.needs_of([]) == frozenset()
    with pytest.raises(KeyError, match="colour"):
        descriptors.needs_of(["colour"])


def test_only_what_is_named_is_computed(earprint, monkeypatch):
    monkeypatch.setattr(DESCRIPTORS["key"], "estimate", lambda *_: pytest.fail("the key was not asked for"))

    assert list(descriptors.estimate(earprint, None, ["loudness", "tempo"])) == ["tempo", "loudness"]
    assert descriptors.estimate(earprint, None, []) == {}


def test_an_earprint_of_version_1_has_no_key_and_no_loudness(earprint, activations):
    old = replace(earprint, chroma=None, loudness=None)

    assert list(descriptors.estimate(old, activations, list(DESCRIPTORS))) == ["tempo", "energy", "structure", "course"]


def test_without_activations_there_are_no_energy_structure_and_course(earprint):
    assert list(descriptors.estimate(earprint, None, ["loudness", "energy", "structure", "course"])) == ["loudness"]


def test_descriptors_are_read_back_in_the_order_of_the_table(found):
    values = {name: found[name].to_dict() for name in reversed(found)} | {"tags": {}}
    again = descriptors.from_dicts(values)

    assert list(again) == list(DESCRIPTORS)
    assert {name: d.to_dict() for name, d in again.items()} == {name: d.to_dict() for name, d in found.items()}


def test_the_lines_of_tempo_and_key(found):
    lines = dict(descriptors.lines(found, 24.0))

    assert list(lines) == list(DESCRIPTORS)
    assert re.fullmatch(
        r"1(19|20)\.\d BPM, \d/\d  \(confidence [01]\.\d\d, octave [01]\.\d\d, or \d+, \d+\)", lines["tempo"]
    )
    assert re.fullmatch(r"C major, 8B  \(confidence 0\.\d\d\)", lines["key"])
    corrected = {name: replace(found[name], corrected=True) for name in ("tempo", "key")}
    assert all("(corrected by you" in line for _, line in descriptors.lines(corrected, 24.0))
    silence = Earprint(np.zeros((500, 96), np.float32), DEFAULT_FEATURES, 8.0, "id", chroma=np.zeros((20, 180)))
    silent = descriptors.estimate(silence, None, ["tempo", "key"])
    assert descriptors.lines(silent, 8.0) == [("tempo", "no steady pulse"), ("key", "no key found")]


def test_what_is_too_short_says_so_unless_the_user_knows_better(earprint, activations):
    short = descriptors.estimate(replace(earprint, duration=0.5, S=earprint.S[:30]), activations, list(DESCRIPTORS))
    assert (short["tempo"].bpm, short["key"].tonic, short["energy"].value) == (None, None, None)
    lines = dict(descriptors.lines(short | {"key": Key("A", "minor", camelot="8A", corrected=True)}, 0.5))
    assert {lines[name] for name in ("tempo", "energy", "structure", "course")} == {"too short to say"}
    assert lines["key"] == "A minor, 8A  (corrected by you)"
