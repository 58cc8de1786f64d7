import wave
from dataclasses import replace
from functools import partial

import pytest

from earmark.errors import FileError, NotFound
from earmark.explore.evidence import find_evidence
from earmark.explore.excerpts import GAP, PAUSE, file_in, write_passages
from earmark.explore.seeds import Seed
from earmark.explore.why import why_like


def seconds_of(path) -> float:
    with wave.open(str(path)) as file:
        return file.getnframes() / file.getframerate()


def test_the_passages_of_a_tag(twice, tmp_path):
    track_id = sorted(twice.track_ids())[0]
    reason = find_evidence(twice.track(track_id, curves=True).analysis, "mood/sad")
    length = write_passages(reason, tmp_path / "sad.wav", partial(file_in, twice))
    spans = sum(passage.end - passage.start + GAP for passage in reason.passages)
    assert length == pytest.approx(spans, abs=0.5)
    assert seconds_of(tmp_path / "sad.wav") == pytest.approx(length)


def test_passages_of_two_tracks_alternate(twice, tmp_path):
    one, two = sorted(twice.track_ids())[:2]
    reason = why_like(twice, Seed(one, start=1, end=4), Seed(two))
    length = write_passages(reason, tmp_path / "both.wav", partial(file_in, twice))
    assert length == pytest.approx(len(reason.pairs) * (3 + GAP + 3 + PAUSE), abs=0.5)


def test_what_cannot_be_written(twice, tmp_path):
    one, two = sorted(twice.track_ids())[:2]
    reason = why_like(twice, Seed(one), Seed(two))
    with pytest.raises(FileError, match="cannot be written"):
        write_passages(reason, tmp_path / "no folder" / "both.wav", partial(file_in, twice))
    with pytest.raises(NotFound, match="no passage"):
        write_passages(replace(reason, pairs=()), tmp_path / "none.wav", partial(file_in, twice))


def test_a_track_whose_files_are_gone(likes, made, tmp_path):
    reason = why_like(likes, Seed(made[0].track_id), Seed(made[1].track_id))
    with pytest.raises(NotFound, match="none of its files is there"):
        write_passages(reason, tmp_path / "x.wav", partial(file_in, likes))
