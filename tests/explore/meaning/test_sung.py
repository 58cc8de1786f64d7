import numpy as np
import pytest

from earmark.catalogue.store import Store
from earmark.explore.lyrics import split
from earmark.explore.meaning.encoder import encoder_at_hand
from earmark.explore.meaning.finding import Wish, find
from earmark.explore.meaning.sung import CHANCE, LONGEST, MOST, nearest, read_songs, vector_of, verses
from tiny_model import write_tiny_model
from two_kinds import scan_kinds, write_kinds
from words_encoder import WordsEncoder

RAIL = "The train is leaving\nthe train is gone"
BAHN = "Der Zug fährt ab\nund ich bleibe hier"
SEA = "The sea, the sea is wide\nand my heart is on the sea"
ENCODER = WordsEncoder("train railway Zug", "sea Meer ship", "leaving gone fährt")


@pytest.fixture
def sung(tmp_path):
    """Six tracks, of which three have a text, read."""
    music = write_kinds(tmp_path / "music", range(3))
    for name, text in (("low 0", RAIL), ("high 0", BAHN), ("low 1", SEA)):
        (music / f"{name}.txt").write_text(text, encoding="utf-8")
    store = scan_kinds(tmp_path)
    assert read_songs(store, lambda: ENCODER) == 3
    return Store(store.path)


def titles(answer):
    return [found.hit.track.title for found in answer.hits]


def asked(store, text, encoder=ENCODER, **wish):
    return find(store, text, wish=Wish(**wish), load_encoder=lambda: encoder)


def test_a_song_is_read_in_verses_that_are_bounded_in_length_and_number():
    assert verses("a\nb\n\n\nc") == ["a\nb", "c"]
    long = verses("\n".join(["x" * 150] * 9))
    assert all(len(verse) <= LONGEST for verse in long)
    assert "".join(long).replace("\n", "") == "x" * 1350
    assert len(verses("\n\n".join(map(str, range(99))))) == MOST
    assert verses(" \n \n") == []


def test_a_vector_is_the_direction_of_the_mean_of_all_verses_and_a_refrain_counts_once():
    once = vector_of("train\n\nsea", ENCODER)
    assert np.linalg.norm(once) == pytest.approx(1)
    assert once[0] == pytest.approx(once[1])
    assert np.allclose(vector_of("train\n\nsea\n\ntrain", ENCODER), once)


def test_words_that_are_sung_come_first_then_those_that_mean_the_same(sung):
    answer = asked(sung, 'lyrics:"the train is"')

    assert titles(answer)[:2] == ["Low 0", "High 0"]
    assert [found.by for found in answer.hits] == ["filter", "lyrics", "lyrics"]
    assert [found.chance for found in answer.hits] == [False, False, True]
    told = answer.hits[1].to_dict()
    assert told["by"] == "lyrics"
    assert told["score"] >= CHANCE
    assert told["chance"] is False
    assert "concepts" not in told


def test_only_words_only_the_first_n_and_only_what_fits(sung):
    assert titles(asked(sung, 'lyrics:"the train is"', by="words")) == ["Low 0"]
    assert titles(asked(sung, 'lyrics:"the train is"', n=1)) == ["Low 0"]
    assert titles(asked(sung, "lyrics:railway", where=sung.filter("title = 'High 0'"))) == ["High 0"]
    assert titles(asked(sung, "lyrics:railway high", by="both")) == ["High 0"]


def test_without_the_encoder_a_user_is_told_what_is_missing(sung):
    answer = asked(sung, "lyrics:railway", encoder=None)
    assert answer.hits == []
    assert "pip install 'earmark[text]'" in answer.understood.note
    assert asked(sung, "lyrics:train", encoder=None).understood.note == ""


def test_the_piece_is_a_chip_at_its_place(sung):
    text = 'slow, lyrics:"the train is" 60 to 250 bpm'
    chips = {chip.kind: text[chip.start : chip.end] for chip in asked(sung, text, by="both").understood.chips}
    assert chips["lyrics"] == 'lyrics:"the train is"'
    assert chips.get("tempo", "60 to 250 bpm") == "60 to 250 bpm"
    rest, sought = split(text)
    assert len(rest) == len(text)
    assert [one.words for one in sought] == ["the train is"]


def test_only_what_changed_is_read_again(sung, tmp_path):
    assert read_songs(sung, pytest.fail) == 0
    (tmp_path / "music" / "low 0.txt").write_text(SEA, encoding="utf-8")
    (tmp_path / "music" / "high 0.txt").unlink()
    for name in ("low 0", "high 0"):
        (tmp_path / "music" / f"{name}.flac").touch()
    store = scan_kinds(tmp_path)
    ENCODER.read.clear()
    assert read_songs(store, lambda: ENCODER) == 2
    assert ENCODER.read == [SEA]
    assert len(store.lyrics_vectors()[0]) == 2
    assert sorted(nearest(store, "ship", ENCODER).values()) == pytest.approx([1, 1], abs=0.5)


def test_progress_is_told_and_what_is_done_is_kept(sung, tmp_path, monkeypatch):
    from earmark.explore.meaning import sung as module

    monkeypatch.setattr(module, "KEPT", 1)
    for name in ("low 2", "high 2"):
        (tmp_path / "music" / f"{name}.txt").write_text(RAIL, encoding="utf-8")
        (tmp_path / "music" / f"{name}.flac").touch()
    store, told = scan_kinds(tmp_path), []

    def progress(what, done, total, note=""):
        told.append((what, done, total))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_songs(store, lambda: ENCODER, progress)
    assert told == [("lyrics", 1, 2), ("lyrics", 2, 2)]
    assert len(Store(store.path).lyrics_vectors()[0]) == 4


def test_a_question_finds_words_of_another_language(sung):
    encoder = encoder_at_hand()
    if encoder is None:
        pytest.skip("the extra text is not installed")
    vectors = {text: vector_of(text, encoder) for text in (BAHN, SEA)}
    asked = encoder.encode(["leaving by train"])[0]
    assert vectors[BAHN] @ asked > max(CHANCE, vectors[SEA] @ asked)


def test_a_scan_reads_songs_where_the_encoder_is_installed(tmp_path, monkeypatch):
    from earmark import library
    from earmark.explore.meaning import encoder

    music = write_kinds(tmp_path / "music", range(1))
    (music / "low 0.txt").write_text(RAIL, encoding="utf-8")
    model = str(write_tiny_model(tmp_path / "tiny.onnx"))
    catalogue = library.Catalogue(tmp_path / "catalogue")
    monkeypatch.setattr(encoder, "is_installed", lambda: False)
    catalogue.scan(music, model)
    assert not Store(catalogue.path).has_lyrics_vectors()
    monkeypatch.setattr(encoder, "is_installed", lambda: True)
    monkeypatch.setattr(encoder, "load_encoder", lambda: ENCODER)
    catalogue.scan(music, model)
    assert len(Store(catalogue.path).lyrics_vectors()[0]) == 1
