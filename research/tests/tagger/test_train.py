"""The order of the whole: what is trained twice, and which network predicts for which tracks."""

from earmark_research.tagger import train
from earmark_research.tagger.recipe import RECIPE, Folder, Mix, Recipe, Synthetic
from earmark_research.tagger.stages import Trained


def test_stages_that_use_the_folds_are_trained_twice_and_each_is_the_others_counterpart(tmp_path, monkeypatch):
    (tmp_path / "emotify").mkdir()
    rows = {f"emotify/{fold}.ogg": {"fold": str(fold)} for fold in range(4)}
    packaged = {}

    def train_stages(cache, rows, plan, stages, *rest):
        return (Trained(None, stage, plan) for stage in stages)

    monkeypatch.setattr(train, "train_stages", train_stages)
    monkeypatch.setattr(train, "with_predicted_teacher", lambda trained, cache, rows: trained)
    monkeypatch.setattr(train, "package_student", lambda *args: packaged.update({args[-1].name: args[:2]}))
    monkeypatch.setattr(train, "package_accurate", lambda *args: None)
    recipe = Recipe.read(RECIPE, tmp_path)
    written = [path.name for path, _ in train.train_all(tmp_path, recipe, {}, rows, tmp_path)]

    networks = {"free.onnx", "free-longer.onnx", "everything-without-012.onnx", "everything-without-3.onnx"}
    assert set(packaged) == networks
    assert written[-1] == "accurate_head.npz"
    assert set(written[:-1]) == networks

    def folds_of(name):
        own, out_of_fold = packaged[name]
        return own.plan.held_folds, "".join(path[8] for path in rows if not out_of_fold.learned_from(path, rows))

    assert folds_of("free-longer.onnx") == (("3",), "0123")
    assert folds_of("everything-without-3.onnx") == (("3",), "012")
    assert folds_of("everything-without-012.onnx") == (("0", "1", "2"), "3")


def test_the_cache_is_filled_with_what_the_recipe_names(tmp_path, monkeypatch):
    calls = []

    def cache_folder(root, out, teachers, patches, at_least, progress):
        calls.append((root, out.name, patches, at_least))
        return [("a.wav", "broken")]

    monkeypatch.setattr(train, "cache_folder", cache_folder)
    monkeypatch.setattr(train, "cache_synthetic", lambda out, teachers, n, seed: calls.append((out.name, n, seed)))
    monkeypatch.setattr(
        train, "cache_mixes", lambda out, over, under, held, *rest: calls.append((out.name, held("cc/x"), *rest[1:]))
    )
    empty = Recipe.read(RECIPE, tmp_path)
    recipe = Recipe(
        "0", empty.plan, [Folder("music", 24, 7), Folder("sung", 5)], [Synthetic("noise", 3, 1)],
        [Mix("mixed", ["music"], ["music"], 9, True)], [], empty.network,
    )  # fmt: skip
    failures = train.fill_cache(tmp_path, recipe, {"music": tmp_path / "m", "sung": None}, None, {})
    assert failures == [("a.wav", "broken")]
    assert calls == [(tmp_path / "m", "music", 24, 7), ("noise", 3, 1), ("mixed", True, 9, True)]
