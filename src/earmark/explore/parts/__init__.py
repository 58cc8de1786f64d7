"""The parts of likeness, a module each: what of two tracks is alike.

Every module has the same names:

``columns(tagset)``
    the columns of the catalogue that it reads; ``VECTOR`` stands for the embedding
``features(values)``
    float32 [n, d] of n tracks, from column -> values (float32 [n], object [n] for text, float32 [n, dim] for the
    vector); a row of NaN where this part is not known of a track
``SCALED``
    whether the features are brought to mean 0 and deviation 1 among the tracks of the catalogue before they are
    compared; single values that are not known become 0 then
``likeness(one, many)``
    float32 [n], at most 1, which is that of a track with itself: features [d] against [n, d]

What the numbers mean does not matter: `earmark.explore.sheet` gives the share of random pairs of the catalogue that are
less alike, which is one scale for all. A new part is such a module, its line in `PARTS`, and its field in
`earmark.explore.weights.Weights`.
"""

from types import ModuleType

from earmark.explore.parts import energy, harmony, instruments, lyrics, mood, rhythm, sound

PARTS: dict[str, ModuleType] = {
    "sound": sound,
    "rhythm": rhythm,
    "harmony": harmony,
    "mood": mood,
    "instruments": instruments,
    "energy": energy,
    "lyrics": lyrics,
}
"""Name -> module, in the order in which they are shown."""
