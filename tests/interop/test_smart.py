import json

import pytest

from earmark.catalogue.filters import parse_filter
from earmark.errors import FileError, QueryError
from earmark.interop.smart import smart_rules, write_smart
from earmark.tagger.tagset import TagGroup, Tagset

TAGSET = Tagset(
    (TagGroup("genre", ("jazz", "hiphop")), TagGroup("mood", ("calm", "jazz")), TagGroup("voice", ("vocals",)))
)
KINDS = dict.fromkeys("title artist album key genre mood style file_genre".split(), "text") | dict.fromkeys(
    "year tempo duration energy".split(), "number"
) | {"tags": "list"}  # fmt: skip


def rules(text):
    return smart_rules(parse_filter(text, KINDS), TAGSET)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("tempo < 90", {"lt": {"bpm": 90}}),
        ("tempo <= 90", {"lt": {"bpm": 91}}),
        ("year >= 1990", {"gt": {"year": 1989}}),
        ("duration >= 90", {"any": [{"gt": {"duration": 90}}, {"is": {"duration": 90}}]}),
        ("tempo BETWEEN 80 AND 100", {"inTheRange": {"bpm": [80, 100]}}),
        ("title LIKE '%love%'", {"contains": {"title": "love"}}),
        ("artist ILIKE 'The %'", {"startsWith": {"artist": "The "}}),
        ("title LIKE '%mix'", {"endsWith": {"title": "mix"}}),
        ("key = 'A minor'", {"is": {"key": "Am"}}),
        ("genre = 'hiphop'", {"is": {"genre": "Hip-Hop"}}),
        ("key IN ('A minor', 'C major')", {"any": [{"is": {"key": "Am"}}, {"is": {"key": "C"}}]}),
        ("tags HAS 'calm'", {"contains": {"mood": "Calm"}}),
        ("tags HAS 'jazz'", {"any": [{"contains": {"genre": "Jazz"}}, {"contains": {"mood": "Jazz"}}]}),
        ("NOT tags HAS 'calm'", {"notContains": {"mood": "Calm"}}),
        ("NOT tags HAS 'jazz'", {"all": [{"notContains": {"genre": "Jazz"}}, {"notContains": {"mood": "Jazz"}}]}),
        ("year = 1999 OR tempo > 90", {"any": [{"is": {"year": 1999}}, {"gt": {"bpm": 90}}]}),
        (
            "year <> 1999 AND (tempo > 90 OR title = 'x')",
            {"all": [{"isNot": {"year": 1999}}, {"any": [{"gt": {"bpm": 90}}, {"is": {"title": "x"}}]}]},
        ),
    ],
)
def test_a_filter_as_rules(text, wanted):
    assert rules(text) == wanted


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("energy < 1", "does not know this field"), ("year IS NULL", "without a value"),
        ("tags HAS 'vocals'", "no tag that is written"), ("title LIKE 'a%b'", "no rule for this pattern"),
        ("NOT tempo < 90", "no rule for NOT"),
    ],
)  # fmt: skip
def test_what_has_no_rule_is_named(text, message):
    with pytest.raises(QueryError, match=message):
        rules(text)


def test_the_file_is_what_the_server_reads(tmp_path):
    where = parse_filter("tempo < 90", KINDS)
    write_smart(tmp_path / "Slöw.nsp", where, TAGSET, sort="bpm", limit=10)
    found = json.loads((tmp_path / "Slöw.nsp").read_text(encoding="utf-8"))
    assert found == {"name": "Slöw", "all": [{"lt": {"bpm": 90}}], "sort": "bpm", "limit": 10}
    with pytest.raises(FileError, match="cannot be written"):
        write_smart(tmp_path / "none" / "x.nsp", where, TAGSET)
