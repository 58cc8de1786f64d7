"""Keys as people write them: read in any usual spelling, written as musicians do by the usual signatures."""

import re
import unicodedata

from earmark.descriptors.key.names import TONICS, from_camelot, key_name, key_number
from earmark.errors import QueryError, printable

# The signature with fewer accidentals; of six sharps and six flats the commoner one.
SPELLINGS = {
    "major": ("C", "Db", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B"),
    "minor": ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "G#", "A", "Bb", "B"),
}
REMEDY = "Write a tonic and a mode, such as 'A minor', 'Eb major' or F#m, or a code of the wheel: 8A, 1m."

NATURALS = (0, 2, 4, 5, 7, 9, 11)  # semitones above C
LETTERS = dict(zip("cdefgab", NATURALS, strict=True))
SYLLABLES = dict(zip(("do", "re", "mi", "fa", "sol", "la", "si"), NATURALS, strict=True))
GERMAN = {"his": 0, "cis": 1, "des": 1, "dis": 3, "es": 3, "fes": 4, "eis": 5, "fis": 6, "ges": 6, "gis": 8, "as": 8,
          "ais": 10, "ces": 11}  # fmt: skip
GERMAN_ALONE = {"b": 10, "h": 11}  # b is another tone in English: read so beside Dur and Moll only
SHARP, FLAT = ("#", "sharp", "diese", "diesis", "sostenido"), ("b", "flat", "bemol", "bemolle")
GERMAN_MODES = {"dur": "major", "moll": "minor"}
MODES = {"M": "major", "m": "minor", "maj": "major", "min": "minor", "major": "major", "minor": "minor",
         "majeur": "major", "mineur": "minor", "maggiore": "major", "minore": "minor", "mayor": "major",
         "menor": "minor"} | GERMAN_MODES  # fmt: skip
WHEEL = re.compile(r"0?(\d{1,2}) ?([abdm])", re.ASCII | re.IGNORECASE)
NAMES = "|".join(sorted({*LETTERS, *SYLLABLES, *GERMAN, *GERMAN_ALONE}, key=len, reverse=True))
WRITTEN = re.compile(rf"({NAMES}) ?({'|'.join(SHARP + FLAT)})? ?({'|'.join(MODES)})?", re.ASCII | re.IGNORECASE)


def spell(tonic: str, mode: str) -> str:
    """``Eb major`` for D# and major: the spelling of the usual signature. Raises QueryError for no key."""
    number = key_number(tonic, mode)
    return f"{SPELLINGS[mode][number % 12]} {mode}"


SPELT = {key_name(number): spell(*key_name(number)) for number in range(24)}
"""(tonic with sharps, mode) -> the name of the key."""


def spell_with_sharps(tonic: str, mode: str) -> str:
    """``D# major``: as catalogues before version 4 hold it. Raises QueryError for names that are not a key."""
    return " ".join(key_name(key_number(tonic, mode)))


def parse_key(text: str) -> tuple[str, str]:
    """(tonic with sharps, mode) of a key in any usual spelling; a tonic alone is major.

    ``Eb``, ``D#``, ``E♭ major``, ``eb min``, ``Ebm``, ``E flat minor``; German ``es``, ``Es-Dur``, ``fis-Moll`` (B and
    H as in German beside Dur and Moll alone); ``mi bémol majeur``; Camelot ``5B``, ``05b``; Open Key ``10d`` (major),
    ``10m`` (minor).

    Raises
    ------
    QueryError : anything else
    """
    plain = _simplify(text)
    if code := WHEEL.fullmatch(plain):
        return _from_wheel(int(code[1]), code[2].lower(), text)
    written = WRITTEN.fullmatch(plain)
    tonic = written and _number(written[1].lower(), (written[2] or "").lower(), (written[3] or "").lower())
    if tonic is None:
        raise QueryError(printable(text[:60]), "not a key", REMEDY)
    mode = written[3] or "major"
    return TONICS[tonic], MODES[mode if mode in MODES else mode.lower()]


def _simplify(text: str) -> str:
    """Without accents, with # and b for the signs, one space between words."""
    apart = unicodedata.normalize("NFKD", text.replace("♯", "#").replace("♭", "b"))
    return " ".join(re.sub(r"[-_‐‑–]", " ", "".join(c for c in apart if not unicodedata.combining(c))).split())


def _from_wheel(hour: int, ring: str, text: str) -> tuple[str, str]:
    """The key of a Camelot code (a minor, b major) or of Open Key (m, d), whose 1 is Camelot's 8."""
    if not 1 <= hour <= 12:
        raise QueryError(printable(text[:60]), "not a key", "Codes go from 1A to 12B, in Open Key from 1d to 12m.")
    return from_camelot(f"{hour}{ring}" if ring in "ab" else f"{(hour + 6) % 12 + 1}{'A' if ring == 'm' else 'B'}")


def _number(name: str, accidental: str, mode: str) -> int | None:
    """Semitones above C, 0 to 11, of a tonic; None where the parts belong to different languages."""
    if not accidental and name in GERMAN:
        return GERMAN[name]
    if not accidental and mode in GERMAN_MODES and name in GERMAN_ALONE:
        return GERMAN_ALONE[name]
    natural = LETTERS.get(name, SYLLABLES.get(name))
    return None if natural is None else (natural + (accidental in SHARP) - (accidental in FLAT)) % 12
