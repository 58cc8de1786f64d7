"""The two commands as they are typed."""

import pytest
import typer
from typer.testing import CliRunner

from earmark.cli import evaluate as family
from earmark.errors import DataError

app = typer.Typer()
family.register(app)


def typed(*words) -> str:
    result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_evaluate_prints_each_figure_beside_the_floor(pitch_model, tones, tmp_path):
    said = typed("evaluate", pitch_model.parent, "--data", tones, "--target", "pitch", "--out", tmp_path / "out",
                 "--no-report", "--naive-too", "--workers", 1)  # fmt: skip

    assert "accuracy           0.917" in said
    assert "majority rate      0.333" in said
    assert "shared with the manifest's parts with each other" in said
    assert "the honest split" in said
    assert "a random split" in said
    assert (tmp_path / "out" / "metrics.json").exists()
    assert not (tmp_path / "out" / "report.html").exists()


def test_evaluate_warns_of_rows_that_the_model_was_trained_on(pitch_model, tones, tmp_path):
    (pitch_model.parent / "split.csv").write_text("path,part\nlow/0.wav,train\n")
    said = typed("evaluate", pitch_model, "--data", tones, "--target", "low tone, high tone", "--out", tmp_path / "out",
                 "--no-report", "--workers", 1)  # fmt: skip

    assert "warning: 1 of the 12 judged rows" in said
    assert "roc auc" in said


def test_errors_go_through_to_the_one_place_that_catches_them(pitch_model, tones, tmp_path):
    with pytest.raises(DataError, match="not in data"):
        typed("evaluate", pitch_model, "--data", tones, "--target", "volume", "--out", tmp_path / "out")
