"""What labels of people say of a tag that no label was used for: figures on recordings that no network learned from.

The labels: genres of GTZAN, ratings of Emotify, words in captions of GTZAN's clips (a caption that does not name a
thing does not deny it: lower bounds), styles of the songs in tempo_songs. musicnn's authors publish one figure a
network, over all its tags (their repository, ``experiment.result`` beside each checkpoint).
"""

import re
from dataclasses import dataclass

import numpy as np

from earmark_research.profiles.vocabulary import VOCABULARY, Entry
from earmark_research.tagger.calibration import roc_auc

PUBLISHED = {"msd": "published: .88 (MSD)", "mtt": "published: .91 (MTT)"}
"""ROC-AUC over all 50 tags: .880 and .877 of the two networks of the Million Song Dataset, .907 of MagnaTagATune's."""
LEAST = 5  # tracks on either side

CAPTION = {
    "style/folk": r"\bfolk",
    "style/funk": r"funk",
    "style/soul": r"\bsoul",
    "style/punk": r"\bpunk",
    "style/hard rock": r"hard rock",
    "style/heavy metal": r"heavy metal|death metal|metal",
    "style/techno": r"techno",
    "style/dance": r"danc",
    "style/r&b": r"r&b|rhythm and blues",
    "style/opera": r"\bopera|soprano|\baria\b",
    "style/choral": r"\bchoir|choral",
    "style/ambient": r"ambient",
    "style/easy listening": r"easy listening",
    "style/experimental": r"experimental|avant",
    "style/alternative rock": r"alternative",
    "mood/happy": r"happy|cheerful|joyful|bright",
    "mood/sad": r"\bsad|melanchol|sorrow",
    "mood/mellow": r"mellow|relax",
    "mood/chill": r"relax|calm|laid-?back",
    "mood/party": r"party|club|danc",
    "mood/beautiful": r"beautiful|lovely|grace",
    "mood/sexy": r"sexy|sensual|seduct",
    "mood/catchy": r"catchy|memorable",
    "instrument/guitar": r"guitar",
    "instrument/piano": r"piano",
    "instrument/strings": r"string|violin|cello|orchestra",
    "instrument/violin": r"violin",
    "instrument/cello": r"cello",
    "instrument/flute": r"flute",
    "instrument/harp": r"\bharp\b",
    "instrument/harpsichord": r"harpsichord",
    "instrument/drums": r"drum|percussion",
    "instrument/synthesizer": r"synth|electronic|keyboard",
    "voice/vocals": r"vocal|sing|voice|rap",
    "voice/female voice": r"female|woman",
    "voice/male voice": r"\bmale|\bman\b",
    "voice/choir": r"\bchoir|choral",
    "voice/instrumental": r"instrumental|no vocal|no singer",
    "era/60s or older": r"19[2-6]0s|\b[2-6]0s|old-?fashioned",
    "era/70s": r"1970s|\b70s",
    "era/80s": r"1980s|\b80s",
    "era/90s": r"1990s|\b90s",
    "character/acoustic": r"acoustic",
    "character/fast": r"fast|up-?tempo|energetic|lively",
    "character/heavy": r"heavy|distort|metal|aggress",
    "character/slow": r"\bslow",
    "character/loud": r"\bloud|intense",
    "character/quiet": r"quiet|soft|gentle|calm",
    "character/solo": r"\bsolo|alone|unaccompanied",
    "use/dancing": r"danc|club|disco",
    "use/relaxing": r"relax|calm|sooth",
}
"""Tag -> what the caption of a clip of GTZAN says where it holds."""

GENRES = {
    "style/heavy metal": ("metal",),
    "style/hard rock": ("metal", "rock"),
    "style/classic rock": ("rock",),
    "style/alternative rock": ("rock",),
    "style/indie rock": ("rock",),
    "style/progressive rock": ("rock",),
    "style/punk": ("rock",),
    "style/soul": ("disco", "reggae", "blues"),
    "style/funk": ("disco", "hiphop"),
    "style/r&b": ("hiphop", "pop"),
    "style/dance": ("disco", "pop"),
    "style/house": ("disco",),
    "style/electro": ("disco", "hiphop"),
    "style/folk": ("country", "blues"),
    "style/easy listening": ("jazz", "country"),
    "era/60s or older": ("blues", "country", "jazz"),
    "era/70s": ("disco", "reggae", "rock"),
    "mood/party": ("disco", "hiphop", "pop"),
    "use/dancing": ("disco", "hiphop", "pop"),
    "character/heavy": ("metal",),
}
"""Tag -> genres of GTZAN in which it is commoner than in the others; for style only."""

FELT = {
    "mood/happy": "joyful_activation", "mood/sad": "sadness", "mood/mellow": "calmness", "mood/chill": "calmness",
    "mood/party": "joyful_activation", "mood/beautiful": "tenderness", "use/relaxing": "calmness",
    "use/dancing": "joyful_activation", "character/quiet": "tenderness", "character/slow": "calmness",
    "style/ambient": "calmness", "style/new age": "calmness", "character/fast": "joyful_activation",
    "character/loud": "power", "character/heavy": "power",
}  # fmt: skip
"""Tag -> feeling of Emotify that it should go with."""

ELECTRONIC = ("style/techno", "style/house", "style/electro", "style/electronica", "style/dance", "style/ambient",
              "style/chillout", "instrument/synthesizer")  # fmt: skip
"""Tags that should be commoner in Emotify's electronic music than in its rock, pop and classical music."""

SONGS = {
    "style/heavy metal": r"^metal", "style/hard rock": r"^metal|^rock", "style/punk": r"^punk",
    "style/alternative rock": r"^rock|^punk", "style/dance": r"edm|eurodance|hardcore", "style/techno": r"edm|hardcore",
    "style/house": r"edm|eurodance", "style/electro": r"edm|eurodance|breakcore", "use/dancing": r"edm|eurodance",
    "mood/party": r"edm|eurodance", "character/heavy": r"^metal",
}  # fmt: skip
"""Tag -> styles of tempo_songs."""


@dataclass(frozen=True, slots=True)
class Figure:
    """How well one tag agrees with one kind of label.

    Attributes
    ----------
    against : the label, for people
    value : ROC-AUC, or Pearson's r
    kind : ``AUC`` or ``r``
    n : tracks that have the label, and all; for r all twice
    """

    against: str
    value: float
    kind: str
    n: tuple[int, int]

    def __str__(self) -> str:
        """``AUC .87 against captions of GTZAN (47 of 90)``."""
        count = f"{self.n[0]} of {self.n[1]}" if self.kind == "AUC" else f"{self.n[1]}"
        return f"{self.kind} {short(self.value)} against {self.against} ({count})"


def short(value: float) -> str:
    """``.87``."""
    return f"{value:.2f}".replace("0.", ".")


def against(z: np.ndarray, truth: np.ndarray, name: str) -> Figure | None:
    """ROC-AUC of logits [n] against bool [n]; None with fewer than `LEAST` on either side."""
    yes = int(truth.sum())
    return Figure(name, roc_auc(z, truth), "AUC", (yes, len(truth))) if LEAST <= yes <= len(truth) - LEAST else None


def measure(entry: Entry, z: np.ndarray, rows: list[tuple[str, dict[str, str]]]) -> list[Figure]:
    """Every figure that the labels allow for one tag.

    Parameters
    ----------
    z : float [n_tracks], its logits
    rows : source and row of tracks.csv of each track; sources ``gtzan``, ``emotify`` and ``tempo_songs``
    """
    name, found = entry.full_name, []
    source = np.array([source for source, _ in rows])

    def named(which: str, column: str, pattern: str, label: str, needed: bool = False) -> None:
        chosen = np.flatnonzero(source == which)
        chosen = chosen[[bool(rows[i][1][column]) or not needed for i in chosen]]
        truth = np.array([bool(re.search(pattern, rows[i][1][column].lower())) for i in chosen], bool)
        found.append(against(z[chosen], truth, label))

    if name in CAPTION:
        named("gtzan", "caption", CAPTION[name], "captions of GTZAN", needed=True)
    if name in GENRES:
        named("gtzan", "genre", "|".join(GENRES[name]), f"{' and '.join(GENRES[name])} of GTZAN")
    if name in ELECTRONIC:
        named("emotify", "genre", "electronic", "electronic of Emotify")
    if name in SONGS:
        named("tempo_songs", "style", SONGS[name], "styles of tempo_songs")
    if name in FELT:
        chosen = np.flatnonzero(source == "emotify")
        felt = np.array([float(rows[i][1][FELT[name]]) for i in chosen])
        found.append(Figure(f"{FELT[name]} of Emotify", float(np.corrcoef(z[chosen], felt)[0, 1]), "r", (0, len(felt))))
    return [figure for figure in found if figure]


def published(entry: Entry) -> list[str]:
    """The figures that musicnn's authors publish for the networks that a tag rests on."""
    return [PUBLISHED[name] for name in ("msd", "mtt") if any(tag.startswith(f"{name}:") for tag in entry.sources)]


def support(logits: np.ndarray, rows: list[tuple[str, dict[str, str]]], learned: dict[str, str]) -> dict[str, str]:
    """Tag -> what supports it.

    Parameters
    ----------
    logits : float [n_tracks, n_tags]
    learned : tags that were fitted to labels -> their figure on held-out tracks
    """
    found = {}
    for number, entry in enumerate(VOCABULARY):
        if entry.full_name in learned:
            found[entry.full_name] = f"measured: {learned[entry.full_name]}"
            continue
        figures = measure(entry, logits[:, number], rows)
        measured = [f"measured: {'; '.join(map(str, figures))}"] if figures else []
        found[entry.full_name] = "; ".join(measured + published(entry))
    return found
