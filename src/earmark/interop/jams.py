"""A track as JAMS (JSON Annotated Music Specification 0.3): tempo, beats, key, tags, sections, mood.

Written as plain JSON; the package of that name holds the schema and checks it in the tests.
Source: Humphrey et al. 2014, "JAMS: a JSON annotated music specification for reproducible MIR research".
"""

from typing import Any

from earmark import __version__
from earmark.analysis import join_versions
from earmark.catalogue.track import Track
from earmark.errors import as_unicode

VERSION = "0.3.5"


def to_jams(track: Track) -> dict:
    """The JSON object of one track; what is not known has no annotation. Confidences are ours, 0 to 1."""
    tags = track.analysis.file_tags
    found = [*_rhythm(track), *_key(track), *_tags(track), *_sections(track), *_mood(track)]
    return {
        "file_metadata": {
            "title": tags.title, "artist": tags.artist, "release": tags.album, "duration": track.duration,
            "identifiers": {"earmark": track.track_id}, "jams_version": VERSION,
        },
        "annotations": [_annotation(track, namespace, data) for namespace, data in found if data],
        "sandbox": {
            "path": None if track.path is None else as_unicode(track.path), "earmark": __version__,
            "model": {"id": track.analysis.model_id, "version": track.analysis.model_version},
            "analysis_version": join_versions(track.analysis.versions),
        },
    }  # fmt: skip


Found = list[tuple[str, list[dict]]]


def _annotation(track: Track, namespace: str, data: list[dict]) -> dict:
    tool = f"earmark {__version__}, model {track.analysis.model_id} {track.analysis.model_version}"
    return {
        "namespace": namespace, "data": data, "time": 0.0, "duration": track.duration, "sandbox": {},
        "annotation_metadata": {
            "curator": {"name": "", "email": ""}, "annotator": {}, "version": __version__, "corpus": "",
            "annotation_tools": tool, "annotation_rules": "", "validation": "", "data_source": "program",
        },
    }  # fmt: skip


def _observation(time: float, duration: float, value: Any, confidence: float | None = None) -> dict:
    return {"time": time, "duration": duration, "value": value, "confidence": confidence}


def _rhythm(track: Track) -> Found:
    rhythm = track.descriptors.get("tempo")
    if rhythm is None or rhythm.bpm is None:
        return []
    first = set(map(float, rhythm.downbeats))
    beats, number = [], 0
    for time in map(float, rhythm.beats):
        number = 1 if time in first else number + 1 if number else 0
        beats.append(_observation(time, 0.0, number or None))
    tempo = _observation(0.0, track.duration, rhythm.bpm, min(1.0, max(0.0, rhythm.confidence)))
    return [("tempo", [tempo]), ("beat", beats)]


def _key(track: Track) -> Found:
    key = track.descriptors.get("key")
    if key is None or key.tonic is None:
        return []
    return [("key_mode", [_observation(0.0, track.duration, f"{key.tonic}:{key.mode}", key.confidence)])]


def _tags(track: Track) -> Found:
    sure = [(group, hit) for group, hits in track.tags.items() if group != "scale" for hit in hits if hit.sure]
    named = [_observation(0.0, track.duration, f"{group}/{hit.tag}", round(hit.probability, 4)) for group, hit in sure]
    return [("tag_open", named)]


def _sections(track: Track) -> Found:
    structure = track.descriptors.get("structure")
    if structure is None:
        return []
    starts = [0.0, *structure.boundaries]
    ends = [*structure.boundaries, max(track.duration, starts[-1])]
    parts = zip(starts, ends, structure.labels, strict=False)
    return [("segment_open", [_observation(start, end - start, label) for start, end, label in parts])]


def _mood(track: Track) -> Found:
    """Valence and arousal, -1 to 1, of the tagger's scales from 0 to 1."""
    scale = {hit.tag: hit.probability for hit in track.tags.get("scale", [])}
    if not {"valence", "energy"} <= scale.keys():
        return []
    value = [round(2 * scale[name] - 1, 4) for name in ("valence", "energy")]
    return [("mood_thayer", [_observation(0.0, track.duration, value)])]
