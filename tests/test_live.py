import io
import threading
from itertools import pairwise

import numpy as np
import pytest

from earmark.audio.decode import load_audio
from earmark.errors import AudioError
from earmark.live import LEAST, STEP, WINDOW, beliefs, in_real_time, read_sound
from earmark.tagger.model import load_model
from sounds import tune, write_sound
from tiny_model import write_tiny_model

SR = 16_000


@pytest.fixture
def model(tmp_path):
    return load_model(write_tiny_model(tmp_path / "tiny.onnx"))


def blocks(y, n=1600):
    return iter([y[i : i + n] for i in range(0, len(y), n)])


def test_a_belief_comes_every_step_and_rests_on_the_last_seconds(model, rng):
    noise = rng.standard_normal(9 * SR).astype(np.float32) * 0.1
    y = np.concatenate([np.zeros(9 * SR, np.float32), noise])
    told = list(beliefs(blocks(y), model))
    assert [belief.time for belief in told] == pytest.approx(np.arange(LEAST, 18.01, STEP))
    alone = list(beliefs(blocks(noise[-round(WINDOW * SR) :]), model))[-1]
    assert told[-1].tags == alone.tags
    assert told[0].level == -np.inf
    assert told[-1].level == pytest.approx(-20, abs=0.2)
    assert told[0].to_dict()["level"] is None


def test_the_size_of_blocks_changes_nothing(model, rng):
    y = rng.standard_normal(4 * SR).astype(np.float32) * 0.1
    small, large = (list(beliefs(blocks(y, n), model)) for n in (157, 4 * SR))
    assert [belief.time for belief in small] == [belief.time for belief in large]
    assert small == large


def test_a_file_is_heard_as_it_is(tmp_path):
    write_sound(tmp_path / "a.flac", tune(3, 3.0))
    y = np.concatenate(list(read_sound(str(tmp_path / "a.flac"), SR)))
    whole = load_audio(tmp_path / "a.flac").y
    assert len(y) == pytest.approx(len(whole), abs=64)
    np.testing.assert_allclose(y[: 2 * SR], whole[: 2 * SR], atol=1e-3)


def test_wav_from_a_pipe_whose_length_nobody_knows(tmp_path):
    write_sound(tmp_path / "a.wav", tune(3, 3.0))
    data = bytearray((tmp_path / "a.wav").read_bytes())
    data[4:8] = b"\xff" * 4
    start = data.index(b"data") + 4
    data[start : start + 4] = b"\xff" * 4
    y = np.concatenate(list(read_sound(_piped(bytes(data)), SR)))
    whole = np.concatenate(list(read_sound(str(tmp_path / "a.wav"), SR)))
    assert len(y) == pytest.approx(len(whole), abs=64)
    np.testing.assert_allclose(y[: 2 * SR], whole[: 2 * SR], atol=1e-4)


def _piped(data: bytes) -> io.BufferedReader:
    """An open pipe that gives these bytes: it cannot be moved in."""
    import os

    out, into = os.pipe()

    def write():
        with open(into, "wb") as pipe:
            pipe.write(data)

    threading.Thread(target=write, daemon=True).start()
    return open(out, "rb")


def test_samples_without_a_head(rng):
    stereo = (rng.standard_normal((44_100, 2)) * 3000).astype("<i2")
    y = np.concatenate(list(read_sound(_piped(stereo.tobytes()), SR, raw=(44_100, 2))))
    assert len(y) == pytest.approx(SR, abs=64)


@pytest.mark.parametrize("content", [b"", b"no sound at all" * 100])
def test_what_is_no_sound_is_one_error(content, tmp_path):
    (tmp_path / "x.mp3").write_bytes(content)
    with pytest.raises(AudioError, match="cannot be heard"):
        list(read_sound(str(tmp_path / "x.mp3"), SR))
    with pytest.raises(AudioError, match="cannot be heard"):
        list(read_sound(str(tmp_path / "none.mp3"), SR))


def test_in_real_time_nothing_comes_before_its_time():
    now, given = [100.0], []

    def sleep(seconds):
        now[0] += seconds

    for part in in_real_time(blocks(np.zeros(3 * SR, np.float32), SR), SR, lambda: now[0], sleep):
        given.append((now[0] - 100.0, len(part)))
    ends = np.cumsum([n for _, n in given]) / SR
    assert all(at >= end - 1e-9 for (at, _), end in zip(given, ends, strict=True))
    assert now[0] == pytest.approx(103.0)
    assert all(later >= earlier for (earlier, _), (later, _) in pairwise(given))
