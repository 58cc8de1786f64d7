"""Looking at a data set: MFCC right, distinct classes told from ambiguous ones, every image and the page there."""

import csv
import re

import numpy as np
import pytest
import scipy.fft
import typer
from PIL import Image
from typer.testing import CliRunner

from datafiles import manifest_of, melody, write_set
from earmark.audio.config import FeatureConfig
from earmark.audio.features import log_mel
from earmark.cli import data as commands
from earmark.data import explore
from earmark.data.explore_plots import COLOURS, style
from earmark.data.targets import read_targets
from earmark.errors import DataError
from sounds import write_sound

CFG = FeatureConfig()


def test_mfcc_is_an_orthonormal_cosine_transform():
    S = log_mel(melody(0, 1.0), CFG)
    full = explore.mfcc(S, CFG.n_mels)
    np.testing.assert_allclose(np.square(full).sum(), np.square(S).sum(), rtol=1e-4)
    np.testing.assert_allclose(scipy.fft.idct(full, axis=1, norm="ortho"), S, atol=1e-4)
    flat = explore.mfcc(np.ones((3, 96), np.float32))
    np.testing.assert_allclose(flat[:, 0], np.sqrt(96), rtol=1e-5)
    np.testing.assert_allclose(flat[:, 1:], 0, atol=1e-5)


@pytest.mark.parametrize("seconds", [0.01, 0.3, 2.0, 30.0])
def test_mfcc_images_have_one_size(seconds):
    S = np.ones((max(1, round(seconds * CFG.frame_rate)), 96), np.float32)
    image = explore.mfcc_image(S, CFG)
    assert image.shape == (explore.IMAGE_STEPS, explore.N_MFCC)
    np.testing.assert_allclose(image[:, 0], np.sqrt(96), rtol=1e-5)


def test_purity_tells_distinct_classes_from_ambiguous_ones(rng):
    n = 40
    images = rng.normal(size=(3 * n, 8, 5))
    images[:n] += 4  # class a lies apart; b and c lie among each other
    manifest = manifest_of(genre=["a"] * n + ["b"] * n + ["c"] * n)
    projection = explore.project(manifest, read_targets(manifest, ["genre"]), images)
    assert projection.purity["a"] > 0.95
    assert 0.3 < projection.purity["b"] < 0.7
    assert projection.chance == pytest.approx({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})
    assert projection.explained[0] == projection.explained.max()


def test_two_files_are_too_few(rng):
    manifest = manifest_of(genre=["a", "b"])
    targets = read_targets(manifest, ["genre"], for_training=False)
    with pytest.raises(DataError, match="Three or more are needed"):
        explore.project(manifest, targets, rng.normal(size=(2, 8, 5)))


def test_purity_does_not_count_files_of_the_same_song(rng):
    """Pairs of files of one song lie on one spot; the songs themselves lie at random."""
    spots = np.repeat(rng.normal(size=(60, 8, 5)), 2, axis=0)
    manifest = manifest_of(genre=np.repeat(["a", "b"] * 30, 2), song=np.repeat(np.arange(60), 2))
    targets = read_targets(manifest, ["genre"])
    alone = manifest_of(genre=manifest.column("genre"))
    assert 0.3 < explore.project(manifest, targets, spots).purity["a"] < 0.7
    assert explore.project(alone, targets, spots).purity["a"] > explore.project(manifest, targets, spots).purity["a"]


def test_classes_of_one_colour_have_other_marks():
    looks = [tuple(style(k).values()) for k in range(len(COLOURS) * 8)]
    assert len(set(looks)) == len(looks)


def test_no_two_classes_share_a_file():
    assert explore.file_names(("R&B", "R/B", "jazz", "???")) == {
        "R&B": "r_b",
        "R/B": "r_b-1",
        "jazz": "jazz",
        "???": "class",
    }


def run(*arguments):
    app = typer.Typer()
    commands.register(app)
    app.callback()(lambda: None)
    return CliRunner().invoke(app, ["data", "explore", *map(str, arguments)])


def test_the_command_draws_all_images_and_the_page(tmp_path):
    rows = [{"path": f"{i}.wav", "genre": ["R&B", "<b>jazz"][i % 2], "seed": i} for i in range(6)]
    folder = write_set(tmp_path / "set", rows).parent
    track = write_sound(tmp_path / "one.flac", melody(3, 3.0), 16_000)
    out = tmp_path / "look"
    done = run(folder, "--out", out, "--examples", 2, "--track", track, "--cache", tmp_path / "cache")
    assert done.exit_code == 0, done.output
    page = (out / "index.html").read_text()
    shown = re.findall(r'src="([^"]+)"', page)
    assert sorted(shown) == ["mel-b_jazz.png", "mel-r_b.png", "mfcc-b_jazz.png", "mfcc-r_b.png", "pca.png"]
    assert "<b>jazz" not in page
    for name in [*shown, "heat-one.png"]:
        pixels = np.asarray(Image.open(out / name).convert("L"))
        assert pixels.shape[1] > 500
        assert pixels.std() > 5  # something is drawn
    with open(out / "classes.csv") as file:
        assert [row["class"] for row in csv.DictReader(file)] == ["<b>jazz", "R&B"]


def test_unreadable_audio_stops_before_anything_is_drawn(tmp_path):
    folder = write_set(
        tmp_path / "set", [{"path": f"{i}.wav", "genre": "ab"[i % 2], "seed": i} for i in range(4)]
    ).parent
    (folder / "1.wav").write_bytes(b"x" * 200)
    result = run(folder, "--out", tmp_path / "look", "--cache", tmp_path / "cache")
    assert "1 of 4 files cannot be read" in str(result.exception)
    assert not (tmp_path / "look").exists()
    assert "no column label or genre" in str(
        run(write_set(tmp_path / "n", [{"path": "0.wav", "seed": 0}]), "--out", tmp_path / "look").exception
    )


def test_a_song_of_the_million_song_dataset_is_drawn(shared_data, tmp_path):
    folder = shared_data / "msd_lyrics"
    assert "Name songs with --track, e.g. TR" in str(run(folder, "--out", tmp_path).exception)
    track = re.search(r"TR\w{16}", str(run(folder, "--out", tmp_path).exception))[0]
    assert run(folder, "--out", tmp_path, "--track", track).exit_code == 0
    assert (tmp_path / f"heat-{track.lower()}.png").stat().st_size > 10_000
