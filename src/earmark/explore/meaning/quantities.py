"""Numbers with a unit as people ask for them, in the languages of the grammar: ``under two minutes``, ``80〜100``."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from earmark.catalogue.filters import Between, Compare, Filter

START, END = r"(?-i:(?<![0-9A-Za-zÀ-ۿ]))", r"(?-i:(?![0-9A-Za-zÀ-ۿ]))"
"""No letter or digit before, or after; those of scripts without spaces between words do not count. (Where case is
ignored, a range of letters takes milliseconds to compile.)"""

WORDS = {
    1: "one|a|eine?r?|un|une|una|um|uma|одной|одна|一", 2: "two|zwei|deux|dos|dois|duas|двух|две|два|二|两|兩",
    3: "three|drei|trois|tres|três|трёх|трех|три|三", 4: "four|vier|quatre|cuatro|quatro|четырёх|четырех|четыре|四",
    5: "five|fünf|cinq|cinco|пяти|пять|五", 6: "six|sechs|seis|шести|шесть|六",
    7: "seven|sieben|sept|siete|sete|семи|семь|七", 8: "eight|acht|huit|ocho|oito|восьми|восемь|八",
    9: "nine|neun|neuf|nueve|nove|девяти|девять|九", 10: "ten|zehn|dix|diez|dez|десяти|десять|十",
    12: "twelve|zwölf|douze|doce|doze|двенадцати|двенадцать|十二",
    15: "fifteen|fünfzehn|quinze|quince|пятнадцати|пятнадцать|十五",
    20: "twenty|zwanzig|vingt|veinte|vinte|двадцати|двадцать|二十",
}  # fmt: skip
VALUES = {word: value for value, words in WORDS.items() for word in re.sub(r"\?", "", words).split("|")} | {
    "ein": 1, "eine": 1, "einer": 1, "einr": 1,
}  # fmt: skip

LESS = (
    r"under|below|less than|fewer than|at most|up to|no more than|(?:no|not) longer than|(?:shorter|slower) than|<=?|≤"
    r"|unter|weniger als|höchstens|bis(?: zu)?|kürzer als|langsamer als|nicht (?:länger|mehr|schneller) als"
    r"|moins de|sous|au plus|jusqu['’]à|en[- ]dessous de|plus (?:lente?s?|courte?s?) que|pas plus de|maximum"
    r"|menos (?:de|que)|por debajo de|como máximo|hasta|más (?:lent[oa]s?|cort[oa]s?) (?:que|de)|no más de"
    r"|abaixo de|no máximo|até|mais (?:lent[oa]s?|curt[oa]s?) (?:do )?que|não mais de|máximo"
    r"|меньше|менее|до|не (?:более|больше|длиннее|дольше)|короче|медленнее|ниже|максимум"
    r"|低于|不到|少于|小于|不超过|最多|短于|慢于|不足|أقل من|اقل من|max\.?"
)
MORE = (
    r"over|above|more than|at least|no less than|(?:longer|faster) than|>=?|≥"
    r"|über|mehr als|mindestens|ab|länger als|schneller als|nicht (?:weniger|kürzer|langsamer) als"
    r"|plus de|au moins|au[- ]dessus de|à partir de|plus (?:longue?s?|rapides?) que|minimum"
    r"|más de|mas de|al menos|por lo menos|por encima de|como mínimo|más (?:larg[oa]s?|rápid[oa]s?) (?:que|de)"
    r"|mais (?:de|que)|pelo menos|acima de|no mínimo|mais (?:long[oa]s?|rápid[oa]s?) (?:do )?que|a partir de|desde"
    r"|больше|более|свыше|от|не (?:менее|меньше|короче)|длиннее|дольше|быстрее|выше|минимум"
    r"|超过|高于|多于|大于|至少|长于|不少于|快于|أكثر من|اكثر من|min\.?"
)
ABOUT = (
    r"about|around|roughly|approximately|circa|ca\.?|near|~|≈|etwa|ungefähr|rund|um(?: die)?|zirka"
    r"|environ|autour de|à peu près|vers|unos|unas|alrededor de|aproximadamente|sobre|cerca de|por volta de|uns|umas"
    r"|около|примерно|приблизительно|大约|大概|约|約|およそ|だいたい|حوالي|تقريبا"
)
LESS_AFTER = (
    r"or (?:less|under|slower|shorter)|max(?:imum)?|at most|oder (?:weniger|kürzer|langsamer)|ou (?:moins|menos)"
    r"|o menos|(?:или|и) (?:меньше|менее)|以下|未満|以内|之内|以內|より(?:遅い|短い|少ない)|まで"
)
MORE_AFTER = (
    r"or (?:more|over|faster|longer)|\+|oder (?:mehr|länger|schneller)|ou (?:plus|mais)|o más"
    r"|(?:или|и) (?:больше|более)|以上|より(?:速い|早い|長い|多い)|超え?|から"
)
ABOUT_AFTER = r"くらい|ぐらい|前後|ほど|程度|左右|上下"
EXACTLY = r"exactly|precisely|genau|exakt|exactement|exactamente|exatamente|ровно|точно|正好|刚好|ちょうど"
FROM = r"between|from|of|at|zwischen|von|bei|mit|entre|de|à|a|con|com|между|с|在|从|介于"
TO = r"\s*(?:-|–|—|~|〜|～|到|至|から|と)\s*|\s+(?:to|and|bis|und|à|et|a|y|e|до|и)\s+"
EXACT = 0.3  # share of the tolerance that is left where it says "exactly"
LONGEST = 24  # characters of a comparison
DIGITS = r"\d{1,4}(?:[.,]\d+)?"
SPELT = "|".join(sorted("|".join(WORDS.values()).split("|"), key=len, reverse=True))
NUMBER = rf"(?:{DIGITS}|{SPELT})"


@dataclass(frozen=True)
class Span:
    """Numbers that are meant: ``low`` to ``high``, either of which may be open; not both."""

    low: float | None
    high: float | None

    def where(self, field: str, factor: float = 1.0) -> Filter:
        """The tracks whose field lies in it, after the numbers were multiplied by `factor`."""
        if self.low is None:
            return Compare(field, "lte", _rounded(self.high * factor))
        if self.high is None:
            return Compare(field, "gte", _rounded(self.low * factor))
        return Between(field, _rounded(self.low * factor), _rounded(self.high * factor))

    def text(self) -> str:
        """``80-100``, ``up to 90``, ``from 120``."""
        if self.low is None:
            return f"up to {_rounded(self.high):g}"
        if self.high is None:
            return f"from {_rounded(self.low):g}"
        return f"{_rounded(self.low):g}-{_rounded(self.high):g}"


def _rounded(x: float) -> float:
    return int(x) if x == int(x) else round(x, 1)


@dataclass(frozen=True)
class Found:
    """A quantity in a text: where it stands, with the words of comparison around it, and what it means."""

    start: int
    end: int
    span: Span


@cache
def _pattern(unit: str, number: str) -> re.Pattern[str]:
    numbers = rf"(?P<low>{number})(?:(?:\s*{unit})?(?:{TO})(?P<high>{number}))?"
    return re.compile(rf"{START}{numbers}\s*-?{unit}{END}", re.IGNORECASE)


@cache
def _named(name: str) -> re.Pattern[str]:
    compared = rf"(?:(?:(?P<less>{LESS})|(?P<more>{MORE})|(?P<about>{ABOUT})|{FROM})\s*)?"
    numbers = rf"(?P<low>{DIGITS})(?:(?:{TO})(?P<high>{DIGITS}))?"
    return re.compile(rf"{START}(?:{name})\s*[:=]?\s*{compared}{numbers}{END}", re.IGNORECASE)


@cache
def _around() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Words of comparison: before a number, at the end of what stands there, and after its unit."""
    before = rf"{START}(?:(?P<less>{LESS})|(?P<more>{MORE})|(?P<about>{ABOUT})|(?P<exact>{EXACTLY})|{FROM})\s*\Z"
    after = rf"\s*(?:(?P<less>{LESS_AFTER})|(?P<more>{MORE_AFTER})|(?P<about>{ABOUT_AFTER}))"
    return re.compile(before, re.IGNORECASE), re.compile(after, re.IGNORECASE)


def quantities(text: str, unit: str, tolerance: float, name: str = "", number: str = NUMBER) -> Iterator[Found]:
    """Every number or range of a text with one of these units after it, or these names before it.

    Parameters
    ----------
    unit, name, number : patterns
    tolerance : share of a number alone within which others are meant by it; twice that where it says "about"
    """
    matches = list(_pattern(unit, number).finditer(text))
    if not matches and name:
        matches = list(_named(name).finditer(text))
    for match in matches:
        before, after = _around()
        lead, tail = before.search(text, max(0, match.start() - LONGEST), match.start()), after.match(text, match.end())
        said = {key for found in (lead, tail, match) if found for key, value in found.groupdict().items() if value}
        start, end = lead.start() if lead else match.start(), tail.end() if tail else match.end()
        yield Found(start, end, _span(match, said, tolerance))


def _span(match: re.Match[str], said: set[str], tolerance: float) -> Span:
    low = value_of(match["low"])
    if match["high"]:
        high = value_of(match["high"])
        return Span(min(low, high), max(low, high))
    if "less" in said:
        return Span(None, low)
    if "more" in said:
        return Span(low, None)
    wide = 2 if "about" in said else EXACT if "exact" in said else 1
    return Span(low * (1 - wide * tolerance), low * (1 + wide * tolerance))


def value_of(text: str) -> float:
    """The number that digits, a word of `WORDS` or a clock (``3:30``, in minutes) mean."""
    if text.lower() in VALUES:
        return float(VALUES[text.lower()])
    minutes, _, seconds = text.partition(":")
    return float(minutes.replace(",", ".")) + float(seconds or 0) / 60
