"""FFmpeg's metadata as fields: Vorbis comments, RIFF INFO, ASF, Matroska and every other kind of tags."""

from collections.abc import Mapping

from earmark.audio.filetags.bounds import MAX_VALUE, Fields

NAMES = {
    "title": ("title",),
    "artist": ("artist", "author"),
    "album": ("album", "wm/albumtitle"),
    "date": ("date", "year", "wm/year", "date_released"),
    "originaldate": ("originaldate", "originalyear", "wm/originalreleaseyear"),
    "genre": ("genre", "wm/genre"),
}


def metadata_fields(metadata: Mapping[str, str], vorbis: bool) -> Fields:
    """The fields that FFmpeg read.

    Parameters
    ----------
    metadata : names, in lower case, and values as FFmpeg gives them
    vorbis : they are Vorbis comments, of which FFmpeg joins equal names with semicolons
    """
    found = {
        field: next((metadata[name] for name in names if metadata.get(name)), "") for field, names in NAMES.items()
    }
    texts = {field: text[:MAX_VALUE] for field, text in found.items() if text}
    return {field: text.split(";") if vorbis else [text] for field, text in texts.items()}
