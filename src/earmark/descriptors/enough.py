"""How much sound an answer needs. Less is "too short to say", which is another thing than silence."""

import numpy as np

from earmark.descriptors.tempo.estimation import MIN_SECONDS as MIN_TEMPO_SECONDS

TOO_SHORT = "too short to say"
MIN_SECONDS = {
    "tags": 1.0,  # the tagger hears 2.6 s for each of its outputs; less than 1 s it would hear as a loop of itself
    "tempo": MIN_TEMPO_SECONDS,  # five beats at 100 BPM
    "key": 1.0,  # three rows of chroma: less may be a single chord
    "energy": 1.0,  # one value of its curve
    "structure": 1.0,  # one row of it
    "course": 1.0,  # as the tags that it tells of
}
"""Part of an analysis -> seconds of sound below which it says nothing; hand-set. Loudness needs 0.4 s, one gating block
of EBU R128, and has a peak below that too."""
SILENT = 0.1  # log-mel below which a frame is silent; hand-set


def is_too_short(part: str, seconds: float) -> bool:
    """Whether a part of an analysis cannot be told from that many seconds of sound."""
    return seconds < MIN_SECONDS.get(part, 0)


def is_silent(S: np.ndarray) -> bool:
    """Whether no frame of a log-mel, float32 [n_frames, n_mels], sounds."""
    return bool(S.max() < SILENT)
