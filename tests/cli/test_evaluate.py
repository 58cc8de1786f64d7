"""``earmark evaluate`` and ``earmark filters`` as they are typed."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from earmark.cli.evaluate import figure_lines, register
from earmark.errors import DataError, ModelError
from tones import write_pitch_model, write_tones

app = typer.Typer()
register(app)


@pytest.fixture
def pitch_model(tmp_path) -> Path:
    return write_pitch_model(tmp_path / "model" / "model.onnx")


@pytest.fixture
def tones(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("EARMARK_CACHE", str(tmp_path / "cache"))
    return write_tones(tmp_path / "data")


def typed(*words) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_evaluate_prints_each_figure_beside_the_floor(pitch_model, tones, tmp_path):
    output = typed("evaluate", pitch_model.parent, "--data", tones, "--target", "pitch", "--out", tmp_path / "out",
                 "--no-report", "--naive-too", "--workers", 1)  # fmt: skip

    assert "accuracy           0.917" in output
    assert "majority rate      0.333" in output
    assert "shared with the manifest's parts with each other" in output
    assert "the honest split" in output
    assert "a random split" in output
    assert (tmp_path / "out" / "metrics.json").exists()
    assert not (tmp_path / "out" / "report.html").exists()


def test_evaluate_warns_of_rows_that_the_model_was_trained_on(pitch_model, tones, tmp_path):
    (pitch_model.parent / "split.csv").write_text("path,part\nlow/0.wav,train\n")
    output = typed("evaluate", pitch_model, "--data", tones, "--target", "low tone, high tone",
                   "--out", tmp_path / "out", "--no-report", "--workers", 1)  # fmt: skip

    assert "warning: 1 of the 12 judged rows" in output
    assert "roc auc" in output


def test_errors_go_through_to_the_one_place_that_catches_them(pitch_model, tones, tmp_path):
    with pytest.raises(DataError, match="not in data"):
        typed("evaluate", pitch_model, "--data", tones, "--target", "volume", "--out", tmp_path / "out")


def test_a_model_without_convolutions_has_no_filters(pitch_model, tones, tmp_path):
    with pytest.raises(ModelError, match="no convolution in it"):
        typed("filters", pitch_model, "--data", tones, "--out", tmp_path / "out", "--workers", 1)


def test_figures_that_are_not_defined_are_called_so():
    leakage = {"checked": [], "compared_with": "nothing"}
    figures = {name: {"macro": None} for name in ("roc_auc", "pr_auc", "pearson_r")}
    metrics = {"n": 2, "data": "d", "split": "all", "leakage": leakage, "intervals": figures} | figures

    assert figure_lines(metrics)[:2] == ["2 files of d, all", "  roc auc            undefined"]
