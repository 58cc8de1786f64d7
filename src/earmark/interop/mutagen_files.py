"""The tags of a file, read and written through mutagen: the one module that imports it.

mutagen is under the GPL, version 2 or later, and comes with the extra ``earmark[tag]`` alone.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from earmark.errors import FileError, MissingPackage, one_line
from earmark.interop.fields import FREEFORM

NO_TAGS = "its tags cannot be written", "Leave it out, or convert it to flac, ogg or mp3."


@dataclass
class TagFile:
    """The tags of one open file; what is set is written by `save`.

    Attributes
    ----------
    family : as in `earmark.interop.fields.FAMILIES`
    """

    family: str
    _file: Any
    _access: "Access"

    def read(self, name: str) -> tuple[str, ...]:
        """The values of a tag; empty where the file has none."""
        return tuple(self._access.read(self._file.tags, name))

    def write(self, name: str, values: tuple[str, ...]) -> None:
        """Set the values of a tag; none removes it."""
        self._access.write(self._file.tags, name, list(values))

    def save(self) -> None:
        """Write all tags into the file. Raises FileError."""
        try:
            self._file.save()
        except Exception as error:  # mutagen raises its own kinds, and whatever a damaged file leads to
            raise FileError(self._file.filename, f"{NO_TAGS[0]} ({one_line(error)})", NO_TAGS[1]) from error


def open_tags(path: str | os.PathLike) -> TagFile:
    """The tags of a file, which stays as it is until `TagFile.save`.

    Raises
    ------
    MissingPackage : mutagen is not installed
    FileError : the file cannot be read, or is of a kind that holds no such tags
    """
    try:
        import mutagen
    except ImportError:
        raise MissingPackage("mutagen", "is not installed", "Run `pip install earmark[tag]`.") from None
    try:
        file = mutagen.File(path)
        if file is not None and file.tags is None:
            file.add_tags()
    except Exception as error:
        raise FileError(path, f"{NO_TAGS[0]} ({one_line(error)})", NO_TAGS[1]) from error
    family = None if file is None else _family(file)
    if family is None:
        raise FileError(path, *NO_TAGS)
    return TagFile(family, file, ACCESS[family])


def _family(file: Any) -> str | None:
    from mutagen import apev2, asf, id3, mp4, oggopus
    from mutagen._vorbis import VComment

    kinds = {id3.ID3: "id3", VComment: "vorbis", mp4.MP4Tags: "mp4", asf.ASFTags: "asf", apev2.APEv2: "ape"}
    found = next((family for kind, family in kinds.items() if isinstance(file.tags, kind)), None)
    return "opus" if isinstance(file, oggopus.OggOpus) else found


def _key_of(tags: Any, name: str) -> str:
    """The name as the file spells it: programs differ in case."""
    folded = name.casefold()
    return next((key for key in tags if key.casefold() == folded), name)


# -- ID3 ----------------------------------------------------------------------------------------------------------


def _comment_key(tags: Any, name: str) -> str:
    """The comment that has no description, in whatever language."""
    keys = [key for key in tags if key.startswith("COMM::")]
    return name if name in keys else next(iter(keys), name)


def _id3_key(tags: Any, name: str) -> str:
    return _comment_key(tags, name) if name.startswith("COMM") else _key_of(tags, name)


def _read_id3(tags: Any, name: str) -> list[str]:
    frame = tags.get(_id3_key(tags, name))
    return [] if frame is None else [str(text) for text in frame.text]


def _write_id3(tags: Any, name: str, values: list[str]) -> None:
    from mutagen import id3

    key = _id3_key(tags, name)
    old = tags.pop(key, None)
    if not values:
        return
    if name.startswith("TXXX:"):
        frame = id3.TXXX(encoding=3, desc=key.removeprefix("TXXX:"), text=values)
    elif name.startswith("COMM"):
        frame = id3.COMM(encoding=3, lang=old.lang if old else "eng", desc="", text=values)
    else:
        frame = getattr(id3, name)(encoding=3, text=values)
    tags.add(frame)


# -- Vorbis comments, APEv2, ASF ----------------------------------------------------------------------------------


def _read_plain(tags: Any, name: str) -> list[str]:
    return [str(value) for value in tags[name]] if name in tags else []


def _write_plain(tags: Any, name: str, values: list[str]) -> None:
    if name in tags:
        del tags[name]
    if values:
        tags[name] = values


# -- MP4 ----------------------------------------------------------------------------------------------------------


def _read_mp4(tags: Any, name: str) -> list[str]:
    values = tags.get(_key_of(tags, name) if name.startswith(FREEFORM) else name, [])
    return [value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in values]


def _write_mp4(tags: Any, name: str, values: list[str]) -> None:
    key = _key_of(tags, name) if name.startswith(FREEFORM) else name
    tags.pop(key, None)
    if not values:
        return
    if name == "tmpo":
        tags[key] = [int(value) for value in values]
    elif name.startswith(FREEFORM):
        tags[key] = [value.encode("utf-8") for value in values]
    else:
        tags[key] = values


@dataclass(frozen=True)
class Access:
    """How one family reads and writes a tag."""

    read: Callable[[Any, str], list[str]]
    write: Callable[[Any, str, list[str]], None]


PLAIN = Access(_read_plain, _write_plain)
ACCESS = {
    "id3": Access(_read_id3, _write_id3), "vorbis": PLAIN, "opus": PLAIN, "mp4": Access(_read_mp4, _write_mp4),
    "asf": PLAIN, "ape": PLAIN,
}  # fmt: skip
"""Family -> its access."""
