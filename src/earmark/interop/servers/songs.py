"""The songs of a media server, and which of them are tracks of ours.

A song is matched by the first of these that names exactly one: MusicBrainz id of the recording, ISRC, path, then artist
and title with a length that agrees. A path that the server has in another folder is compared through a map of folders,
or else by its last three parts.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

import av

from earmark.catalogue.track import Track
from earmark.catalogue.words import plain_name
from earmark.interop.paths import Root
from earmark.playlists import lengths_agree

TAIL = 3  # parts of a path that two machines have in common: artist, album, file
MBID = ("musicbrainz_trackid", "musicbrainz track id", "musicbrainz release track id")
ISRC = ("isrc", "tsrc")


@dataclass(frozen=True)
class Song:
    """A song as a server knows it.

    Attributes
    ----------
    id : the server's own
    title, artist, album : "" where it has none
    duration : seconds; None where it has none
    path : on the server, or relative to its folder of music; "" where it tells none
    mbid, isrc : "" where it has none
    """

    id: str
    title: str = ""
    artist: str = ""
    album: str = ""
    duration: float | None = None
    path: str = ""
    mbid: str = ""
    isrc: str = ""

    def to_dict(self) -> dict:
        """A row of a report."""
        return {"id": self.id, "title": self.title, "artist": self.artist, "album": self.album, "path": self.path}


@dataclass
class MatchReport:
    """Which tracks a server has.

    Attributes
    ----------
    pairs : (track, its song, by what), in the order of the tracks
    missing : tracks of which the server has no song, or several that fit alike
    """

    pairs: list[tuple[Track, Song, str]] = field(default_factory=list)
    missing: list[Track] = field(default_factory=list)

    def to_dict(self) -> dict:
        """JSON: how many, by what, and the tracks that are missing."""
        by: dict[str, int] = defaultdict(int)
        for *_, what in self.pairs:
            by[what] += 1
        missing = [{"track_id": track.track_id, "title": track.title} for track in self.missing]
        return {"matched": len(self.pairs), "by": dict(by), "missing": missing}


def match(tracks: Iterable[Track], songs: Iterable[Song], roots: Sequence[Root] = ()) -> MatchReport:
    """Find the song of each track, in their order.

    roots : where the folders of this machine are for the server
    """
    known, report = _Known(list(songs)), MatchReport()
    for track in tracks:
        found = known.find(track, roots)
        if found is None:
            report.missing.append(track)
        else:
            report.pairs.append((track, *found))
    return report


class _Known:
    """The songs of a server by what may name one."""

    def __init__(self, songs: list[Song]) -> None:
        self._by_mbid = _grouped(songs, lambda song: song.mbid.lower())
        self._by_isrc = _grouped(songs, lambda song: song.isrc.upper())
        self._by_path = _grouped(songs, lambda song: _normal(song.path))
        self._by_tail = _grouped(songs, lambda song: _tail(song.path))
        self._by_name = _grouped(songs, lambda song: _name(song.artist, song.title))

    def find(self, track: Track, roots: Sequence[Root]) -> tuple[Song, str] | None:
        ways: tuple[tuple[str, Callable[[], Iterator[Song]]], ...] = (
            ("mbid", lambda: self._of_tags(track, MBID, self._by_mbid, str.lower)),
            ("isrc", lambda: self._of_tags(track, ISRC, self._by_isrc, str.upper)),
            ("path", lambda: self._at(track, roots)),
            ("name", lambda: self._named(track)),
        )
        for what, look in ways:
            found = {song.id: song for song in look()}
            if len(found) == 1:
                return next(iter(found.values())), what
        return None

    def _of_tags(self, track: Track, names: tuple[str, ...], known: dict, fold: Callable[[str], str]) -> Iterator[Song]:
        if known:  # most servers tell neither id: then no file is opened
            for value in _tags_of(track, names):
                yield from known.get(fold(value), ())

    def _at(self, track: Track, roots: Sequence[Root]) -> Iterator[Song]:
        for file in track.files:
            there = next((path for root in roots if (path := root.map(file.path))), file.path)
            exact = self._by_path.get(_normal(there), ())
            yield from exact or self._by_tail.get(_tail(there), ())

    def _named(self, track: Track) -> Iterator[Song]:
        for song in self._by_name.get(_name(track.analysis.file_tags.artist, track.title), ()):
            if lengths_agree(track.duration, song.duration):
                yield song


def _grouped(songs: Iterable[Song], key: Callable[[Song], Hashable]) -> dict[Hashable, list[Song]]:
    groups: dict[Hashable, list[Song]] = defaultdict(list)
    for song in songs:
        if value := key(song):
            groups[value].append(song)
    return dict(groups)


def _normal(path: str) -> str:
    """One form of composed and decomposed letters; macOS writes the second."""
    return unicodedata.normalize("NFC", path.replace("\\", "/"))


def _tail(path: str) -> tuple[str, ...]:
    parts = PurePosixPath(_normal(path)).parts[-TAIL:]
    return tuple(part.casefold() for part in parts) if len(parts) == TAIL else ()


def _name(artist: str, title: str) -> tuple[str, ...]:
    folded = plain_name(artist), plain_name(title)
    return folded if all(folded) else ()


def _tags_of(track: Track, names: tuple[str, ...]) -> Iterator[str]:
    """Values of tags that the catalogue does not keep, read from the files."""
    for file in track.files:
        try:
            with av.open(file.path, metadata_errors="replace") as container:
                tags = container.metadata | (container.streams.audio[0].metadata if container.streams.audio else {})
        except (OSError, ValueError):
            continue
        yield from (value.strip() for name, value in tags.items() if name.lower() in names and value.strip())
