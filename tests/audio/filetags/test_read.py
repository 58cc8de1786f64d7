"""Tags as users see them: in every format, against mutagen, in damaged and in hostile files."""

import time
from pathlib import Path

import mutagen
import numpy as np
import pytest
from mutagen import apev2, id3

import tagbytes
from earmark.audio.decode import read_metadata
from earmark.audio.filetags import FileTags, read_file_tags
from places import SHARED
from sounds import chord, write_sound

TAGS = {"title": "Añoranza", "artist": "Hörspiel & Söhne", "album": "Første", "date": "1987-05-01", "genre": "Jazz"}
EXPECTED = FileTags("Añoranza", "Hörspiel & Söhne", "Første", 1987, "Jazz")
WAVPACK = {"encoder": "wavpack", "sample_format": "s16p", "container": "wv"}
MATROSKA = {"encoder": "libopus", "sample_format": "flt", "container": "matroska", "sr": 48_000}
CORE_AUDIO = {"encoder": "pcm_s16be", "sample_format": "s16", "container": "caf"}
TRUE_AUDIO = {"encoder": "tta", "sample_format": "s16", "container": "tta"}


def known_to_mutagen(path: Path) -> FileTags:
    """The tags by mutagen's easy interface, joined as ours are."""
    tags = mutagen.File(path, easy=True).tags
    text = {name: "; ".join(tags.get(name, [])) for name in ("title", "artist", "album", "genre", "date")}
    year = text.pop("date")[:4]
    return FileTags(**text, year=int(year) if year else None)


def bare_mp3(path: Path) -> bytes:
    """An mp3 file without any tag."""
    id3.delete(write_sound(path, chord(0.5)))
    return path.read_bytes()


@pytest.mark.parametrize("suffix", ["mp3", "flac", "ogg", "opus", "m4a", "wma", "wav", "aiff"])
def test_tags_are_read_in_every_format(tmp_path, suffix):
    path = write_sound(tmp_path / f"a.{suffix}", chord(0.5), tags=TAGS)

    assert read_file_tags(path) == EXPECTED
    assert read_file_tags(path, read_metadata(path)) == EXPECTED


@pytest.mark.parametrize(
    ("suffix", "how"), [("wv", WAVPACK), ("mka", MATROSKA), ("caf", CORE_AUDIO), ("tta", TRUE_AUDIO)]
)
def test_formats_that_ffmpeg_alone_reads(tmp_path, suffix, how):
    assert read_file_tags(write_sound(tmp_path / f"a.{suffix}", chord(0.5), tags=TAGS, **how)) == EXPECTED


@pytest.mark.parametrize("suffix", ["wav", "aiff"])
def test_id3_tags_in_wav_and_aiff(tmp_path, suffix):
    path = write_sound(tmp_path / f"a.{suffix}", chord(0.5))
    file = mutagen.File(path)
    if file.tags is None:
        file.add_tags()
    for frame in (id3.TIT2(3, "Title"), id3.TPE1(3, ["One", "Two"]), id3.TDRC(3, "2001")):
        file.tags.add(frame)
    file.save()

    assert read_file_tags(path) == FileTags("Title", "One; Two", "", 2001, "")


# ---------------------------------------------------------------- several values, and mutagen as the oracle


@pytest.mark.parametrize("suffix", ["flac", "ogg", "opus", "m4a", "mp3"])
def test_several_values_are_those_that_mutagen_reads(tmp_path, suffix):
    path = write_sound(tmp_path / f"a.{suffix}", chord(0.5))
    file = mutagen.File(path, easy=True)
    if file.tags is None:
        file.add_tags()
    tags = {
        "title": ["Tïtle"],
        "artist": ["One", "Two", "Ж"],
        "album": ["A"],
        "date": ["2001"],
        "genre": ["Rock", "Own"],
    }
    for name, values in tags.items():
        file[name] = values
    file.save()

    assert read_file_tags(path) == known_to_mutagen(path) == FileTags("Tïtle", "One; Two; Ж", "A", 2001, "Rock; Own")


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("encoding", [0, 1, 3])
@pytest.mark.parametrize("genre", ["17", "(17)", "(17)(51)Mine", "(RX)", "Plain"])
def test_id3_is_read_as_mutagen_reads_it(tmp_path, version, encoding, genre):
    path = tmp_path / "a.mp3"
    sound = bare_mp3(path)
    tag = id3.ID3()
    frames = (id3.TIT2(encoding, ["Tïtle"]), id3.TPE1(encoding, ["One", "Two"]), id3.TCON(encoding, [genre]))
    for frame in (*frames, id3.TDRC(encoding, ["1999-12-31"]), id3.APIC(3, "image/png", 3, "c", b"\xff\xe0" * 5000)):
        tag.add(frame)
    tag.save(path, v2_version=version, v23_sep=None)

    assert path.read_bytes()[-len(sound) :] == sound
    assert read_file_tags(path) == known_to_mutagen(path)


def test_wavpack_keeps_all_values_and_its_year(tmp_path):
    path = write_sound(tmp_path / "a.wv", chord(0.5), **WAVPACK)
    tag = apev2.APEv2()
    tag["Artist"], tag["Year"] = ["One", "Two"], "2001"
    tag.save(path)

    assert read_file_tags(path) == FileTags(artist="One; Two", year=2001)


# ---------------------------------------------------------------- which tag counts


def test_apev2_alone_in_mp3(tmp_path):
    path = tmp_path / "a.mp3"
    path.write_bytes(bare_mp3(path) + tagbytes.apev2({"Title": b"Ape", "Artist": b"One\0Two", "Year": b"2004"}))

    assert read_file_tags(path) == FileTags("Ape", "One; Two", "", 2004, "")


def test_in_mp3_id3v2_goes_before_apev2_and_that_before_id3v1(tmp_path):
    path = tmp_path / "a.mp3"
    last = tagbytes.apev2({"Title": b"Ape", "Artist": b"Ape"}) + tagbytes.id3v1("V1", "V1", "V\xe91", "1987", 17)
    path.write_bytes(tagbytes.id3v2(tagbytes.text_frame("TIT2", "V2")) + bare_mp3(path) + last)

    assert read_file_tags(path) == FileTags("V2", "Ape", "Vé1", 1987, "Rock")


def test_flac_believes_its_own_comments_before_id3(tmp_path):
    path = write_sound(tmp_path / "a.flac", chord(0.5), tags={"title": "Own"})
    frames = [tagbytes.text_frame(name, text) for name, text in (("TIT2", "ID3"), ("TPE1", "One\0Two"))]
    path.write_bytes(tagbytes.id3v2(*frames) + path.read_bytes())

    assert read_file_tags(path) == FileTags("Own", "One; Two")


def test_id3_in_dsf_and_aac(tmp_path):
    tag = tagbytes.id3v2(tagbytes.text_frame("TIT2", "Title"), tagbytes.text_frame("TPE1", "One\0Two"))
    (tmp_path / "a.dsf").write_bytes(tagbytes.dsf(tag))
    aac = write_sound(tmp_path / "a.aac", chord(0.5))
    aac.write_bytes(tag + aac.read_bytes())

    assert read_file_tags(tmp_path / "a.dsf") == read_file_tags(aac) == FileTags("Title", "One; Two")


def test_the_year_of_the_original_is_taken_where_there_is_no_other(tmp_path):
    path = tmp_path / "a.mp3"
    path.write_bytes(tagbytes.id3v2(tagbytes.text_frame("TDOR", "1969")) + bare_mp3(path))

    assert read_file_tags(path).year == 1969


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("wav-listinfo.wav", FileTags("Info Title", "Info Artist", "Info Album", 2001)),
        ("mp3-ape-only.mp3", FileTags("Ape Title", "Ape Artist", "Ape Album", 2004)),
        ("id3only.flac", FileTags("ID3 Title", "ID3 Artist")),
    ],
)
def test_files_of_other_programs(name, expected):
    path = SHARED / "cases" / "tags" / name
    if not path.exists():
        pytest.skip("../shared/cases is not here")
    assert read_file_tags(path) == expected


# ---------------------------------------------------------------- odd, damaged and hostile


def test_what_a_tag_must_not_do(tmp_path):
    path = write_sound(tmp_path / "a.flac", chord(0.5), tags={"title": "a\x1b[31mred\nline", "artist": "x" * 9000})

    tags = read_file_tags(path)

    assert tags.title == "a [31mred line"
    assert len(tags.artist) == 500


def test_tags_that_are_not_utf8_are_read_as_windows_wrote_them(tmp_path):
    path = write_sound(tmp_path / "a.wav", chord(0.5), tags={"title": "caf__"})
    path.write_bytes(path.read_bytes().replace(b"caf__", b"caf\xe9\x85"))

    assert read_file_tags(path).title == "café…"


def test_no_tags_are_no_error(tmp_path):
    (tmp_path / "text.mp3").write_text("ID3 is not what this file holds")

    assert read_file_tags(write_sound(tmp_path / "a.flac", chord(0.5))) == FileTags()
    assert read_file_tags(tmp_path / "missing.mp3") == FileTags()
    assert read_file_tags(tmp_path) == FileTags()
    assert read_file_tags(tmp_path / "text.mp3") == FileTags()


@pytest.mark.parametrize("suffix", ["mp3", "m4a", "wav"])
def test_damaged_tags_are_no_error(tmp_path, suffix):
    path = write_sound(tmp_path / f"a.{suffix}", chord(0.2), tags=TAGS)
    whole = path.read_bytes()
    known = read_metadata(path)
    rng = np.random.default_rng(1)

    for _ in range(100):
        data = bytearray(whole + tagbytes.apev2({"Title": b"x"}) + tagbytes.id3v1("y"))
        for at in rng.choice([*range(300), *range(len(data) - 300, len(data))], 12):
            data[at] = rng.integers(256)
        path.write_bytes(data[: rng.integers(1, len(data))] if rng.random() < 0.2 else data)
        assert isinstance(read_file_tags(path, known), FileTags)


HOSTILE = {
    "frames": lambda: tagbytes.id3v2(tagbytes.text_frame("TPE1", "xyz") * 300_000),
    "values": lambda: tagbytes.id3v2(tagbytes.text_frame("TPE1", "a\0" * 1_000_000)),
    "genres": lambda: tagbytes.id3v2(tagbytes.text_frame("TCON", "(17)" * 1000) * 200),
    "items": lambda: tagbytes.apev2({f"key {i}": b"x" for i in range(100_000)}),
    "atoms": lambda: tagbytes.mp4(*[tagbytes.atom(b"\xa9ART", tagbytes.mp4_value(b"x"))] * 100_000),
    "chunks": lambda: b"RIFF\0\0\0\0WAVE" + tagbytes.chunk(b"junk", b"") * 500_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_tag_takes_little_time(tmp_path, name):
    path = tmp_path / "a.mp3"
    path.write_bytes(HOSTILE[name]())

    began = time.process_time()
    tags = read_file_tags(path, {})

    assert time.process_time() - began < 1.0
    assert len(tags.artist) <= 500
