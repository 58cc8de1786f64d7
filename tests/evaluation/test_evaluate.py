"""A whole evaluation of known answer: twelve tones, one of them labelled wrong."""

import csv
import json
import re
from html.parser import HTMLParser

import pytest

from earmark.errors import DataError, ModelError
from earmark.evaluation.evaluate import evaluate
from earmark.evaluation.options import EvaluationOptions
from tones import write_manifest, write_wav

QUICK = {"workers": 1, "resamples": 50, "report": False}


def judged(model, data, columns, out, **options) -> dict:
    """metrics.json as written."""
    evaluate(model, data, columns, out, EvaluationOptions(**{**QUICK, **options}))
    return json.loads((out / "metrics.json").read_text(encoding="utf-8"))


def test_eleven_of_twelve_tones_are_right(pitch_model, tones, tmp_path):
    found = judged(pitch_model, tones, ["pitch"], tmp_path / "out")

    assert found["n"] == 12
    assert found["accuracy"] == pytest.approx(11 / 12)
    assert found["majority_rate"] == pytest.approx(1 / 3)
    assert found["balanced_accuracy"] == pytest.approx((1 + 1 + 0.75) / 3)
    assert found["confusion"] == {"labels": ["low", "mid", "high"], "matrix": [[4, 0, 0], [0, 4, 0], [1, 0, 3]]}
    assert found["n_groups"] == 6  # artists
    assert found["intervals"]["accuracy"][0] < 11 / 12 <= found["intervals"]["accuracy"][1]


def test_every_answer_is_written_down(pitch_model, tones, tmp_path):
    judged(pitch_model, tones, ["pitch"], tmp_path / "out")
    with open(tmp_path / "out" / "predictions.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    assert [row["path"] for row in rows if row["truth"] != row["answer"]] == ["high/3.wav"]
    assert sum(float(rows[0][name]) for name in ("low", "mid", "high")) == pytest.approx(1, abs=1e-4)


def test_columns_of_numbers_give_areas_and_correlations(pitch_model, tones, tmp_path):
    found = judged(pitch_model, tones, ["low tone", "high tone"], tmp_path / "out")

    assert 28 / 32 <= found["roc_auc"]["low tone"] < 1  # of 8 files that count as no one is a low tone
    assert found["pearson_r"]["high tone"] > 0.5
    assert found["pr_auc"]["macro"] == pytest.approx((found["pr_auc"]["low tone"] + found["pr_auc"]["high tone"]) / 2)
    assert found["target"] == ["low tone", "high tone"]


def test_a_part_is_judged_alone_and_compared_with_the_rest(pitch_model, tones, tmp_path):
    found = judged(pitch_model, tones, ["pitch"], tmp_path / "out", split="test")

    assert (found["n"], found["split"]) == (3, "test")
    assert found["accuracy"] == pytest.approx(2 / 3)
    leakage = found["leakage"]
    assert (leakage["shared_songs"], leakage["shared_artists"], leakage["honest"]) == (0, 3, False)
    assert any("both sides" in text for text in leakage["warnings"])


def test_rows_of_the_models_own_training_are_called_out(pitch_model, tones, tmp_path):
    (pitch_model.parent / "split.csv").write_text("path,part\nlow/0.wav,train\nmid/0.wav,valid\nhigh/0.wav,test\n")
    found = judged(pitch_model, tones, ["pitch"], tmp_path / "out")["leakage"]

    assert found["judged_training_rows"] == 2
    assert found["honest"] is False
    assert "2 of the 12 judged rows were in the model's own training" in found["warnings"][0]


def test_the_models_own_split_serves_a_manifest_without_one(pitch_model, tones, tmp_path):
    rows = [{"path": f"{name}/{i}.wav", "pitch": name} for name in ("low", "mid", "high") for i in range(4)]
    bare = write_manifest(tones.parent / "bare.csv", rows)
    lines = "".join(f"{row['path']},{'test' if row['path'].endswith('1.wav') else 'train'}\n" for row in rows)
    (pitch_model.parent / "split.csv").write_text("path,part\n" + lines)
    found = judged(pitch_model, bare, ["pitch"], tmp_path / "out", split="test")

    assert (found["n"], found["split_source"]) == (3, "the model's training")
    assert found["leakage"]["judged_training_rows"] == 0
    assert "artist: no such column" in found["leakage"]["not_checked"]
    with pytest.raises(DataError, match=r"no row of bare is in that part. It knows test, train"):
        judged(pitch_model, bare, ["pitch"], tmp_path / "out", split="valid")


def test_a_stated_training_set_of_the_same_name_is_a_warning(tmp_path, pitch_model, tones):
    import onnx

    from earmark.tagger.model import METADATA_KEY

    model = onnx.load(pitch_model)
    values = json.loads(model.metadata_props[0].value) | {"training_data": [{"name": "Data of tones"}]}
    onnx.helper.set_model_props(model, {METADATA_KEY: json.dumps(values)})
    onnx.save(model, pitch_model)
    found = judged(pitch_model, tones, ["pitch"], tmp_path / "out")["leakage"]

    assert found["training_data"] == ["Data of tones"]
    assert "may be this data set" in found["warnings"][0]
    assert found["honest"] is not True


def test_the_random_split_is_printed_beside_the_honest_one(pitch_model, tones, tmp_path):
    found = judged(pitch_model, tones, ["pitch"], tmp_path / "out", naive_too=True)["naive"]

    assert set(found) == {"probe", "honest", "random", "note"}
    assert found["honest"]["accuracy"] is not None
    assert found["note"] == ""
    (pitch_model.parent / "split.csv").write_text("path,part\nlow/0.wav,train\nmid/0.wav,valid\nhigh/0.wav,test\n")
    again = judged(pitch_model, tones, ["pitch"], tmp_path / "out", naive_too=True)["naive"]
    assert again["note"].startswith("The embedding learned from 2 of these 12 rows")


def test_two_runs_write_the_same_figures(pitch_model, tones, tmp_path):
    first = judged(pitch_model, tones, ["pitch"], tmp_path / "a")
    assert judged(pitch_model, tones, ["pitch"], tmp_path / "b", workers=2) == first


# ---------------------------------------------------------------- the report


class Page(HTMLParser):
    """Collects tags and whatever would be loaded from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags, self.loads, self.open = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes) -> None:
        self.tags.append(tag)
        links = [value for name, value in attributes if name in ("src", "href", "xlink:href")]
        self.loads += [link for link in links if not link.startswith(("#", "data:"))]


@pytest.mark.parametrize("columns", [["pitch"], ["low tone", "high tone"]])
def test_the_report_stands_alone_and_holds_every_part(pitch_model, tones, tmp_path, columns):
    found = judged(pitch_model, tones, columns, tmp_path / "out", report=True, naive_too=True)
    text = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    page = Page(text)

    assert page.loads == []
    assert "script" not in page.tags
    assert not re.search(r"url\((?!#)", text)
    assert page.tags.count("svg") >= 4
    for part in ("worst mistakes", "What the model puts together", "checked for leakage", "random split", "mean what"):
        assert part in text
    figure = found["accuracy"] if columns == ["pitch"] else found["roc_auc"]["macro"]
    assert f"<b>{figure:.3f}</b>" in text


def test_the_mislabelled_file_is_the_worst_mistake(pitch_model, tones, tmp_path):
    judged(pitch_model, tones, ["pitch"], tmp_path / "out", report=True)
    text = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")

    mistakes = text[text.index("The worst mistakes") :]
    assert re.findall(r"<code>(.*?)</code>", mistakes) == ["high/3.wav"]
    assert "said low" in mistakes


# ---------------------------------------------------------------- bad input


def test_unreadable_files_are_one_error_that_names_each(pitch_model, tones, tmp_path):
    for name in ("low/1.wav", "mid/2.wav"):
        (tones.parent / name).write_bytes(b"no sound at all")
    with pytest.raises(DataError, match=r"(?s)2 of 12 files cannot be read.*low/1.wav.*mid/2.wav"):
        judged(pitch_model, tones, ["pitch"], tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_damaged_file_outside_the_part_does_not_stop_it(pitch_model, tones, tmp_path):
    (tones.parent / "low/1.wav").write_bytes(b"no sound at all")
    assert judged(pitch_model, tones, ["pitch"], tmp_path / "out", split="test")["n"] == 3


def test_blank_and_unknown_labels_and_columns(pitch_model, tones, tmp_path):
    rows = [{"path": "low/0.wav", "pitch": "low", "blank": ""}, {"path": "mid/0.wav", "pitch": "shrill", "blank": "x"}]
    bad = write_manifest(tones.parent / "bad.csv", rows)
    for column, problem in (("pitch", r"does not know: 'shrill' \(1 rows\)"), ("blank", "blank in 1 of 2 rows: row 2"),
                            ("volume", "It has path, pitch, blank")):  # fmt: skip
        with pytest.raises(DataError, match=problem):
            judged(pitch_model, bad, [column], tmp_path / "out")
    assert judged(pitch_model, bad, ["pitch"], tmp_path / "out", ignore_unknown=True)["ignored"] == {"shrill": 1}


def test_no_such_model_manifest_or_folder(pitch_model, tones, tmp_path):
    with pytest.raises(ModelError, match="no such model file"):
        judged(tmp_path / "none.onnx", tones, ["pitch"], tmp_path / "out")
    with pytest.raises(DataError, match="no such file or folder"):
        judged(pitch_model, tmp_path / "none.csv", ["pitch"], tmp_path / "out")
    (tmp_path / "file").write_text("x")
    with pytest.raises(DataError, match="is a file"):
        judged(pitch_model, tones, ["pitch"], tmp_path / "file")


def test_one_file_is_enough(pitch_model, tmp_path):
    from tones import tone

    write_wav(tmp_path / "one" / "a.wav", tone(300, 1, 0))
    one = write_manifest(tmp_path / "one" / "tracks.csv", [{"path": "a.wav", "pitch": "low"}])
    assert judged(pitch_model, one, ["pitch"], tmp_path / "out", report=True)["accuracy"] == 1.0
