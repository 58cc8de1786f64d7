"""The cache is filled: mixes come from the folders that they may, effects are passed over."""

import numpy as np

from earmark_research.tagger import build, corpus
from sounds import write_sound


def test_mixes_are_new_sound_of_what_is_not_held(tmp_path, teachers):
    for name, level in (("kept", 0.0), ("held", 5.0)):
        (tmp_path / "music").mkdir(exist_ok=True)
        mel = np.full((20, 187, 96), level, np.float32)
        corpus.store(tmp_path / "music" / f"{name}.npz", name, mel, teachers)
    build.cache_mixes(tmp_path / "mixed", ["music"], ["music"], lambda path: path == "music/held", teachers, n=2)
    mixed = corpus.load(tmp_path, ["mixed"])

    assert len(mixed.mel) == 2 * build.MIXED_AT_ONCE
    assert mixed.mel.max() == 0  # of silence alone: the loud track is held
    build.cache_mixes(tmp_path / "mixed", ["music"], ["music"], lambda path: False, teachers, n=3)
    louder = corpus.load(tmp_path, ["mixed"])
    assert louder.mel[: len(mixed.mel)].max() == 0  # kept from the first call
    assert louder.mel.max() > 1
    np.testing.assert_allclose(louder.probabilities[:, 0], louder.mel.astype(np.float32).mean(axis=(1, 2)), rtol=1e-2)


def test_the_louder_half_of_a_mix_and_the_softer_one_come_from_their_own_folders(tmp_path, teachers):
    for source, level in (("sung", 3.0), ("music", 0.0)):
        (tmp_path / source).mkdir()
        mel = np.full((20, 187, 96), level, np.float32)
        corpus.store(tmp_path / source / "a.npz", "a", mel, teachers)
    for over, under in (("sung", "music"), ("music", "sung")):
        build.cache_mixes(tmp_path / over / "mixes", [over], [under], lambda path: False, teachers, n=1)
        build.cache_mixes(tmp_path / f"mixed_{over}", [over], [under], lambda path: False, teachers, 1, True)

    loud, silent = (corpus.load(tmp_path, [f"mixed_{over}"]).mel.astype(np.float32) for over in ("sung", "music"))
    assert loud.mean(axis=(1, 2)).min() > 1
    assert silent.mean(axis=(1, 2)).min() < 0.1  # what is under silence is as soft
    assert not (tmp_path / "sung" / "mixes").exists()  # its neighbours are not there


def test_effects_are_no_pieces(tmp_path, rng, teachers):
    folder = tmp_path / "audio"
    folder.mkdir()
    for name, seconds in (("effect.wav", 4), ("piece.wav", 16)):
        write_sound(folder / name, rng.uniform(-0.1, 0.1, seconds * 16000).astype(np.float32), 16000)
    assert build.cache_folder(folder, tmp_path / "cache", teachers, at_most=3, at_least=5) == []
    found = corpus.load(tmp_path, ["cache"])

    assert found.paths == ["cache/piece.wav"]
    assert len(found.mel) == 3


def test_files_that_cannot_be_read_are_named(tmp_path, teachers):
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio" / "broken.wav").write_bytes(b"no sound")
    told = []
    failures = build.cache_folder(
        tmp_path / "audio", tmp_path / "cache", teachers, 3, progress=lambda *step: told.append(step)
    )
    assert [name for name, _ in failures] == ["broken.wav"]
    assert told == [("cache cache", 1, 1)]


def test_synthetic_sounds_are_the_same_again(tmp_path, teachers):
    for name in ("one", "two"):
        build.cache_synthetic(tmp_path / name, teachers, n=3, seed=5)
    one, two = (corpus.load(tmp_path, [name]) for name in ("one", "two"))
    np.testing.assert_array_equal(one.mel, two.mel)
    assert one.paths == ["one/synthetic/0", "one/synthetic/1", "one/synthetic/2"]
