"""Tags that are too much cost the tags: the sound, its length and the id stay."""

import io
import subprocess
import sys
import time

import pytest

from earmark.audio.config import FeatureConfig
from earmark.audio.decode import content_hash, load_audio, read_metadata
from earmark.audio.earprint import read_earprint, write_earprint
from earmark.audio.filetags import FileTags, read_file_tags
from earmark.audio.listen import listen
from earmark.audio.spliced import Hidden
from earmark.audio.tagguard import TOO_MUCH, hidden_parts, tag_warnings
from sounds import FORMATS, chord, write_sound
from tagbombs import BOMBS, in_flac, tag3, txxx
from tagbytes import apev2, dsf, frame, id3v1, text_frame
from tagged import write_ape

TAGS = {"title": "A title", "artist": "Somebody"}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Suffix -> a file of 2 s with ordinary tags."""
    folder = tmp_path_factory.mktemp("plain")
    files = {kind: write_sound(folder / f"a.{kind}", chord(2.0), tags=TAGS) for kind in FORMATS}
    return files | {
        "wv": write_sound(folder / "a.wv", chord(2.0), 44_100, "wavpack", "s16p"),
        "mka": write_sound(folder / "a.mka", chord(2.0), 44_100, "pcm_s16le", "s16", "matroska", TAGS),
    }


@pytest.mark.parametrize("kind", BOMBS)
def test_too_many_tags_cost_the_tags_and_not_the_sound(plain, tmp_path, kind):
    suffix, make = BOMBS[kind]
    path = tmp_path / f"bomb.{suffix}"
    path.write_bytes(make(plain[suffix].read_bytes()))
    began = time.monotonic()

    audio = load_audio(path)

    assert time.monotonic() - began < 5  # a tenth of it on an idle machine
    assert audio.duration == pytest.approx(load_audio(plain[suffix]).duration)
    assert audio.track_id == content_hash(path) == content_hash(plain[suffix])
    assert len(audio.metadata) < 100
    assert read_file_tags(path) == FileTags()
    assert tag_warnings(path) == (TOO_MUCH,)


def test_a_song_joined_to_another_may_have_too_many_tags_too(plain, tmp_path):
    path, one = tmp_path / "joined.opus", plain["opus"].read_bytes()
    other = write_sound(tmp_path / "b.opus", chord(1.0, root=330.0)).read_bytes()
    path.write_bytes(one + other)
    joined = load_audio(path)
    path.write_bytes(one + BOMBS["comments of opus"][1](other))
    began = time.monotonic()

    assert load_audio(path).duration == joined.duration > 2.5
    assert time.monotonic() - began < 5


def test_an_earprint_says_that_tags_were_left_out(plain, tmp_path):
    path = tmp_path / "bomb.mp3"
    path.write_bytes(txxx(5000) + plain["mp3"].read_bytes())

    heard = listen(path, FeatureConfig())

    assert heard.warnings == (TOO_MUCH,)
    assert heard.tags.title == "bomb"
    assert read_earprint(write_earprint(heard, tmp_path / "a.earprint")).warnings == (TOO_MUCH,)


@pytest.mark.parametrize("kind", [*FORMATS, "wv", "mka"])
def test_nothing_of_an_ordinary_file_is_hidden(plain, kind):
    with open(plain[kind], "rb") as file:
        assert hidden_parts(file) == []
    assert tag_warnings(plain[kind]) == ()


def test_a_large_cover_is_no_reason_to_hide_a_tag(plain, tmp_path):
    cover = frame("APIC", b"\0image/png\0\3\0" + bytes(200_000))
    tag = b"".join((text_frame("TIT2", "Covered"), *[cover] * 40))
    path = tmp_path / "covers.mp3"
    path.write_bytes(tag3(b"")[:3] + b"\4\0\0" + synchsafe_of(len(tag)) + tag + plain["aac"].read_bytes())

    assert tag_warnings(path) == ()


def synchsafe_of(n: int) -> bytes:
    return bytes(n >> shift & 127 for shift in (21, 14, 7, 0))


def test_pictures_beyond_all_measure_are_hidden():
    picture = in_flac(b"fLaC" + bytes(38), 6, bytes((1 << 24) - 1))[42:]
    file = io.BytesIO(b"fLaC\0\0\0\x22" + bytes(34) + picture * 5 + b"\x81\0\0\0")

    assert [(part.stop - part.start, part.instead) for part in hidden_parts(file)] == [(1, b"\1")]


def test_the_tag_of_a_dsf_file_is_hidden_by_its_place():
    (part,) = hidden_parts(io.BytesIO(dsf(txxx(5000))))

    assert (part.start, part.stop, part.instead) == (20, 28, bytes(8))


def test_matroska_tags_that_are_too_much_become_a_void():
    void = b"\xec\x81\0"
    tags = b"\x12\x54\xc3\x67" + (0x10000000 | 300_000).to_bytes(4)
    head = b"\x1a\x45\xdf\xa3\x80" + b"\x18\x53\x80\x67" + b"\x01" + b"\xff" * 7 + void
    file = io.BytesIO(head + tags + bytes(300_000) + void)

    (part,) = hidden_parts(file)

    assert (part.start, part.stop) == (len(head), len(head) + 9)
    assert part.instead == b"\xec\x01" + (300_000 - 1).to_bytes(7)


def test_asf_objects_with_too_many_entries_lose_their_name(plain, tmp_path):
    data = plain["wma"].read_bytes()
    name = bytes.fromhex("40a4d0d207e3d21197f000a0c95ea850")
    at = data.index(name)
    path = tmp_path / "a.wma"
    path.write_bytes(data[: at + 24] + b"\xff\xff" + data[at + 26 :])

    with open(path, "rb") as file:
        assert hidden_parts(file) == [Hidden(at, at + 16, bytes(16))]
    assert content_hash(path) == content_hash(plain["wma"])


@pytest.mark.parametrize("kind", FORMATS)
def test_files_cut_anywhere_are_walked_without_an_error(plain, kind, rng):
    data = plain[kind].read_bytes()
    for _ in range(60):
        changed = bytearray(data[: rng.integers(1, len(data))])
        for place in rng.integers(0, min(len(changed), 3000), 5):
            changed[place] = rng.integers(256)
        for part in hidden_parts(io.BytesIO(changed)):
            assert 0 <= part.start <= part.stop


MEASURE = """
import resource, sys, time
from earmark.audio.listen import listen
from earmark.audio.config import FeatureConfig
import earmark.audio.true_peak, scipy.signal
listen(sys.argv[1], FeatureConfig())
before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
duration = listen(sys.argv[2], FeatureConfig()).duration
print(duration, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before, time.process_time() - began)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="kilobytes on Linux alone")
@pytest.mark.parametrize("make", [lambda: txxx(1_000_000), lambda: tag3(b"TIT2\x0f\0\0\0\0\0" + bytes(200 << 20))])
def test_a_million_frames_and_a_frame_of_200_mb_take_neither_time_nor_memory(plain, tmp_path, make):
    path = tmp_path / "bomb.mp3"
    path.write_bytes(make() + plain["mp3"].read_bytes())

    done = subprocess.run([sys.executable, "-c", MEASURE, plain["mp3"], path], capture_output=True, text=True)

    duration, grown, seconds = map(float, done.stdout.split())
    assert duration == pytest.approx(2.0, abs=0.1)
    assert grown < 50_000  # KB
    assert seconds < 5


@pytest.mark.parametrize("name", ["id3v23_zlib_500M.mp3"])
def test_a_frame_that_once_took_the_memory(shared_data, name):
    path = shared_data.parent / "cases" / "hostile" / name

    assert load_audio(path).duration == pytest.approx(3.0, abs=0.1)
    assert "title" not in read_metadata(path)
    assert tag_warnings(path) == (TOO_MUCH,)


@pytest.mark.parametrize("behind", [{"Genre": b"Rock"}, {"Genre": b"x" * 999}])
@pytest.mark.parametrize("last", [b"", id3v1("V1")])
def test_tags_behind_monkeys_audio_are_no_part_of_its_sound(tmp_path, behind, last):
    """FFmpeg ends the last packet at the end of the file, whatever stands there."""
    path = write_ape(tmp_path / "song.ape")
    bare = content_hash(path)
    path.write_bytes(path.read_bytes() + apev2(behind) + last)
    assert content_hash(path) == bare
    assert read_file_tags(path).genre.startswith(behind["Genre"].decode()[:4])
    assert tag_warnings(path) == ()
