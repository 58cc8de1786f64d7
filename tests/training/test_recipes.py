"""Recipes: every packaged one is understood, commented and trains; wrong ones say what is wrong."""

import json
from dataclasses import replace

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from typer.testing import CliRunner

from datafiles import write_set
from earmark.data.series import LyricsCode, popularity_classes, read_songs
from earmark.data.sets.msd import MsdSongs, load_msd_compact, save_msd_compact
from earmark.errors import ConfigError, DataError
from earmark.evaluation.evaluate import evaluate
from earmark.evaluation.options import EvaluationOptions
from earmark.tagger.model import load_model
from earmark.training.networks import build_network
from earmark.training.outputs import RunOptions
from earmark.training.recipe import read_recipe, recipe_names, to_toml
from earmark.training.train import train

OWN = [name for name in recipe_names() if name != "starter"]
TINY = {
    "deepsound-cnn": {"network.width": 8}, "deepsound-crnn": {"network.width": 8, "network.units": 8},
    "fcn": {"network.width": 4, "network.dim": 8}, "short-chunk": {"network.width": 4},
}  # fmt: skip
SHORT = {"train.epochs": 2, "train.batch": 4, "train.patience": 0}


@pytest.mark.parametrize("name", OWN)
def test_a_packaged_recipe_builds_its_network_and_is_written_back_whole(name, tmp_path):
    recipe = read_recipe(name)
    if recipe.family != "probe":
        build_network(recipe.network, 128, 10, recipe.options)
    (tmp_path / f"{name}.toml").write_text(to_toml(recipe))
    assert read_recipe(tmp_path / f"{name}.toml") == recipe


def test_the_recipes_of_the_systems_are_here():
    assert {"deepsound-crnn", "deepsound-cnn", "msd-dense", "msd-cnn", "msd-lstm", "msd-best", "msd-popularity",
            "short-chunk", "fcn", "probe"} <= set(OWN)  # fmt: skip


@pytest.mark.parametrize(("text", "match"), [
    ("[network]\nname = 'fnc'", "no network 'fnc'. There are probe, deepsound_cnn"),
    ("name = 'fcn'", r"no \[network\] with a name"),
    ("[network]\nname = 'fcn'\n[train]\nepoch = 3", "unknown settings epoch. There are epochs"),
    ("[network]\nname = 'fcn'\n[train]\nepochs = 'many'", "epochs = 'many' is not int"),
    ("[network]\nname = 'fcn'\n[train]\nepochs = 0", "train.epochs: 0 is too small"),
    ("[network]\nname = 'fcn'\n[train]\noptimiser = 'lion'", "unknown: 'lion'. Give adam or"),
    ("[network]\nname = 'fcn'\n[data]\nbalance = 'Rock'", "not understood"),
    ("[network]\nname = 'fcn'\n[augment]\nmixup = -1", "augment.mixup: a negative number"),
    ("[network\n", "not TOML"),
])  # fmt: skip
def test_a_wrong_recipe_is_refused(text, match, tmp_path):
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(ConfigError, match=match):
        read_recipe(tmp_path / "mine.toml")


def test_an_unknown_recipe_lists_the_packaged_ones():
    with pytest.raises(ConfigError, match="There are .*deepsound-cnn.*, or give a TOML file"):
        read_recipe("deepsoud")


# ---------------------------------------------------------------- trainings from end to end, tiny


@pytest.fixture(scope="module")
def labelled(tmp_path_factory):
    folder = tmp_path_factory.mktemp("set")
    rows = [{"path": f"{k}.wav", "seed": k, "song": f"s{k // 2}", "genre": "ab"[k // 2 % 2], "calm": k // 2 % 2,
             "bpm": 90 + 3 * k} for k in range(24)]  # fmt: skip
    return write_set(folder, rows, seconds=4.0)


@pytest.mark.parametrize("name", TINY)
def test_an_audio_recipe_gives_a_model_that_the_runtime_takes(name, labelled, tmp_path):
    recipe = read_recipe(name, TINY[name] | SHORT)
    trained = train(recipe, labelled, ["genre"], tmp_path / "out", RunOptions(cache=labelled.parent / "cache"))

    model = load_model(trained.model)
    assert model.info.features == recipe.features
    run = model.run(np.random.default_rng(0).random((700, recipe.features.n_mels)).astype(np.float32))
    assert model.tagset.probabilities(run.track_logits()).sum() == pytest.approx(1, abs=1e-5)
    files = {path.name for path in (tmp_path / "out").iterdir()}
    assert files == {"model.onnx", "last.ckpt", "metrics.csv", "curves.png", "recipe.toml", "split.csv"}
    rows = [line.split(",") for line in (tmp_path / "out" / "split.csv").read_text().splitlines()[1:]]
    part_of_song = {}
    for path, part in rows:
        part_of_song.setdefault(int(path.removesuffix(".wav")) // 2, set()).add(part)
    assert all(len(parts) == 1 for parts in part_of_song.values())  # no song in two parts


def test_several_targets_and_values_give_groups_of_their_kind(labelled, tmp_path):
    recipe, options = read_recipe("fcn", TINY["fcn"] | SHORT), RunOptions(cache=labelled.parent / "cache")
    tags = load_model(train(recipe, labelled, ["calm"], tmp_path / "tags", options).model).tagset.groups[0]
    assert (tags.kind, tags.tags) == ("independent", ("calm",))
    value = load_model(train(recipe, labelled, ["bpm"], tmp_path / "value", options).model).tagset.groups[0]
    assert value.kind == "value"
    assert value.bias[0] == pytest.approx(90 + 3 * 11.5, abs=15)  # the training part's mean, in beats a minute


def test_a_crop_that_is_too_short_for_the_network_is_refused(labelled, tmp_path):
    recipe = read_recipe("fcn", {"data.crop_seconds": 0.5})
    with pytest.raises(ConfigError, match="0.5 s is too short. Give at least 1.02 s"):
        train(recipe, labelled, ["genre"], tmp_path / "out", RunOptions(cache=labelled.parent / "cache"))


# ---------------------------------------------------------------- the Million Song part


@pytest.fixture(scope="module")
def songs_folder(tmp_path_factory):
    """60 made-up songs in the compact form: genre x is loud and sings word 0, genre y is not and sings word 1."""
    folder, rng, n = tmp_path_factory.mktemp("msd"), np.random.default_rng(0), 60
    genre = np.array(["x", "y"])[np.arange(n) % 2]
    bow = rng.integers(0, 3, (n, 6)).astype(np.uint16)
    bow[np.arange(n), np.arange(n) % 2] += 9
    texts = {
        k: np.array([f"{k}{i}" for i in range(n)]) for k in ("track_id", "song_id", "artist", "artist_name", "title")
    }
    timbre = rng.standard_normal((n, 300, 12)).astype(np.float32) + (genre == "x")[:, None, None]
    save_msd_compact(MsdSongs(
        **texts, genre=genre, timbre=timbre, chroma=rng.random((n, 300, 12)).astype(np.float32), bow=csr_matrix(bow),
        words=np.array(list("abcdef")), vectors=rng.standard_normal((6, 50)).astype(np.float32),
        popularity=np.linspace(0, 1, n, dtype=np.float32), tempo=np.full(n, 120.0), year=np.full(n, 1990.0),
    ), folder)  # fmt: skip
    return folder


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


def test_popularity_is_asked_in_ten_classes(songs_folder):
    _, _, targets = read_songs(songs_folder, "song_hotttnesss", 2)
    assert len(targets.names) == 10
    assert set(np.bincount(targets.index)) == {6}
    assert list(popularity_classes(np.array([0.1, np.nan, 0.9]), 2)) == ["00-50 %", "", "50-100 %"]


def test_lyrics_are_counted_on_the_training_rows_alone(songs_folder):
    songs, _, _ = read_songs(songs_folder, "genre_cd2", 2)
    few = LyricsCode.of(songs, "all", np.arange(20))
    changed = songs.bow.tolil()
    changed[40:] = 7
    again = LyricsCode.of(type(songs)(**{**vars(songs), "bow": changed.tocsr()}), "all", np.arange(20))
    np.testing.assert_array_equal(few.idf, again.idf)
    np.testing.assert_allclose(few.encode(songs.bow[:20]), again.encode(songs.bow[:20]), atol=1e-5)


def test_the_count_weighting_is_the_mean_of_word_vectors(songs_folder):
    songs, _, _ = read_songs(songs_folder, "genre_cd2", 2)
    found = LyricsCode.of(songs, "count", np.arange(60)).encode(songs.bow)
    counts = songs.bow.toarray().astype(float)
    np.testing.assert_allclose(found, counts @ songs.vectors / counts.sum(1, keepdims=True), atol=1e-5)


# ---------------------------------------------------------------- the command


def test_the_command_trains_and_says_where(labelled, tmp_path, monkeypatch):
    import typer

    from earmark.cli import train as family

    app = typer.Typer()
    family.register(app)
    app.callback()(lambda: None)
    monkeypatch.setenv("EARMARK_CACHE", str(labelled.parent / "cache"))
    arguments = ["train", "fcn", "--data", str(labelled), "--target", "genre", "--out", str(tmp_path / "out"), "--set",
                 "train.epochs=1", "--set", "network.width=4", "--set", "train.patience=0", "--seed", "3"]  # fmt: skip
    result = CliRunner().invoke(app, arguments)
    assert result.exit_code == 0, result.output
    assert f"model: {tmp_path / 'out' / 'model.onnx'}" in result.output
    assert read_recipe(tmp_path / "out" / "recipe.toml").train.seed == 3
    assert json.loads(json.dumps(load_model(tmp_path / "out" / "model.onnx").info.metrics))["test"]["n"] > 0
