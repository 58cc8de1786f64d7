"""Every field into every format and back, by mutagen, and read by others that know nothing of it."""

import json
import shutil
import subprocess
import sys

import mutagen
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from earmark.audio.decode import content_hash
from earmark.audio.filetags import read_file_tags
from earmark.errors import FileError, MissingPackage
from earmark.interop.fields import FIELDS
from earmark.interop.mutagen_files import open_tags
from tagged import KINDS, write_kind

TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp"), exclude_characters="\ufeff\ufffe\uffff"), min_size=1
).filter(str.strip)  # NUL parts values in every format, by their specifications
FAMILY = {"ogg": "vorbis", "flac": "vorbis", "opus": "opus", "m4a": "mp4", "wma": "asf", "wv": "ape", "ape": "ape"}


@pytest.fixture(scope="module")
def originals(tmp_path_factory):
    folder = tmp_path_factory.mktemp("kinds")
    return {kind: write_kind(folder / f"song.{kind}") for kind in KINDS}


@pytest.fixture
def copy(originals, tmp_path):
    return lambda kind: shutil.copy(originals[kind], tmp_path / f"song.{kind}")


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_of_every_format_comes_back_and_the_sound_stays(copy, kind):
    path = copy(kind)
    sound, before = content_hash(path), read_file_tags(path)
    tags = open_tags(path)
    assert tags.family == FAMILY.get(kind, "id3")

    names = [name for field in FIELDS.values() for name in field.names.get(tags.family, ())]
    written = {name: ("7",) if name == "tmpo" else ("seven",) for name in names}
    for name, values in written.items():
        tags.write(name, values)
    tags.save()

    again = open_tags(path)
    assert {name: again.read(name) for name in written} == written
    assert content_hash(path) == sound
    if kind != "ape":  # which had none
        after = read_file_tags(path)
        assert (after.title, after.artist, after.year) == (before.title, before.artist, before.year)

    for name in written:
        again.write(name, ())
    again.save()
    assert all(open_tags(path).read(name) == () for name in written)


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(TEXT, min_size=1, max_size=4).map(tuple))
def test_any_unicode_and_several_values_come_back(originals, tmp_path, kind, values):
    path = shutil.copy(originals[kind], tmp_path / f"song.{kind}")
    tags = open_tags(path)
    names = [FIELDS[field].names[tags.family][0] for field in ("grouping", "style", "mood")]
    for name in names:
        tags.write(name, values)
    tags.save()
    assert [open_tags(path).read(name) for name in names] == [values] * 3


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_value_comes_back(copy, kind):
    path, long = copy(kind), ("Ж" * 20_000,)
    tags = open_tags(path)
    name = FIELDS["comment"].names[tags.family][0]
    tags.write(name, long)
    tags.save()
    assert open_tags(path).read(name) == long


def test_a_number_as_genre_in_id3_is_read_as_its_name(copy):
    path = copy("mp3")
    tags = open_tags(path)
    tags.write("TCON", ("(17)",))
    tags.save()
    assert open_tags(path).read("TCON") == ("Rock",)


def test_names_are_found_in_the_case_that_a_file_has(copy):
    path = copy("mp3")
    file = mutagen.File(path)
    file.tags.add(mutagen.id3.TXXX(encoding=3, desc="replaygain_track_gain", text=["-1 dB"]))
    file.tags.add(mutagen.id3.COMM(encoding=3, lang="deu", desc="", text=["gut"]))
    file.save()

    tags = open_tags(path)
    assert tags.read("TXXX:REPLAYGAIN_TRACK_GAIN") == ("-1 dB",)
    assert tags.read("COMM::eng") == ("gut",)
    tags.write("TXXX:REPLAYGAIN_TRACK_GAIN", ("-2 dB",))
    tags.write("COMM::eng", ("sehr gut",))
    tags.save()
    found = mutagen.File(path).tags
    assert [str(frame) for frame in found.getall("TXXX:replaygain_track_gain")] == ["-2 dB"]
    assert [(frame.lang, frame.text) for frame in found.getall("COMM")] == [("deu", ["sehr gut"])]


def test_a_file_without_such_tags_is_refused(tmp_path):
    (tmp_path / "song.mp3").write_text("no sound at all")
    with pytest.raises(FileError, match=r"song\.mp3: its tags cannot be written"):
        open_tags(tmp_path / "song.mp3")


def test_without_the_extra_the_remedy_names_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "mutagen", None)
    with pytest.raises(MissingPackage, match=r"pip install earmark\[tag\]"):
        open_tags("song.mp3")


@pytest.mark.skipif(shutil.which("ffprobe") is None, reason="ffprobe is not installed")
@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"ape", "wav"}))  # some FFmpeg look for no ID3 in wav
def test_ffprobe_reads_what_was_written(copy, kind):
    path = copy(kind)
    tags = open_tags(path)
    tags.write(FIELDS["genre"].names[tags.family][0], ("Jäzz",))
    tags.write(FIELDS["own_version"].names[tags.family][0], ("1.2.3",))
    tags.save()
    command = ["ffprobe", "-v", "error", "-show_entries", "format_tags:stream_tags", "-of", "json", str(path)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    texts = {k.lower(): v for part in (found["format"], *found["streams"]) for k, v in part.get("tags", {}).items()}
    assert texts["genre"] == "Jäzz"
    assert texts["earmark_version"] == "1.2.3"


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"ape", "wv"}))
def test_tinytag_reads_what_was_written(copy, kind):
    tinytag = pytest.importorskip("tinytag")
    path = copy(kind)
    tags = open_tags(path)
    tags.write(FIELDS["genre"].names[tags.family][0], ("Jäzz",))
    tags.write(FIELDS["bpm"].names[tags.family][0], ("128",))
    tags.save()
    found = tinytag.TinyTag.get(path)
    assert (found.title, found.genre) == ("Tïtle", "Jäzz")
    if kind != "wma":  # of which tinytag reads no tempo
        assert str(found.other["bpm"][0]) == "128"
