"""Facts in a question: tempo, length, year and key, as filters. Pure functions of the text."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from earmark.catalogue.filters import And, Between, Compare, Filter, IsNull, Like, Not
from earmark.catalogue.filters.expression import Or
from earmark.descriptors.key.names import key_name, key_number
from earmark.descriptors.key.spelling import parse_key, spell
from earmark.errors import QueryError
from earmark.explore.meaning.quantities import END, NUMBER, START, quantities

NEAR_TEMPO, NEAR_LENGTH = 0.03, 0.1  # of a number that is meant alone
NOT = re.compile(START + r"(?:not?|nicht|kein(?:e[nrms]?)?|pas|não|не|不是|不要|不|ليس)\s*\Z", re.IGNORECASE)


@dataclass(frozen=True)
class Fact:
    """A piece of the text that says something that is known of a track.

    Attributes
    ----------
    kind : ``tempo``, ``length``, ``year`` or ``key``
    label : as it is shown
    start, end : where it stands in the text
    where : the tracks that it is true of
    concept : what the sound tells of it where files do not: a decade
    """

    kind: str
    label: str
    start: int
    end: int
    where: Filter
    concept: str = ""


def at_tempo(where: Filter, factor: float) -> Filter | None:
    """The filter with every range of tempo so many times as fast; None where it has none that is below an octave."""
    match where:
        case Between("tempo", low, high) if high < 2 * low:
            return Between("tempo", low * factor, high * factor)
        case And(parts):
            moved = [at_tempo(part, factor) for part in parts]
            return And(tuple(a or b for a, b in zip(moved, parts, strict=True))) if any(moved) else None
    return None


def facts(text: str) -> list[Fact]:
    """All facts of a text, in the order of their places; none overlaps another."""
    found: list[Fact] = []
    for read in (_tempi, _lengths, _keys, _years):
        rest = _blanked(text, found)
        found += read(rest)
    return sorted(found, key=lambda fact: fact.start)


def _blanked(text: str, found: list[Fact]) -> str:
    for fact in found:
        text = text[: fact.start] + "\0" * (fact.end - fact.start) + text[fact.end :]
    return text


def _fact(text: str, kind: str, label: str, start: int, end: int, where: Filter, concept: str = "") -> Fact:
    """The fact, or the opposite where a word of negation stands before."""
    denied = NOT.search(text, max(0, start - 12), start)
    if denied:
        return Fact(kind, f"not {kind} {label}", denied.start(), end, Not(where))
    return Fact(kind, f"{kind} {label}", start, end, where, concept)


# -- tempo and length -------------------------------------------------------------------------------------------------

BPM = (
    r"(?:bpm|бпм|beats? (?:per|a) min(?:ute)?|schläge(?:n)?(?: (?:pro|in der) minute)?|battements par minute"
    r"|pulsaciones por minuto|ppm|batidas por minuto|拍(?:每分钟|/分)?|уд(?:аров|ара|\.)? ?(?:в|/) ?мин(?:уту|\.)?)"
)
TEMPO_NAMES = r"bpm|tempo|テンポ|темп|速度|بي بي إم"
MINUTES = r"(?:min(?:ute|uten|uto|utos|utes|\.)?s?|мин(?:ута|уты|уту|ут|\.)?|分钟|分鐘|分|دقائق|دقيقة)"
SECONDS = r"(?:sec(?:ond)?s?\.?|sek(?:unden?)?\.?|secondes?|segundos?|сек(?:унд[ыу]?)?\.?|秒钟?|ثانية)"
LONG = re.compile(r"(?:[- ](?:long|lang|de long|de duración|de duração|в длину)\b)?", re.IGNORECASE)
CLOCK = r"\d{1,2}:[0-5]\d"
LENGTHS = ((CLOCK, r"(?:\s*min)?", 60.0, "min"), (NUMBER, MINUTES, 60.0, "min"), (NUMBER, SECONDS, 1.0, "s"))


def _tempi(text: str) -> Iterator[Fact]:
    for found in quantities(text, BPM, NEAR_TEMPO, TEMPO_NAMES):
        yield _fact(text, "tempo", found.span.text(), found.start, found.end, found.span.where("tempo"))


def _lengths(text: str) -> list[Fact]:
    facts: list[Fact] = []
    for number, unit, seconds, shown in LENGTHS:
        rest = _blanked(text, facts)
        for found in quantities(rest, unit, NEAR_LENGTH, number=number):
            end = LONG.match(rest, found.end).end()
            where = found.span.where("duration", seconds)
            facts.append(_fact(rest, "length", f"{found.span.text()} {shown}", found.start, end, where))
    return facts


# -- key --------------------------------------------------------------------------------------------------------------

IN = (
    r"(?:(?P<in>(?:in|en|em|в|در|في)(?: (?:der tonart|the key of|tono|tom|clave|tonalidad|mode|a))?|key of|tonart)\s+)?"
)
ACCIDENTAL = r"(?:\s?[#♯♭b]|[ -]sharp|[ -]flat|[ -]dièse|[ -]bémol|[ -]bemol|[ -]sostenido)?"
MODES = r"(?:major|minor|maj|min|dur|moll|majeur|mineur|mayor|menor|maior|maggiore|minore)"
GERMAN = "ces|cis|des|dis|eis|es|fis|ges|gis|ais|as"
NAMED = re.compile(
    rf"{START}{IN}(?P<tonic>(?:{GERMAN}|do|r[eé]|mi|f[aá]|sol|l[aá]|s[ií]|d[oó]|[a-h]){ACCIDENTAL})"
    rf"[ -](?P<mode>{MODES}){END}",
    re.IGNORECASE,
)
MAJOR_ALONE = re.compile(rf"{START}(?:in )?(?:the )?key of (?P<tonic>[A-G](?: ?[#♯♭b]| sharp| flat)?){END}")
SHORT = re.compile(rf"{START}{IN}(?P<tonic>[A-G][#♯♭b]?m){END}")
WHEEL = re.compile(rf"{START}{IN}(?:camelot\s+)?(?P<code>0?[1-9][AB]|1[0-2][AB]){END}")
ASIAN = re.compile(
    r"(?P<sign>[升降嬰変])?(?P<tonic>[A-GＡ-Ｇハニホヘトイロ])(?P<sign2>[#♯♭b])?\s*"
    r"(?P<mode>大调|大調|小调|小調|长调|長調|短調|短调|メジャー|マイナー)(?:の|的)?"
)
RUSSIAN = re.compile(
    START + r"(?:в\s+)?(?P<tonic>до|ре|ми|фа|соль|ля|си)(?:[ -](?P<sign>диез|бемоль))?[ -](?P<mode>мажор|минор)е?"
    + END, re.IGNORECASE,
)  # fmt: skip
MODE_ALONE = re.compile(
    rf"{START}(?:(?:in|en|em|в)\s+(?:(?:tono|tom|modo|mode|tonalité|clave|einer)\s+)?(?P<mode>{MODES}|миноре|мажоре)"
    rf"(?:[ -](?:key|tonart))?|(?:in an? )?(?P<mode2>major|minor|moll|dur)[ -](?:keys?|tonart(?:en)?)"
    rf"|(?P<mode3>短調|長調|小调|大调)(?:の|的)?){END}",
    re.IGNORECASE,
)
MAJOR = {
    "major",
    "maj",
    "dur",
    "majeur",
    "mayor",
    "maior",
    "maggiore",
    "мажор",
    "мажоре",
    "大调",
    "大調",
    "长调",
    "長調",
    "メジャー",
}
TONES = dict(zip("ハニホヘトイロ", "CDEFGAB", strict=True)) | dict(zip("ＡＢＣＤＥＦＧ", "ABCDEFG", strict=True))
SYLLABLES = {"до": "C", "ре": "D", "ми": "E", "фа": "F", "соль": "G", "ля": "A", "си": "B"}
SIGNS = {"升": 1, "嬰": 1, "диез": 1, "#": 1, "♯": 1, "降": -1, "変": -1, "бемоль": -1, "♭": -1, "b": -1}


def _keys(text: str) -> Iterator[Fact]:
    done: list[tuple[int, int]] = []
    readers = (
        (NAMED, _named),
        (MAJOR_ALONE, _tonic),
        (SHORT, _short),
        (WHEEL, _wheel),
        (ASIAN, _spelt),
        (RUSSIAN, _spelt),
    )
    for pattern, read in readers:
        for found in pattern.finditer(text):
            if (key := _key(read, found)) and _is_free(found, done):
                done.append(found.span())
                yield _fact(text, "key", key, *found.span(), Compare("key", "eq", key))
    for found in MODE_ALONE.finditer(text):
        if _is_free(found, done):
            mode = "major" if (found["mode"] or found["mode2"] or found["mode3"]).lower() in MAJOR else "minor"
            yield _fact(text, "key", mode, *found.span(), Like("key", f"% {mode}"))


def _is_free(found: re.Match[str], done: list[tuple[int, int]]) -> bool:
    return all(found.end() <= start or found.start() >= end for start, end in done)


def _key(read: Callable[[re.Match[str]], str | None], found: re.Match[str]) -> str | None:
    try:
        written = read(found)
        return written and spell(*parse_key(written))
    except QueryError:
        return None


def _named(found: re.Match[str]) -> str | None:
    """``A minor``, but neither "a major hit" nor "a minor detail": an article has to end the thought to be a tone."""
    tonic, after = found["tonic"], found.string[found.end() :].lstrip()
    if after.startswith("key") or (tonic == "a" and found["mode"] in ("major", "minor") and _goes_on(after)):
        return None
    mode = found["mode"].lower().replace("maior", "mayor")
    return f"{tonic} {mode}"


def _tonic(found: re.Match[str]) -> str:
    return found["tonic"]


def _goes_on(after: str) -> bool:
    return after[:1].isalpha() and not re.match(r"(?:with|and|at|or|but|under|over|for|from|by)\b", after)


def _short(found: re.Match[str]) -> str | None:
    """``Am`` where no word follows: it is a word of German and of English, too."""
    after = found.string[found.end() :].lstrip()
    is_word = found["tonic"] == "Am" and not found["in"] and after[:1].isalpha()
    return None if is_word else found["tonic"]


def _wheel(found: re.Match[str]) -> str:
    return found["code"]


def _spelt(found: re.Match[str]) -> str:
    """Keys of Chinese, Japanese and Russian."""
    groups = found.groupdict()
    tonic = TONES.get(groups["tonic"]) or SYLLABLES.get(groups["tonic"].lower()) or groups["tonic"]
    step = SIGNS.get((groups.get("sign") or groups.get("sign2") or "").lower(), 0)
    mode = "major" if groups["mode"].lower() in MAJOR else "minor"
    return " ".join(key_name((key_number(tonic, mode) + step) % 12 + (12 if mode == "minor" else 0)))


# -- year -------------------------------------------------------------------------------------------------------------

CENTURY = {"20": 1920, "30": 1930, "40": 1940, "50": 1950, "60": 1960, "70": 1970, "80": 1980, "90": 1990, "00": 2000,
           "10": 2010}  # fmt: skip
SPELT_DECADES = {
    1950: "fifties|fünfziger|cinquenta|cincuenta|cinquante|пятидесятых|الخمسينات|五十年代",
    1960: "sixties|sechziger|soixante|sesenta|sessenta|шестидесятых|الستينات|六十年代",
    1970: "seventies|siebziger|soixante-dix|setenta|семидесятых|السبعينات|七十年代",
    1980: "eighties|achtziger|quatre-vingts?|ochentas?|oitenta|восьмидесятых|الثمانينات|八十年代",
    1990: "nineties|neunziger|quatre-vingt-dix|noventas?|девяностых|التسعينات|九十年代",
    2000: "noughties|nullerjahre|двухтысячных",
}  # fmt: skip
EARLY = r"(?:(?P<early>early|frühe[nr]?|début des|principios de los|início dos|начал[оае])[ -])?"
LATE = r"(?:(?P<late>late|späte[nr]?|fin des|finales de los|fim dos|конца?)[ -])?"
LEAD = (
    r"(?:(?:from|in|of|aus|in|der|den|des|von|de|del|los|las|dos|das|nos|les|années|años|anos|die|the|из|с|в)\s+){0,3}"
)
DIGIT_DECADE = r"(?P<digits>(?:19|20)?[0-9]0)(?:\s?['’]?s|ern?(?:[ -]?jahren?)?|-?(?:х|е|ые|ых)(?: годов| годы)?|年代)"
NAMED_DECADE = r"(?P<named>{})n?(?:[ -]?jahren?|[ -]годов)?".format(
    "|".join(sorted((word for words in SPELT_DECADES.values() for word in words.split("|")), key=len, reverse=True))
)
AFTER_WORD = r"(?:années|años|anos|decada de|década de|سنوات)\s+(?:los\s+|de\s+)?(?P<bare>(?:19|20)?[0-9]0)"
AFTER_ARTICLE = r"(?<=los |dos |des |les )(?P<article>[2-9]0)"
MUSIC_OF = r"(?:的|の)?"
FULL = r"(?:19[2-9]\d|20[0-4]\d)"
BEFORE = r"before|until|till|up to|older than|pre-?|vor|bis|älter als|avant|jusqu['’](?:en|à)|antes de|hasta|até|до"
BEFORE += r"|раньше|قبل"
SINCE = r"since|seit|ab|depuis|à partir de|desde|a partir de|с|начиная с|منذ"
AFTER = r"after|newer than|later than|post-?|nach|jünger als|neuer als|après|después de|depois de|após|после|позже|بعد"
COMPARED = rf"(?:(?:(?P<before>{BEFORE})|(?P<since>{SINCE})|(?P<after>{AFTER}))\s+)?"
DECADE = re.compile(
    rf"{START}{COMPARED}{LEAD}{EARLY}{LATE}(?:{DIGIT_DECADE}|{NAMED_DECADE}|{AFTER_WORD}|{AFTER_ARTICLE}){END}{MUSIC_OF}",
    re.IGNORECASE,
)
IN_YEAR = r"from|in|of|aus(?: dem jahr)?|von|de|en|del|em|between|zwischen|entre|из|в|между"
YEAR = re.compile(
    rf"{START}(?:(?:(?P<before>{BEFORE})|(?P<since>{SINCE})|(?P<after>{AFTER})|{IN_YEAR})\s*)?{START}(?P<low>{FULL})"
    rf"(?:年)?(?:(?:\s*(?:-|–|—|~|〜|～|到|至|から)\s*|\s+(?:to|and|bis|und|à|et|a|y|e|до|по|и)\s+)(?P<high>{FULL}))?"
    rf"(?:\s*(?:年|года?|г\.))?{END}"
    rf"(?:(?P<since2>\s+(?:on(?:wards)?|or later)|以降|以来|以后|之后|後|后)"
    rf"|(?P<before2>\s+or (?:earlier|older)|以前|之前|より前|前))?"
    rf"{MUSIC_OF}",
    re.IGNORECASE,
)
ERAS = {1970: "era/70s", 1980: "era/80s", 1990: "era/90s", 2000: "era/00s"}
OLDEST = "era/60s or older"


def _years(text: str) -> Iterator[Fact]:
    done = []
    for found in DECADE.finditer(text):
        done.append(found.span())
        low, high = _years_of_decade(found)
        yield _year_fact(found, low, high)
    for found in YEAR.finditer(text):
        if _is_free(found, done):
            yield _year_fact(found, *_years_of(found))


def _years_of_decade(found: re.Match[str]) -> tuple[int | None, int | None]:
    first = _decade(found)
    if found["before"]:
        return None, first - 1
    if found["since"] or found["after"]:
        return (first if found["since"] else first + 10), None
    if found["early"] or found["late"]:
        return (first, first + 4) if found["early"] else (first + 5, first + 9)
    return first, first + 9


def _decade(found: re.Match[str]) -> int:
    if found["named"]:
        return next(y for y, words in SPELT_DECADES.items() if re.fullmatch(words, found["named"], re.IGNORECASE))
    digits = found["digits"] or found["bare"] or found["article"]
    return int(digits) if len(digits) == 4 else CENTURY[digits]


def _years_of(found: re.Match[str]) -> tuple[int | None, int | None]:
    year = int(found["low"])
    if found["high"]:
        return min(year, int(found["high"])), max(year, int(found["high"]))
    if found["before"] or found["before2"]:
        return None, year if found["before2"] and "or" in found["before2"] else year - 1
    if found["since"] or found["since2"]:
        return year, None
    return (year + 1, None) if found["after"] else (year, year)


def _year_fact(found: re.Match[str], low: int | None, high: int | None) -> Fact:
    if low is None:
        where, label = Compare("year", "lte", high), f"until {high}"
    elif high is None:
        where, label = Compare("year", "gte", low), f"from {low}"
    elif low == high:
        where, label = Compare("year", "eq", low), f"{low}"
    else:
        where, label = Between("year", low, high), f"{low}-{high}"
    return _fact(found.string, "year", label, *found.span(), where, _era(low, high))


def _era(low: int | None, high: int | None) -> str:
    """The tag of a span of years that lies within one decade, or before 1970."""
    if high is not None and high < 1970:
        return OLDEST
    same = low is not None and high is not None and low // 10 == high // 10
    return ERAS.get(low // 10 * 10, "") if same else ""


def or_unknown(where: Filter) -> Filter:
    """The same, or no year in the file: such a track is judged by its sound."""
    return Or((where, IsNull("year")))
