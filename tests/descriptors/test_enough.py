"""What is too short to say, and what is silent."""

import numpy as np
import pytest

from earmark.audio.config import DEFAULT_FEATURES
from earmark.audio.features import log_mel
from earmark.descriptors.enough import is_silent, is_too_short

SR = DEFAULT_FEATURES.sr


@pytest.mark.parametrize(
    ("part", "seconds", "short"),
    [("tags", 0.3, True), ("tags", 1.0, False), ("key", 0.9, True), ("tempo", 2.9, True), ("tempo", 3.0, False),
     ("energy", 0.5, True), ("loudness", 0.01, False)],
)  # fmt: skip
def test_each_part_has_its_least_seconds(part, seconds, short):
    assert is_too_short(part, seconds) == short


def test_silence_is_what_has_no_frame_that_sounds():
    y = np.zeros(SR, np.float32)
    assert is_silent(log_mel(y, DEFAULT_FEATURES))
    y[8000:8200] = 0.5
    assert not is_silent(log_mel(y, DEFAULT_FEATURES))
