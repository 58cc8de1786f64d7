"""A whole evaluation of known answer: twelve tones, one of them labelled wrong."""

import csv

import pytest

from earmark.errors import DataError, FileError, ModelError
from tones import measured, tone, write_manifest, write_wav


def test_eleven_of_twelve_tones_are_right(pitch_model, tones, tmp_path):
    found = measured(pitch_model, tones, ["pitch"], tmp_path / "out")

    assert found["n"] == 12
    assert found["accuracy"] == pytest.approx(11 / 12)
    assert found["majority_rate"] == pytest.approx(1 / 3)
    assert found["balanced_accuracy"] == pytest.approx((1 + 1 + 0.75) / 3)
    assert found["confusion"] == {"labels": ["low", "mid", "high"], "matrix": [[4, 0, 0], [0, 4, 0], [1, 0, 3]]}
    assert found["n_groups"] == 6  # artists
    assert found["intervals"]["accuracy"][0] < 11 / 12 <= found["intervals"]["accuracy"][1]


def test_every_answer_is_written_down(pitch_model, tones, tmp_path):
    measured(pitch_model, tones, ["pitch"], tmp_path / "out")
    with open(tmp_path / "out" / "predictions.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert [row["path"] for row in rows if row["truth"] != row["answer"]] == ["high/3.wav"]
    assert sum(float(rows[0][name]) for name in ("low", "mid", "high")) == pytest.approx(1, abs=1e-4)


def test_columns_of_numbers_give_areas_and_correlations(pitch_model, tones, tmp_path):
    found = measured(pitch_model, tones, ["low tone", "high tone"], tmp_path / "out")

    assert 28 / 32 <= found["roc_auc"]["low tone"] < 1  # of 8 files that count as no one is a low tone
    assert found["pearson_r"]["high tone"] > 0.5
    assert found["pr_auc"]["macro"] == pytest.approx((found["pr_auc"]["low tone"] + found["pr_auc"]["high tone"]) / 2)
    assert found["target"] == ["low tone", "high tone"]


def test_a_part_is_judged_alone_and_compared_with_the_rest(pitch_model, tones, tmp_path):
    found = measured(pitch_model, tones, ["pitch"], tmp_path / "out", split="test")

    assert (found["n"], found["split"]) == (3, "test")
    assert found["accuracy"] == pytest.approx(2 / 3)
    leakage = found["leakage"]
    assert (leakage["shared_songs"], leakage["shared_artists"], leakage["honest"]) == (0, 3, False)
    assert any("both sides" in text for text in leakage["warnings"])


def test_the_models_own_split_serves_a_manifest_without_one(pitch_model, tones, tmp_path):
    rows = [{"path": f"{name}/{i}.wav", "pitch": name} for name in ("low", "mid", "high") for i in range(4)]
    bare = write_manifest(tones.parent / "bare.csv", rows)
    lines = "".join(f"{row['path']},{'test' if row['path'].endswith('1.wav') else 'train'}\n" for row in rows)
    (pitch_model.parent / "split.csv").write_text("path,part\n" + lines)
    found = measured(pitch_model, bare, ["pitch"], tmp_path / "out", split="test")

    assert (found["n"], found["split_source"]) == (3, "the model's training")
    assert found["leakage"]["judged_training_rows"] == 0
    assert "artist: no such column" in found["leakage"]["not_checked"]
    with pytest.raises(DataError, match=r"no row of bare is in that part. It knows test, train"):
        measured(pitch_model, bare, ["pitch"], tmp_path / "out", split="valid")


def test_the_random_split_is_printed_beside_the_honest_one(pitch_model, tones, tmp_path):
    found = measured(pitch_model, tones, ["pitch"], tmp_path / "out", naive_too=True)["naive"]

    assert set(found) == {"probe", "honest", "random", "note"}
    assert found["honest"]["accuracy"] is not None
    assert found["note"] == ""
    (pitch_model.parent / "split.csv").write_text("path,part\nlow/0.wav,train\nmid/0.wav,valid\nhigh/0.wav,test\n")
    again = measured(pitch_model, tones, ["pitch"], tmp_path / "out", naive_too=True)["naive"]
    assert again["note"].startswith("The embedding learned from 2 of these 12 rows")


def test_two_runs_write_the_same_figures(pitch_model, tones, tmp_path):
    first = measured(pitch_model, tones, ["pitch"], tmp_path / "a")
    assert measured(pitch_model, tones, ["pitch"], tmp_path / "b", workers=2) == first


def test_unreadable_files_are_one_error_that_names_each(pitch_model, tones, tmp_path):
    for name in ("low/1.wav", "mid/2.wav"):
        (tones.parent / name).write_bytes(b"no sound at all")
    with pytest.raises(DataError, match=r"(?s)2 of 12 files cannot be read.*low/1.wav.*mid/2.wav"):
        measured(pitch_model, tones, ["pitch"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_damaged_file_outside_the_part_does_not_stop_it(pitch_model, tones, tmp_path):
    (tones.parent / "low/1.wav").write_bytes(b"no sound at all")
    assert measured(pitch_model, tones, ["pitch"], tmp_path / "out", split="test")["n"] == 3


def test_blank_and_unknown_labels_and_columns(pitch_model, tones, tmp_path):
    rows = [{"path": "low/0.wav", "pitch": "low", "blank": ""}, {"path": "mid/0.wav", "pitch": "shrill", "blank": "x"}]
    bad = write_manifest(tones.parent / "bad.csv", rows)
    for column, problem in (("pitch", r"does not know: 'shrill' \(1 rows\)"), ("blank", "blank in 1 of 2 rows: row 2"),
                            ("volume", "It has path, pitch, blank")):  # fmt: skip
        with pytest.raises(DataError, match=problem):
            measured(pitch_model, bad, [column], tmp_path / "out")
    assert measured(pitch_model, bad, ["pitch"], tmp_path / "out", ignore_unknown=True)["ignored"] == {"shrill": 1}


def test_no_such_model_manifest_or_folder(pitch_model, tones, tmp_path):
    with pytest.raises(ModelError, match="no such model file"):
        measured(tmp_path / "none.onnx", tones, ["pitch"], tmp_path / "out")
    with pytest.raises(DataError, match="no such file or folder"):
        measured(pitch_model, tmp_path / "none.csv", ["pitch"], tmp_path / "out")
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileError, match="is a file"):
        measured(pitch_model, tones, ["pitch"], tmp_path / "file")


def test_one_file_is_enough(pitch_model, tmp_path):
    write_wav(tmp_path / "one" / "a.wav", tone(300, 1, 0))
    one = write_manifest(tmp_path / "one" / "tracks.csv", [{"path": "a.wav", "pitch": "low"}])
    assert measured(pitch_model, one, ["pitch"], tmp_path / "out", report=True)["accuracy"] == 1.0
