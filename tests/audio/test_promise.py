"""What files promise: whole ones of every kind are whole, and cut ones are not."""

import numpy as np
import pytest

from earmark.audio.decode import load_audio
from earmark.audio.promise import is_short, present_part
from odd_sounds import cut, pcm_wav
from sounds import FORMATS, chord, write_sound

# suffix -> encoder, sample format, container; kinds beside FORMATS
MORE = {
    "w64": ("pcm_s16le", "s16", "w64"), "au": ("pcm_s16be", "s16", "au"), "caf": ("pcm_s16be", "s16", "caf"),
    "wv": ("wavpack", "s16p", "wv"), "tta": ("tta", "s16", "tta"), "mka": ("flac", "s16", "matroska"),
    "ac3": ("ac3", "fltp", "ac3"), "eac3": ("eac3", "fltp", "eac3"), "mp2": ("mp2", "s16", "mp2"),
    "alac": ("alac", "s16p", "ipod"), "oga": ("flac", "s16", "ogg"), "adpcm": ("adpcm_ms", "s16", "wav"),
    "wma": ("wmav2", "fltp", "asf"), "webm": ("libopus", "flt", "webm"), "spx": ("libopus", "flt", "ogg"),
}  # fmt: skip
TOLD = ["flac", "mp3", "wav", "aiff", "w64", "au", "caf", "wv", "tta", "mka", "adpcm", "wma"]  # both lengths are known
KNOWN_TO_END = ["ogg", "opus", "oga"]


def made(folder, suffix, seconds=4.0):
    encoder, kind, container = MORE.get(suffix, (None, None, None))
    sr = 48_000 if encoder == "libopus" or suffix == "opus" else 44_100
    stereo = np.stack([chord(seconds, sr), np.roll(chord(seconds, sr), 9)])
    noise = np.random.default_rng(2).normal(0, 0.05, stereo.shape).astype(np.float32)
    return write_sound(folder / f"a.{suffix}", stereo + noise, sr, encoder, kind, container)


@pytest.mark.parametrize("suffix", sorted({*FORMATS, *MORE}))
@pytest.mark.parametrize("seconds", [0.7, 4.0])
def test_whole_files_are_whole(tmp_path, suffix, seconds):
    audio = load_audio(made(tmp_path, suffix, seconds))

    assert (audio.incomplete, audio.warnings) == (None, ())
    assert audio.duration == pytest.approx(seconds, abs=0.1)


@pytest.mark.parametrize("suffix", TOLD)
@pytest.mark.parametrize("part", [0.5, 0.9])
def test_cut_files_tell_both_lengths(tmp_path, suffix, part):
    found = load_audio(cut(made(tmp_path, suffix), part))

    assert found.duration == pytest.approx(4.0 * part, abs=1.0)  # frames of tta last a second
    assert found.incomplete.heard == pytest.approx(found.duration, abs=0.001)
    assert found.incomplete.expected == pytest.approx(4.0, abs=0.1)
    assert (
        found.warnings[0]
        == f"incomplete: {found.incomplete.heard:.1f} of {found.incomplete.expected:.1f} s could be heard"
    )


@pytest.mark.parametrize("suffix", KNOWN_TO_END)
def test_an_ogg_without_its_end_is_known_to_lack_it(tmp_path, suffix):
    found = load_audio(cut(made(tmp_path, suffix), 0.6))

    assert found.incomplete.expected is None
    assert found.warnings == (f"incomplete: it breaks off after {found.duration:.1f} s",)


def test_an_m4a_with_its_index_in_front(tmp_path):
    import av

    source, path = made(tmp_path, "m4a"), tmp_path / "front.m4a"
    with av.open(str(source)) as before, av.open(str(path), "w", "ipod", options={"movflags": "+faststart"}) as after:
        stream = after.add_stream_from_template(before.streams.audio[0])
        for packet in before.demux(before.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = stream
                after.mux(packet)
    assert load_audio(path).incomplete is None

    assert load_audio(cut(path, 0.5)).incomplete.expected == pytest.approx(4.0, abs=0.1)


@pytest.mark.parametrize("size", [0, 0xFFFFFFFF, 0x7FFFFFFF, 0x7FFFF000, 0x7FFFFFFF - 36])
def test_a_pipe_that_did_not_know_its_length_is_no_loss(tmp_path, size):
    path = pcm_wav(tmp_path / "a.wav", chord(2.0, 16_000)[None], size=size)

    audio = load_audio(path)

    assert audio.duration == pytest.approx(2.0, abs=0.01)
    assert audio.incomplete is None


def test_a_stream_of_flac_without_a_length_is_no_loss(tmp_path):
    path = made(tmp_path, "flac")
    data = bytearray(path.read_bytes())
    data[21] &= 0xF0
    data[22:26] = bytes(4)  # number of samples, 36 bits
    path.write_bytes(data)

    assert load_audio(path).incomplete is None


def test_vbr_without_a_table_of_frames_promises_nothing(tmp_path):
    path = made(tmp_path, "mp3")
    data = path.read_bytes().replace(b"Info", bytes(4)).replace(b"Xing", bytes(4))
    path.write_bytes(data)

    assert load_audio(path).incomplete is None
    assert load_audio(cut(path, 0.5)).incomplete is None


@pytest.mark.parametrize("junk", [b"TAG" + bytes(125), bytes(5000)])
@pytest.mark.parametrize("suffix", ["mp3", "wv", "flac", "ogg", "aac"])
def test_what_lies_behind_the_sound_is_no_loss(tmp_path, suffix, junk):
    if suffix == "wv" and not junk.startswith(b"TAG"):
        pytest.skip("behind WavPack, whatever is no tag is damage")
    path = made(tmp_path, suffix, 2.0)
    path.write_bytes(path.read_bytes() + junk)

    assert load_audio(path).incomplete is None


@pytest.mark.parametrize(("expected", "heard", "short"), [(10, 9.95, False), (10, 9.8, True), (4000, 3997, False)])
def test_padding_is_no_loss(expected, heard, short):
    assert is_short(expected, heard) == short


def test_what_is_not_such_a_file_is_taken_as_whole(tmp_path):
    path = tmp_path / "a.wav"
    for data in (b"", b"RIFF", b"RIFF\0\0\0\0WAVEdata", b"caff\0\1\0\0desc\xff", b"\x30\x26\xb2\x75\x8e\x66\xcf\x11"):
        path.write_bytes(data)
        assert present_part(path) == 1.0
