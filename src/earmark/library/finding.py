"""What is found in a catalogue, by likeness, words, meaning and filters, and why."""

import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from earmark.catalogue import filters
from earmark.catalogue.filters import Filter
from earmark.catalogue.keys import stored_value
from earmark.catalogue.query import Query
from earmark.catalogue.store import Store
from earmark.catalogue.track import Hit, Track
from earmark.errors import ConfigError
from earmark.explore import duplicates, evidence, excerpts, facets, lyrics, similar, text, why
from earmark.explore.compatible import in_compatible_keys
from earmark.explore.distinct import Variety
from earmark.explore.duplicates import Group
from earmark.explore.evidence import Evidence
from earmark.explore.heard import Heard
from earmark.explore.meaning import encoder, finding
from earmark.explore.meaning.finding import Answer, By, Wish
from earmark.explore.playlists import path
from earmark.explore.playlists.path import Step
from earmark.explore.seeds import Seed
from earmark.explore.sources import find_song
from earmark.explore.weights import Weights
from earmark.explore.why import LikeReason
from earmark.interop.chosen import chosen
from earmark.library.tracks import Tracks


class Finding(Tracks):
    """Part of `earmark.Catalogue`: what is found in a catalogue, by likeness, words, meaning and filters, and why."""

    def similar(
        self,
        track: str | os.PathLike | Heard | Seed | Sequence[Seed],
        n: int = 10,
        where: str | Filter | None = None,
        compatible: str | None = None,
        versions: bool = False,
        per_artist: int | None = None,
        per_album: int | None = None,
        weights: Weights | Mapping[str, float] | str | None = None,
        diversity: float = 0.0,
        explain: bool = False,
    ) -> list[Hit]:
        """The n tracks that are most like a track (id, path, title) or any audio file, best first.

        Parameters
        ----------
        track : or up to 20 seeds: tracks or windows of tracks, with weights, below 0 for what the answers shall not be
            like
        where : a filter, such as ``"genre = 'jazz' AND year < 1970"``
        compatible : only keys that mix with this one, such as ``Am`` or ``8A``
        versions : show other files and versions of the same song too; otherwise only the first of a song is an answer
        per_artist, per_album : answers of one artist or album at most
        weights : of the parts of likeness, see `Weights`: ``"sound=1,rhythm=0.5"`` or a mapping; by default sound alone
        diversity : 0 to 1, how much an answer loses by being like those before it
        explain : fill in ``parts`` and ``passages`` of every hit

        Raises
        ------
        NotFound, AudioError, QueryError, CatalogueError

        Examples
        --------
        >>> catalogue.similar("Three and Two", n=2, where="tempo > 100")  # doctest: +SKIP
        >>> window = earmark.Seed("Three and Two", start=30, end=45)
        >>> catalogue.similar(window, weights="sound=1,rhythm=1")  # doctest: +SKIP
        """
        store = self._store()
        variety, chosen = Variety(versions, per_artist, per_album, diversity), self._filter(store, where, compatible)
        return similar.similar(store, track, n, chosen, variety, weights, explain)

    def search(
        self,
        words: str = "",
        where: str | Filter | None = None,
        n: int = 10,
        compatible: str | None = None,
        versions: bool = False,
        per_artist: int | None = None,
        per_album: int | None = None,
    ) -> list[Hit]:
        """The n tracks that fit words of title, artist, album or tags, a filter, or both.

        words : ``"dark side"`` in quotes is a phrase; accents, case and width do not matter
        versions, per_artist, per_album : as in `similar`

        Raises
        ------
        QueryError, CatalogueError

        Examples
        --------
        >>> [hit.track.title for hit in catalogue.search("piano", where="energy < 0.3")]  # doctest: +SKIP
        ['Nocturne in A Minor']
        """
        store = self._store()
        variety = Variety(versions, per_artist, per_album)
        words, chosen = lyrics.asked(store, words, self._filter(store, where, compatible))
        return text.search(store, words, chosen, n, variety)

    def find(
        self,
        text: str = "",
        tags: Mapping[str, float] | None = None,
        where: str | Filter | None = None,
        n: int = 10,
        by: By = "both",
        compatible: str | None = None,
        versions: bool = False,
        per_artist: int | None = None,
        per_album: int | None = None,
        passages: bool = True,
    ) -> Answer:
        """The n tracks that a text means: those that it names first, then those that sound as it says, best first.

        Parameters
        ----------
        text : such as ``"rainy night jazz, no vocals, 80 to 100 bpm"``, in eight languages; see docs/search.md
        tags : tag -> weight, below 0 for what is not wanted, such as ``{"genre/jazz": 2, "mood/sadness": -1}``
        where : a filter, which holds beside what the text says
        by : ``words`` of names and tags alone, ``sound`` alone, or ``both``
        compatible, versions, per_artist, per_album : as in `similar`
        passages : tell the best passage of each, for which its activations are read

        Raises
        ------
        QueryError, CatalogueError
        ConfigError : the sentence encoder cannot be used

        Examples
        --------
        >>> answer = catalogue.find("calm piano, no drums", n=3)  # doctest: +SKIP
        >>> [found.hit.track.title for found in answer.hits]  # doctest: +SKIP
        ['Nocturne in A Minor', 'Ambient Piano', 'Prelude']
        """
        store = self._store()
        variety = Variety(versions, per_artist, per_album)
        wish = Wish(n, self._filter(store, where, compatible), by, variety, passages)
        return finding.find(store, text, tags, wish, encoder.encoder_at_hand)

    def page(
        self,
        where: str | Filter | None = None,
        sort: str = "track_id",
        after: tuple | None = None,
        limit: int = 100,
    ) -> list[Track]:
        """Tracks that fit a filter in the order of a field, a page at a time; scans meanwhile repeat and skip none.

        Parameters
        ----------
        sort : a field, ``-tempo`` for the largest first; tracks without a value come last
        after : the last track of the page before, as (its value of the field, its id)

        Raises
        ------
        QueryError, CatalogueError

        Examples
        --------
        >>> [track.title for track in catalogue.page("year < 1970", sort="-tempo", limit=3)]  # doctest: +SKIP
        """
        store = self._store()
        query = Query(store.filter(where), sort=sort, after=after, limit=limit)
        return [hit.track for hit in store.select(query)]

    def chosen(self, words: str = "", where: str | Filter | None = None) -> Iterator[Track]:
        """All tracks that fit words (the best first), a filter, or both; see `earmark.interop.chosen.chosen`.

        Raises QueryError, CatalogueError.

        Examples
        --------
        >>> sum(track.duration for track in catalogue.chosen(where="genre = 'jazz'"))  # doctest: +SKIP
        """
        store = self._store()
        words, wanted = lyrics.asked(store, words, store.filter(where))
        return chosen(store, words, wanted)

    def filter(
        self, where: str | Filter | None = None, tree: object = None, compatible: str | None = None
    ) -> Filter | None:
        """The tracks that fit a text, decoded JSON (see `earmark.catalogue.filters`) and a key; None: all of them.

        Raises QueryError.

        Examples
        --------
        >>> catalogue.filter("year < 1970", {"field": "tempo", "op": "gt", "value": 120})  # doctest: +SKIP
        """
        store = self._store()
        decoded = None if tree is None else filters.filter_from_json(tree, store.kinds(), normalise=stored_value)
        return filters.both(self._filter(store, where, compatible), decoded)

    def facets(self, fields: Sequence[str], where: str | Filter | None = None) -> dict[str, dict]:
        """How the values of fields are spread over the tracks that fit, see `earmark.explore.facets.facets`.

        Examples
        --------
        >>> catalogue.facets(["genre"])["genre"]["values"][0]  # doctest: +SKIP
        {'value': 'jazz', 'count': 12}
        """
        store = self._store()
        return facets.facets(store, list(fields), store.filter(where))

    def find_song(self, title: str, artist: str = "", duration: float | None = None) -> str:
        """The id of the one track of this title, artist and length (seconds, within 3), as far as they are given.

        Raises NotFound: there is none, or there are several.

        Examples
        --------
        >>> catalogue.find_song("Three and Two", duration=30.2)  # doctest: +SKIP
        """
        return find_song(self._store(), title, artist, duration)

    def duplicates(self) -> list[Group]:
        """Every song that is there more than once, the better file first: see `earmark.explore.duplicates.Group`.

        Raises CatalogueError.

        Examples
        --------
        >>> for group in catalogue.duplicates():  # doctest: +SKIP
        ...     print(group.kind, [copy.path for copy in group.copies])
        """
        return duplicates.duplicates(self._store())

    def path_between(
        self,
        start: str | os.PathLike,
        end: str | os.PathLike,
        n: int = 12,
        where: str | Filter | None = None,
        per_artist: int | None = None,
        versions: bool = False,
    ) -> list[Step]:
        """`n` tracks that lead from one to another in even steps of sound, both included; no song comes twice.

        Parameters
        ----------
        where : what the tracks between must fit
        per_artist : tracks of one artist at most, both ends counted
        versions : a song may come more than once, in other versions

        Raises
        ------
        NotFound : no such track
        QueryError : the filter is not understood, or a number of tracks that cannot be

        Examples
        --------
        >>> [step.row.title for step in catalogue.path_between("Three and Two", "Boss", n=4)]  # doctest: +SKIP
        """
        store = self._store()
        return path.path(store, os.fspath(start), os.fspath(end), n, store.filter(where), per_artist, versions)

    def evidence(self, track: str | os.PathLike, tag: str) -> dict:
        """When a tag (``group/tag``) is heard in a track, see `earmark.explore.evidence.evidence`; raises NotFound.

        Examples
        --------
        >>> catalogue.evidence("Three and Two", "instrument/piano")["passages"][0]  # doctest: +SKIP
        {'start': 12.4, 'end': 31.0, 'probability': 0.81, 'peak': 0.93}
        """
        return evidence.evidence(self.show(track, curves=True).analysis, tag)

    def why(
        self,
        track: str | os.PathLike,
        tag: str | None = None,
        like: str | os.PathLike | Heard | None = None,
        start: float | None = None,
        end: float | None = None,
    ) -> Evidence | LikeReason:
        """Why a track has a tag (``group/tag``), or why it is like another: what is heard, and when.

        Parameters
        ----------
        like : a track, which may be the same, any audio file, or what was heard of one
        start, end : seconds; compare only this window of the track with the other

        Raises
        ------
        NotFound, AudioError, QueryError, CatalogueError
        ConfigError : neither or both of a tag and another track

        Examples
        --------
        >>> catalogue.why("Three and Two", "instrument/piano").passages[0].share  # doctest: +SKIP
        0.42
        >>> catalogue.why("Three and Two", like="Nocturne").parts["harmony"]  # doctest: +SKIP
        0.91
        """
        if (tag is None) == (like is None):
            raise ConfigError("why", "needs a tag or another track, not both", "Give one of them.")
        if tag is not None:
            return evidence.find_evidence(self.show(track, curves=True).analysis, tag)
        assert like is not None
        return why.why_like(self._store(), Seed(track, 1.0, start, end), Seed(like))

    def write_passages(self, reason: Evidence | LikeReason, path: str | os.PathLike) -> float:
        """Write the passages of `why` as a WAV file with short gaps; those of two tracks alternate.

        Returns its length in seconds.

        Raises
        ------
        NotFound, AudioError : a file of the tracks is not there, or cannot be read
        FileError : the place cannot be written to

        Examples
        --------
        >>> catalogue.write_passages(catalogue.why("Vibe Ace", "mood/calmness"), "calm.wav")  # doctest: +SKIP
        31.2
        """
        return excerpts.write_passages(reason, path, partial(excerpts.file_in, self._store()))

    @staticmethod
    def _filter(store: Store, where: str | Filter | None, compatible: str | None) -> Filter | None:
        keys = None if compatible is None else in_compatible_keys(compatible)
        return filters.both(store.filter(where), keys)
