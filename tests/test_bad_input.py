"""Fifty kinds of bad input: each fails with a cause and a remedy, or is heard as far as it goes; none stops a scan."""

import gzip
import io
import os
import struct
import sys
import wave
import zipfile

import numpy as np
import pytest

from earmark.analysis import analyze
from earmark.catalogue.store import Store
from earmark.engine.scan import ScanOptions, scan
from earmark.errors import AudioError
from earmark.tagger.model import load_model
from sounds import chord, write_sound
from tiny_model import write_tiny_model

RNG = np.random.default_rng(3)


def wav(n_samples=8000, channels=1, width=2, rate=16_000) -> bytes:
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(channels)
        out.setsampwidth(width)
        out.setframerate(rate)
        out.writeframes(RNG.integers(0, 255, n_samples * channels * width, np.uint8).tobytes())
    return file.getvalue()


def patched(data: bytes, offset: int, fmt: str, value) -> bytes:
    out = bytearray(data)
    struct.pack_into(fmt, out, offset, value)
    return bytes(out)


def encoded(folder, suffix, seconds=1.0) -> bytes:
    path = write_sound(folder / f"source.{suffix}", chord(seconds))
    data = path.read_bytes()
    path.unlink()
    return data


def scrambled(data: bytes, start: float, end: float) -> bytes:
    a, b = int(len(data) * start), int(len(data) * end)
    return data[:a] + RNG.integers(0, 255, b - a, np.uint8).tobytes() + data[b:]


def archive(data: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as out:
        out.writestr("song.mp3", data)
    return file.getvalue()


# name -> bytes of a file that cannot be heard at all
UNHEARABLE = {
    "empty.mp3": lambda d: b"",
    "one byte.flac": lambda d: b"f",
    "zeros.mp3": lambda d: bytes(5000),
    "noise.wav": lambda d: RNG.integers(0, 255, 5000, np.uint8).tobytes(),
    "words.mp3": lambda d: b"These are words, and no sound at all. " * 50,
    "page.ogg": lambda d: b"<!DOCTYPE html><html><body>404</body></html>",
    "source.wav": lambda d: b"import this\n" * 40,
    "list.m4a": lambda d: b'{"not": ["a", "song"]}',
    "playlist.mp3": lambda d: b"#EXTM3U\n#EXTINF:10,\n/etc/passwd\n",
    "stream.mp3": lambda d: b"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/hosts\n#EXT-X-ENDLIST\n",
    "concat.mp3": lambda d: b"ffconcat version 1.0\nfile '/etc/hosts'\n",
    "dash.mp3": lambda d: b'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"></MPD>',
    "picture.flac": lambda d: b"\x89PNG\r\n\x1a\n" + bytes(300),
    "gif.mp3": lambda d: b"GIF89a" + bytes(300),
    "pdf.mp3": lambda d: b"%PDF-1.7\n" + bytes(300),
    "program.wav": lambda d: b"\x7fELF" + bytes(300),
    "windows.aiff": lambda d: b"MZ" + bytes(300),
    "archive.mp3": lambda d: archive(b"inside"),
    "gzip.flac": lambda d: gzip.compress(encoded(d, "flac")),
    "tag only.mp3": lambda d: b"ID3\x04\x00\x00\x00\x00\x07\x76" + bytes(1014),
    "endless tag.mp3": lambda d: b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f" + bytes(200),
    "head.flac": lambda d: encoded(d, "flac")[:30],
    "magic.flac": lambda d: b"fLaC",
    "magic.ogg": lambda d: b"OggS" + bytes(100),
    "page head.ogg": lambda d: encoded(d, "ogg")[:58],
    "head.opus": lambda d: encoded(d, "opus")[:80],
    "no moov.m4a": lambda d: encoded(d, "m4a")[: len(encoded(d, "m4a")) // 2].replace(b"moov", b"free"),
    "ftyp.m4a": lambda d: b"\x00\x00\x00\x20ftypM4A " + bytes(20),
    "riff.wav": lambda d: b"RIFF\x24\x00\x00\x00WAVE",
    "no data.wav": lambda d: wav()[:36],
    "data of no length.wav": lambda d: wav(0),
    "no channels.wav": lambda d: patched(wav(), 22, "<H", 0),
    "rate zero.wav": lambda d: patched(wav(), 24, "<I", 0),
    "rate of one.wav": lambda d: wav(rate=1),
    "slow.wav": lambda d: wav(rate=1000),
    "fast.wav": lambda d: wav(rate=10_000_000),
    "strange codec.wav": lambda d: patched(wav(), 20, "<H", 0x1234),
    "form.aiff": lambda d: b"FORM\x00\x00\x00\x04AIFF",
    "guid.wma": lambda d: b"\x30\x26\xb2\x75\x8e\x66\xcf\x11" + bytes(100),
    "print.earprint": lambda d: b"not an npz",
    "print2.earprint": lambda d: archive(b"an archive, but no arrays"),
}

# name -> bytes of a file that is damaged or odd, but holds some sound
HEARABLE = {
    "cut.mp3": lambda d: encoded(d, "mp3")[:9000],
    "cut.flac": lambda d: encoded(d, "flac")[: len(encoded(d, "flac")) * 2 // 3],
    "cut.opus": lambda d: encoded(d, "opus", 8.0)[: len(encoded(d, "opus", 8.0)) * 2 // 3],
    "cut.wav": lambda d: encoded(d, "wav")[:30_001],
    "hole.mp3": lambda d: scrambled(encoded(d, "mp3"), 0.4, 0.5),
    "hole.flac": lambda d: scrambled(encoded(d, "flac"), 0.6, 0.7),
    "junk before.mp3": lambda d: RNG.integers(0, 200, 700, np.uint8).tobytes() + encoded(d, "mp3"),
    "junk after.mp3": lambda d: encoded(d, "mp3") + RNG.integers(0, 255, 5000, np.uint8).tobytes(),
    "flac inside.mp3": lambda d: encoded(d, "flac"),
    "mp3 inside.wav": lambda d: encoded(d, "mp3"),
    "one sample.wav": lambda d: wav(1),
    "silence.wav": lambda d: wav(100) + bytes(0),
    "wrong length.wav": lambda d: patched(wav(), 40, "<I", 0x7FFFFFFF),
    "eight bits.wav": lambda d: wav(width=1),
    "twice.mp3": lambda d: encoded(d, "mp3") + encoded(d, "mp3"),
}


@pytest.fixture
def model(tmp_path):
    return load_model(write_tiny_model(tmp_path / "tiny.onnx"))


@pytest.mark.parametrize("name", UNHEARABLE)
def test_what_cannot_be_heard_is_one_clear_error(tmp_path, model, name):
    path = tmp_path / name
    path.write_bytes(UNHEARABLE[name](tmp_path))

    with pytest.raises(AudioError) as caught:
        analyze(path, model)

    message = str(caught.value)
    assert message.startswith(f"{path}: ")
    assert message.count("\n") == 0
    assert caught.value.remedy.endswith(".")


@pytest.mark.parametrize("name", HEARABLE)
def test_what_is_damaged_is_heard_as_far_as_it_goes(tmp_path, model, name):
    path = tmp_path / name
    path.write_bytes(HEARABLE[name](tmp_path))

    analysis = analyze(path, model)

    assert 0 < analysis.duration <= 8
    assert np.isfinite(analysis.embedding).all()


def test_samples_that_are_no_numbers_become_silence(tmp_path, model):
    y = chord(1.0)
    y[5000:6000] = np.nan
    y[8000] = np.inf
    path = write_sound(tmp_path / "nan.wav", y, 44_100, "pcm_f32le", "flt")

    assert np.isfinite(analyze(path, model).embedding).all()


@pytest.mark.parametrize("make", [os.mkdir, lambda path: None], ids=["folder", "missing"])
def test_what_is_no_file_is_told(tmp_path, model, make):
    path = tmp_path / "song.mp3"
    make(path)

    with pytest.raises(AudioError, match="a folder, not a file|no such file"):
        analyze(path, model)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_no_permission_is_told(tmp_path, model):
    path = write_sound(tmp_path / "a.flac", chord(0.5))
    path.chmod(0)

    with pytest.raises(AudioError, match="no permission"):
        analyze(path, model)


def test_a_folder_of_all_of_them_is_scanned_to_its_end(tmp_path, model):
    folder = tmp_path / "all"
    folder.mkdir()
    for name, make in (UNHEARABLE | HEARABLE).items():
        (folder / name).write_bytes(make(tmp_path))
    store = Store(tmp_path / "catalogue", create=True)

    report = scan(store, [folder], model, "tiny", ScanOptions(workers=2))

    assert len(UNHEARABLE) + len(HEARABLE) >= 50
    assert report.found == len(UNHEARABLE) + len(HEARABLE)
    assert sorted(os.path.basename(f.path) for f in report.failed) == sorted(UNHEARABLE)
    assert all(f.problem and f.remedy for f in store.failures())
