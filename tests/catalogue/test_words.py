import random
import unicodedata

import pyarrow as pa
import pytest

from earmark.catalogue.tables import Table, full_text
from earmark.catalogue.words import MAX_TOKENS, Term, fold, parse_words, search_text
from earmark.errors import QueryError

WAYS = {
    "Sigur Rós": ["sigur ros", "SIGUR RÓS", "ｓｉｇｕｒ", "Ros\u0301", '"sigur rós"'],
    "Beyoncé": ["beyonce", "Beyoncé", "beyonce\u0301"],
    "Ænima": ["aenima", "ænima", "ÆNIMA"],
    "µ-Ziq": ["µ-Ziq", "μ-ziq", "mu-ziq", "u-ziq", "muziq", "uziq", "ziq"],
    "AC/DC": ["AC/DC", "ac dc", "acdc", "AC-DC", "ac⁄dc"],
    "P!nk": ["p!nk", "pink", "P!NK"],
    "Ke$ha": ["kesha", "ke$ha"],
    "R&B": ["R&B", "r & b", "rnb", "r'n'b", "RB"],
    "I Can't Explain": ["can't", "can’t", "cant", '"i can\'t explain"', '"i cant explain"'],
    "O'Brien": ["o'brien", "obrien", "brien", "O’Brien"],
    "L'amour toujours": ["amour", "l'amour", '"amour toujours"', "lamour"],
    "Simon & Garfunkel": ["simon and garfunkel", '"simon & garfunkel"'],
    "№ 5": ["№ 5", "no 5", "nº 5"],
    "Straße": ["strasse", "STRASSE", "straße"],
    "Motörhead": ["motorhead", "motoerhead", "MOTÖRHEAD"],
    "Röyksopp": ["royksopp", "Roeyksopp"],
    "Mø": ["mo", "MØ", "moe"],
    "Łódź": ["lodz", "łódź"],
    "Đorđe": ["dorde", "đorđe"],
    "Işık İstanbul": ["isik", "ISIK", "IŞIK", "istanbul", "İSTANBUL", "ıstanbul"],
    "Ｙ．Ｍ．Ｏ．": ["YMO", "y.m.o.", "Y M O"],
    "The Who": ["the who", "who", '"the who"'],
    "It": ["it", "IT"],
    "東京事変 群青日和": ["東京", "京事", "事変", "群青", "変", '"東京事変"', "東京事変 群青日和"],
    "ザ・ビートルズ": ["ビートルズ", "ザビートルズ", "ビートル", "ﾋﾞｰﾄﾙｽﾞ"],
    "방탄소년단": ["소년", "방탄", "소년단"],
    "สวัสดี": ["สวัส"],
    "Мой ёжик": ["мой", "ежик", "ЁЖИК"],
    "Καλημέρα": ["καλημερα", "ΚΑΛΗΜΕΡΑ"],
    "हिन्दी गीत": ["हिन्दी"],
    "مُحَمَّد": ["محمد"],
    "!!!": ["!!!"],
    "÷": ["÷"],
    "Love 🎵": ["🎵", "love", "love🎵"],
    "Wow!": ["wow", "wow!"],
    "01_dark_side-of_the_moon": ["dark side", '"side of the moon"'],
    "x" * 200: ["x" * 200],
}
"""A title -> how people ask for it."""
NEVER = {
    "がき": ["かき", "ガキ"],
    "मि": ["मी"],
    "Мой": ["мои"],
    "東北京都": ["東京"],
    "Side of the Dark": ['"dark side"'],
    "AC Milan": ["acdc"],
    "Dances": ["dance"],
}


@pytest.fixture(scope="module", params=["indexed", "written since"])
def table(request, tmp_path_factory) -> Table:
    """Every title a row, indexed before or after it was written."""
    made = Table.create(
        tmp_path_factory.mktemp("words") / "t.lance", pa.schema({"title": pa.string(), "text": pa.string()})
    )
    rows = [{"title": title, "text": search_text([title, "Some Artist"])} for title in WAYS | NEVER]
    made.index_words("text")
    made.upsert("title", rows)
    if request.param == "indexed":
        made.index_words("text")
    assert made.has_words()
    return made


def titles(table: Table, query: str) -> list[str]:
    words = full_text(parse_words(query), "text")
    found = table.read(["title", "_score"], full_text_query=words, limit=100).to_pylist()
    return [row["title"] for row in sorted(found, key=lambda row: -row["_score"])]


@pytest.mark.parametrize(("title", "query"), [(title, query) for title, queries in WAYS.items() for query in queries])
def test_a_title_is_found_in_the_ways_people_type_it(table, title, query):
    assert title in titles(table, query)[:2]


@pytest.mark.parametrize(("title", "query"), [(title, query) for title, queries in NEVER.items() for query in queries])
def test_what_is_another_word_is_not_found(table, title, query):
    assert title not in titles(table, query)


def test_what_has_all_words_comes_first(tmp_path):
    table = Table.create(tmp_path / "t.lance", pa.schema({"title": pa.string(), "text": pa.string()}))
    rare, both = "piano " * 5, "jazz for trio with piano in a long night of rain and wind and words"
    rows = [rare, both, *[f"jazz {n}" for n in range(30)]]
    table.upsert("title", [{"title": row, "text": search_text([row])} for row in rows])
    table.index_words("text")
    assert titles(table, "piano jazz")[:2] == [both, rare]
    assert titles(table, '"trio with" piano') == [both]
    assert titles(table, '"trio piano" jazz') == []


def test_no_phrase_bridges_two_parts():
    assert search_text(["Dark", "Side", "Dark", ""]) == "dark | side"


def test_a_query_is_a_term_a_word_or_phrase():
    words = parse_words("low „Dark Side“ AC/DC low")
    assert words.terms == (Term(("low",)), Term(("dark side",), True), Term(("ac dc", "acdc")))
    assert parse_words('7" single').terms == (Term(("7",)), Term(("single",)))


@pytest.mark.parametrize("text", ["", "  ", "-", '""', '"', "...", "( ) / |", "\x00", "\u200b", "\ufe0f"])
def test_text_without_a_word_asks_for_nothing(text):
    assert parse_words(text).terms == ()
    assert search_text([text]) == ""


@pytest.mark.parametrize("text", ["ab " * 5000, "東" * 10_000, "ab-" * 3000, '"' + "ab " * 5000 + '"'])
def test_a_query_longer_than_any_question_is_refused(text):
    with pytest.raises(QueryError, match=f"more than {MAX_TOKENS} words"):
        parse_words(text)


def test_long_queries_within_the_bounds_are_answered(table):
    assert titles(table, " ".join(f"w{n}" for n in range(MAX_TOKENS))) == []
    assert titles(table, "東" * MAX_TOKENS) == []


@pytest.mark.parametrize("seed", range(5))
def test_folding_twice_changes_nothing(seed):
    rng = random.Random(seed)
    letters = [chr(rng.randrange(32, 0x3200)) for _ in range(2000)]
    text = "".join(x for x in letters if unicodedata.category(x)[0] != "C")
    assert fold(fold(text)) == fold(text)
    assert "|" not in fold("a")
