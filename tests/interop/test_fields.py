import re
from pathlib import Path

from earmark.interop.fields import FAMILIES, FIELDS, table
from earmark.interop.values import MAKERS

PAGE = Path(__file__).parents[2] / "docs" / "tags-in-files.md"


def test_every_field_has_a_maker_and_a_name_in_every_family():
    assert set(MAKERS) == set(FIELDS)
    for one in FIELDS.values():
        missing = set(FAMILIES) - set(one.names)
        assert missing == {"gain": {"opus"}, "peak": {"opus"}, "r128": set(FAMILIES) - {"opus"}}.get(one.name, set())


def test_no_two_fields_share_a_tag():
    for family in FAMILIES:
        names = [name for one in FIELDS.values() for name in one.names.get(family, ())]
        assert len(names) == len(set(names))


def test_navidrome_and_beets_find_the_key_in_vorbis_comments():
    assert FIELDS["key"].names["vorbis"] == ("INITIALKEY", "KEY")


def test_the_page_has_the_table_of_the_code():
    assert table() in PAGE.read_text(encoding="utf-8")
    assert re.search(r"^\| bpm \| .* \| `TBPM` \| `BPM` \|", table(), re.M)
