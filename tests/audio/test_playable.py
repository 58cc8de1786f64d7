"""What browsers cannot play, as FLAC."""

import numpy as np
import pytest

from earmark.audio.playable import write_flac
from earmark.audio.stretches import RATE, read_stretch
from earmark.errors import AudioError
from sounds import tune, write_sound


@pytest.mark.parametrize(
    ("suffix", "encoder", "sample_format"),
    [("aiff", "pcm_s16be", "s16"), ("wv", "wavpack", "s16p"), ("m4a", "alac", "s16p"), ("mp3", None, None)],
)
def test_the_sound_stays_as_it_is(tmp_path, suffix, encoder, sample_format):
    path = write_sound(tmp_path / f"song.{suffix}", tune(3, 4.0), encoder=encoder, sample_format=sample_format)
    seconds = write_flac(path, tmp_path / "out.flac")
    before, after = read_stretch(path, 0, 10), read_stretch(tmp_path / "out.flac", 0, 10)
    assert len(after) == len(before) == round(seconds * RATE)
    assert np.abs(after - before).max() < 1e-4
    assert (tmp_path / "out.flac").read_bytes()[:4] == b"fLaC"


def test_a_file_without_sound_leaves_nothing(tmp_path):
    (tmp_path / "x.aiff").write_bytes(b"FORM" + bytes(100))
    with pytest.raises(AudioError):
        write_flac(tmp_path / "x.aiff", tmp_path / "out.flac")
    assert not list(tmp_path.glob("*.flac"))


def test_a_change_in_the_middle_is_heard_through(tmp_path):
    parts = [write_sound(tmp_path / f"{rate}.mp3", tune(1, 3.0), rate) for rate in (44_100, 22_050)]
    (tmp_path / "joined.mp3").write_bytes(b"".join(path.read_bytes() for path in parts))
    whole, *each = (write_flac(path, tmp_path / "out.flac") for path in (tmp_path / "joined.mp3", *parts))
    assert whole == pytest.approx(sum(each), abs=0.2)
