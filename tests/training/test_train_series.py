"""Series networks from songs to a model file, and judged as any other."""

from dataclasses import replace

import pytest

from earmark.data.sets.msd import load_msd_compact, save_msd_compact
from earmark.errors import DataError
from earmark.evaluation.evaluate import evaluate
from earmark.evaluation.options import EvaluationOptions
from earmark.training.outputs import RunOptions
from earmark.training.recipe import read_recipe
from earmark.training.train import train


@pytest.mark.parametrize("name", ["msd-dense", "msd-cnn", "msd-lstm", "msd-best"])
def test_a_series_recipe_trains(name, songs_folder, tmp_path):
    changes = {"train.epochs": 1, "data.balance": "x=20,*=10"}
    trained = train(read_recipe(name, changes), songs_folder, ["genre_cd2"], tmp_path / "out", RunOptions())
    assert trained.metrics["test"]["n"] == len(trained.split.test) > 0
    assert (tmp_path / "out" / "lyrics.npz").exists()


def test_a_network_of_songs_is_judged_on_the_part_that_its_training_set_aside(songs_folder, tmp_path):
    recipe = read_recipe("msd-best", {"train.epochs": 3, "data.balance": "none", "series.use": "audio"})
    trained = train(recipe, songs_folder, ["genre_cd2"], tmp_path / "model", RunOptions())
    options = EvaluationOptions(split="test", naive_too=True, resamples=20)
    found = evaluate(trained.model, songs_folder, ["genre_cd2"], tmp_path / "out", options).metrics

    assert (found["n"], found["split_source"]) == (len(trained.split.test), "the model's training")
    assert found["accuracy"] == pytest.approx(trained.metrics["test"]["accuracy"], abs=1e-4)
    assert found["leakage"]["not_checked"] == ["content: no file can be read", "sound: no feature cache given"]
    assert (found["leakage"]["honest"], found["leakage"]["judged_training_rows"]) == (True, 0)
    assert found["naive"]["honest"]["accuracy"] > 0.5
    report = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "The worst mistakes" in report
    assert "Belief at every moment" not in report


def test_songs_that_the_network_cannot_be_asked_about_are_refused(songs_folder, tmp_path):
    recipe = read_recipe("msd-dense", {"train.epochs": 1, "data.balance": "none"})
    model = train(recipe, songs_folder, ["genre_cd2"], tmp_path / "model", RunOptions()).model
    quick = EvaluationOptions(report=False, resamples=20)
    with pytest.raises(DataError, match="know one column"):
        evaluate(model, songs_folder, ["genre_cd2", "genre_cd1"], tmp_path / "out", quick)
    with pytest.raises(DataError, match="labels that the model does not know: '00-10 %'"):
        evaluate(model, songs_folder, ["song_hotttnesss"], tmp_path / "out", quick)
    songs = load_msd_compact(songs_folder)
    save_msd_compact(replace(songs, words=songs.words[::-1]), tmp_path / "other")
    with pytest.raises(DataError, match="words are not those that the model learned from"):
        evaluate(model, tmp_path / "other", ["genre_cd2"], tmp_path / "out", quick)
    (model.parent / "lyrics.npz").write_bytes(b"no archive")
    with pytest.raises(DataError, match=r"lyrics.npz: cannot be read"):
        evaluate(model, songs_folder, ["genre_cd2"], tmp_path / "out", quick)
