import io
from contextlib import suppress

import mutagen.id3
import pytest
from mutagen.flac import FLAC
from mutagen.mp4 import MP4
from mutagen.oggopus import OggOpus

from earmark.audio.lyrics import LONGEST, clean_lyrics, read_lyrics, read_sylt
from sounds import chord, write_sound

TEXT = "Silent night\nholy night\n\näll is calm"


def sound(tmp_path, suffix):
    return write_sound(tmp_path / f"song.{suffix}", chord(0.5))


def tagged(path, *frames):
    tags = mutagen.id3.ID3()
    for frame in frames:
        tags.add(frame)
    tags.save(path)
    return path


@pytest.mark.parametrize("version", [3, 4])
def test_uslt(tmp_path, version):
    path = sound(tmp_path, "mp3")
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.USLT(encoding=1, lang="deu", text=TEXT))
    tags.save(path, v2_version=version)
    assert read_lyrics(path) == TEXT


@pytest.mark.parametrize("encoding", [0, 1, 3])
def test_sylt(tmp_path, encoding):
    lines = [(f"\n{line}", 1000 * i) for i, line in enumerate(("Silent night", "höly night"))]
    path = tagged(sound(tmp_path, "mp3"), mutagen.id3.SYLT(encoding=encoding, lang="eng", format=2, type=1, text=lines))
    assert read_lyrics(path) == "Silent night\nhöly night"


def test_chords_and_comments_in_sylt_are_no_words(tmp_path):
    path = tagged(sound(tmp_path, "mp3"), mutagen.id3.SYLT(encoding=3, lang="eng", format=2, type=5, text=[("Am", 0)]))
    assert read_lyrics(path) == ""


def test_vorbis_comments_and_mp4(tmp_path):
    flac = FLAC(sound(tmp_path, "flac"))
    flac["LYRICS"] = TEXT
    flac.save()
    assert read_lyrics(flac.filename) == TEXT
    opus = OggOpus(sound(tmp_path, "opus"))
    opus["UNSYNCEDLYRICS"] = TEXT
    opus.save()
    assert read_lyrics(opus.filename) == TEXT
    mp4 = MP4(sound(tmp_path, "m4a"))
    mp4["\xa9lyr"] = TEXT
    mp4.save()
    assert read_lyrics(mp4.filename) == TEXT


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_file_beside_counts_more_than_tags(tmp_path, encoding):
    path = tagged(sound(tmp_path, "mp3"), mutagen.id3.USLT(encoding=3, lang="eng", text="of the tag"))
    beside = "[ar:Somebody]\r\n[00:12.00]Silent night\r\n[00:15.30][01:02.1]<00:16.0>höly night\r\n"
    (tmp_path / "song.txt").write_text("of the text")
    (tmp_path / "song.lrc").write_bytes(beside.encode(encoding))
    assert read_lyrics(path) == "Silent night\nhöly night"
    (tmp_path / "song.lrc").unlink()
    assert read_lyrics(path) == "of the text"


def test_what_is_no_text_is_nothing(tmp_path):
    path = sound(tmp_path, "flac")
    assert read_lyrics(path) == ""
    (tmp_path / "song.txt").write_bytes(b"MZ\0\0\1\2")
    assert read_lyrics(path) == ""
    (tmp_path / "song.txt").unlink()
    (tmp_path / "song.txt").mkdir()
    assert read_lyrics(path) == ""
    assert read_lyrics(tmp_path / "missing.flac") == ""


def test_length_and_hidden_characters_are_bounded(tmp_path):
    path = sound(tmp_path, "flac")
    (tmp_path / "song.txt").write_text("x" * 10**6)
    assert len(read_lyrics(path)) == LONGEST
    assert "\x1b" not in clean_lyrics("a\x1b[31mb\u202ec")
    assert clean_lyrics("a\n\n\n\n\nb") == "a\n\nb"


def test_damaged_sylt_ends_quietly():
    body = b"\x01eng\x02\x01" + b"x" * 40
    frame = b"SYLT" + len(body).to_bytes(4) + b"\0\0" + body
    data = b"ID3\x03\0\0\0\0\0" + bytes([len(frame)]) + frame
    for cut in range(0, len(data), 3):
        with suppress(ValueError):
            read_sylt(io.BytesIO(data[:cut]))
    assert isinstance(read_sylt(io.BytesIO(data)), str)
