"""Tags of one's own."""

import os
from collections.abc import Iterable

from earmark.catalogue.filters import Filter
from earmark.explore import teach as teaching
from earmark.explore.teach import Asked, Lesson
from earmark.library.opened import Opened


class Teaching(Opened):
    """Part of `earmark.Catalogue`: tags of one's own."""

    def teach(
        self,
        tag: str,
        yes: Iterable[str | os.PathLike] = (),
        no: Iterable[str | os.PathLike] = (),
        drop: Iterable[str | os.PathLike] = (),
        yes_from: Iterable[str | os.PathLike] = (),
        no_from: Iterable[str | os.PathLike] = (),
        group: str | None = None,
    ) -> Lesson:
        """Teach a tag of your own by examples, and write it to every track; see `earmark.explore.teach.teach`.

        yes, no : tracks with the tag and without it; drop : examples to be taken back
        yes_from, no_from : playlists, folders, or tags of files such as ``genre=Jazz``
        group : of tags of which a track has one at most

        Raises
        ------
        NotFound, FileError, QueryError, ConfigError, CatalogueError

        Examples
        --------
        >>> catalogue.teach("campfire", yes=["Vibe Ace", "Moonlight"], no=["Siren"]).taught.estimate  # doctest: +SKIP
        >>> catalogue.search(where="own_campfire > 0.8")  # doctest: +SKIP
        """
        return teaching.teach(self._store(), tag, yes, no, drop, yes_from, no_from, group)

    def teach_next(self, tag: str, n: int = 10, where: str | Filter | None = None) -> list[Asked]:
        """The tracks whose answer would teach a tag most, see `earmark.explore.teach.ask`; raises NotFound.

        Examples
        --------
        >>> [asked.track.title for asked in catalogue.teach_next("campfire", 3)]  # doctest: +SKIP
        """
        store = self._store()
        return teaching.ask(store, tag, n, store.filter(where))

    def taught(self) -> list[Lesson]:
        """Every tag and group of your own, with its examples and what it is worth.

        Examples
        --------
        >>> [lesson.taught.name for lesson in catalogue.taught()]  # doctest: +SKIP
        ['campfire']
        """
        return teaching.lessons(self._store())

    def lesson(self, tag: str) -> Lesson:
        """One of `taught`; raises NotFound.

        Examples
        --------
        >>> catalogue.lesson("campfire").taught.estimate  # doctest: +SKIP
        """
        store = self._store()
        return teaching.lesson(store, teaching.find(store, tag))

    def unteach(self, tag: str) -> None:
        """Forget a tag of your own with its examples; raises NotFound.

        Examples
        --------
        >>> catalogue.unteach("campfire")  # doctest: +SKIP
        """
        teaching.forget(self._store(), tag)
