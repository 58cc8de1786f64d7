"""The pieces as files: whole, tagged, described by a manifest, and not made twice."""

import csv
import shutil

import numpy as np
import pytest

from earmark.audio.decode import load_audio
from earmark.audio.filetags import read_file_tags
from earmark.data.read import read_manifest
from earmark.data.splits import split_of
from earmark.data.targets import read_targets
from earmark.demo import PIECES, SR, files

each_piece = pytest.mark.parametrize("piece", PIECES, ids=lambda piece: piece.name)


def refuse(piece):
    raise AssertionError(f"{piece.name} was rendered again")


@pytest.fixture(scope="module")
def written(demo_folder, tmp_path_factory):
    return files.write(shutil.copytree(demo_folder, tmp_path_factory.mktemp("demo") / "pieces"), refuse)


def test_the_files_are_of_many_formats_and_carry_their_tags(written):
    for piece, path in zip(PIECES, written, strict=True):
        tags = read_file_tags(path)
        found = (tags.title, tags.artist, tags.album, tags.year, tags.genre)
        assert found == (piece.title, "earmark demo", "Sixteen pieces", 2026, piece.genre)

    suffixes = {path.suffix for path in written}
    assert suffixes == {".flac", ".mp3", ".ogg", ".m4a", ".wav", ".opus", ".aiff"}


LOSSLESS = (".flac", ".wav", ".aiff")


@each_piece
def test_a_file_decodes_to_what_was_composed(piece, rendered, written):
    path = written[PIECES.index(piece)]
    audio = load_audio(path, sr=SR)
    wanted = rendered[piece.name].mean(axis=1)

    assert audio.n_channels == 2
    assert audio.duration == pytest.approx(piece.seconds, abs=0.03)
    n = min(len(wanted), len(audio.y))
    error = 10 * np.log10(np.square(wanted[:n] - audio.y[:n]).sum() / np.square(wanted).sum())
    assert error < (-70 if path.suffix in LOSSLESS else -15)


def test_a_second_write_renders_nothing(written):
    before = [path.stat().st_mtime_ns for path in written]

    assert files.write(written[0].parent, refuse) == written
    assert [path.stat().st_mtime_ns for path in written] == before


def test_only_harmed_files_are_made_again(written, rendered):
    names = []

    def noted(piece):
        names.append(piece.name)
        return rendered[piece.name]

    written[4].write_bytes(written[4].read_bytes()[:-100])
    written[7].unlink()
    files.write(written[0].parent, noted)
    assert names == [PIECES[4].name, PIECES[7].name]


def test_changed_code_makes_all_again(written, monkeypatch):
    monkeypatch.setattr(files, "_code_digest", lambda: "other")
    with pytest.raises(AssertionError, match="nocturne was rendered again"):
        files.write(written[0].parent, refuse)


def test_a_damaged_record_counts_as_none(tmp_path, written):
    (tmp_path / files.RECORD).write_text("[1, 2")
    with pytest.raises(AssertionError, match="nocturne was rendered again"):
        files.write(tmp_path, refuse)


def test_without_an_encoder_a_piece_becomes_flac(monkeypatch):
    monkeypatch.setattr(files, "FORMATS", (files.FORMATS[0], files.Format("xyz", "xyz", ("no-such-encoder",))))

    assert files.format_of(PIECES[1]).suffix == "flac"


def test_the_manifest_states_the_facts_and_divides_each_mood(written):
    manifest = read_manifest(written[0].parent)
    with open(written[0].parent / "tracks.csv", encoding="utf-8", newline="") as file:
        row = list(csv.DictReader(file))[11]

    assert row == {
        "path": "jazz-trio.wav", "title": "Three and Two", "artist": "earmark demo", "genre": "jazz", "mood": "calm",
        "tempo_bpm": "168", "metre": "5/4", "key": "G minor", "instruments": "piano|double bass|drums",
        "song": "jazz-trio", "split": "test",
    }  # fmt: skip
    targets = read_targets(manifest, ["mood"])
    for part, n in zip(split_of(manifest, targets).parts().values(), (2, 1, 1), strict=True):
        assert np.bincount(targets.index[part]).tolist() == [n] * 4
