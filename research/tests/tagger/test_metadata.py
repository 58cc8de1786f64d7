"""What a file tells of its training."""

from earmark_research.tagger.metadata import model_info
from earmark_research.tagger.tags import starter_tagset


def test_terms_depend_on_whether_research_recordings_were_used():
    used, free = (model_info(starter_tagset(), "7", flag) for flag in (True, False))
    assert (used.version, used.id, used.patch_frames) == ("7", "earmark-starter", 192)
    assert used.licence != free.licence
    assert "last layer" in free.licence
    assert [row["used"] for row in free.training_data[:2]] == [
        "recordings and ratings, for the last layer alone",
        "recordings and genres, for the last layer alone",
    ]
    assert free.training_data[2:] == used.training_data[2:]
