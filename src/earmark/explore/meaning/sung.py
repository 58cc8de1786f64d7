"""What songs are about: the words of each song as a vector of the sentence encoder, and the songs whose words are near.

A text of the encoder is a sentence or a few; so a song is read in verses of at most `LONGEST` characters, and its
vector is the direction of their mean. It says what a song is about in any of the encoder's sixteen languages: a
question in one finds words in another.
"""

from collections.abc import Callable, Iterator

import numpy as np

from earmark.catalogue.store import Store
from earmark.explore.meaning.encoder import ID, TextEncoder
from earmark.progress import Progress, silent

LONGEST, MOST = 400, 24  # characters of a verse, and verses of a song that are read
AT_ONCE, KEPT = 64, 5000  # songs whose words are read at once, and that are written at once
CHANCE = 0.22  # cosine that 95 in 100 pairs of a question and unrelated words stay below, see docs/lyrics.md


def verses(text: str) -> list[str]:
    """The lines of a song together, so many as `LONGEST` allows, a blank line between two verses."""
    found: list[str] = []
    for verse in text.split("\n\n"):
        found.append("")
        for line in filter(None, map(str.strip, verse.split("\n"))):
            if found[-1] and len(found[-1]) + len(line) >= LONGEST:
                found.append("")
            found[-1] = f"{found[-1]}\n{line}".strip()[:LONGEST]
    return [verse for verse in found if verse][:MOST]


def vector_of(text: str, encoder: TextEncoder) -> np.ndarray:
    """The words of a song as a vector of length 1, float32 [dim]; one verse after another, which bounds the memory."""
    total = np.sum([encoder.encode([verse])[0] for verse in dict.fromkeys(verses(text))], axis=0)
    return (total / max(float(np.linalg.norm(total)), 1e-9)).astype(np.float32)


def read_songs(store: Store, load_encoder: Callable[[], TextEncoder], progress: Progress = silent) -> int:
    """Make the vectors of all songs whose words are new or others than before; returns how many.

    Some milliseconds a verse. What is done is kept from time to time, should it be interrupted.
    """
    wanted = store.unread_lyrics(ID)
    if not wanted:
        return 0
    encoder = load_encoder()
    made: list[tuple[str, str | None, np.ndarray | None]] = []
    for n, one in enumerate(_made(store, encoder, wanted), 1):
        made.append(one)
        progress("lyrics", n, len(wanted))
        if len(made) == KEPT:
            store.keep_lyrics_vectors(made)
            made = []
    if made:
        store.keep_lyrics_vectors(made)
    return len(wanted)


def _made(store: Store, encoder: TextEncoder, wanted: dict) -> Iterator[tuple[str, str | None, np.ndarray | None]]:
    ids = list(wanted)
    for at in range(0, len(ids), AT_ONCE):
        some = ids[at : at + AT_ONCE]
        texts = store.texts(some)
        for i in some:
            text = texts.get(i, "") if wanted[i] else ""
            yield (i, wanted[i], vector_of(text, encoder)) if verses(text) else (i, None, None)


def nearest(store: Store, text: str, encoder: TextEncoder) -> dict[str, float]:
    """track_id -> cosine of its words with a text, the nearest first, of all tracks whose words were read."""
    ids, vectors = store.lyrics_vectors()
    if not ids:
        return {}
    cosines = vectors @ encoder.encode([text])[0]
    return {ids[row]: float(cosines[row]) for row in np.argsort(-cosines, kind="stable")}
