"""Tags of one's own, from teaching to forgetting."""

import pytest

from earmark.errors import NotFound


def test_a_tag_is_taught_asked_for_and_forgotten(catalogue):
    lesson = catalogue.teach("campfire", yes=["Low"], no=["Top"])
    assert lesson.taught.name == "campfire"
    assert [known.taught.name for known in catalogue.taught()] == ["campfire"]
    assert {asked.track.title for asked in catalogue.teach_next("campfire", 2)}.isdisjoint({"Low", "Top"})
    assert catalogue.columns(["own_campfire"])["own_campfire"].null_count == 0
    catalogue.unteach("campfire")
    with pytest.raises(NotFound, match="campfire"):
        catalogue.lesson("campfire")
