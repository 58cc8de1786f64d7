from earmark.explore.parts import instruments
from likeness import TAGSET


def test_instruments_and_voices():
    assert instruments.columns(TAGSET) == ["instrument_piano", "instrument_drums", "voice_vocals"]
