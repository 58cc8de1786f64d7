import pickle

import pytest

from earmark.analysis import analyze
from earmark.engine.protocol import Analyse, Analysed, Failed, Identified, Identify, Limits
from earmark.settings import MAX_SECONDS, TIME_LIMIT


@pytest.mark.parametrize(
    "message",
    [
        Identify("/a.flac"),
        Analyse("/a.flac", frozenset({"key", "tags"}), "id", "/c/earprints"),
        Identified("/a.flac", "id"),
        Failed("/a.flac", "the file is empty", "Copy it again."),
    ],
)
def test_messages_survive_the_pipe(message):
    assert pickle.loads(pickle.dumps(message)) == message


def test_an_analysis_survives_the_pipe(model, music):
    reply = Analysed("low", analyze(music / "low.flac", model))
    back = pickle.loads(pickle.dumps(reply))
    assert back.analysis.to_dict() == reply.analysis.to_dict()
    assert back.analysis.curves() == reply.analysis.curves()


def test_limits_are_those_of_the_settings():
    assert Limits() == Limits(TIME_LIMIT, MAX_SECONDS)
