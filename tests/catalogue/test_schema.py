import json
from dataclasses import replace

import pyarrow as pa
import pytest

from earmark.analysis import analyze
from earmark.audio.fileinfo import FileInfo
from earmark.audio.filetags import FileTags
from earmark.audio.incomplete import Incomplete
from earmark.catalogue.files import FileState
from earmark.catalogue.recordings import columns_of_files
from earmark.catalogue.schema import (
    SHOWN,
    descriptor_columns,
    embedding_column,
    is_machine,
    kind_of,
    row_of,
    schema_for,
    slug,
    tag_column,
)
from earmark.descriptors import DESCRIPTORS
from earmark.descriptors.key import Key
from tiny_model import DIM, TAGSET

FILE = [FileState("/a.flac", 1, 1, "", "0" * 20, info=FileInfo(FileTags("A")))]


@pytest.fixture
def analysis(model, music):
    return analyze(music / "low.flac", model)


def test_slugs_need_no_quotes():
    assert slug("Joyful activation") == "joyful_activation"
    assert slug("R&B / Soul") == "r_b_soul"
    assert slug("日本") == "x"
    assert tag_column(TAGSET.groups[1], "sad") == "mood_sad"


def test_a_row_has_the_columns_of_the_schema_and_no_others(analysis):
    row = row_of(analysis, {}, analysis.descriptors) | columns_of_files(FILE, [])
    assert {*row, SHOWN} == set(schema_for(TAGSET, "tiny", DIM).names)
    pa.Table.from_pylist([row], schema_for(TAGSET, "tiny", DIM))  # and values of their types


def test_a_row_says_what_the_analysis_says(analysis):
    row = row_of(analysis, {"other": "1"}, analysis.descriptors)
    assert row["track_id"] == analysis.track_id
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
    assert (row["key"], row["camelot"]) == ("Bb minor", "3A")
    assert "corrected" not in row["key_json"]


def test_a_descriptor_that_is_not_known_is_null_everywhere():
    for name, module in DESCRIPTORS.items():
        assert descriptor_columns(name, None) == dict.fromkeys(module.COLUMNS)


def test_kinds_and_machine_columns():
    schema = schema_for(TAGSET, "tiny", DIM)
    kinds = {
        name: kind_of(schema.field(name)) for name in ("tempo", "year", "key", "tags", "analysed_at", "incomplete")
    }
    expected = {"tempo": "number", "year": "number", "key": "text", "tags": "list", "analysed_at": "time"}
    assert kinds == expected | {"incomplete": "flag"}
    hidden = {name for name in schema.names if is_machine(name)}
    assert hidden == {
        "text",
        "lyrics",
        SHOWN,
        "incomplete_json",
        "embedding_tiny",
        *(f"{name}_json" for name in DESCRIPTORS),
    }


def test_what_is_missing_of_a_file_has_its_columns(analysis):
    row = row_of(analysis, {}, {})
    assert (row["incomplete"], row["incomplete_json"], row["warnings"]) == (False, None, None)

    cut = replace(analysis, incomplete=Incomplete(6.0, 3.4), warnings=("incomplete: 3.4 of 6.0 s could be heard",))
    row = row_of(cut, {}, {})
    assert (row["incomplete"], row["warnings"]) == (True, list(cut.warnings))
    assert json.loads(row["incomplete_json"]) == {"expected": 6.0, "heard": 3.4, "damaged_packets": 0}


def test_vectors_are_stored_in_half_precision():
    schema = schema_for(TAGSET, "tiny", 8)
    assert schema.field(embedding_column("tiny")).type == pa.list_(pa.float16(), 8)
