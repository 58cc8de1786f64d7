from dataclasses import replace

import numpy as np
import pytest

from earmark.analysis import Analysis
from earmark.errors import NotFound
from earmark.explore.evidence import evidence, find_evidence
from earmark.tagger.model import Activations
from earmark.tagger.tags import TagProbability
from tiny_model import TAGSET


def analysis_of(curve: list[float]) -> Analysis:
    """A track whose tag mood/sad has these probabilities, a step a second from 0.5 s on."""
    logits = np.zeros((len(curve), len(TAGSET)), np.float32)
    logits[:, 3] = np.log(np.array(curve) / (1 - np.array(curve)))
    times = np.arange(len(curve), dtype=np.float32) + 0.5
    activations = Activations(times, logits, np.zeros((len(curve), 2), np.float32))
    tags = {"mood": [TagProbability("sad", 0.5, True)]}
    return Analysis(None, "0" * 20, len(curve), len(curve), "tiny", "1", {}, TAGSET, tags, activations)


def passages(curve):
    return [(p["start"], p["end"], p["peak"]) for p in evidence(analysis_of(curve), "mood/sad")["passages"]]


def test_passages_above_the_threshold_the_strongest_first():
    assert passages([0.6, 0.6, 0.1, 0.9, 0.1]) == [(3.0, 4.0, 0.9), (0.0, 2.0, 0.6)]
    found = evidence(analysis_of([0.6, 0.8, 0.1]), "mood/sad")
    assert found["line"] == 0.4  # half of its highest, which is below the threshold
    assert found["passages"][0]["probability"] == 0.7


def test_a_tag_that_is_unsure_everywhere_has_its_strongest_passage():
    assert passages([0.05, 0.2, 0.05]) == [(1.0, 2.0, 0.2)]


def test_it_reaches_to_the_ends():
    assert passages([0.9, 0.9]) == [(0.0, 2.0, 0.9)]


def test_silence_has_none_and_other_tags_are_told():
    silent = replace(analysis_of([0.9]), tags={"mood": []})
    told = evidence(silent, "mood/sad")
    assert (told["tag"], told["line"], told["passages"]) == ("mood/sad", None, [])
    with pytest.raises(NotFound, match="no tag"):
        evidence(silent, "sad")


def test_what_a_passage_adds_to_the_logit_is_known_exactly():
    found = find_evidence(analysis_of([0.6, 0.6, 0.1, 0.9, 0.1]), "mood/sad")
    logits = np.log(np.array([0.6, 0.6, 0.1, 0.9, 0.1]) / np.array([0.4, 0.4, 0.9, 0.1, 0.9]))
    assert found.logit == pytest.approx(logits.mean(), abs=1e-5)
    assert [p.logit for p in found.passages] == pytest.approx([logits[3] / 5, logits[:2].sum() / 5], abs=1e-5)
    rise = logits - logits.min()
    assert [p.share for p in found.passages] == pytest.approx([rise[3] / rise.sum(), rise[:2].sum() / rise.sum()])


def test_of_an_even_track_each_second_has_an_equal_share():
    assert find_evidence(analysis_of([0.7, 0.7]), "mood/sad").passages[0].share == pytest.approx(1)
