"""A library of mma's grooves, and a piece, that need no program."""

import numpy as np
import pytest

from earmark_research.music import voice
from earmark_research.music.mma import Arrangement
from earmark_research.music.parts import accompany, draw_chords
from earmark_research.music.styles import STYLES

FILES = "metal1 blues bluegrass reggae hiphop boneym soul techno swing bebop samba waltz".split()
FILES += "folk march ballad rock 60spop".split()


@pytest.fixture
def library(tmp_path):
    """A library of one file a family, each with a groove that is music, and two that are none alone."""
    folder = tmp_path / "lib" / "some"
    folder.mkdir(parents=True)
    for name in FILES:
        time = {"waltz": "Time 3", "blues": "time 6/8", "march": "Time 6 // eighths"}.get(name, "Time 4")
        grooves = "".join(f"\nDefGroove {name}{kind}  words" for kind in ("", "Intro", "End"))
        (folder / f"{name}.mma").write_text(f"// {name}\n  {time}\n{grooves}\n", encoding="utf-8")
    return folder.parent


@pytest.fixture
def ballad():
    """A piece of six bars in 4/4 at 100 BPM, for a seed."""

    def compose(seed: int) -> Arrangement:
        rng, style = np.random.default_rng(seed), STYLES["ballad"]
        bars, key, mode = draw_chords(rng, style.idioms[0], 6)
        parts = accompany(rng, style, bars, 4, key, mode)
        return Arrangement("ballad", None, "", 100, f"{key} {mode}", 4, bars, parts, False, "", 1)

    return compose


def vowel(hz: float, formant: float, seconds: float) -> np.ndarray:
    """A pulse train through one resonance: harmonics of `hz`, loudest near `formant`."""
    t = np.arange(int(seconds * voice.SR)) / voice.SR
    tones = np.arange(hz, voice.SR / 2 - hz, hz)
    return 0.01 * sum(np.cos(2 * np.pi * f * t) / (0.02 + ((f - formant) / 800) ** 2) for f in tones).astype(np.float32)


@pytest.fixture
def speech():
    """Hiss, then a vowel at 120 Hz with its formant at 1 kHz, twice."""
    hiss = np.random.default_rng(0).normal(0, 0.02, voice.SR // 10).astype(np.float32)
    y = np.concatenate([np.zeros(voice.SR // 10, np.float32), *([hiss, vowel(120, 1000, 0.3)] * 2)])
    ends = [("pau", 0.1), ("s", 0.2), ("aa", 0.5), ("s", 0.6), ("iy", 0.9), ("pau", 0.9)]
    return voice.analyse_speech(y, voice.SR, ends)
