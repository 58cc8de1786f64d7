import pytest

from earmark.audio.incomplete import CANCELLING, Incomplete, warnings_of

SHORT, BROKEN = Incomplete(6.0, 3.437, 2), Incomplete(None, 3.1)


@pytest.mark.parametrize("found", [SHORT, BROKEN])
def test_json_and_back(found):
    assert Incomplete.from_dict(found.to_dict()) == found
    assert set(found.to_dict()) == {"expected", "heard", "damaged_packets"}


@pytest.mark.parametrize("values", [{}, {"expected": "long", "heard": 1, "damaged_packets": 0}])
def test_other_json_is_refused(values):
    with pytest.raises((KeyError, ValueError)):
        Incomplete.from_dict(values)


@pytest.mark.parametrize(
    ("found", "damaged", "cancelling", "sentences"),
    [
        (None, 0, False, ()),
        (SHORT, 0, False, ("incomplete: 3.4 of 6.0 s could be heard",)),
        (BROKEN, 0, False, ("incomplete: it breaks off after 3.1 s",)),
        (None, 1, False, ("damaged: 1 packet was skipped",)),
        (SHORT, 12, True, ("incomplete: 3.4 of 6.0 s could be heard", "damaged: 12 packets were skipped", CANCELLING)),
    ],
)
def test_sentences(found, damaged, cancelling, sentences):
    assert warnings_of(found, damaged, cancelling) == sentences
