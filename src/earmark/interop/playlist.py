"""Lists of tracks as files that players read: M3U8, XSPF, JSPF, CSV, JSON and rekordbox XML."""

import csv
import json
import os
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree as ET

from earmark.catalogue.track import Track
from earmark.errors import ConfigError, FileError, as_unicode
from earmark.files import whole_file
from earmark.interop.paths import Place, Root, place_of
from earmark.interop.profile import PROFILES
from earmark.interop.rekordbox import collection
from earmark.interop.spreadsheet import cell
from earmark.interop.values import energy_level, key_text, sure_bpm, sure_key
from earmark.interop.xmltext import xml_text

SUFFIXES = {
    ".m3u8": "m3u8", ".m3u": "m3u8", ".xspf": "xspf", ".jspf": "jspf", ".csv": "csv",
    ".json": "json", ".xml": "rekordbox",
}  # fmt: skip
XSPF = "http://xspf.org/ns/0/"
SURE = PROFILES["rekordbox"]  # whose gates tempo and key pass in every list

Listed = tuple[Track, Place]


@dataclass(frozen=True)
class PlaylistReport:
    """What was written.

    Attributes
    ----------
    n_tracks : tracks of the list
    n_found : those whose file is found where the list says
    missing : paths of the others; ids of tracks that have no file
    left_out : those of them that are not in the list: without a file, or with a path that its format cannot hold
    """

    n_tracks: int
    n_found: int
    missing: tuple[str, ...]
    left_out: tuple[str, ...]


def write_playlist(
    path: str | os.PathLike,
    tracks: Iterable[Track],
    form: str | None = None,
    roots: Sequence[Root] = (),
    name: str = "",
) -> PlaylistReport:
    """Write tracks as a list, in their order.

    Parameters
    ----------
    form : ``m3u8``, ``xspf``, ``jspf``, ``csv``, ``json`` or ``rekordbox``; by default that of the suffix
    roots : where the folders of this machine are for the program that reads the list; without any, paths of m3u8 are
        relative to the list and all others are absolute
    name : of the list; by default that of the file

    Raises
    ------
    ConfigError : no such format
    FileError : the list cannot be written
    """
    path = Path(path)
    form = form or SUFFIXES.get(path.suffix.lower(), path.suffix)
    if form not in FORMS:
        raise ConfigError(form, "no format of a playlist", f"There are: {', '.join(FORMS)}.")
    beside = Path(os.path.realpath(path)).parent if form == "m3u8" else None
    placed = [(track, place_of(track, tuple(roots), beside)) for track in tracks]
    listed = [(track, place) for track, place in placed if place is not None and can_hold(form, place.there)]
    try:
        with whole_file(path) as draft:
            FORMS[form](draft, listed, name or path.stem)
    except OSError as error:
        raise FileError(path, f"cannot be written ({error.strerror or error})", "Choose another place.") from error
    return _report(placed, listed)


def _report(placed: list[tuple[Track, Place | None]], listed: list[Listed]) -> PlaylistReport:
    kept = {track.track_id for track, _ in listed}
    names = {track.track_id: place.path if place else track.track_id for track, place in placed}
    found = {track.track_id for track, place in listed if place.found}
    missing, left_out = (tuple(names[i] for i in names if i not in ids) for ids in (found, kept))
    return PlaylistReport(len(placed), sum(track.track_id in found for track, _ in placed), missing, left_out)


def with_missing(report: PlaylistReport, names: Sequence[str]) -> PlaylistReport:
    """The report of a list that has these tracks besides, whose files are gone."""
    missing, left_out = ((*known, *names) for known in (report.missing, report.left_out))
    return replace(report, n_tracks=report.n_tracks + len(names), missing=missing, left_out=left_out)


def can_hold(form: str, path: str) -> bool:
    """Whether a format can hold a path: m3u8 is UTF-8, a path a line; csv and json are UTF-8; addresses hold bytes."""
    forbidden = {"m3u8": "[\r\n\ud800-\udfff]", "csv": "[\ud800-\udfff]", "json": "[\ud800-\udfff]"}.get(form)
    return forbidden is None or not re.search(forbidden, path)


def address(path: str) -> str:
    """``file:///music/a%20b.flac`` for an absolute path, ``a%20b.flac`` for a relative one."""
    quoted = quote(os.fsencode(path.replace("\\", "/") if re.match(r"[A-Za-z]:\\", path) else path))
    if re.match(r"[A-Za-z]%3A/", quoted):
        return f"file:///{quoted[0]}:{quoted[4:]}"
    return f"file://{quoted}" if quoted.startswith("/") else quoted


def _write_m3u8(path: Path, listed: list[Listed], name: str) -> None:
    lines = ["#EXTM3U", f"#PLAYLIST:{_one_line(name)}"]
    for track, place in listed:
        lines.append(f"#EXTINF:{round(track.duration)},{_one_line(_shown_name(track))}")
        lines.append(f"./{place.there}" if place.there.startswith("#") else place.there)
    path.write_bytes(("\n".join(lines) + "\n").encode("utf-8"))


def _shown_name(track: Track) -> str:
    artist = track.analysis.file_tags.artist
    return f"{artist} - {track.title}" if artist else track.title


def _one_line(text: str) -> str:
    return " ".join(as_unicode(text).split())


def _write_xspf(path: Path, listed: list[Listed], name: str) -> None:
    ET.register_namespace("", XSPF)
    root = ET.Element(f"{{{XSPF}}}playlist", version="1")
    ET.SubElement(root, f"{{{XSPF}}}title").text = xml_text(name)
    tracks = ET.SubElement(root, f"{{{XSPF}}}trackList")
    for track, place in listed:
        one = ET.SubElement(tracks, f"{{{XSPF}}}track")
        for tag, text in _facts(track, place).items():
            ET.SubElement(one, f"{{{XSPF}}}{tag}").text = xml_text(text)
    ET.ElementTree(root).write(path, "utf-8", xml_declaration=True)


def _facts(track: Track, place: Place) -> dict[str, str]:
    """In the order that XSPF has; without what is not known."""
    tags = track.analysis.file_tags
    facts = {"location": address(place.there), "title": track.title, "creator": tags.artist, "album": tags.album}
    return {name: text for name, text in facts.items() if text} | {"duration": str(round(1000 * track.duration))}


def _write_jspf(path: Path, listed: list[Listed], name: str) -> None:
    tracks = []
    for track, place in listed:
        facts = _facts(track, place)
        tracks.append(facts | {"location": [facts["location"]], "duration": int(facts["duration"])})
    text = json.dumps({"playlist": {"title": as_unicode(name), "track": tracks}}, ensure_ascii=False, indent=1)
    path.write_text(text, encoding="utf-8")


COLUMNS = ("path", "title", "artist", "album", "year", "duration", "bpm", "key", "camelot", "energy", "track_id")


def _write_csv(path: Path, listed: list[Listed], name: str) -> None:
    with open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows([cell(value) for value in _row(track, place)] for track, place in listed)


def _row(track: Track, place: Place) -> tuple:
    tags, bpm, key = track.analysis.file_tags, sure_bpm(track, SURE), sure_key(track, SURE)
    texts = [key_text(key, notation) if key else "" for notation in ("standard", "camelot")]
    known = (place.there, track.title, tags.artist, tags.album, tags.year or "", round(track.duration, 3))
    return (*known, "" if bpm is None else round(bpm, 2), *texts, energy_level(track) or "", track.track_id)


def _write_json(path: Path, listed: list[Listed], name: str) -> None:
    rows = (dict(zip(COLUMNS, _row(track, place), strict=True)) for track, place in listed)
    tracks = [{key: as_unicode(x) if isinstance(x, str) else x for key, x in row.items() if x != ""} for row in rows]
    text = json.dumps({"name": as_unicode(name), "tracks": tracks}, ensure_ascii=False, indent=1)
    path.write_text(text + "\n", encoding="utf-8")


def _write_rekordbox(path: Path, listed: list[Listed], name: str) -> None:
    ET.ElementTree(collection(listed, name)).write(path, "utf-8", xml_declaration=True)


FORMS: dict[str, Callable[[Path, list[Listed], str], None]] = {
    "m3u8": _write_m3u8, "xspf": _write_xspf, "jspf": _write_jspf, "csv": _write_csv, "json": _write_json,
    "rekordbox": _write_rekordbox,
}  # fmt: skip
"""Format -> what writes it."""
