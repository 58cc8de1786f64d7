import os

import pytest
from mutagen.flac import FLAC

from earmark.audio.config import FeatureConfig
from earmark.audio.earprint import write_earprint
from earmark.audio.fileinfo import checksum, info_of, read_file_info, titled
from earmark.audio.filetags import FileTags
from earmark.audio.listen import listen
from earmark.errors import AudioError
from sounds import chord, write_sound


@pytest.fixture
def path(tmp_path):
    return write_sound(tmp_path / "low.flac", chord(1.0), tags={"title": "Low", "album": "A"})


def test_tags_and_coding_are_read_without_the_sound(path):
    info = read_file_info(path)
    assert (info.tags.title, info.tags.album) == ("Low", "A")
    assert (info.sound.codec, info.sound.sample_rate, info.sound.n_channels) == ("flac", 44_100, 1)
    assert info.sound.bit_rate == pytest.approx(8 * path.stat().st_size, rel=0.2)  # of one second
    assert len(info.checksum) == 8


def test_what_is_read_with_the_sound_is_the_same(path):
    assert info_of(path, listen(path, FeatureConfig())) == read_file_info(path)


def test_an_earprint_has_the_tags_of_its_sound(path, tmp_path):
    print_ = write_earprint(listen(path, FeatureConfig()), tmp_path / "other.earprint")
    assert read_file_info(print_).tags == read_file_info(path).tags


def test_an_untitled_file_is_called_as_it_is_named():
    assert titled(FileTags(artist="A"), "/m/01 Song.mp3") == FileTags("01 Song", "A")
    assert titled(FileTags("T"), "/m/01 Song.mp3") == FileTags("T")


def test_the_checksum_finds_tags_that_were_rewritten_behind_size_and_time(path):
    status, before = path.stat(), checksum(path)
    tags = FLAC(path)
    tags["title"] = "Top"
    tags.save()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    assert checksum(path) != before
    assert checksum(path.parent / "missing") == b""


def test_a_file_that_is_not_sound_is_refused(tmp_path):
    (tmp_path / "a.mp3").write_text("words")
    with pytest.raises(AudioError, match=r"a\.mp3"):
        read_file_info(tmp_path / "a.mp3")
