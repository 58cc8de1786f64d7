"""Sound belongs to recordings, tags to files: what a track shows of the tags of all files that lead to it.

A track has the tags of its best described file; which file was heard first decides nothing. The words that it is found
by are those of all files, and a filter on a tag holds where any file has it (`in_any_file`).
"""

from collections.abc import Callable, Iterable
from dataclasses import astuple, replace

from earmark.audio.fileinfo import titled
from earmark.audio.filetags import FileTags
from earmark.catalogue.files import TAGS, FileState
from earmark.catalogue.filters import And, Filter, Not, OneOf, Or
from earmark.catalogue.language import language_of_lyrics
from earmark.catalogue.own import TAGS as OWN_TAGS
from earmark.catalogue.own import with_own_words
from earmark.catalogue.words import plain_words, search_text

WORDED = ("title", "artist", "album", "file_genre")
"""The columns of a track's files whose words are searched; its sure tags are too."""


def best_described(files: Iterable[FileState]) -> FileState | None:
    """The file with the most tags, by path among equals; None where no file's tags are known."""
    known = [file for file in files if file.info is not None]
    return min(known, key=lambda file: (-_n_tags(file), file.path), default=None)


def _n_tags(file: FileState) -> int:
    tags = file.info.tags
    named = tags.title != titled(FileTags(), file.path).title
    return sum(map(bool, (named, tags.artist, tags.album, tags.year, tags.genre)))


def columns_of_files(files: list[FileState], sure: Iterable[str], own: Iterable[str] = ()) -> dict:
    """The columns of a track that its files decide: their number, tags, and the text that words are looked for in.

    sure, own : the tags that the tagger is sure of, and those of the user's own, which are part of the text

    Without any file the tags stay as they were.
    """
    best = best_described(files)
    if best is None:
        return {"n_files": len(files)}
    words = [word for file in files if file.info for word in _words(file.info.tags)]
    shown = dict(zip(TAGS, astuple(best.info.tags), strict=True)) | lyrics_columns(lyrics_of(files))
    return {"n_files": len(files), **shown, "text": with_own_words(search_text(filter(None, (*words, *sure))), own)}


def lyrics_of(files: Iterable[FileState]) -> str:
    """The words of the song by the file that brings most of them."""
    return max((file.info.lyrics for file in files if file.info), key=len, default="")


def lyrics_columns(text: str) -> dict:
    """The columns of the words of a song: folded as words are that are searched for, and their language."""
    words, language = plain_words(text), language_of_lyrics(text)
    return {
        "lyrics": f" {' '.join(words)} " if words else None,
        "lyrics_language": language and language.code,
        "lyrics_confidence": language and language.confidence,
    }  # fmt: skip


def shown_text(row: dict) -> str:
    """The text that words are looked for in, of a track whose files are not known yet: of what it shows itself."""
    words = search_text(filter(None, (*(row[column] for column in WORDED), *(row["tags"] or ()))))
    return with_own_words(words, row.get(OWN_TAGS) or ())


def _words(tags: FileTags) -> tuple[str, ...]:
    return tags.title, tags.artist, tags.album, tags.genre


def after_writing(kept: Iterable[FileState], new: Iterable[FileState]) -> dict[str, list[FileState]]:
    """track_id -> the files that lead to it once `new` ones have replaced those of the same path among `kept`.

    Each is marked where it `differs` from what the track then shows.
    """
    tracks: dict[str, list[FileState]] = {}
    for file in ({file.path: file for file in kept} | {file.path: file for file in new}).values():
        if file.track_id is not None:
            tracks.setdefault(file.track_id, []).append(file)
    return {track_id: _marked(files) for track_id, files in tracks.items()}


def _marked(files: list[FileState]) -> list[FileState]:
    best = best_described(files)
    return [replace(file, differs=bool(file.info and file.info.tags != best.info.tags)) for file in files]


def in_any_file(where: Filter | None, tracks_with: Callable[[Filter], list[str]]) -> Filter | None:
    """The filter with every condition on a tag widened to the files whose tags the track does not show.

    tracks_with : the ids of tracks that have such a file, for one condition
    """
    match where:
        case None:
            return None
        case And(parts) | Or(parts):
            return type(where)(tuple(in_any_file(part, tracks_with) for part in parts))
        case Not(part):
            return Not(in_any_file(part, tracks_with))
    if where.field not in TAGS:
        return where
    ids = tracks_with(where)
    return Or((where, OneOf("track_id", tuple(ids)))) if ids else where
