"""What a file says of itself: title, artist, album, year, genre, read from its own tags (mutagen)."""

import os
import re
from dataclasses import dataclass

from earmark.errors import printable

MAX_LENGTH = 500  # characters kept of one tag; some files carry whole web pages

CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")  # nor may a title steer the terminal that shows it

# The same fact has one name in mutagen's easy interface and another in raw ID3 (wav, aiff) and ASF (wma) tags.
NAMES = {
    "title": ("title", "TIT2", "Title"),
    "artist": ("artist", "TPE1", "Author"),
    "album": ("album", "TALB", "WM/AlbumTitle"),
    "date": ("date", "originaldate", "TDRC", "TYER", "WM/Year"),
    "genre": ("genre", "TCON", "WM/Genre"),
}


@dataclass(frozen=True, slots=True)
class FileTags:
    """Tags as found; empty or None where the file has none. `genre` is the file's own word, not ours."""

    title: str = ""
    artist: str = ""
    album: str = ""
    year: int | None = None
    genre: str = ""


def read_file_tags(path: str | os.PathLike) -> FileTags:
    """Read the tags of one file; damaged or missing tags are no error, they are absent."""
    import mutagen

    try:
        found = mutagen.File(os.fspath(path), easy=True)
    except Exception:  # mutagen raises whatever a damaged tag makes it stumble over
        return FileTags()
    if found is None or found.tags is None:
        return FileTags()
    text = {field: _first(found.tags, names) for field, names in NAMES.items()}
    year = re.search(r"\b(1[89]\d\d|20\d\d)\b", text.pop("date"))
    return FileTags(**text, year=int(year[0]) if year else None)


def _first(tags, names: tuple[str, ...]) -> str:
    """The first value there is under any of `names`, as clean text."""
    for name in names:
        try:
            value = tags[name]
        except (KeyError, ValueError):  # ValueError: a name that this kind of tag cannot have
            continue
        parts = value if isinstance(value, list | tuple) else str(value).split("\x00")  # as ID3 joins several
        cleaned = (CONTROL.sub(" ", printable(str(part))).strip() for part in parts)
        text = "; ".join(dict.fromkeys(part for part in cleaned if part))
        if text:
            return text[:MAX_LENGTH]
    return ""
