"""A file becomes an earprint: what is in it, and what can be left out."""

import numpy as np
import pytest

from earmark.audio.chroma import DEFAULT_CHROMA
from earmark.audio.config import DEFAULT_FEATURES, FeatureConfig
from earmark.audio.decode import content_hash
from earmark.audio.earprint import write_earprint
from earmark.audio.filetags import FileTags
from earmark.audio.listen import EVERYTHING, identify, listen
from earmark.errors import AudioError
from sounds import chord, write_sound


@pytest.fixture
def sound(tmp_path):
    tags = {"title": "A chord", "artist": "Sines", "date": "2001"}
    return write_sound(tmp_path / "chord.flac", chord(2.0), tags=tags)


def test_all_that_is_known_of_a_file(sound):
    earprint = listen(sound, DEFAULT_FEATURES)

    assert earprint.S.shape == (1 + 32_000 // 256, 96)
    assert earprint.chroma.shape == (6, DEFAULT_CHROMA.n_bins)
    assert earprint.loudness.integrated_lufs < -10
    assert earprint.duration == pytest.approx(2.0, abs=0.01)
    assert earprint.track_id == content_hash(sound)
    assert earprint.tags == FileTags("A chord", "Sines", "", 2001, "")
    assert not earprint.truncated


@pytest.mark.parametrize("needs", [(), ("chroma",), ("loudness",), EVERYTHING])
def test_what_is_not_needed_is_left_out(sound, needs):
    earprint = listen(sound, DEFAULT_FEATURES, needs=needs)

    assert (earprint.chroma is not None) == ("chroma" in needs)
    assert (earprint.loudness is not None) == ("loudness" in needs)


def test_another_rate_has_no_chroma_as_its_config_is_for_16_khz(sound):
    earprint = listen(sound, FeatureConfig(sr=8000, fmax=4000.0))

    assert earprint.chroma is None
    assert len(earprint.S) == 1 + 16_000 // 256


def test_only_the_beginning_of_a_long_file(sound):
    earprint = listen(sound, DEFAULT_FEATURES, max_seconds=1.0)

    assert earprint.truncated
    assert len(earprint.S) == 1 + 16_000 // 256
    assert earprint.duration == pytest.approx(2.0, abs=0.05)


def test_without_tags_the_name_is_the_title(tmp_path):
    path = write_sound(tmp_path / "My Song.flac", chord(0.5))

    assert listen(path, FeatureConfig()).tags.title == "My Song"


def test_an_earprint_is_read_as_it_is(tmp_path, sound):
    first = listen(sound, DEFAULT_FEATURES)
    path = write_earprint(first, tmp_path / "chord.earprint")

    again = listen(path, DEFAULT_FEATURES)

    assert identify(path) == identify(sound) == first.track_id == again.track_id
    np.testing.assert_array_equal(again.chroma, first.chroma)
    assert again.tags == first.tags


def test_a_missing_file_is_an_error_of_its_sound(tmp_path):
    for path in (tmp_path / "a.mp3", tmp_path / "a.earprint"):
        with pytest.raises(AudioError, match="no such file"):
            listen(path, DEFAULT_FEATURES)
        with pytest.raises(AudioError, match="no such file"):
            identify(path)
