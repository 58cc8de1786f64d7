"""The starter model: its tags, its training parts on signals of known answer, and the bundled file."""

import tomllib

import numpy as np
import onnx
import pytest
import torch

from earmark.audio import load_audio
from earmark.features import log_mel
from earmark.model import load_model
from earmark.registry import bundled
from earmark.training.export import export_onnx
from earmark.training.starter import __main__ as starter_main
from earmark.training.starter import augment, calibration, corpus, fit, labels, losses, negatives, tags
from earmark.training.starter.compact import store_half
from earmark.training.starter.network import StarterConfig, StarterNet
from earmark.training.starter.pipeline import LABELLED, Plan, is_held, model_info, stage_label
from earmark.training.starter.tags import starter_tagset
from sounds import write_sound

TINY = StarterConfig(widths=(4, 8, 8), dim=16, dropout=0.0)


def teacher_row(**present: float) -> np.ndarray:
    """One row of teachers' tags: .01 everywhere but for ``mtt_piano=.9`` and the like."""
    row = np.full((1, 150), 0.01, np.float32)
    for key, value in present.items():
        for column in tags.teacher_columns((key.replace("_", ":", 1).replace("_", " "),))[0]:
            row[0, column] = value
    return row


def derived(name: str) -> tags.Derived:
    return next(tag for tag in tags.DERIVED if tag.name == name)


def test_synonyms_add_up_and_opposites_divide():
    assert tags.derived_target(derived("piano"), teacher_row(mtt_piano=0.9))[0] == pytest.approx(0.9)
    sung = teacher_row(mtt_vocal=0.3, mtt_singing=0.3)
    assert tags.derived_target(derived("vocals"), sung)[0] > 0.9
    assert tags.derived_target(derived("vocals"), teacher_row(mtt_no_vocals=0.6))[0] < 0.2
    assert tags.derived_target(derived("heavy"), teacher_row(msd_metal=0.5))[0] == pytest.approx(0.52)


def test_energy_and_valence_follow_the_feelings():
    shares = np.zeros((3, 9), np.float32)
    shares[0, tags.FEELINGS.index("joyful_activation")] = 0.8
    shares[1, tags.FEELINGS.index("sadness")] = 0.8
    shares[2, tags.FEELINGS.index("tension")] = 0.8
    energy, valence = tags.emotion_values(shares)

    np.testing.assert_allclose(energy, [0.9, 0.1, 0.9], atol=1e-6)
    np.testing.assert_allclose(valence, [0.9, 0.1, 0.1], atol=1e-6)


def test_what_is_reported_on_is_never_learned_from():
    rows = {"gtzan/a": {"split": "valid"}, "gtzan/b": {"split": "train"}}
    rows |= {f"emotify/{fold}": {"fold": fold} for fold in "0123"}
    held = [path for path in rows if is_held(path, rows, Plan())]

    assert held == ["gtzan/a", "emotify/3"]
    assert is_held("music/singularity-music/x.ogg", rows, Plan())
    assert is_held("rendered/0-00812.flac", rows, Plan())
    assert not is_held("rendered/0-00080.flac", rows, Plan())


def test_a_labeller_is_not_blamed_for_genres_he_was_not_offered():
    truth = torch.zeros(1, 11)
    truth[0, tags.GENRES.index("rock")] = 1
    offered = torch.tensor([[name in labels.GENRES_OF["emotify"] for name in tags.GENRES]])
    logits = torch.zeros(1, 11)
    logits[0, tags.GENRES.index("metal")] = 9

    assert losses.genre_loss(logits, truth, offered) == pytest.approx(np.log(4), abs=1e-4)
    assert losses.genre_loss(logits, truth, torch.ones(1, 11, dtype=bool)) > 5
    assert losses.genre_loss(logits, truth * float("nan"), offered) == 0


def test_power_and_log_are_inverse():
    mel = torch.rand(2, 5, 96) * 5
    torch.testing.assert_close(augment.to_log(augment.to_power(mel)), mel, rtol=1e-4, atol=1e-4)


def test_a_mix_adds_power_and_tells_the_share():
    g = torch.Generator().manual_seed(0)
    one, other = torch.full((400, 3, 4), 2.0), torch.full((400, 3, 4), 50.0)
    mixed, share = augment.mix(one, other, g)
    alone = share == 1

    assert 0.5 < alone.float().mean() < 0.8
    torch.testing.assert_close(mixed[alone], one[alone])
    ratio = mixed[~alone].mean(dim=(1, 2)) / 2 - 1  # power of the second over the first
    torch.testing.assert_close(share[~alone], 1 / (1 + ratio.sqrt()), rtol=1e-3, atol=1e-3)


def test_augmentation_is_a_function_of_its_seed():
    mel = torch.rand(4, 187, 96) * 3
    runs = [augment.augment(mel, torch.tensor([1, 0, 3, 2]), torch.Generator().manual_seed(s))[0] for s in (5, 5, 6)]

    assert torch.equal(runs[0], runs[1])
    assert runs[0].shape[2] == 96
    assert runs[0].shape != runs[2].shape or not torch.allclose(runs[0], runs[2])


@pytest.mark.parametrize("maker", negatives.MAKERS[:-1])
def test_negatives_are_finite_and_sound(maker):
    y = maker(np.random.default_rng(3), 48000)
    assert y.shape == (48000,)
    assert np.isfinite(y).all()
    assert y.std() > 0


def test_short_signals_are_repeated_to_one_patch():
    S = np.arange(100, dtype=np.float32)[:, None] * np.ones((1, 96), np.float32)
    patch = corpus.to_patches(S)
    assert patch.shape == (1, 187, 96)
    assert patch[0, 100, 0] == 0
    assert patch[0, 186, 0] == 86
    assert corpus.to_patches(np.zeros((2 * 187 + 50, 96), np.float32)).shape == (2, 187, 96)


def test_auc_of_known_cases():
    assert calibration.auc(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True])) == pytest.approx(0.75)


def test_a_threshold_keeps_the_stated_precision():
    p = np.linspace(0.99, 0.0, 100)
    present = np.arange(100) < 35
    threshold = calibration.precise_from(p, present)
    assert present[p >= threshold].mean() >= calibration.PRECISION
    assert (p >= threshold).sum() == 50
    assert calibration.precise_from(p, np.zeros(100, bool)) == 0.99


def test_half_the_bytes_say_nearly_the_same(tmp_path):
    torch.manual_seed(0)
    info = model_info(starter_tagset(), "0")
    export_onnx(
        StarterNet(96, len(info.tagset), StarterConfig(widths=(8, 16, 16), dim=64)), info, tmp_path / "full.onnx"
    )
    store_half(tmp_path / "full.onnx", tmp_path / "half.onnx")
    full, half = (load_model(tmp_path / f"{name}.onnx") for name in ("full", "half"))
    S = np.random.default_rng(0).uniform(0, 4, (400, 96)).astype(np.float32)

    assert (tmp_path / "half.onnx").stat().st_size < 0.65 * (tmp_path / "full.onnx").stat().st_size
    np.testing.assert_allclose(half.run(S).logits, full.run(S).logits, atol=2e-2)
    assert half.info == full.info


def test_the_recipe_leaves_out_what_the_cache_has_not(tmp_path):
    for source in ("emotify", "music"):
        (tmp_path / source).mkdir()
    recipe = starter_main.Recipe.read(starter_main.RECIPE, tmp_path)

    assert recipe.version
    assert [(stage.name, stage.sources) for stage in recipe.stages] == [
        ("free", ("music",)),
        ("everything", ("emotify", "music")),
    ]
    assert recipe.plan.sources == ("music", "emotify")
    assert recipe.plan.held_folds == ("3",)
    assert recipe.network == StarterConfig(widths=(32, 64, 96), dim=256, blocks=2)


def test_only_stages_that_hear_the_folds_depend_on_them(tmp_path):
    for source in ("emotify", "music"):
        (tmp_path / source).mkdir()
    recipe = starter_main.Recipe.read(starter_main.RECIPE, tmp_path, held_folds="0,1,2")

    assert [stage_label(stage, recipe.plan) for stage in recipe.stages] == ["free", "everything-without-012"]


@pytest.mark.parametrize(
    ("more", "written"),
    [
        ([], ["free.onnx", "everything-without-3.onnx", "accurate_head.npz"]),
        (["--held-folds", "0,1,2"], ["everything-without-012.onnx"]),
    ],
)
def test_a_training_with_other_folds_leaves_the_other_files_alone(tmp_path, monkeypatch, more, written):
    (tmp_path / "emotify").mkdir()
    paths = []
    monkeypatch.setattr(starter_main, "fill_cache", lambda args, plan: None)
    monkeypatch.setattr(
        starter_main.pipeline, "train", lambda cache, data, plan, stages, net, out: ((s, None) for s in stages)
    )
    for name in ("finish_student", "finish_accurate"):
        monkeypatch.setattr(starter_main.finish, name, lambda *args: paths.append(args[-1].name))
    monkeypatch.setattr(starter_main, "show", lambda path, info: None)
    folders = [f"--{name}={tmp_path}" for name in ("cache", "data", "teachers", "out")]
    monkeypatch.setattr("sys.argv", ["starter", *folders, *more])
    starter_main.main()

    assert paths == written


def test_the_free_stage_is_free():
    """No research recording in what the recipe calls free, and no head that was fitted to labels."""
    stages = tomllib.loads(starter_main.RECIPE.read_text(encoding="utf-8"))["stage"]
    free = next(stage for stage in stages if stage["name"] == "free")
    assert not set(free["draw"]) & set(LABELLED)
    assert free["head"] == 0


class FakeTeachers:
    """Answers the mean of a patch."""

    def __call__(self, patches):
        mean = patches.mean(axis=(1, 2), keepdims=True)[:, 0]
        return {"tags": np.repeat(mean, 150, 1), "embedding": np.repeat(mean, 656, 1).astype(np.float16)}


def test_mixes_are_new_sound_of_what_may_be_heard(tmp_path):
    for name, level in (("kept", 0.0), ("held", 5.0)):
        (tmp_path / "music").mkdir(exist_ok=True)
        mel = np.full((20, 187, 96), level, np.float32)
        corpus.store(tmp_path / "music" / f"{name}.npz", name, mel, FakeTeachers())
    corpus.build_mixed(tmp_path, ["music"], lambda path: path == "music/held", FakeTeachers(), n=2)
    mixed = corpus.load(tmp_path, ["mixed"])

    assert len(mixed.mel) == 2 * corpus.MIXED_AT_ONCE
    assert mixed.mel.max() == 0  # of silence alone: the loud track is held
    corpus.build_mixed(tmp_path, ["music"], lambda path: False, FakeTeachers(), n=3)
    louder = corpus.load(tmp_path, ["mixed"])
    assert louder.mel[: len(mixed.mel)].max() == 0  # kept from the first call
    assert louder.mel.max() > 1
    np.testing.assert_allclose(louder.probabilities[:, 0], louder.mel.astype(np.float32).mean(axis=(1, 2)), rtol=1e-2)


def test_effects_are_no_pieces(tmp_path, rng):
    folder = tmp_path / "audio"
    folder.mkdir()
    for name, seconds in (("effect.wav", 4), ("piece.wav", 16)):
        write_sound(folder / name, rng.uniform(-0.1, 0.1, seconds * 16000).astype(np.float32), 16000)
    assert corpus.build(folder, tmp_path / "cache", FakeTeachers(), at_most=3, at_least=5) == []
    found = corpus.load(tmp_path, ["cache"])

    assert found.paths == ["cache/piece.wav"]
    assert len(found.mel) == 3


def test_a_codec_may_spare_every_patch():
    power = torch.rand(2, 60, 40)
    for seed in range(20):
        assert augment.codec(power, torch.Generator().manual_seed(seed), strength=0.2).shape == power.shape


def test_a_codec_leaves_holes_only_where_it_is_quiet():
    power = torch.full((200, 60, 40), 100.0)
    power[:, 30, 20] = 0.5
    damaged = augment.codec(power, torch.Generator().manual_seed(0))
    holed = damaged[:, 30, 20] == 0

    assert 0.15 < holed.float().mean() < 0.35
    power[:, 30, 20] = damaged[:, 30, 20]
    torch.testing.assert_close(damaged, power)


def small_training_set(rng) -> fit.TrainingSet:
    """Loud patches are metal, soft ones classical; teachers' answers are noise."""
    n = 64
    loud = np.arange(n) % 2 == 0
    mel = (rng.uniform(0, 1, (n, 187, 96)) + 3 * loud[:, None, None]).astype(np.float16)
    genre = np.zeros((n, 11), np.float32)
    genre[loud, tags.GENRES.index("metal")] = genre[~loud, tags.GENRES.index("classical")] = 1
    targets = labels.Targets(
        genre, np.ones((n, 11), bool), np.full((n, 9), np.nan, np.float32), np.zeros(n, np.float32),
        np.full((n, 3), np.nan, np.float32), rng.uniform(0, 1, (n, len(tags.DERIVED))).astype(np.float32),
        np.ones(n, np.float32),
    )  # fmt: skip
    data = corpus.Corpus(mel, rng.uniform(0.01, 0.99, (n, 150)), rng.normal(size=(n, 656)), np.arange(n), ["x"] * n)
    head = np.zeros((n, losses.N_TAGS), np.float32)
    return fit.TrainingSet(data, targets, head, np.ones(n), np.zeros((4, 187, 96), np.float16))


def test_the_network_learns_and_an_interrupted_training_ends_the_same(tmp_path, rng, monkeypatch):
    torch.set_num_threads(1)
    data = small_training_set(rng)
    cfg = fit.FitConfig(steps=60, batch=16, lr=1e-2, labels=3.0, imitate=0.0, head=0.0)
    whole = fit.fit(data, cfg, TINY)
    monkeypatch.setattr(fit, "SAVE_EVERY", 10)
    with pytest.raises(KeyboardInterrupt):
        fit.fit(data, cfg, TINY, tmp_path / "c.pt", on_step=stop_at(35))
    again = fit.fit(data, cfg, TINY, tmp_path / "c.pt")

    for one, other in zip(whole.state_dict().values(), again.state_dict().values(), strict=True):
        torch.testing.assert_close(one, other)
    with torch.no_grad():
        z = whole(torch.from_numpy(data.corpus.mel.astype(np.float32)))[0].mean(dim=1)[:, losses.PARTS["genre"]]
    assert (z.argmax(dim=1).numpy() == data.targets.genre.argmax(axis=1)).mean() > 0.9


def stop_at(step: int):
    def watch(now: int) -> None:
        if now == step:
            raise KeyboardInterrupt

    return watch


class TestBundledFile:
    """What ships."""

    def test_it_keeps_its_promises_of_size(self):
        n_weights = sum(int(np.prod(t.dims)) for t in onnx.load(bundled()).graph.initializer)
        assert bundled().stat().st_size < 4_000_000
        assert n_weights < 1_500_000

    def test_every_tag_is_defined_and_told_where_it_comes_from(self):
        info = load_model(bundled()).info
        assert info.licence
        assert info.training_data
        assert info.metrics
        for group in info.tagset.groups:
            assert all(group.definition), group.name

    @pytest.mark.parametrize(
        "y",
        [
            np.zeros(160_000),
            np.random.default_rng(0).normal(size=160_000) * 0.1,
            np.sin(2 * np.pi * 440 * np.arange(160_000) / 16_000),
            negatives.applause(np.random.default_rng(8), 160_000) * 0.2,
        ],
        ids=["silence", "white noise", "sine", "applause"],
    )
    def test_what_is_no_music_is_not_called_music(self, y):
        model = load_model(bundled())
        z = model.run(log_mel(y.astype(np.float32))).track_logits()
        column = model.tagset.names().index("content/music")
        assert model.tagset.probabilities(z)[column] < model.tagset.group("content").threshold[0]

    def test_real_music_is_called_music(self, shared_data):
        model = load_model(bundled())
        names = ("sunshine.ogg", "bumblebeat.flac", "Gold Rush.mp3")
        music = model.tagset.names().index("content/music")
        for name in names:
            z = model.run(log_mel(load_audio(shared_data / "cc_catalogue" / name).y)).track_logits()
            assert model.tagset.probabilities(z)[music] > model.tagset.group("content").threshold[0], name
