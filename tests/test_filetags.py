import pytest

from earmark.audio.config import FeatureConfig
from earmark.audio.filetags import FileTags, read_file_tags
from earmark.audio.listen import listen
from sounds import chord, write_sound

TAGS = {"title": "Añoranza", "artist": "Hörspiel & Söhne", "album": "Første", "date": "1987-05-01", "genre": "Jazz"}
EXPECTED = FileTags("Añoranza", "Hörspiel & Söhne", "Første", 1987, "Jazz")


@pytest.mark.parametrize("suffix", ["mp3", "flac", "ogg", "opus", "m4a", "wma"])
def test_tags_are_read_in_every_format(tmp_path, suffix):
    path = write_sound(tmp_path / f"a.{suffix}", chord(0.5), tags=TAGS)

    assert read_file_tags(path) == EXPECTED


@pytest.mark.parametrize("suffix", ["wav", "aiff"])
def test_id3_tags_in_wav_and_aiff(tmp_path, suffix):
    import mutagen
    from mutagen.id3 import TDRC, TIT2, TPE1

    path = write_sound(tmp_path / f"a.{suffix}", chord(0.5))
    file = mutagen.File(path)
    if file.tags is None:
        file.add_tags()
    for frame in (TIT2(3, "Title"), TPE1(3, ["One", "Two"]), TDRC(3, "2001")):
        file.tags.add(frame)
    file.save()

    assert read_file_tags(path) == FileTags("Title", "One; Two", "", 2001, "")


def test_what_a_tag_must_not_do(tmp_path):
    path = write_sound(tmp_path / "a.flac", chord(0.5), tags={"title": "a\x1b[31mred\nline", "artist": "x" * 9000})

    tags = read_file_tags(path)

    assert tags.title == "a [31mred line"
    assert len(tags.artist) == 500


def test_no_tags_are_no_error_and_the_name_is_the_title(tmp_path):
    path = write_sound(tmp_path / "My Song.flac", chord(0.5))
    assert read_file_tags(tmp_path / "missing.mp3") == FileTags()
    assert listen(path, FeatureConfig()).tags.title == "My Song"
