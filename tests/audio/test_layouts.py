"""In processes of their own: a layout that is freed twice ends the process."""

import subprocess
import sys

import numpy as np
import pytest

from earmark.audio.layouts import is_custom
from odd_sounds import custom_caf

READ = """
import gc, sys
from earmark.audio.decode import content_hash, load_audio
for _ in range(5):
    blocks = []
    audio = load_audio(sys.argv[1], observer=lambda block, sr, layout: blocks.append((block.shape[0], layout)))
    assert content_hash(sys.argv[1]) == audio.track_id
    gc.collect()
print(audio.n_channels, round(audio.duration, 2), blocks[0])
"""


def test_speakers_in_an_order_of_their_own_do_not_end_the_process(tmp_path):
    path = custom_caf(tmp_path / "a.caf", np.full((8, 40_000), 0.1, np.float32))

    done = subprocess.run([sys.executable, "-c", READ, path], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "8 2.5 (8, '8 channels (FL+FR+FC+LFE+SL+SR+BL+BR)')\n"


@pytest.mark.parametrize(
    ("name", "custom"),
    [
        ("stereo", False), ("5.1(side)", False), ("12 channels", False),
        ("2 channels (FR+FL)", True), ("ambisonic 1", True),
    ],
)  # fmt: skip
def test_which_own_memory(name, custom):
    assert is_custom(name) == custom
