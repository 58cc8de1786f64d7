"""Rows that were looked at last, at hand for the whole process while their table has one version.

A row is read from a fragment of its own, which costs more than to make a track of it; the same rows are asked for again
and again, by a page that is turned back and by people who listen to the same music.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence

MOST = 16 * 2**20  # bytes of all rows together


class Recent:
    """Packed rows by table and place.

    most : bytes that are kept; what was not asked for longest is dropped
    """

    def __init__(self, most: int = MOST) -> None:
        self._most, self._bytes = most, 0
        self._kept: OrderedDict[tuple[Hashable, int], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def read(
        self, table: Hashable, places: Sequence[int], read: Callable[[list[int]], list[bytes | None]]
    ) -> list[bytes | None]:
        """The rows at these places, in their order.

        table : what tells this version of this table from all others
        read : gives rows that are not at hand
        """
        with self._lock:
            found = {place: row for place in places if (row := self._kept.get((table, place))) is not None}
            for place in found:
                self._kept.move_to_end((table, place))
        lacking = [place for place in places if place not in found]
        if lacking:
            new = dict(zip(lacking, read(lacking), strict=True))
            self._keep(table, new)
            found |= new
        return [found[place] for place in places]

    def _keep(self, table: Hashable, rows: dict[int, bytes | None]) -> None:
        with self._lock:
            for place, row in rows.items():
                if row is not None and (table, place) not in self._kept:
                    self._kept[table, place] = row
                    self._bytes += len(row)
            while self._bytes > self._most:
                self._bytes -= len(self._kept.popitem(last=False)[1])


RECENT = Recent()
"""Of all catalogues that this process has opened."""
