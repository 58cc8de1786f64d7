"""The language of a song's words: by its script, and among languages of one script by their commonest words.

A table of our own: thirty or so of the words that a language uses most, of those that songs are mostly sung in. It
is small and sure of few lines only where they say enough; below that it tells nothing.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

COMMON = {
    "en": "the and you i to a it in of my me is that on for your we be with this no all don't are what so can will but",
    "de": "und ich die der du nicht das ist es in zu ein mich so wir mit wie dich mir auf den was für dir nur auch bin",
    "fr": "et je le la les de tu que un une pas à est dans pour qui mon ce se sur en toi moi des c'est du plus nous ne",
    "es": "que y de la no el en a me tu mi un es te por se lo con para una yo si como más las los quiero esta ya eres",
    "it": "che e di non la il un mi è ti per una io a in tu più se sono si con ma lo del le amore come anche questa",
    "pt": "que e não de o a eu você um me é do da no em se te uma pra meu com mais por para os minha quando vou tá",
    "nl": "ik de het en een je van niet is dat in mijn te met op wat maar voor zijn jij we die als naar bij nog heb",
    "sv": "och jag det att du är en på som inte för i har mig vi så den med av till om kan dig men vad när min",
    "da": "og jeg det at du er en på som ikke for i har mig vi så den med af til om kan dig men hvad når min",
    "no": "og jeg det at du er en på som ikke for i har meg vi så den med av til om kan deg men hva når min",
    "fi": "ja on ei se en että minä sinä mun sun niin kun mä sä kuin vain oon jos mutta minun sinun nyt tää mua ole",
    "pl": "i nie się w na to że ja jest mnie ty z jak co do tak już o mi cię ale za gdy by po dla mój tylko",
    "cs": "a se je to že v na já ty jsem mě jak si co tak mi ale už do pro když jen mám tě nic být za můj není",
    "hu": "a az és nem hogy egy én te is van meg csak mint ha már el ez de mi vagy nekem minden kell úgy soha velem",
    "ro": "și nu de să la un o că mi în te eu ce cu pe mă mai ești sunt e din tu dar cum când pentru iubire vreau",
    "tr": "bir bu ve ben sen ne de da beni seni için gibi her çok var yok ama sana bana benim kadar o gel mi değil",
    "id": "yang dan aku kau di ini itu tak kamu ku dengan untuk cinta hati akan ada dari tidak bisa ke kita mu jangan",
    "la": "et in est non qui te deus tu domine sanctus ad dei gloria miserere nobis pater cum nostra amen dominus tuum",
}
"""Language -> its commonest words in songs; those of scripts of their own are told by these."""
SCRIPTS = {
    "HANGUL": "ko", "HIRAGANA": "ja", "KATAKANA": "ja", "CJK": "zh", "GREEK": "el", "HEBREW": "he", "ARABIC": "ar",
    "DEVANAGARI": "hi", "THAI": "th", "ARMENIAN": "hy", "GEORGIAN": "ka", "TAMIL": "ta", "BENGALI": "bn",
}  # fmt: skip
CYRILLIC = {"uk": "іїєґ", "ru": "ыэъё", "bg": "ъщ"}
LEAST_WORDS, LEAST_LETTERS = 6, 12  # common words, and letters of a script, below which nothing is told
SHARE = 0.12  # of all words that are common ones, at least
SURE = 0.5  # what is told from: how far the first language is before the second, 0 to 1
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Language:
    """A language by its ISO 639-1 code, and how sure that is, 0..1: how far it is before the second."""

    code: str
    confidence: float


def language_of_lyrics(text: str) -> Language | None:
    """The language of a text; None where it says too little, or two languages fit alike."""
    letters = [c for c in text if c.isalpha()]
    scripts = Counter(unicodedata.name(c, "").split(" ", 1)[0].split("-")[0] for c in letters)
    if not scripts:
        return None
    first, n = scripts.most_common(1)[0]
    if scripts["HIRAGANA"] + scripts["KATAKANA"] > 0.1 * len(letters):
        first, n = "HIRAGANA", scripts["HIRAGANA"] + scripts["KATAKANA"] + scripts["CJK"]
    if first == "LATIN":
        return _by_words(text)
    if n < LEAST_LETTERS:
        return None
    share = round(n / len(letters), 3)
    code = _of_cyrillic(text) if first == "CYRILLIC" else SCRIPTS.get(first)
    return Language(code, share) if code and share >= SURE else None


def _of_cyrillic(text: str) -> str:
    counts = {code: sum(text.lower().count(letter) for letter in letters) for code, letters in CYRILLIC.items()}
    return max(counts, key=lambda code: counts[code]) if any(counts.values()) else "ru"


def _by_words(text: str) -> Language | None:
    words = [word.replace("’", "'").lower() for word in WORD.findall(text)]
    counts, hits = Counter(words), {}
    for code, common in COMMON.items():
        known = set(common.split())
        here = [word for word in known if counts[word]]
        hits[code] = sum(min(counts[word], 8) for word in here), len(here)
    merit = {code: n * kinds**0.5 for code, (n, kinds) in hits.items()}
    first, second = sorted(merit, key=lambda code: -merit[code])[:2]
    n, kinds = hits[first]
    if n < LEAST_WORDS or kinds < 3 or n < SHARE * min(len(words), 150):
        return None
    lead = round(1 - merit[second] / merit[first], 3)
    return Language(first, lead) if lead >= (0.1 if {first, second} <= {"da", "no", "sv"} else 0.25) else None
