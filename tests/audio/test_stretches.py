import wave

import numpy as np
import pytest

from earmark.audio.stretches import RATE, read_stretch, write_wav
from earmark.demo.files import FORMATS, encode
from earmark.errors import AudioError
from sounds import write_sound

SECONDS = 20


def steps() -> np.ndarray:
    """A tone a second, each second of its own pitch: 200 Hz, 250 Hz ..."""
    t = np.arange(RATE) / RATE
    return np.concatenate([0.4 * np.sin(2 * np.pi * (200 + 50 * second) * t) for second in range(SECONDS)])


def pitch(y: np.ndarray) -> float:
    """Hz of what sounds most."""
    return float(np.abs(np.fft.rfft(y.mean(axis=1))).argmax() * RATE / len(y))


@pytest.mark.parametrize("suffix", [form.suffix for form in FORMATS])
def test_what_sounds_there_in_every_format(tmp_path, suffix):
    path, form = tmp_path / f"steps.{suffix}", next(form for form in FORMATS if form.suffix == suffix)
    encode(np.repeat(steps()[:, None], 2, axis=1).astype(np.float32), path, form)
    for second in (2, 13):
        y = read_stretch(path, second + 0.2, second + 0.8)
        assert abs(len(y) - 0.6 * RATE) <= 2
        assert pitch(y) == pytest.approx(200 + 50 * second, abs=4)


def test_it_begins_to_the_sample_in_a_lossless_file(tmp_path):
    y = steps().astype(np.float32)
    path = write_sound(tmp_path / "steps.flac", np.stack([y, -0.5 * y]), RATE)
    found = read_stretch(path, 11.25, 12.5)
    first = round(11.25 * RATE)
    assert np.allclose(found[:, 0], y[first : first + len(found)], atol=1e-3)
    assert np.allclose(found[:, 1], -0.5 * y[first : first + len(found)], atol=1e-3)


def test_at_and_beyond_the_end(tmp_path):
    path = write_sound(tmp_path / "steps.flac", steps(), RATE)
    assert len(read_stretch(path, 19.5, 25)) == RATE // 2
    with pytest.raises(AudioError, match="no sound from 21 s on"):
        read_stretch(path, 21, 25)
    with pytest.raises(AudioError, match="no such file"):
        read_stretch(tmp_path / "none.flac", 0, 1)


def test_several_as_one_file_with_silence_between(tmp_path):
    tone = 0.5 * np.ones((RATE, 2), np.float32)
    assert write_wav(tmp_path / "out.wav", [(tone, 0.25), (tone / 2, 0)]) == 2.25
    with wave.open(str(tmp_path / "out.wav")) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, RATE, 2)
        y = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2) / 32767
    assert np.abs(y[RATE : RATE + RATE // 4]).max() == 0
    assert y[RATE // 2, 0] == pytest.approx(0.5, abs=1e-4)
    assert y[-RATE // 2, 0] == pytest.approx(0.25, abs=1e-4)
    assert y[0, 0] == 0
