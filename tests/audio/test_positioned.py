import io

import pytest

from earmark.audio.positioned import Positioned


class Told(Positioned):
    """Counts how often its size is asked for."""

    asked = 0

    @property
    def size(self):
        self.asked += 1
        return 10


def test_a_place_moves_and_only_the_end_asks_for_the_size():
    file = Told()
    assert (file.readable(), file.seekable(), file.tell()) == (True, True, 0)
    assert [file.seek(4), file.seek(3, io.SEEK_CUR), file.seek(-99, io.SEEK_CUR)] == [4, 7, 0]
    assert file.asked == 0
    assert file.seek(-3, io.SEEK_END) == file.tell() == 7
    assert file.asked == 1


def test_another_way_of_moving_is_refused():
    with pytest.raises(KeyError):
        Told().seek(0, 9)
