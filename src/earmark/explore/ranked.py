"""What a ranking finds, in the form in which answers are chosen, and the hits that are made of those that were."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from earmark.catalogue.shown import Found
from earmark.catalogue.store import Store
from earmark.catalogue.track import Hit
from earmark.explore.distinct import Answer
from earmark.explore.ranking import Ranking, Shares
from earmark.explore.windows import Rows, best_by_passages


class Ranked:
    """The tracks of a sheet by a ranking; by their best passages where a seed is a window.

    Parameters
    ----------
    among : bool, of all tracks of the sheet: those that may be answers
    """

    def __init__(self, store: Store, ranking: Ranking, among: np.ndarray) -> None:
        self._store, self._ranking, self._among = store, ranking, among
        self._rows = Rows(np.zeros(0, int), {}, np.zeros(0), [])
        self._at: dict[str, int] = {}  # track_id -> place among the rows

    def first(self, n: int) -> list[Found]:
        """The first n, with their vectors."""
        windows = any(seed.window is not None for seed in self._ranking.seeds)
        best = best_by_passages if windows else _best_by_tracks
        self._rows = best(self._store, self._ranking, self._among, n)
        sheet = self._ranking.sheet
        found = self._store.found_at(sheet.places[self._rows.numbers].tolist(), sheet.model.id)
        self._at = {one.track_id: i for i, one in enumerate(found)}
        return found

    def row_of(self, one: Found) -> int:
        """The row of the sheet of what was found."""
        return int(self._rows.numbers[self._at[one.track_id]])

    def scores_of(self, rows: Sequence[int]) -> np.ndarray:
        """The scores of rows that were found, float64 [n]."""
        place = {row: i for i, row in enumerate(self._rows.numbers.tolist())}
        return self._ranking.scores(self._rows.shares)[[place[row] for row in rows]]

    def hits(self, answers: Sequence[Answer]) -> list[Hit]:
        """Answers as hits, with all their numbers."""
        at = [self._at[answer.one.track_id] for answer in answers]
        shares = self._ranking.shares_of_rows(self._rows.numbers[at]) | {
            name: share[at] for name, share in self._rows.shares.items()
        }
        scores = self._ranking.scores(shares)
        hits = self._store.hits(answer.one for answer in answers)
        return [
            replace(
                hit, similarity=float(self._rows.cosines[at[i]]), score=float(scores[i]), parts=parts_at(shares, i),
                passages=tuple(self._rows.pairs[at[i] : at[i] + 1]), versions=tuple(answers[i].versions),
            )
            for i, hit in enumerate(hits)
        ]  # fmt: skip


def _best_by_tracks(store: Store, ranking: Ranking, among: np.ndarray, n: int) -> Rows:
    rows = ranking.best(among, n)
    cosines = ranking.cosines(ranking.sheet.part("sound").rows(rows))
    return Rows(rows, ranking.shares_of_rows(rows, ranking.weights.used()), cosines, [])


def parts_at(shares: Shares, i: int) -> dict[str, float | None]:
    """The parts of one row; None where they are not known."""
    return {name: None if np.isnan(share[i]) else float(share[i]) for name, share in shares.items()}
