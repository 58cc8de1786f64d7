"""A track -> the texts of each field, of what is sure alone."""

import re
from collections.abc import Callable

from earmark import __version__
from earmark.analysis import join_versions
from earmark.catalogue.track import Track
from earmark.descriptors.key import Key
from earmark.descriptors.key.names import camelot
from earmark.descriptors.key.spelling import spell
from earmark.descriptors.tempo import Rhythm
from earmark.interop.profile import Profile

Values = tuple[str, ...]

WRITTEN = {"hiphop": "Hip-Hop", "r&b": "R&B", "joyful_activation": "Joyful"}
"""Tags whose name is not what people write."""
REFERENCE = -23.0  # LUFS, of R128
LEVELS = 10


def values_of(track: Track, profile: Profile) -> dict[str, Values]:
    """Field -> its texts, of the fields of a profile; those of which nothing is sure are missing.

    ``comment`` holds the block alone, see `with_block`.
    """
    found = {name: MAKERS[name](track, profile) for name in profile.fields}
    return {name: values for name, values in found.items() if values}


def sure_bpm(track: Track, profile: Profile) -> float | None:
    """The tempo, where pulse and octave reach the profile's gates or the user said it."""
    rhythm: Rhythm | None = track.descriptors.get("tempo")
    if rhythm is None or rhythm.bpm is None:
        return None
    gates = profile.gates
    sure = rhythm.confidence >= gates["tempo_confidence"]
    octave = (rhythm.octave_confidence or 0.0) >= gates["tempo_octave_confidence"]
    return rhythm.bpm if (sure and octave) or "tempo" in track.corrections else None


def sure_key(track: Track, profile: Profile) -> Key | None:
    """The key, where it reaches the profile's gate or the user said it."""
    key: Key | None = track.descriptors.get("key")
    if key is None or key.tonic is None:
        return None
    return key if key.corrected or key.confidence >= profile.gates["key_confidence"] else None


def key_text(key: Key, notation: str) -> str:
    """``Am`` and ``Eb`` (standard), ``8A`` (camelot), ``1m`` (openkey)."""
    if notation == "standard":
        tonic, mode = spell(key.tonic, key.mode).split()
        return tonic + ("m" if mode == "minor" else "")
    code = camelot(key.tonic, key.mode)
    hour, ring = int(code[:-1]), code[-1]
    return code if notation == "camelot" else f"{(hour + 4) % 12 + 1}{'m' if ring == 'A' else 'd'}"


def energy_level(track: Track) -> int | None:
    """1 to 10, as disc jockeys write it."""
    energy = track.descriptors.get("energy")
    return None if energy is None or energy.value is None else min(LEVELS, 1 + int(energy.value * LEVELS))


def sure_tags(track: Track, group: str, most: int) -> Values:
    """The names of a group's sure tags as people write them, the most probable first."""
    hits = [hit for hit in track.tags.get(group, []) if hit.sure]
    return tuple(written(hit.tag) for hit in hits[:most])


def written(tag: str) -> str:
    """``Classic Rock`` for ``classic rock``; no character at which programs part values."""
    words = re.sub(r"[_;/,\\\x00]+", " ", tag).split()
    return WRITTEN.get(tag) or " ".join(word[:1].upper() + word[1:] for word in words)


def number(value: float, decimals: int) -> str:
    """``120`` or ``120.5``: without zeros at the end."""
    text = f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _bpm(track: Track, profile: Profile) -> Values:
    bpm = sure_bpm(track, profile)
    return () if bpm is None else (number(bpm, profile.bpm_decimals),)


def _key(track: Track, profile: Profile) -> Values:
    key = sure_key(track, profile)
    return () if key is None else (key_text(key, profile.notation),)


def _tags(group: str, name: str) -> Callable[[Track, Profile], Values]:
    return lambda track, profile: sure_tags(track, group, int(profile.most[name]))


def _energy(track: Track, profile: Profile) -> Values:
    level = energy_level(track)
    return () if level is None else (str(level),)


def _gain(track: Track, profile: Profile) -> Values:
    loudness = track.descriptors.get("loudness")
    return () if loudness is None or loudness.replaygain_db is None else (f"{loudness.replaygain_db:.2f} dB",)


def _peak(track: Track, profile: Profile) -> Values:
    loudness = track.descriptors.get("loudness")
    if loudness is None or loudness.replaygain_db is None or loudness.true_peak_dbtp is None:
        return ()
    return (f"{10 ** (loudness.true_peak_dbtp / 20):.6f}",)


def _r128(track: Track, profile: Profile) -> Values:
    """The gain in the head of the file needs no place here: it was applied to the sound that was measured."""
    loudness = track.descriptors.get("loudness")
    if loudness is None or loudness.integrated_lufs is None:
        return ()
    gain = round(256 * (REFERENCE - loudness.integrated_lufs))
    return (str(max(-32_768, min(32_767, gain))),)


def _comment(track: Track, profile: Profile) -> Values:
    level, moods = energy_level(track), sure_tags(track, "mood", int(profile.most["mood"]))
    parts = [f"energy {level}"] if level else []
    parts += [f"mood {', '.join(mood.lower() for mood in moods)}"] if moods else []
    return (f"[earmark: {'; '.join(parts)}]",) if parts else ()


def _own_bpm(track: Track, profile: Profile) -> Values:
    bpm = sure_bpm(track, profile)
    return () if bpm is None else (f"{bpm:.2f}",)


def _own_bpm_confidence(track: Track, profile: Profile) -> Values:
    return () if sure_bpm(track, profile) is None else (f"{track.descriptors['tempo'].confidence:.3f}",)


def _own_key(track: Track, profile: Profile) -> Values:
    key = sure_key(track, profile)
    return () if key is None else (spell(key.tonic, key.mode),)


def _own_key_confidence(track: Track, profile: Profile) -> Values:
    key = sure_key(track, profile)
    return () if key is None else (f"{key.confidence:.3f}",)


def _own_energy(track: Track, profile: Profile) -> Values:
    energy = track.descriptors.get("energy")
    return () if energy is None or energy.value is None else (f"{energy.value:.4f}",)


def _own_loudness(track: Track, profile: Profile) -> Values:
    loudness = track.descriptors.get("loudness")
    return () if loudness is None or loudness.integrated_lufs is None else (f"{loudness.integrated_lufs:.2f}",)


def own_tags(track: Track, profile: Profile) -> Values:
    """The sure tags of the user's own, as they are called."""
    return tuple(track.fields.get("own_tags") or ())


def _grouping(track: Track, profile: Profile) -> Values:
    return (*sure_tags(track, "use", int(profile.most["grouping"])), *own_tags(track, profile))


def _own_version(track: Track, profile: Profile) -> Values:
    return (f"{__version__}; {join_versions(track.analysis.versions)}",)


MAKERS: dict[str, Callable[[Track, Profile], Values]] = {
    "bpm": _bpm, "key": _key, "mood": _tags("mood", "mood"), "genre": _tags("genre", "genre"),
    "style": _tags("style", "style"), "grouping": _grouping, "energy": _energy, "gain": _gain,
    "peak": _peak, "r128": _r128, "comment": _comment, "own_bpm": _own_bpm, "own_bpm_confidence": _own_bpm_confidence,
    "own_key": _own_key, "own_key_confidence": _own_key_confidence, "own_energy": _own_energy,
    "own_loudness": _own_loudness, "own_tags": own_tags, "own_version": _own_version,
}  # fmt: skip
"""Field -> what makes its texts of a track."""
