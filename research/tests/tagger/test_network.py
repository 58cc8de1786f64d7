"""The starter model: its tags, its training parts on signals of known answer, and the bundled file."""

import tomllib
from dataclasses import replace

import numpy as np
import onnx
import pytest
import torch

from earmark.audio.decode import load_audio
from earmark.audio.features import log_mel
from earmark.tagger.interop.musicnn import numbered
from earmark.tagger.model import load_model
from earmark.tagger.registry import bundled
from earmark.training.export import export_onnx
from earmark_research.music import negatives
from earmark_research.tagger import __main__ as starter_main
from earmark_research.tagger import (
    augment,
    calibration,
    corpus,
    finish,
    fit,
    heads,
    inherit,
    labels,
    losses,
    pipeline,
    tags,
)
from earmark_research.tagger.compact import store_half
from earmark_research.tagger.network import ListenerConfig, StarterConfig, StarterNet, whole_outputs
from earmark_research.tagger.pipeline import LABELLED, Trained, is_held, model_info
from earmark_research.tagger.tags import starter_tagset
from sounds import write_sound


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


def test_what_is_reported_on_is_never_learned_from(tmp_path):
    rows = {"gtzan/a": {"split": "valid"}, "gtzan/b": {"split": "train"}}
    rows |= {f"emotify/{fold}": {"fold": fold} for fold in "0123"}
    plan = starter_main.Recipe.read(starter_main.RECIPE, tmp_path).plan
    held = [path for path in rows if is_held(path, rows, plan)]

    assert held == ["gtzan/a", "emotify/3"]
    assert is_held("music/singularity-music/x.ogg", rows, plan)
    assert is_held("rendered/0-00812.flac", rows, plan)
    assert not is_held("rendered/0-00080.flac", rows, plan)


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


def test_a_mix_adds_power_to_most_patches():
    g = torch.Generator().manual_seed(0)
    one, other = torch.full((400, 3, 4), 2.0), torch.full((400, 3, 4), 50.0)
    mixed = augment.mix(one, other, g)
    alone = (mixed == one).all(dim=(1, 2))

    assert 0.2 < alone.float().mean() < 0.4
    over = (mixed[~alone] / 2 - 1).mean(dim=(1, 2))  # power of the second over the first
    assert over.min() >= 0.01 - 1e-4
    assert over.max() <= 1 + 1e-4


def test_no_frame_is_left_over():
    mel = torch.arange(187.0)[None, :, None].expand(2, 187, 96)
    whole = whole_outputs(mel)
    assert whole[0, 180:, 0].tolist() == [*range(180, 187), *range(182, 187)]
    assert whole_outputs(whole).shape == whole.shape


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
    cfg = StarterConfig({"A": ListenerConfig((4, 4, 4, 4, 4), 10)})
    export_onnx(StarterNet(len(info.tagset), cfg), info, tmp_path / "full.onnx")
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
        ("free-longer", ("music",)),
        ("everything", ("emotify", "music")),
    ]
    assert recipe.plan.sources == ("music", "emotify")
    assert recipe.plan.held_folds == ("3",)
    assert recipe.network.listeners["MSD_musicnn"] == ListenerConfig((23, 14, 3, 7, 17), 20)


def test_what_hears_the_folds_is_trained_twice_and_each_is_the_others_witness(tmp_path, monkeypatch):
    (tmp_path / "emotify").mkdir()
    rows = {f"emotify/{fold}.ogg": {"fold": str(fold)} for fold in range(4)}
    written = {}
    monkeypatch.setattr(starter_main, "fill_cache", lambda args, plan: None)
    monkeypatch.setattr(starter_main.pipeline, "label_rows", lambda data: rows)
    monkeypatch.setattr(
        starter_main.pipeline, "train", lambda *args: (Trained(None, stage, args[2]) for stage in args[3])
    )
    monkeypatch.setattr(starter_main, "read_weights", lambda wheel, scratch: {})
    monkeypatch.setattr(starter_main.finish, "with_guess", lambda trained, *folders: trained)
    monkeypatch.setattr(starter_main.finish, "finish_student", lambda *args: written.update({args[-1].name: args[:2]}))
    monkeypatch.setattr(starter_main.finish, "finish_accurate", lambda *args: written.update({args[-1].name: None}))
    monkeypatch.setattr(starter_main, "show", lambda path, info: None)
    folders = [f"--{name}={tmp_path}" for name in ("cache", "data", "teachers", "out")]
    monkeypatch.setattr("sys.argv", ["starter", *folders, "--wheel=x"])
    starter_main.main()

    networks = {"free.onnx", "free-longer.onnx", "everything-without-012.onnx", "everything-without-3.onnx"}
    assert set(written) == networks | {"accurate_head.npz"}

    def of(name):
        own, witness = written[name]
        return own.plan.held_folds, "".join(path[8] for path in rows if not witness.heard(path, rows))

    assert of("free-longer.onnx") == (("3",), "0123")
    assert of("everything-without-3.onnx") == (("3",), "012")
    assert of("everything-without-012.onnx") == (("0", "1", "2"), "3")


def test_a_stage_goes_on_from_the_one_it_names_and_leaves_it_as_it_was(tmp_path, monkeypatch):
    for source in ("music", "emotify"):
        (tmp_path / source).mkdir()
    recipe = starter_main.Recipe.read(starter_main.RECIPE, tmp_path)
    small = StarterNet(1, StarterConfig({"A": ListenerConfig((1,) * 5, 1)}))
    nothing = fit.TrainingSet(corpus.Corpus(np.zeros((1, 187, 96)), None, None, None, None), None)

    def one_more(there, cfg, network, checkpoint):
        network.head.bias.data += 1
        return network

    monkeypatch.setattr(pipeline, "training_set", lambda *args: nothing)
    monkeypatch.setattr(pipeline, "begin", lambda *args: small)
    monkeypatch.setattr(pipeline, "fit", one_more)
    left = {}
    settings = (recipe.stages, recipe.network, {}, tmp_path, left)
    trained = list(pipeline.train(tmp_path, tmp_path, recipe.plan, *settings))

    assert [stage.label for stage in trained] == list(left) == ["free", "free-longer", "everything-without-3"]
    first, longer, everything = (network.head.bias.detach() for network in left.values())
    torch.testing.assert_close(longer, first + 1)
    torch.testing.assert_close(everything, first + 1)

    twin = list(pipeline.train(tmp_path, tmp_path, replace(recipe.plan, held_folds=("0",)), *settings))
    assert [a.network is b.network for a, b in zip(trained, twin, strict=True)] == [True, True, False]


def test_the_free_stages_are_free():
    """No research recording, mixed or not, in what the recipe calls free."""
    stages = tomllib.loads(starter_main.RECIPE.read_text(encoding="utf-8"))["stage"]
    for name in ("free", "free-longer"):
        (free,) = (stage for stage in stages if stage["name"] == name)
        assert not set(free["draw"]) & {*LABELLED, "mixed_gtzan"}


def test_calibration_does_not_hear_of_an_artist_from_himself(rng):
    """Sound that tells nothing but who plays: a head knows the artists that it was fitted on, and nobody else."""
    n, who = 160, np.repeat(np.arange(40), 4)  # two tracks each, of two patches
    X = rng.normal(size=(40, 60)).astype(np.float32)[who]
    genre = np.zeros((n, 11), np.float32)
    genre[np.arange(n), np.where(who % 2, tags.GENRES.index("metal"), tags.GENRES.index("classical"))] = 1
    truth = labels.Targets(
        genre, np.ones((n, 11), bool), np.full((n, 9), np.nan, np.float32), np.zeros(n, np.float32),
        np.full((n, 3), np.nan, np.float32), np.zeros((n, len(tags.DERIVED)), np.float32), np.ones(n, np.float32),
    )  # fmt: skip
    paths = [f"gtzan/{number}" for number in range(80)]
    rows = {path: {"artist": f"artist {number // 2}"} for number, path in enumerate(paths)}
    learned = corpus.Corpus(np.zeros((n, 1, 1)), np.zeros((n, 150)), np.zeros((n, 656)), np.arange(n) // 2, paths)
    weight, bias = heads.fit_head(X, truth, decay=0.01)
    known = (X @ weight + bias)[:, losses.PARTS["genre"]].argmax(axis=1)
    answered = finish.out_of_fold(X, learned, truth, rows, decay=0.01)
    unknown = answered.logits[:, losses.PARTS["genre"]].argmax(axis=1)

    assert (known == genre.argmax(axis=1)).all()
    assert (unknown == genre.argmax(axis=1)).mean() < 0.75
    assert answered.join(answered).track.max() == 159


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
    corpus.build_mixed(tmp_path / "mixed", ["music"], ["music"], lambda path: path == "music/held", FakeTeachers(), n=2)
    mixed = corpus.load(tmp_path, ["mixed"])

    assert len(mixed.mel) == 2 * corpus.MIXED_AT_ONCE
    assert mixed.mel.max() == 0  # of silence alone: the loud track is held
    corpus.build_mixed(tmp_path / "mixed", ["music"], ["music"], lambda path: False, FakeTeachers(), n=3)
    louder = corpus.load(tmp_path, ["mixed"])
    assert louder.mel[: len(mixed.mel)].max() == 0  # kept from the first call
    assert louder.mel.max() > 1
    np.testing.assert_allclose(louder.probabilities[:, 0], louder.mel.astype(np.float32).mean(axis=(1, 2)), rtol=1e-2)


def test_the_louder_half_of_a_mix_and_the_softer_one_come_from_their_own_folders(tmp_path):
    for source, level in (("sung", 3.0), ("music", 0.0)):
        (tmp_path / source).mkdir()
        mel = np.full((20, 187, 96), level, np.float32)
        corpus.store(tmp_path / source / "a.npz", "a", mel, FakeTeachers())
    for over, under in (("sung", "music"), ("music", "sung")):
        corpus.build_mixed(tmp_path / over / "mixes", [over], [under], lambda path: False, FakeTeachers(), n=1)
        corpus.build_mixed(tmp_path / f"mixed_{over}", [over], [under], lambda path: False, FakeTeachers(), 1, True)

    loud, silent = (corpus.load(tmp_path, [f"mixed_{over}"]).mel.astype(np.float32) for over in ("sung", "music"))
    assert loud.mean(axis=(1, 2)).min() > 1
    assert silent.mean(axis=(1, 2)).min() < 0.1  # what is under silence is as soft
    assert not (tmp_path / "sung" / "mixes").exists()  # its neighbours are not there


def test_mastered_sound_is_more_even_and_not_dull():
    g = torch.Generator().manual_seed(0)
    power = torch.ones(200, 187, 96)
    power[:, 90:] = 100.0
    mastered = augment.master(power, g).mean(dim=2)
    assert torch.log10(mastered[:, 150] / mastered[:, 30]).mean() < 1.6  # 20 dB were there
    gain = augment.equaliser(500, 96, g, dull=False)
    assert (torch.log10(gain[:, 0, -1] / gain[:, 0, 40]) > -1.5).all()
    assert (torch.log10(augment.equaliser(500, 96, g)[:, 0, -1]) < -3).any()


def test_effects_are_no_pieces(tmp_path, rng):
    folder = tmp_path / "audio"
    folder.mkdir()
    for name, seconds in (("effect.wav", 4), ("piece.wav", 16)):
        write_sound(folder / name, rng.uniform(-0.1, 0.1, seconds * 16000).astype(np.float32), 16000)
    assert corpus.build(folder, tmp_path / "cache", FakeTeachers(), at_most=3, at_least=5) == []
    found = corpus.load(tmp_path, ["cache"])

    assert found.paths == ["cache/piece.wav"]
    assert len(found.mel) == 3


def small_musicnn(rng) -> dict[str, np.ndarray]:
    """Weights of a network of musicnn's shape with few filters; some of the first middle layer are dead."""
    w = {}
    shapes = [(7, 38, 1, 6), (7, 67, 1, 5), (128, 1, 1, 4), (64, 1, 1, 3), (32, 1, 1, 2), (7, 20, 1, 64)]
    for number, shape in enumerate([*shapes, (7, 64, 1, 64), (7, 64, 1, 64)]):
        w[numbered("conv2d", number) + "/kernel"] = rng.normal(0, 0.05, shape)
        w[numbered("conv2d", number) + "/bias"] = rng.normal(0, 0.1, shape[-1])
    w["conv2d_5/kernel"][..., 10:] = 0
    w["dense/kernel"], w["dense/bias"] = rng.normal(0, 0.05, (2 * (20 + 192), 200)), rng.normal(0, 0.1, 200)
    for number, width in enumerate([1, 6, 5, 4, 3, 2, 64, 64, 64, 2 * (20 + 192), 200]):
        name = numbered("batch_normalization", number)
        w[f"{name}/gamma"], w[f"{name}/beta"] = rng.normal(1, 0.5, width), rng.normal(0, 0.1, width)
        w[f"{name}/moving_mean"], w[f"{name}/moving_variance"] = rng.normal(0, 0.1, width), rng.uniform(0.5, 2, width)
    return {key: value.astype(np.float32) for key, value in w.items()}


def test_a_listener_hears_of_an_even_sound_what_musicnn_hears(rng):
    """Where neither time nor pitch matters, the coarse grid loses nothing: musicnn by hand, all filters kept."""
    w = small_musicnn(rng)
    w["batch_normalization_1/gamma"][:3] *= -1  # the most of a filter turned round is its least
    network = StarterNet(3, StarterConfig({"A": inherit.sizes(w), "B": inherit.sizes(w)}))
    for number in (0, 1):
        inherit.inherit(network, number, w, np.arange(20))
    factor, offset = inherit.resting(w, 0)
    front = [layer(w, number, 2.5 * factor + offset) for number in range(5)]
    levels = [np.concatenate(front)]
    for number in (5, 6, 7):
        said = layer(w, number, levels[-1])
        levels.append(said if number == 5 else said + levels[-1])
    scale, shift = inherit.resting(w, 9)
    dense = (np.repeat(np.concatenate(levels), 2) * scale + shift) @ w["dense/kernel"] + w["dense/bias"]
    scale, shift = inherit.resting(w, 10)
    expected = np.maximum(dense, 0) * scale + shift

    with torch.no_grad():
        found = network.embed(torch.full((1, 640, 96), 2.5))[0][0, 10]  # far from the edges
    np.testing.assert_allclose(found, np.tile(expected, 2), rtol=1e-3, atol=1e-3)


def layer(w: dict, number: int, x: np.ndarray) -> np.ndarray:
    """What a convolution of musicnn and its normalisation say if they hear x everywhere."""
    kernel, bias = (w[numbered("conv2d", number) + f"/{part}"] for part in ("kernel", "bias"))
    scale, shift = inherit.resting(w, number + 1)
    heard = np.atleast_1d(x) @ kernel.reshape(-1, np.size(x), kernel.shape[-1]).sum(axis=0)
    return np.maximum(heard + bias, 0) * scale + shift


def test_a_kernel_between_two_frames_goes_to_both(rng):
    """On a line, taps on pairs of frames say what taps on frames say."""
    kernel = rng.normal(size=(7, 3, 2))
    line = np.arange(-20.0, 20.0)
    fine = sum(kernel[i] * line[20 + i - 3] for i in range(7))
    coarse = sum(inherit.between(kernel)[j] * line[20 + 2 * (j - 3)] for j in range(7))
    np.testing.assert_allclose(coarse, fine, atol=1e-9)


def test_filters_that_nobody_listens_to_go_first(rng):
    w = small_musicnn(rng)
    deaf = [1, 4, 7]
    w["conv2d_5/kernel"][:, deaf] = 0
    w["dense/kernel"].reshape(-1, 2, 200)[deaf] = 0
    cfg = StarterConfig({"A": ListenerConfig((4, 4, 4, 3, 2), 10)})
    network = inherit.begin(cfg, 3, {"A": w}, rng.uniform(0, 3, (4, 192, 96)).astype(np.float32))

    kept = np.delete(np.arange(20), deaf)
    wanted = StarterNet(3, cfg)
    inherit.inherit(wanted, 0, w, kept)
    torch.testing.assert_close(network.front.tall[0].weight, wanted.front.tall[0].weight)
    torch.testing.assert_close(network.front.tall[1].weight, wanted.front.tall[1].weight)


def small_training_set(rng) -> fit.TrainingSet:
    """Patches of two levels; the teachers say the same of every loud one, and the same of every soft one."""
    n = 64
    loud = np.arange(n) % 2 == 0
    mel = (rng.uniform(0, 1, (n, 187, 96)) + 3 * loud[:, None, None]).astype(np.float16)
    embedding = np.where(loud[:, None], *rng.normal(size=(2, 1, 656)))
    data = corpus.Corpus(mel, np.zeros((n, 150), np.float32), embedding, np.arange(n), ["x"] * n)
    return fit.TrainingSet(data, np.ones(n))


def test_the_network_learns_and_an_interrupted_training_ends_the_same(tmp_path, rng, monkeypatch):
    torch.set_num_threads(1)
    data, w = small_training_set(rng), small_musicnn(rng)
    cfg = StarterConfig({"MTT_musicnn": ListenerConfig((3, 3, 2, 1, 1), 10)})
    settings = fit.FitConfig(steps=60, batch=16, lr=1e-2)

    def fresh():
        torch.manual_seed(0)  # of the head
        return inherit.begin(cfg, 3, {"MTT_musicnn": w}, data.corpus.mel[:4].astype(np.float32))

    wanted, rows = fit.Wanted.of(data.corpus, cfg), np.arange(64)

    def distance(network) -> float:
        with torch.no_grad():
            mel = whole_outputs(torch.from_numpy(data.corpus.mel).float())
            return float(wanted.distance(network.embed(mel)[0].mean(dim=1), rows))

    whole = fit.fit(data, settings, fresh())
    assert distance(whole) < 0.7 * distance(fresh())
    monkeypatch.setattr(fit, "SAVE_EVERY", 10)
    with pytest.raises(KeyboardInterrupt):
        fit.fit(data, settings, fresh(), tmp_path / "c.pt", on_step=stop_at(35))
    again = fit.fit(data, settings, fresh(), tmp_path / "c.pt")

    for one, other in zip(whole.state_dict().values(), again.state_dict().values(), strict=True):
        torch.testing.assert_close(one, other)


def test_a_guess_is_the_best_linear_map_of_what_is_pooled(rng):
    torch.manual_seed(0)
    network = StarterNet(3, StarterConfig({"MTT_musicnn": ListenerConfig((3, 3, 2, 1, 1), 10)}))
    mel = rng.uniform(0, 3, (300, 187, 96)).astype(np.float16) * rng.uniform(0, 1, (300, 1, 96)).astype(np.float16)
    with torch.no_grad():
        pooled = network.embed(whole_outputs(torch.from_numpy(mel).float()))[1].mean(dim=1).numpy()
    embedding = np.zeros((300, 656), np.float32)
    z = (pooled - pooled.mean(axis=0)) / (pooled.std(axis=0) + 1e-3)
    embedding[:, :256] = 5 + z @ rng.normal(size=(z.shape[1], 4)) @ rng.normal(size=(4, 256))
    data = corpus.Corpus(mel, np.zeros((300, 150)), embedding, np.arange(300), ["x"] * 300)

    guess = finish.fit_guess(network, data)
    with torch.no_grad():
        said = guess(torch.from_numpy(pooled)).numpy()
    wanted = embedding[:, :256]
    assert ((said - wanted) ** 2).sum() < 0.3 * ((wanted - wanted.mean(axis=0)) ** 2).sum()
    np.testing.assert_allclose(said.mean(axis=0), wanted.mean(axis=0), rtol=1e-2)


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

    def test_its_embedding_is_that_of_its_teachers(self, shared_data):
        """Half of what tells the patches of unheard tracks apart; less of it where another kind is guessed."""
        teachers = corpus.Teachers(shared_data.parent / "teachers")
        names = ("sunshine.ogg", "bumblebeat.flac", "Gold Rush.mp3", "Kevin_MacLeod_-_Vibe_Ace.hq.ogg")
        found = [corpus.to_patches(log_mel(load_audio(shared_data / "cc_catalogue" / name).y))[2:8] for name in names]
        mel = np.concatenate(found)
        wanted = teachers(mel)["embedding"].astype(np.float32)
        wanted = np.hstack([wanted[:, 256:], wanted[:, :256]])
        whole = whole_outputs(torch.from_numpy(mel)).numpy()
        said = load_model(bundled())._run_batch(whole)[1].mean(axis=1)

        missed, there = ((said - wanted) ** 2).sum(axis=0), ((wanted - wanted.mean(axis=0)) ** 2).sum(axis=0)
        assert missed[:400].sum() < 0.5 * there[:400].sum()
        assert missed[400:].sum() < 0.8 * there[400:].sum()

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
