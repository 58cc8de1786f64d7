import os

import av
import numpy as np
import pytest

from earmark.audio import containers
from earmark.audio.containers import CONTAINERS, audio_stream, is_rate, open_container
from earmark.audio.decode import load_audio
from earmark.errors import AudioError
from odd_sounds import pcm_wav
from sounds import chord, write_sound

NAMES = {"matroska": "matroska,webm", "webm": "matroska,webm", "mov": "mov,mp4,m4a,3gp,3g2,mj2"}


def test_every_kind_is_one_that_ffmpeg_has_and_none_leads_elsewhere():
    kinds = set(CONTAINERS.split(","))
    assert {NAMES.get(kind, kind) for kind in kinds} <= av.formats_available
    assert not kinds & {"hls", "concat", "dash", "sdp", "rtsp", "rtp", "image2", "lavfi", "data", "tedcaptions"}


@pytest.mark.parametrize("rate", [1, 68, 1999, 1_000_001, 10_000_000, 16_776_960])
def test_rates_that_no_recording_has_are_named_at_once(tmp_path, rate):
    path = pcm_wav(tmp_path / "a.wav", chord(0.5, 16_000)[None], rate)

    with pytest.raises(AudioError, match=f"a sample rate of {rate} Hz. It is damaged, or no music"):
        load_audio(path, time_limit=1.0)


def test_one_bit_sound_may_be_faster():
    assert is_rate(2_822_400, "dsd_lsbf_planar")
    assert not is_rate(2_822_400, "pcm_s16le")
    assert is_rate(2000)
    assert is_rate(1_000_000)


def test_more_channels_than_can_be_heard_are_named(tmp_path):
    path = pcm_wav(tmp_path / "a.wav", np.zeros((65, 8000), np.float32))

    with pytest.raises(AudioError, match="65 channels. Earmark hears up to 64"):
        load_audio(path)


def test_pictures_alone_are_no_sound(tmp_path):
    path = tmp_path / "a.mkv"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("ffv1", rate=10, width=32, height=32, pix_fmt="yuv420p")
        frame = av.VideoFrame.from_ndarray(np.zeros((48, 32), np.uint8), "yuv420p")
        out.mux([*stream.encode(frame), *stream.encode(None)])

    with pytest.raises(AudioError, match="no audio stream in it"), open_container(path) as container:
        audio_stream(container, path)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"These are words. " * 100, "not a sound file that this FFmpeg knows"),
        (b"OggS" + bytes(200), "cut off before its header ends"),
        (b"\0\0\0\x20ftypM4A " + bytes(20), "its index is missing: it was cut off, or is damaged"),
        (b"RIFF\x24\0\0\0WAVE", "cut off before its header ends|damaged: its beginning cannot be read"),
    ],
)
def test_ffmpegs_words_are_translated(tmp_path, data, words):
    path = tmp_path / "a.m4a"
    path.write_bytes(data)

    with pytest.raises(AudioError, match=words), open_container(path):
        pass


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (av.error.PermissionError(1, "Operation not permitted"), "damaged"),  # of a decoder, not of the file
        (av.error.PatchWelcomeError(1, "patches welcome"), "of a kind that this FFmpeg cannot decode"),
        (av.error.EOFError(1, "End of file"), "cut off before its header ends"),
        (av.error.UndefinedError(16_976_906, "Error number 16976906 occurred"), "damaged"),
        (MemoryError(), "not enough memory to decode it"),
    ],
)
def test_no_number_of_ffmpegs_is_shown(tmp_path, error, words):
    path = write_sound(tmp_path / "a.flac", chord(0.2))

    problem, remedy = containers._in_words(str(path), error)

    assert problem.startswith(words)
    assert "permission" not in remedy
    assert not any(digit in problem for digit in "0123456789")


def test_a_copy_protected_file_is_told(tmp_path):
    path = write_sound(tmp_path / "a.m4a", chord(0.5))
    path.write_bytes(path.read_bytes().replace(b"mp4a", b"drms"))

    with pytest.raises(AudioError, match="copy-protected"):
        load_audio(path)


def test_a_name_that_is_no_file_is_told(tmp_path):
    (tmp_path / "empty.mp3").touch()
    for path, words in ((tmp_path, "a folder"), (tmp_path / "x", "no such file"), (tmp_path / "empty.mp3", "is empty")):
        with pytest.raises(AudioError, match=words), open_container(os.fspath(path)):
            pass
