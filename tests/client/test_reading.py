import pytest

from earmark.client.reading import read_failure, read_hit, read_tagset, read_track
from earmark.library import Catalogue


@pytest.fixture
def catalogue(prepared):
    return Catalogue(prepared / "catalogue")


def test_a_track_comes_back_as_it_was(catalogue):
    tagset = catalogue.model().tagset
    hits = catalogue.search("", n=5)
    assert len(hits) == 5
    for hit in hits:
        read = read_track(hit.track.to_dict(), tagset)
        assert read.to_dict() == hit.track.to_dict()
        assert (read.title, read.paths) == (hit.track.title, hit.track.paths)


def test_curves_are_those_that_were_told(catalogue):
    told = catalogue.show("Low", curves=True).to_dict(curves=True)
    assert read_track(told, catalogue.model().tagset).to_dict(curves=True)["curves"] == told["curves"]


def test_a_hit_with_its_parts(catalogue):
    hits = catalogue.similar("Low", n=2, weights="sound=1,mood=1", explain=True)
    assert len(hits) == 2
    for hit in hits:
        assert read_hit(hit.to_dict(), catalogue.model().tagset).to_dict() == hit.to_dict()


def test_tags_and_failures():
    tags = [{"tag": "jazz", "threshold": 0.4, "definition": "swings"}]
    tagset = read_tagset({"groups": [{"group": "genre", "kind": "exclusive", "tags": tags}]})
    assert (tagset.groups[0].tags, tagset.groups[0].threshold) == (("jazz",), (0.4,))
    failed = {"path": "/x.mp3", "problem": "damaged", "remedy": "Copy it again."}
    assert read_failure(failed).to_dict() == failed
