from earmark.explore.parts import mood
from likeness import TAGSET


def test_moods_and_valence():
    assert mood.columns(TAGSET) == ["mood_sad", "mood_happy", "mood_calm", "scale_valence"]
