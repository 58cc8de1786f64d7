"""Texts of filters: what they mean, and what is said of those that mean nothing."""

import re
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.catalogue.filters import And, Between, Compare, Filter, Has, IsNull, Like, Not, OneOf, Or, parse_filter
from earmark.errors import QueryError
from filter_cases import FIELDS

JAZZ = Compare("genre", "eq", "jazz")
FAST = Compare("tempo", "gt", 120)
OLD = Compare("year", "lt", 1980)
MAY = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("genre = 'jazz'", JAZZ),
        ("genre='jazz'", JAZZ),
        ("\n genre\t==  'jazz' ", JAZZ),
        ('genre = "jazz"', JAZZ),
        ("`genre` = 'jazz'", JAZZ),
        ("GENRE = 'jazz'", JAZZ),
        ("'jazz' = genre", JAZZ),
        ("((genre = 'jazz'))", JAZZ),
        ("genre != 'jazz'", Compare("genre", "ne", "jazz")),
        ("genre <> 'jazz'", Compare("genre", "ne", "jazz")),
        ("genre = 'it''s'", Compare("genre", "eq", "it's")),
        ("genre = ''", Compare("genre", "eq", "")),
        ("genre = ''''''", Compare("genre", "eq", "''")),
        ('genre = "say ""it\'s"""', Compare("genre", "eq", 'say "it\'s"')),
        ("genre = 'a;b--c/*d*/'", Compare("genre", "eq", "a;b--c/*d*/")),
        ("genre = 'AND'", Compare("genre", "eq", "AND")),
        ("tempo > 120", FAST),
        ("tempo > +120.0", FAST),
        ("120 < tempo", FAST),
        ("120 >= tempo", Compare("tempo", "lte", 120)),
        ("tempo<=1.5e2", Compare("tempo", "lte", 150.0)),
        ("tempo >= .5", Compare("tempo", "gte", 0.5)),
        ("tempo > -14.", Compare("tempo", "gt", -14)),
        ("tempo BETWEEN 100 AND 120", Between("tempo", 100, 120)),
        ("tempo not between 100 and 120", Not(Between("tempo", 100, 120))),
        ("key IN ('A minor')", OneOf("key", ("A minor",))),
        ("key Not In ('A minor', 'C major')", Not(OneOf("key", ("A minor", "C major")))),
        ("year IS NULL", IsNull("year")),
        ("year is not null", Not(IsNull("year"))),
        ("title LIKE 'Blue%'", Like("title", "Blue%")),
        ("title NOT LIKE 'Blue%'", Not(Like("title", "Blue%"))),
        ("title ILIKE '%blue_'", Like("title", "%blue_", any_case=True)),
        ("title NOT ILIKE '%blue_'", Not(Like("title", "%blue_", any_case=True))),
        ("lower(title) = 'x'", Compare("title", "eq", "x", "lower")),
        ("UPPER(`title`) LIKE 'X'", Like("title", "X", False, "upper")),
        ("lower(title) IN ('x', 'y')", OneOf("title", ("x", "y"), "lower")),
        ("lower(title) = lower('Blue Train')", Compare("title", "eq", "blue train", "lower")),
        ("lower(title) IS NULL", IsNull("title")),
        ("tags HAS 'piano'", Has("tags", "piano")),
        ("tags NOT HAS 'piano'", Not(Has("tags", "piano"))),
        ("'piano' IN tags", Has("tags", "piano")),
        ("'piano' NOT IN tags", Not(Has("tags", "piano"))),
        ("array_has(tags, 'piano')", Has("tags", "piano")),
        ("Array_Contains(tags, 'piano')", Has("tags", "piano")),
        ("list_has(tags, 'piano') ", Has("tags", "piano")),
        ("analysed_at > '2026-05-01'", Compare("analysed_at", "gt", MAY)),
        ("analysed_at > '2026-05-01T02:00:00+02:00'", Compare("analysed_at", "gt", MAY)),
        ("analysed_at > timestamp '2026-05-01 00:00:00'", Compare("analysed_at", "gt", MAY)),
        ("DATE '2026-05-01' < analysed_at", Compare("analysed_at", "gt", MAY)),
        ("`like` = 'x'", Compare("like", "eq", "x")),
        ("NOT genre = 'jazz'", Not(JAZZ)),
        ("not (genre = 'jazz' or tempo > 120)", Not(Or((JAZZ, FAST)))),
        ("NOT NOT genre = 'jazz'", Not(Not(JAZZ))),
        ("genre = 'jazz' OR tempo > 120 AND year < 1980", Or((JAZZ, And((FAST, OLD))))),
        ("(genre = 'jazz' OR tempo > 120) AND year < 1980", And((Or((JAZZ, FAST)), OLD))),
        ("NOT genre = 'jazz' AND tempo > 120", And((Not(JAZZ), FAST))),
        ("genre = 'jazz' AND (tempo > 120 AND (year < 1980))", And((JAZZ, FAST, OLD))),
        ("tempo BETWEEN 1 AND 2 AND year BETWEEN 3 AND 4", And((Between("tempo", 1, 2), Between("year", 3, 4)))),
    ],
)
def test_what_a_text_means(text, expected):
    assert parse_filter(text, FIELDS) == expected


@pytest.mark.parametrize("text", ["android = 1", "order > 2", "nothing IS NULL", "in_ IN (1)"])
def test_a_field_may_begin_like_a_word_of_the_language(text):
    assert parse_filter(text, dict.fromkeys(("android", "order", "nothing", "in_"), "number"))


def test_two_fields_that_differ_by_case_are_told_apart():
    assert parse_filter("A = 1", {"a": "number", "A": "number"}).field == "A"
    with pytest.raises(QueryError, match="No field named Bb"):
        parse_filter("Bb = 1", {"bb": "number", "BB": "number"})


WRONG = [
    # what is typed, what is wrong, what to do
    ("", r"^: at the end: expected a condition$", "Write conditions such as"),
    (" ", "at the end: expected a condition", ""),
    ("x", "at character 1: No field named x", "The fields are: title, genre, key"),
    ("nope > 3", "at character 1: No field named nope", "The fields are: title"),
    ("genre = 'a' AND tempi > 3", "at character 17: No field named tempi", "Did you mean tempo"),
    ("sadness > .5", "No field named sadness", "Did you mean mood_sadness"),
    ("größe > 3", "No field named größe", "The fields are"),
    ("`a b` > 3", "No field named a b", "The fields are"),
    ("array_has(tag, 'x')", "at character 11: No field named tag", "Did you mean tags"),
    ("genre", "at the end: expected a comparison such as = after genre", ""),
    ("genre =", "at the end: expected a value after =", ""),
    ("genre = AND tempo > 3", "at character 9: AND is a word of the filter language", "Write 'AND' for the text"),
    ("genre = jazz", "at character 9: jazz stands without quotes", r"Write 'jazz'\."),
    ("title = Blue Train 2", "Blue Train 2 stands without quotes", r"Write 'Blue Train 2'\."),
    ("title = AC/DC", "AC/DC stands without quotes", r"Write 'AC/DC'\."),
    ("title = Don't", "at character 9: Don't stands without quotes", r"Write 'Don''t'\."),
    ("key = F# minor", "at character 7: F# stands without quotes", ""),
    ("genre = hip-hop AND tempo > 3", "hip-hop stands without quotes", "Write 'hip-hop'"),
    ("tags HAS piano", "at character 10: piano stands without quotes", "Write 'piano'"),
    ("genre = key", "key is a field, and fields are compared with values alone", "Write 'key' for the text"),
    ("tempo > year", "year is a field", ""),
    ("tempo = 'fast'", "at character 9: tempo is a number, but 'fast' is not a number", "Write for example tempo"),
    ("tempo = fast", "tempo is a number, but fast is not a number", "Write for example tempo > 100"),
    ("tempo = '120'", "tempo is a number, but '120' is not a number", ""),
    ("tempo IN (1, 'x')", "at character 14: tempo is a number", ""),
    ("genre > 3", "at character 9: genre is text, but 3 is not text", "Write for example genre = 'jazz'"),
    ("genre = DATE '2026-05-01'", "genre is text, but 2026-05-01 00:00:00.00:00 is not text", ""),
    ("genre = TIME '2026'", "TIME stands without quotes", ""),
    ("tags = 'piano'", "at character 1: tags is a list, which = cannot ask for", "Write for example tags HAS 'jazz'"),
    ("tags HAS 3", "tags is a list of texts, but 3 is not text", "HAS"),
    ("tags IN ('a')", "tags is a list, which IN cannot ask for", ""),
    ("genre HAS 'x'", "genre is text, which HAS cannot ask for", ""),
    ("tempo LIKE '1%'", "tempo is a number, which LIKE cannot ask for", ""),
    ("lower(tempo) = 1", r"tempo is a number, which lower\(\) cannot ask for", ""),
    ("analysed_at > 3", "analysed_at is a date or time, but 3 is not", "analysed_at >= '2026-01-31'"),
    ("analysed_at > today", "analysed_at is a date or time, but today is not", ""),
    ("analysed_at > 'today'", "'today' is not a date or time", "Write '2026-01-31' or"),
    ("analysed_at > '2026-02-30'", "'2026-02-30' is not a date", ""),
    ("analysed_at > '0001-01-01T00:00:00+14:00'", "is not a date or time", ""),
    ("analysed_at > '2026-02-03T00:00:00.5Z'", "is not a whole second", "Leave the fraction out"),
    ("tempo > 1e999", "inf is not a finite number", ""),
    (f"tempo > {'9' * 5000}", "inf is not a finite number", ""),
    ("genre = NULL", "at character 9: NULL is not a value", "Write IS NULL or IS NOT NULL"),
    ("like = 'x'", "at character 1: like is a word of the filter language", "Write `like` for the field"),
    ("genre = like", "like is a word of the filter language", "Write 'like' for the text"),
    ("abs(tempo) > 3", r"at character 1: abs\(\) is not understood", r"There are lower\(title\)"),
    ("starts_with(title, 'x')", r"starts_with\(\) is not understood", "LIKE '%x%'"),
    ("title = concat('x')", r"at character 9: concat\(\) is not understood", ""),
    ("title = lower(3)", r"lower\(\) takes text", ""),
    ("title = 'x", "at character 9: Unterminated string", "Close it with '"),
    ("title = 'x''", "at character 9: Unterminated string", ""),
    ('title = "x', "at character 9: Unterminated string", 'Close it with "'),
    ("`title = 'x'", "at character 1: Unterminated name", "Close it with `"),
    ("title = ‘x’", "at character 9: typographic quotation marks", "Write straight ones"),
    ("tempo > 3;", "at character 10: ; has no meaning", "leave out the ;"),
    ("genre = 'a'; DROP TABLE tracks", "at character 12: ; has no meaning", ""),
    ("genre = jazz; DROP TABLE tracks", "at character 13: ; has no meaning", ""),
    ("tempo > 3 -- x", "at character 11: comments", "Leave it out"),
    ("tempo > 3 --", "at character 11: comments", ""),
    ("tempo /* x */ > 3", "at character 7: comments", ""),
    ("tempo > 3 # x", "at character 11: comments", ""),
    ("tempo * 2 > 3", "at character 7: calculations", "plain values"),
    ("tempo > 3 && year > 3", "at character 11: an operator", "Write NOT, AND or OR"),
    ("tempo > 3 | year > 3", "an operator", ""),
    ("!tempo", "an operator", ""),
    ("genre IN ['a']", "at character 10: brackets", "in parentheses"),
    ("tempo > 3 AND\xa0year > 3", r"at character 14: \\xa0 \(U\+00A0\) has no meaning", ""),
    ("tempo > 3\x00", r"at character 10: \\x00 \(U\+0000\) has no meaning", ""),
    ("tempo > 3 \udcff", r"U\+DCFF", ""),
    ("title = '\udcff'", r"at character 9: '\\udcff' is not valid Unicode", ""),
    ("tempo > 3 year < 3", "at character 11: expected AND, OR or the end after 3", ""),
    ("tempo > 100bpm", "at character 12: expected AND, OR or the end after 100", ""),
    ("tempo > 1,000", "at character 10: expected AND, OR or the end after 1", ""),
    ("100 < tempo < 120", "at character 13: expected AND, OR or the end after tempo", ""),
    ("(tempo > 3", r"at the end: expected \) after 3", ""),
    ("(tempo > 3 year < 3", r"at character 12: expected AND, OR or \) after 3", ""),
    ("tempo > 3)", "at character 10: expected the end after 3", ""),
    ("tempo > 3 AND", "at the end: expected a condition after AND", ""),
    ("tempo > 3 OR OR year < 3", "at character 14: expected a condition after OR", ""),
    ("()", r"at character 2: expected a condition after \(", ""),
    ("tempo BETWEEN 3", "at the end: expected AND after 3", ""),
    ("tempo BETWEEN 3 OR 4", "at character 17: expected AND after 3", ""),
    ("tempo NOT 3", "at character 11: expected BETWEEN, IN, LIKE, ILIKE or HAS after NOT", ""),
    ("genre IN ()", r"at character 11: expected a value after \(", ""),
    ("genre IN 'a'", r"at character 10: expected \( after IN", ""),
    ("genre IN ('a', )", "expected a value after ,", ""),
    ("genre IN ('a'", r"at the end: expected , or \) after 'a'", ""),
    ("genre IS 'a'", "expected NULL or NOT after IS", ""),
    ("\"genre\" = 'jazz'", "at character 11: expected a field after =", "fields in none"),
    ("1 = 1", "at character 5: expected a field after =", ""),
    ("1 = 1 OR 1 = 1", "expected a field", ""),
    ("title = 'it's'", "at character 13: expected AND, OR or the end after 'it'", "A ' inside text is written twice"),
    ("title = 'Rock 'n' Roll'", "after 'Rock '", "as in title = 'it''s'"),
    ("genre = 'a' 'b'", "at character 13: expected AND, OR or the end after 'a'", ""),
    ("SELECT * FROM tracks", "No field named SELECT|calculations", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "problem", "remedy"), WRONG)
def test_what_is_wrong_is_said_with_its_place_and_remedy(text, problem, remedy):
    with pytest.raises(QueryError) as caught:
        parse_filter(text, FIELDS)
    error = caught.value
    whole = error.problem if not problem.startswith("^") else f"{error.source}: {error.problem}"
    assert re.search(problem, whole), whole
    assert re.search(remedy, error.remedy), error.remedy
    assert error.__cause__ is None
    assert error.__context__ is None or not type(error.__context__).__module__.startswith("lark")
    assert str(error).isprintable()


PIECES = [*"genre tempo tags AND OR NOT IN IS NULL ( ) , = > 3 ; x '".split(), "'a'", "lower("]


@given(st.text(max_size=30) | st.lists(st.sampled_from(PIECES)).map(" ".join))
@settings(max_examples=150, deadline=None)
def test_any_text_is_a_filter_or_a_clear_error(text):
    found = filter_or_error(text)

    assert isinstance(found, Filter) or (found.problem and found.remedy.endswith((".", "?")))


def filter_or_error(text: str):
    try:
        return parse_filter(text, FIELDS)
    except QueryError as error:
        return error


@pytest.mark.parametrize("tail", [";", " ;", "--", " /**/", " x", " 'x'", " 3", ")", " ("])
@pytest.mark.parametrize("text", ["genre = 'jazz'", "tempo IN (1, 2)", "year IS NULL", "array_has(tags, 'x')"])
def test_nothing_that_follows_is_ignored(text, tail):
    with pytest.raises(QueryError, match="at character"):
        parse_filter(text + tail, FIELDS)


def test_deep_parentheses_are_read_and_deep_nesting_is_refused():
    deep = 3900
    assert parse_filter("(" * deep + "year > 3" + ")" * deep, FIELDS) == Compare("year", "gt", 3)
    for text in ("NOT " * 1990 + "year > 3", "(" * 7990, "NOT (year > 3 AND " * 300 + "year > 3" + ")" * 300):
        with pytest.raises(QueryError, match="more than 8 levels of AND, OR and NOT|expected a condition"):
            parse_filter(text, FIELDS)


def test_a_not_inside_a_condition_is_a_level_too():
    assert parse_filter("NOT " * 6 + "year NOT IN (1)", FIELDS)
    with pytest.raises(QueryError, match="more than 8 levels"):
        parse_filter("NOT " * 7 + "year NOT IN (1)", FIELDS)


def test_long_texts_are_refused_whole():
    with pytest.raises(QueryError, match="longer than 8000 characters") as caught:
        parse_filter("title = '" + "x" * 100_000 + "'", FIELDS)
    assert len(str(caught.value)) < 400


def test_a_usual_filter_is_read_in_2_ms():
    text = "genre = 'jazz' AND (tempo BETWEEN 100 AND 120 OR tags HAS 'calm') AND lower(title) LIKE 'a%'"
    parse_filter(text, FIELDS)
    best = min(_seconds(text) for _ in range(20))
    assert best < 0.002


def _seconds(text: str) -> float:
    begin = time.perf_counter()
    parse_filter(text, FIELDS)
    return time.perf_counter() - begin


def test_the_parser_is_loaded_with_the_first_text():
    code = (
        "import sys; from earmark.catalogue import filters; print('lark' in sys.modules, 'numpy' in sys.modules);"
        "filters.parse_filter('a = 1', {'a': 'number'}); print('lark' in sys.modules)"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.split() == ["False", "False", "True"]
