"""From a trained network to a model file, on a cache of a few patches; and the bundled head, saved to the byte."""

import functools
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from earmark.tagger.model import ModelInfo, load_model
from earmark_research.assets import ACCURATE_HEAD
from earmark_research.tagger import corpus, out_of_fold, package, tags
from earmark_research.tagger.accurate_head import bundled_head, save_head
from earmark_research.tagger.fit import FitConfig
from earmark_research.tagger.heads import fit_head
from earmark_research.tagger.losses import N_TAGS
from earmark_research.tagger.network import BranchConfig, StarterConfig, StarterNet
from earmark_research.tagger.plan import Plan
from earmark_research.tagger.predicted_teacher import with_predicted_teacher
from earmark_research.tagger.stages import Stage, Trained


def test_rows_of_a_head_are_kept():
    head = nn.Linear(4, 3)
    small = package.keep_rows(head, np.array([True, False, True]))
    x = torch.randn(5, 4)
    torch.testing.assert_close(small(x), head(x)[:, [0, 2]])


def test_the_bundled_head_saved_anew_is_the_same_to_the_byte(tmp_path):
    head = bundled_head()
    save_head(tmp_path / "head.npz", head)
    with np.load(tmp_path / "head.npz") as again, np.load(ACCURATE_HEAD) as bundled:
        for name in ("mean", "std", "weight", "bias"):
            assert again[name].tobytes() == bundled[name].tobytes()
        assert ModelInfo.from_json(str(again["info"]), "x") == head.info


class RandomTeachers:
    """Tags that are sure of half of their names on each patch, and an embedding with the genre in it."""

    def __init__(self, genre: int) -> None:
        self.genre = genre

    def __call__(self, patches: np.ndarray) -> dict[str, np.ndarray]:
        rng = np.random.default_rng(int(1000 * patches.mean()))
        embedding = rng.normal(0, 1, (len(patches), 656))
        embedding[:, self.genre] += 4
        return {"tags": rng.random((len(patches), 150), np.float32), "embedding": embedding.astype(np.float16)}


@pytest.fixture(autouse=True)
def few_steps(monkeypatch):
    """Heads are fitted in a moment."""
    torch.set_num_threads(1)
    for module in (package, out_of_fold):
        monkeypatch.setattr(module, "fit_head", functools.partial(fit_head, steps=20))


@pytest.fixture
def cached(tmp_path, rng):
    """Labelled tracks of two genres and both kinds of split, some music of each kind, and noise; with their rows."""
    rows = {}
    for number in range(24):
        genre, split = ("rock", "classical")[number % 2], "valid" if number % 4 < 2 else "train"
        rows[f"gtzan/{number}"] = {"genre": genre, "split": split, "artist": f"a{number}", "song": f"s{number}"}
        felt = {name: f"{rng.random():.3f}" for name in tags.FEELINGS}
        rows[f"emotify/{number}"] = rows[f"gtzan/{number}"] | felt | {"n_raters": "20", "fold": str(3 * (number % 2))}
        if number % 4 < 2:
            rows[f"emotify/{number}"]["fold"] = "3"
    for path in [*rows, *(f"{source}/{n}" for source in ("music", "cc", "noise_held", "nonmusic") for n in range(8))]:
        target = tmp_path / "cache" / f"{path}.npz"
        target.parent.mkdir(parents=True, exist_ok=True)
        level = rng.uniform(1, 2) + (0 if rows.get(path, {}).get("genre") == "rock" else 1)
        mel = rng.uniform(0, level, (2, 187, 96)).astype(np.float32)
        corpus.store(target, path.split("/")[1], mel, RandomTeachers(int(level)))
    return tmp_path / "cache", rows


PLAN = Plan(("gtzan", "emotify", "music"), ("3",), ())


def test_a_student_is_packaged_with_the_tags_that_it_supports(tmp_path, cached):
    torch.manual_seed(0)
    cache, rows = cached
    cfg = StarterConfig({"MTT_musicnn": BranchConfig((2, 2, 1, 1, 1), 4)})
    stage = Stage("free", ("music",), (1.0,), FitConfig())
    trained = with_predicted_teacher(Trained(StarterNet(N_TAGS, cfg).eval(), stage, PLAN), cache, rows)
    info = package.package_student(trained, trained, cache, rows, "9", tmp_path / "free.onnx")
    model = load_model(tmp_path / "free.onnx")

    assert model.info.to_json() == info.to_json()
    assert info.version == "9"
    assert "last layer" in info.licence
    names = info.tagset.names()
    assert {"genre/rock", "mood/power", "content/music", "scale/energy"} <= set(names)
    S = np.random.default_rng(0).uniform(0, 3, (400, 96)).astype(np.float32)
    assert model.run(S).logits.shape[1] == len(names)
    assert model.run(S).embedding.shape[-1] == 200 + 256
    assert [path.name for path in tmp_path.iterdir()] == ["cache", "free.onnx"]


def test_the_accurate_head_is_packaged_alike(tmp_path, cached):
    cache, rows = cached
    info = package.package_accurate(cache, rows, PLAN, "9", tmp_path / "head.npz")
    assert info.id == "earmark-accurate"
    assert info.metrics["genre_majority_gtzan"] == 0.5
    with np.load(tmp_path / "head.npz") as stored:
        assert stored["weight"].shape == (656, len(info.tagset))
        assert stored["weight"].dtype == np.float16


def test_calibration_uses_only_tracks_that_the_other_network_was_not_trained_on(cached, tmp_path, monkeypatch):
    cache, rows = cached
    stage = Stage("everything", ("emotify", "music"), (0.5, 0.5), FitConfig())
    network = StarterNet(N_TAGS, StarterConfig({"MTT_musicnn": BranchConfig((2, 2, 1, 1, 1), 4)})).eval()
    trained = with_predicted_teacher(Trained(network, stage, PLAN), cache, rows)
    counterpart = replace(trained, plan=replace(PLAN, held_folds=("0",)))
    used = []

    def choose_tags(info, held, more, rows):
        used.extend(set(more.track_paths()))
        return info, np.ones(N_TAGS, bool)

    monkeypatch.setattr(package, "choose_tags", choose_tags)
    monkeypatch.setattr(package, "export_half", lambda *args: None)
    package.package_student(trained, counterpart, cache, rows, "9", tmp_path / "x.onnx")
    learned = {path for path, row in rows.items() if row["split"] == "train" or row.get("fold") == "0"}
    emotify = {path for path in used if path.startswith("emotify")}
    assert emotify == {path for path in learned if path.startswith("emotify") and rows[path]["fold"] == "0"}
    assert {path for path in used if path.startswith("gtzan")} == {path for path in learned if path.startswith("gtzan")}
