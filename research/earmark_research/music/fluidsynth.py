"""MIDI -> sound: FluidSynth with a General MIDI soundfont.

Needs the program and a soundfont of Debian's `fluidsynth`, `fluid-soundfont-gm` and `timgm6mb-soundfont` (MIT and
GPL; they are used to render, and nothing of them is kept).
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from earmark.errors import DataError
from earmark_research.music.programs import run_program

SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
DTYPES = {"s16": "<i2", "float": "<f4"}  # of FluidSynth's raw files
FULL_SCALE = {"s16": 32768, "float": 1}


@dataclass(frozen=True, slots=True)
class Synthesis:
    """How FluidSynth plays.

    Attributes
    ----------
    sr : sampling rate, Hz
    gain : of the mix
    reverb, chorus : whether these effects are on
    room_size, reverb_level : 0-1; FluidSynth's own where None
    sample_format : of the samples in between, ``s16`` or ``float``
    load_all : load the whole soundfont, which takes twice the time. The last bits of the samples depend on it, and the
        bundled networks were trained on either.
    """

    sr: int
    gain: float
    reverb: bool = False
    chorus: bool = False
    room_size: float | None = None
    reverb_level: float | None = None
    sample_format: str = "float"
    load_all: bool = False

    def options(self) -> list[str]:
        """The same for FluidSynth's command line."""
        options = ["-R", str(int(self.reverb)), "-C", str(int(self.chorus)), "-g", str(self.gain)]
        for name, value in (("room-size", self.room_size), ("level", self.reverb_level)):
            options += [] if value is None else ["-o", f"synth.reverb.{name}={value:.2f}"]
        options += [] if self.load_all else ["-o", "synth.dynamic-sample-loading=1"]
        return [*options, "-r", str(self.sr), "-O", self.sample_format]


def require_soundfont(path: Path) -> Path:
    """The path itself; DataError where there is no such file."""
    if not path.is_file():
        raise DataError(path, "no such soundfont", "Install `fluid-soundfont-gm`, or name one with --soundfont.")
    return path


def play(midi: Path, soundfont: Path, synthesis: Synthesis) -> np.ndarray:
    """float32 [n_samples, 2] at ``synthesis.sr`` Hz, full scale 1; a raw file is left beside `midi`.

    Raises DataError where FluidSynth is missing or fails.
    """
    raw = midi.with_suffix(".raw")
    command = ["fluidsynth", "-ni", "-q", *synthesis.options()]
    run_program([*command, "-T", "raw", "-F", str(raw), str(soundfont), str(midi)])
    samples = np.fromfile(raw, DTYPES[synthesis.sample_format]).reshape(-1, 2)
    return samples.astype(np.float32) / FULL_SCALE[synthesis.sample_format]
