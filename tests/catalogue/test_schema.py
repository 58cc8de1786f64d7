import numpy as np
import pyarrow as pa
import pytest

from earmark.analysis import analyze
from earmark.catalogue.schema import (
    descriptor_columns,
    is_machine,
    kind_of,
    pack_activations,
    row_of,
    schema_for,
    slug,
    tag_column,
    unpack_activations,
)
from earmark.descriptors import DESCRIPTORS
from earmark.descriptors.key import Key
from earmark.tagger.model import Activations
from tiny_model import DIM, TAGSET


@pytest.fixture
def analysis(model, music):
    return analyze(music / "low.flac", model)


def test_slugs_need_no_quotes():
    assert slug("Joyful activation") == "joyful_activation"
    assert slug("R&B / Soul") == "r_b_soul"
    assert slug("日本") == "x"
    assert tag_column(TAGSET.groups[1], "sad") == "mood_sad"


def test_a_row_has_the_columns_of_the_schema_and_no_others(analysis):
    row = row_of(analysis, {}, analysis.descriptors)
    assert set(row) == set(schema_for(TAGSET, "tiny", DIM).names)
    pa.Table.from_pylist([row], schema_for(TAGSET, "tiny", DIM))  # and values of their types


def test_a_row_says_what_the_analysis_says(analysis):
    row = row_of(analysis, {"other": "1"}, analysis.descriptors)
    assert (row["track_id"], row["title"], row["artist"]) == (analysis.track_id, "Low", "Sines")
    assert row["genre"] == analysis.top("genre")
    assert row["mood_sad"] == next(hit.probability for hit in analysis.tags["mood"] if hit.tag == "sad")
    assert row["tags"] == [hit.tag for hits in analysis.tags.values() for hit in hits if hit.sure]
    assert row["loudness"] == analysis.descriptors["loudness"].integrated_lufs
    assert row["analysis_version"].startswith("other:1 tags:tiny@1 tempo:")


def test_an_analysis_of_some_parts_fills_their_columns_alone(model, music):
    analysis = analyze(music / "low.flac", model, parts={"key"})
    row = row_of(analysis, {}, analysis.descriptors)
    assert {"key", "camelot", "key_json"} <= set(row)
    assert not {"tempo", "genre", "tags", "embedding_tiny"} & set(row)


def test_columns_are_the_corrected_values_and_the_json_is_the_estimate(analysis):
    corrected = {**analysis.descriptors, "key": Key("A#", "minor", 0.5, camelot="3A", corrected=True)}
    row = row_of(analysis, {}, corrected)
    assert (row["key"], row["camelot"]) == ("A# minor", "3A")
    assert "corrected" not in row["key_json"]


def test_a_descriptor_that_is_not_known_is_null_everywhere():
    for name, module in DESCRIPTORS.items():
        assert descriptor_columns(name, None) == dict.fromkeys(module.COLUMNS)


def test_kinds_and_machine_columns():
    schema = schema_for(TAGSET, "tiny", DIM)
    kinds = {name: kind_of(schema.field(name)) for name in ("tempo", "year", "key", "tags", "analysed_at")}
    assert kinds == {"tempo": "number", "year": "number", "key": "text", "tags": "list", "analysed_at": "time"}
    hidden = {name for name in schema.names if is_machine(name)}
    assert hidden == {"text", "embedding_tiny", "steps_tiny", *(f"{name}_json" for name in DESCRIPTORS)}


def test_activations_are_kept_in_half_precision(rng):
    kept = Activations(np.arange(5, dtype=np.float32), rng.normal(size=(5, 3)), rng.normal(size=(5, 8)))
    back = unpack_activations(pack_activations(kept))
    assert back.logits.dtype == back.embedding.dtype == np.float32
    np.testing.assert_array_equal(back.times, kept.times)
    np.testing.assert_allclose(back.logits, kept.logits, rtol=1e-3)
    np.testing.assert_allclose(back.embedding, kept.embedding, rtol=1e-3)
