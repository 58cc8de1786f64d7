import pytest

from earmark.catalogue.store import Store
from earmark.errors import NotFound, QueryError
from earmark.explore.lyrics import asked
from earmark.library import Catalogue
from two_kinds import scan_kinds, write_kinds

NIGHT = "Stille Nacht, heilige Nacht\nalles schläft und einsam wacht\nnur das traute hochheilige Paar ist in der Nacht"
ROAD = "I don't know the road to you\nand I will walk it all my life, 100% of it, with you"


@pytest.fixture
def sung(tmp_path):
    """Four tracks, two of which have a text beside them."""
    music = write_kinds(tmp_path / "music", range(2))
    (music / "low 0.lrc").write_text(NIGHT, encoding="utf-8")
    (music / "high 1.txt").write_text(ROAD, encoding="utf-8")
    scan_kinds(tmp_path)
    return Catalogue(tmp_path / "catalogue")


def titles(hits):
    return sorted(hit.track.title for hit in hits)


def test_words_that_are_sung_are_found_and_kept_apart_from_names(sung):
    assert titles(sung.search('lyrics:"heilige nacht"')) == ["Low 0"]
    assert titles(sung.search("lyrics:einsam")) == ["Low 0"]
    assert titles(sung.search('lyrics:"nacht alles schlaft"')) == ["Low 0"]
    assert titles(sung.search('lyrics:"alles nacht"')) == []
    assert titles(sung.search("einsam")) == []
    assert titles(sung.search('lyrics:"i don\'t know"')) == ["High 1"]
    assert titles(sung.search('high lyrics:"with you"')) == ["High 1"]
    assert titles(sung.search('low lyrics:"with you"')) == []
    assert titles(sung.search("lyrics:nacht lyrics:road")) == []
    assert [found.hit.track.title for found in sung.find('lyrics:"walk it"').hits] == ["High 1"]
    assert [track.title for track in sung.chosen("lyrics:road")] == ["High 1"]


def test_the_language_is_told_and_can_be_filtered(sung):
    assert sung.lyrics("Low 0").language == "de"
    assert sung.lyrics("Low 0").text == NIGHT
    assert sung.lyrics("High 1").to_dict()["language"] == "en"
    assert titles(sung.search(where="lyrics_language = 'de'")) == ["Low 0"]
    assert "lyrics" not in sung.fields()
    with pytest.raises(NotFound, match="brings lyrics"):
        sung.lyrics("Low 1")


def test_lyrics_that_change_with_the_tags_arrive_with_the_next_scan(sung, tmp_path):
    from mutagen.flac import FLAC

    file = FLAC(tmp_path / "music" / "low 1.flac")
    file["LYRICS"] = ROAD
    file.save()
    (tmp_path / "music" / "low 0.lrc").unlink()
    scan_kinds(tmp_path)
    assert titles(sung.search("lyrics:road", versions=True)) == ["High 1", "Low 1"]
    file.pop("LYRICS")
    file.save()
    scan_kinds(tmp_path)
    assert titles(sung.search("lyrics:road", versions=True)) == ["High 1"]


def test_a_correction_leaves_lyrics_alone(sung):
    sung.correct("Low 0", tempo=90)
    assert sung.lyrics("Low 0").language == "de"
    assert titles(sung.search("lyrics:einsam")) == ["Low 0"]


def test_signs_of_patterns_mean_themselves(sung):
    assert titles(sung.search('lyrics:"a%b"')) == []
    assert titles(sung.search("lyrics:%")) == []
    with pytest.raises(QueryError, match="nothing to look for"):
        sung.search('lyrics:"-"')


def test_a_question_without_lyrics_stays_as_it_is(sung):
    store = Store(sung.path)
    assert asked(store, "blue train", None) == ("blue train", None)
    with pytest.raises(QueryError, match="nothing to look for"):
        asked(store, 'lyrics:""', None)
    assert sung.check().is_whole
