"""How the search box is read, in the browser's own JavaScript."""

import pytest

FIELDS = {"genre": "text", "artist": "text", "tempo": "number", "year": "number", "tags": "list", "incomplete": "flag"}
READ = """async ([text, fields, tags]) => {
  const { understand } = await import("/static/js/question.js");
  return understand(text, fields, tags);
}"""
EDIT = """async ([name, args]) => (await import("/static/js/question.js"))[name](...args)"""


def is_(field, value, op="eq"):
    return {"field": field, "op": op, "value": value}


@pytest.fixture(scope="module")
def page(browser, server):
    page = browser.new_page()
    page.goto(server.base + "/tracks")
    yield page
    page.close()


@pytest.mark.parametrize(
    ("text", "words", "condition"),
    [
        ("", "", None),
        ('dark "side of"', 'dark "side of"', None),
        ("genre:jazz", "", is_("genre", "jazz")),
        ("genre:jazz genre:blues", "", {"or": [is_("genre", "jazz"), is_("genre", "blues")]}),
        ("genre:unsure", "", {"field": "genre", "op": "is_null"}),
        ("tag:calm tag:piano", "", {"and": [is_("tags", "calm", "has"), is_("tags", "piano", "has")]}),
        ("-tag:piano", "", {"not": is_("tags", "piano", "has")}),
        ("-piano", "", {"not": is_("tags", "piano", "has")}),
        ("tempo:100-120", "", is_("tempo", [100, 120], "between")),
        ("bpm:100..120.5", "", is_("tempo", [100, 120.5], "between")),
        ("year<1970", "", is_("year", 1970, "lt")),
        ("tempo>=120", "", is_("tempo", 120, "gte")),
        ('artist:"Ann & Co" moon', "moon", is_("artist", "Ann & Co")),
        ("incomplete:true", "", is_("incomplete", True)),
        ("AC/DC re:zero", "AC/DC re:zero", None),  # no field of this name: words
    ],
)
def test_words_and_filters_are_told_apart(page, text, words, condition):
    found = page.evaluate(READ, [text, FIELDS, ["piano", "female voice"]])
    assert (found["words"], found["filter"]) == (words, condition)


@pytest.mark.parametrize("text", ["tempo:fast", "tags>piano", "-nothing"])
def test_what_cannot_be_read_is_said_and_asks_for_nothing(page, text):
    found = page.evaluate(READ, [text, FIELDS, ["piano"]])
    assert found["filter"] is None
    assert found["words"] == ""
    assert [token["kind"] for token in found["tokens"]] == ["unknown"]


@pytest.mark.parametrize(
    ("name", "args", "expected"),
    [
        ("toggled", ["moon", "genre:jazz"], "moon genre:jazz"),
        ("toggled", ["moon genre:jazz", "genre:jazz"], "moon"),
        ("without", ["a b a", "a"], "b a"),
        ("replaced", ["moon tempo:1-2 tempo>3", "tempo", "tempo:4..5"], "moon tempo:4..5"),
        ("written", ["tags", "female voice"], 'tag:"female voice"'),
        ("written", ["tags", "piano", True], "-tag:piano"),
    ],
)
def test_facets_write_into_the_text(page, name, args, expected):
    assert page.evaluate(EDIT, [name, args]) == expected
