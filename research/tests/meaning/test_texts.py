"""Captions -> the map of texts."""

import csv

import numpy as np

from earmark.explore.meaning.concepts import concepts
from earmark_research.meaning.texts import fit_texts, read_examples, telling

NAMES = list(concepts())
ROWS = [
    ("A sad song with a lone piano.", "['sad', 'mellow piano']"),
    ("Loud drums in a small room.", "['drums', 'live recording']"),
    ("Somebody sings over drums.", "['vocals']"),
]


def write_captions(path):
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["caption", "aspects"])
        writer.writerows(ROWS)
    return path


def test_a_caption_is_an_example_of_what_it_and_its_aspects_name(tmp_path):
    examples = read_examples(write_captions(tmp_path / "captions.csv"))

    named = {NAMES[i] for i in np.flatnonzero(examples.named[0])}
    assert named == {"mood/sadness", "mood/mellow", "instrument/piano"}
    assert examples.usual[NAMES.index("instrument/drums")] == 2 / 3
    assert "live recording" not in examples.texts  # an aspect that names nothing
    assert len(examples.texts) > 2000  # phrases of ours, too


def test_the_map_gives_back_what_it_was_shown(tmp_path, rng):
    examples = read_examples(write_captions(tmp_path / "captions.csv"))
    meaning = rng.normal(size=(len(NAMES), 120))
    vectors = examples.named @ meaning + 0.1 * rng.normal(size=(len(examples.texts), 120))

    mean, text_map = fit_texts(vectors, examples)

    phrases = examples.weight == 10
    found = ((vectors[phrases] - mean) @ text_map).argmax(axis=1)
    assert np.mean(found == examples.named[phrases].argmax(axis=1)) > 0.95


def test_what_is_named_often_tells_less(tmp_path):
    examples = read_examples(write_captions(tmp_path / "captions.csv"))
    values = telling(examples)
    assert values[NAMES.index("instrument/drums")] < values[NAMES.index("mood/sadness")] < 1.1
