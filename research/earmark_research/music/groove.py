"""Music composed by code, with exact beats, for training the tempo network.

Nothing here is meant to be beautiful. It is meant to be various: metres, tempi, grooves, textures, instruments,
swing, rubato and loose playing, so that a network that finds the beat in all of it finds it in real music too.
"""

import numpy as np

from earmark_research.music.band import draw_band
from earmark_research.music.composer import Composer
from earmark_research.music.ensemble import draw_ensemble
from earmark_research.music.performance import Performance


def compose(seed: int, seconds: float = 24.0) -> Performance:
    """The piece of this seed, about as long: always the same one."""
    composer = Composer(seed, seconds)
    for play in draw_band(composer) if composer.drums else draw_ensemble(composer):
        play(composer)
    piece = composer.performance
    piece.beats = composer.clock(np.arange(composer.n_bars * composer.n_beats, dtype=float))
    piece.downbeats = piece.beats[:: composer.n_beats]
    return piece
