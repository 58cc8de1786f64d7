"""Tracks as the XML that rekordbox, and programs that read its collections, import.

Source: "rekordbox XML format list" by AlphaTheta (Pioneer DJ), version 1.0.0.
"""

import os
import re
from collections.abc import Iterable
from pathlib import PurePath
from urllib.parse import quote
from xml.etree import ElementTree as ET

import numpy as np

from earmark import __version__
from earmark.catalogue.track import Track
from earmark.descriptors.tempo import Rhythm
from earmark.interop.paths import Place
from earmark.interop.profile import PROFILES
from earmark.interop.values import energy_level, key_text, sure_bpm, sure_key, values_of
from earmark.interop.xmltext import xml_text

PROFILE = PROFILES["rekordbox"]
STABLE = 0.8
"""Stability of a tempo from which one line of a grid fits the whole track; hand-set."""
KINDS = {"mp3": "MP3 File", "m4a": "M4A File", "wav": "WAV File", "aiff": "AIFF File", "aif": "AIFF File",
         "flac": "FLAC File"}  # fmt: skip
PLAYLIST, FOLDER = "1", "0"
COLOURS = ("0x0000FF", "0x25FDE9", "0x00FF00", "0xFFA500", "0xFF0000")
"""Five of rekordbox's eight colours, for energy from 1 and 2 (blue) to 9 and 10 (red)."""
MEMORY = "-1"  # number of a cue that is no hot cue


def collection(listed: Iterable[tuple[Track, Place]], name: str) -> ET.Element:
    """The whole file: a collection of the tracks, each once, and one list with all of them in their order."""
    root = ET.Element("DJ_PLAYLISTS", Version="1.0.0")
    ET.SubElement(root, "PRODUCT", Name="earmark", Version=__version__, Company="")
    tracks = ET.SubElement(root, "COLLECTION")
    numbers: dict[str, str] = {}
    order = []
    for track, place in listed:
        if track.track_id not in numbers:
            numbers[track.track_id] = str(len(numbers) + 1)
            tracks.append(_track(track, place, numbers[track.track_id]))
        order.append(numbers[track.track_id])
    tracks.set("Entries", str(len(numbers)))
    _add_list(root, name, order)
    return root


def _add_list(root: ET.Element, name: str, order: list[str]) -> None:
    top = ET.SubElement(ET.SubElement(root, "PLAYLISTS"), "NODE", Type=FOLDER, Name="ROOT", Count="1")
    node = ET.SubElement(top, "NODE", Name=xml_text(name), Type=PLAYLIST, KeyType="0", Entries=str(len(order)))
    for number in order:
        ET.SubElement(node, "TRACK", Key=number)


def _track(track: Track, place: Place, number: str) -> ET.Element:
    attributes = {"TrackID": number} | _attributes(track, place)
    element = ET.Element("TRACK", {name: xml_text(text) for name, text in attributes.items() if text})
    _add_grid(element, track)
    _add_cues(element, track)
    return element


def _attributes(track: Track, place: Place) -> dict[str, str]:
    tags, bpm, key = track.analysis.file_tags, sure_bpm(track, PROFILE), sure_key(track, PROFILE)
    values = values_of(track, PROFILE)
    file = next(file for file in track.files if file.path == place.path)
    suffix = PurePath(place.path).suffix[1:].lower()
    return {
        "Name": track.title, "Artist": tags.artist, "Album": tags.album,
        "Genre": tags.genre or "".join(values.get("genre", ())), "Kind": KINDS.get(suffix, f"{suffix.upper()} File"),
        "Size": str(file.size), "TotalTime": str(round(track.duration)), "Year": str(tags.year or ""),
        "AverageBpm": "" if bpm is None else f"{bpm:.2f}", "Comments": "".join(values.get("comment", ())),
        "Tonality": key_text(key, "standard") if key else "", "Colour": _colour(track),
        "Location": location(place.there),
    }  # fmt: skip


def _colour(track: Track) -> str:
    level = energy_level(track)
    return COLOURS[(level - 1) // 2] if level else ""


def location(path: str) -> str:
    """``file://localhost/music/a%20b.flac``; ``file://localhost/C:/...`` for a path of Windows."""
    if re.match(r"[A-Za-z]:[\\/]", path):
        return f"file://localhost/{path[:2]}{quote(path[2:].replace(chr(92), '/'))}"
    return f"file://localhost{quote(os.fsencode(path))}"


def _add_grid(element: ET.Element, track: Track) -> None:
    """One line of a grid, where the tempo is sure and steady; nothing where it would run away from the music."""
    rhythm: Rhythm | None = track.descriptors.get("tempo")
    bpm = sure_bpm(track, PROFILE)
    if bpm is None or rhythm.stability < STABLE or not len(rhythm.beats):
        return
    metre = rhythm.metre or "4/4"
    first = float(rhythm.beats[0])
    ET.SubElement(
        element, "TEMPO", Inizio=f"{first:.3f}", Bpm=f"{bpm:.2f}", Metro=metre, Battito=str(_beat_in_bar(rhythm, metre))
    )


def _beat_in_bar(rhythm: Rhythm, metre: str) -> int:
    """The number in its bar of the first beat: 1 where no first beat of a bar is known."""
    if not len(rhythm.downbeats):
        return 1
    before = int(np.searchsorted(rhythm.beats, rhythm.downbeats[0] - 0.01))  # beats ahead of the first bar's own
    return (-before) % int(metre.split("/")[0]) + 1


def _add_cues(element: ET.Element, track: Track) -> None:
    """A memory cue where each section begins, named by its letter."""
    structure = track.descriptors.get("structure")
    if structure is None:
        return
    for start, label in zip((0.0, *structure.boundaries), structure.labels, strict=False):
        ET.SubElement(element, "POSITION_MARK", Name=label, Type="0", Start=f"{start:.3f}", Num=MEMORY)
