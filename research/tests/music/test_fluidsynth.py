"""FluidSynth's options, and samples of its raw files, with a program of ours in its place."""

import numpy as np
import pytest

from earmark.errors import DataError
from earmark_research.music import fluidsynth
from earmark_research.music.fluidsynth import Synthesis, play, require_soundfont


@pytest.mark.parametrize(
    ("synthesis", "options"),
    [
        (Synthesis(16_000, 0.6, True, sample_format="s16", load_all=True), "-R 1 -C 0 -g 0.6 -r 16000 -O s16"),
        (
            Synthesis(44_100, 0.3, False, True, 0.5, 0.25),
            "-R 0 -C 1 -g 0.3 -o synth.reverb.room-size=0.50 -o synth.reverb.level=0.25"
            " -o synth.dynamic-sample-loading=1 -r 44100 -O float",
        ),
    ],
)
def test_options_are_those_of_the_command_line(synthesis, options):
    assert synthesis.options() == options.split()


@pytest.mark.parametrize(("sample_format", "dtype", "scale"), [("s16", "<i2", 32768), ("float", "<f4", 1)])
def test_samples_have_full_scale_one(tmp_path, monkeypatch, sample_format, dtype, scale):
    def write_raw(command):
        raw = command[command.index("-F") + 1]
        np.array([[scale // 2, -scale], [0, scale // 4]]).astype(dtype).tofile(raw)

    monkeypatch.setattr(fluidsynth, "run_program", write_raw)
    y = play(tmp_path / "a.mid", tmp_path / "a.sf2", Synthesis(16_000, 1.0, sample_format=sample_format))
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y * scale, [[scale // 2, -scale], [0, scale // 4]])


def test_a_missing_soundfont_is_named(tmp_path):
    with pytest.raises(DataError, match="no such soundfont"):
        require_soundfont(tmp_path / "none.sf2")
