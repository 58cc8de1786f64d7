"""Joined files: what `cat` and radio recorders make."""

import io
import os

import numpy as np
import pytest

from earmark.audio.decode import content_hash, load_audio
from earmark.audio.parts import MAX_PARTS, _part, read_through
from earmark.errors import AudioError
from odd_sounds import joined
from sounds import chord, write_sound

VORBIS, OPUS, FLAC = "ogg", "opus", "oga"


class Ear:
    """A listener that counts."""

    def __init__(self) -> None:
        self.parts, self.packets, self.ends = 0, 0, []

    def begin(self, container, stream) -> None:
        self.parts += 1

    def take(self, packet) -> None:
        self.packets += 1

    def end(self, broken) -> None:
        self.ends.append(broken)


def sound(path, hz=220.0, sr=None, n_channels=1, seconds=1.5):
    """One part; the suffix oga stands for FLAC in Ogg."""
    y = np.repeat(chord(seconds, sr or (48_000 if path.suffix == ".opus" else 44_100), hz)[None], n_channels, axis=0)
    if path.suffix == ".oga":
        return write_sound(path, y, sr or 44_100, "flac", "s16", "ogg")
    return write_sound(path, y, sr)


@pytest.mark.parametrize(
    ("first", "second"),
    [(VORBIS, VORBIS), (OPUS, OPUS), (FLAC, FLAC), (VORBIS, OPUS), (OPUS, FLAC), (FLAC, VORBIS)],
)
@pytest.mark.parametrize("n_channels", [1, 2])
def test_a_chain_of_any_codecs_is_heard_to_its_end(tmp_path, first, second, n_channels):
    parts = [sound(tmp_path / f"a.{first}"), sound(tmp_path / f"b.{second}", 440.0, n_channels=n_channels)]
    path = joined(tmp_path / "chain.ogg", *parts)

    audio = load_audio(path)

    assert audio.duration == pytest.approx(3.0, abs=0.06)
    assert audio.track_id == content_hash(path)
    assert (audio.incomplete, audio.warnings) == (None, ())
    last = np.abs(np.fft.rfft(audio.y[-16_000:-2000]))
    assert last.argmax() * 16_000 / 14_000 == pytest.approx(440, abs=5)  # the second part's lowest tone is its loudest


@pytest.mark.parametrize("suffix", ["mp3", "flac", "ogg", "aac", "wav", "aiff", "mp2", "ac3"])
@pytest.mark.parametrize(("first", "second"), [(44_100, 32_000), (32_000, 48_000)])
def test_a_change_of_the_rate_is_heard_whole(tmp_path, suffix, first, second):
    codec = {"mp2": ("mp2", "s16", "mp2"), "ac3": ("ac3", "fltp", "ac3")}.get(suffix, (None, None, None))
    rates = (first, second)
    parts = [write_sound(tmp_path / f"{sr}.{suffix}", chord(2.0, sr), sr, *codec) for sr in rates]
    path = joined(tmp_path / f"joined.{suffix}", *parts)

    audio = load_audio(path)

    assert audio.duration == pytest.approx(4.0, abs=0.2)  # lossy encoders pad both ends of both
    assert (audio.incomplete, audio.warnings) == (None, ())
    assert audio.track_id == content_hash(path)


def test_more_than_two_parts_and_a_damaged_one(tmp_path):
    parts = [sound(tmp_path / f"{i}.ogg", 200.0 + i, (44_100, 32_000)[i % 2], seconds=0.5) for i in range(5)]
    data = bytearray(parts[2].read_bytes())
    data[60:200] = bytes(140)  # its headers
    parts[2].write_bytes(data)

    assert load_audio(joined(tmp_path / "all.ogg", *parts)).duration == pytest.approx(2.0, abs=0.1)


def test_an_ordinary_file_is_one_part(tmp_path):
    for suffix in ("ogg", "flac", "wav", "mp3"):
        ear = Ear()
        read_through(write_sound(tmp_path / f"a.{suffix}", chord(0.5)), ear)
        assert (ear.parts, ear.ends) == (1, [False])
        assert ear.packets > 2


def test_a_million_parts_are_not_opened(tmp_path):
    page = b"OggS\0\x02" + bytes(20) + b"\0"
    path = joined(tmp_path / "many.ogg", sound(tmp_path / "a.ogg", seconds=0.5))
    path.write_bytes(path.read_bytes() + (page + b"x") * 50_000)
    ear = Ear()

    read_through(path, ear)

    assert ear.parts <= MAX_PARTS


def test_without_a_first_part_there_is_an_error(tmp_path):
    path = tmp_path / "a.ogg"
    path.write_bytes(b"OggS" + bytes(100))

    with pytest.raises(AudioError, match=r"a\.ogg: cut off before its header ends"):
        read_through(path, Ear())


def test_a_part_is_a_file_of_its_own(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(bytes(range(100)))
    with open(path, "rb") as file:
        part = _part(file, 10, 20)

        assert part.read() == bytes(range(10, 20))
        assert part.seek(-3, os.SEEK_END) == 7
        assert part.read(10) == bytes(range(17, 20))
        assert part.seek(2) == part.tell() == 2
        assert part.seek(1, os.SEEK_CUR) == 3
        assert part.read(1) == bytes([13])
        assert part.seek(50) == 50
        assert part.read() == b""
        part.close()
        assert isinstance(part, io.RawIOBase)
        assert part.closed
