"""Tags of one's own, taught to a server."""

from collections.abc import Iterable
from urllib.parse import quote

from earmark.catalogue.filters import Filter, filter_to_text
from earmark.client.reading import read_asked, read_lesson
from earmark.client.remote import EVERYTHING, Place, Remote
from earmark.errors import ConfigError
from earmark.explore.teach import Asked, Lesson, place_of


class RemoteLessons(Remote):
    """The methods of `earmark.Catalogue` that teach."""

    def teach(
        self,
        tag: str,
        yes: Iterable[Place] = (),
        no: Iterable[Place] = (),
        drop: Iterable[Place] = (),
        yes_from: Iterable[Place] = (),
        no_from: Iterable[Place] = (),
        group: str | None = None,
    ) -> Lesson:
        """As `Catalogue.teach`, of single tracks: playlists, folders and tags of files are read on the server alone.

        Examples
        --------
        >>> catalogue.teach("campfire", yes=["Vibe Ace"], no=["Siren"]).taught.version  # doctest: +SKIP
        1
        """
        if given := [*yes_from, *no_from]:
            raise ConfigError(given[0], "a server takes single tracks as examples", "Give them as yes and no.")
        name, tag = place_of(tag, group)
        asked = {what: self._ids(list(tracks)) for what, tracks in (("yes", yes), ("no", no), ("drop", drop))}
        asked |= {"group": None if name == tag else name}
        return read_lesson(self._server.ask("PUT", _place(tag), json=asked).json())

    def teach_next(self, tag: str, n: int = 10, where: str | Filter | None = None) -> list[Asked]:
        """As `Catalogue.teach_next`.

        Examples
        --------
        >>> [asked.track.title for asked in catalogue.teach_next("campfire", 3)]  # doctest: +SKIP
        """
        text = where if where is None or isinstance(where, str) else filter_to_text(where)
        told = self._server.get(f"{_place(tag)}/next", limit=n, fields=",".join(EVERYTHING), where=text)
        return [read_asked(one, self._tagset) for one in told["items"]]

    def taught(self) -> list[Lesson]:
        """As `Catalogue.taught`.

        Examples
        --------
        >>> [lesson.taught.name for lesson in catalogue.taught()]  # doctest: +SKIP
        """
        return [read_lesson(told) for told in self._server.listed("/lessons")]

    def lesson(self, tag: str) -> Lesson:
        """As `Catalogue.lesson`.

        Examples
        --------
        >>> catalogue.lesson("campfire").taught.estimate  # doctest: +SKIP
        """
        return read_lesson(self._server.get(_place(tag)))

    def unteach(self, tag: str) -> None:
        """As `Catalogue.unteach`.

        Examples
        --------
        >>> catalogue.unteach("campfire")  # doctest: +SKIP
        """
        self._server.ask("DELETE", _place(tag))


def _place(tag: str) -> str:
    return f"/lessons/{quote(tag, safe='')}"
