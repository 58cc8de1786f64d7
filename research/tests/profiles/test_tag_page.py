"""docs/tags.md is what the bundled file gives."""

from pathlib import Path

from earmark.tagger.model import load_model
from earmark.tagger.registry import bundled
from earmark_research.profiles.tag_page import page

TAGS = Path(__file__).parents[3] / "docs" / "tags.md"


def test_the_page_is_up_to_date():
    assert TAGS.read_text(encoding="utf-8") == page(load_model(bundled()).info)


def test_every_tag_has_a_row():
    text = page(load_model(bundled()).info)
    for group in load_model(bundled()).info.tagset.groups:
        assert all(f"\n| {tag} | " in text for tag in group.tags)
