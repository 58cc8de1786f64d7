"""Ids; what the head may hold is tested with whole files, in test_earprint.py."""

import pytest

from earmark.audio.earprint_head import HEAD, is_track_id


@pytest.mark.parametrize(
    "value", ["", "9b0594ac3f8684807f3", "9b0594ac3f8684807f32\n", "9b0594ac3f8684807f3g", 5, None]
)
def test_what_is_no_id(value):
    assert not is_track_id(value)


def test_an_id_is_20_hexadecimal_digits():
    assert is_track_id("9b0594ac3f8684807f32")


@pytest.mark.parametrize("value", [None, [], 5, "x"])
def test_a_head_is_an_object(value):
    with pytest.raises(ValueError, match="is not an object"):
        HEAD(value)
