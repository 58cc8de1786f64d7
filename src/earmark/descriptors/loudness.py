"""Loudness as a descriptor: measured while the file is decoded (`earmark.audio.loudness`) and kept in the earprint."""

from earmark.audio.earprint import Earprint
from earmark.audio.loudness import Loudness
from earmark.descriptors.enough import TOO_SHORT
from earmark.tagger.model import Activations

VERSION = "3"
NEEDS = frozenset({"loudness"})
COLUMNS = {
    "loudness": ("number", "integrated_lufs"),
    "loudness_range": ("number", "range_lu"),
    "true_peak": ("number", "true_peak_dbtp"),
    "replaygain": ("number", "replaygain_db"),
}

from_dict = Loudness.from_dict


def estimate(earprint: Earprint, activations: Activations | None = None) -> Loudness | None:
    """The loudness in the earprint; None for one of version 1, which has none. `activations` are not used."""
    return earprint.loudness


def line(loudness: Loudness) -> str:
    """``-11.3 LUFS, range 2.9 LU, true peak -1.0 dBTP``; ``too short to say, true peak -1.9 dBTP``; ``silence``."""
    peak = f"true peak {loudness.true_peak_dbtp:.1f} dBTP" if loudness.true_peak_dbtp is not None else ""
    if loudness.integrated_lufs is None:
        return f"{TOO_SHORT}, {peak}" if loudness.is_too_short else "silence"
    spread = f", range {loudness.range_lu:.1f} LU" if loudness.range_lu is not None else ""
    return f"{loudness.integrated_lufs:.1f} LUFS{spread}, {peak}"
