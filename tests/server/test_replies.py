import pytest
from pydantic import ValidationError

from earmark.library import Catalogue
from earmark.server import replies


def test_a_track_of_the_library_fits(prepared):
    hits = Catalogue(prepared / "catalogue").search("", n=5)
    assert len(hits) == 5
    for hit in hits:
        found = replies.TrackSummary.model_validate(hit.to_dict())
        assert found.track_id == hit.track.track_id
        assert {tag.tag for tag in found.tags["mood"]} == {tag.tag for tag in hit.track.tags["mood"]}


@pytest.mark.parametrize(
    ("reply", "values"),
    [
        (replies.TagReply, {"tag": "x", "probability": 1.2, "sure": True}), (replies.Version, {}),
        (replies.Waveform, {"seconds": 1.0, "values": [256]}), (replies.Health, {"status": "ill"}),
    ],
)  # fmt: skip
def test_what_is_no_such_answer_is_told(reply, values):
    with pytest.raises(ValidationError):
        reply.model_validate(values)
