"""The table of tags."""

from collections import Counter

from earmark_research.profiles.vocabulary import GROUPS, VOCABULARY
from earmark_research.tagger.tags import FEELINGS, GENRES, starter_tagset, teacher_columns


def test_names_are_distinct_over_all_groups():
    assert not [name for name, count in Counter(entry.name for entry in VOCABULARY).items() if count > 1]


def test_the_groups_that_others_rely_on_are_there_and_begin_with_the_labelled_tags():
    assert {"genre", "mood", "instrument", "voice", "character", "content", "scale"} <= set(GROUPS)
    names = {group: tuple(e.name for e in VOCABULARY if e.group == group) for group in GROUPS}
    assert names["genre"] == GENRES
    assert names["mood"][: len(FEELINGS)] == FEELINGS


def test_every_tag_is_known_to_a_head_or_to_musicnn():
    known = starter_tagset().names()
    for entry in VOCABULARY:
        assert entry.definition
        assert teacher_columns(entry.positive) if entry.positive else entry.full_name in known
