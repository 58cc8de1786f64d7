"""The course of tracks whose instruments and levels over time are known."""

import json
from dataclasses import replace

import numpy as np
import pytest

from earmark import analyze
from earmark.audio.config import DEFAULT_FEATURES
from earmark.audio.earprint import Earprint
from earmark.audio.loudness import Loudness
from earmark.demo import PIECES, files
from earmark.descriptors.course import Course, Event, estimate, find_stretch, from_dict, line
from earmark.tagger.model import Activations
from earmark.tagger.tagset import TagGroup, Tagset

SECONDS = 180
TAGSET = Tagset((
    TagGroup("instrument", ("piano", "drums", "flute"), threshold=(0.4, 0.4, 0.4)),
    TagGroup("voice", ("vocals", "instrumental"), threshold=(0.4, 0.9)),
    TagGroup("character", ("solo",), threshold=(0.5,)),
    TagGroup("content", ("music",), threshold=(0.5,)),
))  # fmt: skip
NAMES = TAGSET.names()
HEARD, ABSENT = 3.0, -5.0  # logits: .95 and .007


def activations(**heard: list[tuple[float, float]]) -> Activations:
    """Of a track in which each tag, by its bare name, is heard in these stretches, seconds, and not elsewhere."""
    times = np.arange(0.5, SECONDS, 1, dtype=np.float32)
    logits = np.full((len(times), len(TAGSET)), ABSENT, np.float32)
    logits[:, NAMES.index("content/music")] = HEARD
    for tag, stretches in heard.items():
        column = next(i for i, name in enumerate(NAMES) if name.endswith(f"/{tag}"))
        for start, end in stretches:
            logits[(times > start) & (times < end), column] = HEARD
    return Activations(times, logits, np.ones((len(times), 2), np.float32), TAGSET)


def loudness(curve: list[float], silence_end: float = 0.0) -> Loudness:
    values = dict.fromkeys(("range_lu", "true_peak_dbtp", "sample_peak_dbfs", "max_momentary_lufs",
                            "max_short_term_lufs", "peak_to_loudness_db", "replaygain_db"), 0.0)  # fmt: skip
    return Loudness(**values, integrated_lufs=-14.0, replaygain_peak=1.0, silence_start=0.0, silence_end=silence_end,
                    curve=tuple(curve))  # fmt: skip


def earprint(levels: Loudness | None = None, seconds: float = SECONDS) -> Earprint:
    S = np.ones((int(seconds * DEFAULT_FEATURES.frame_rate), 96), np.float32)
    return Earprint(S, DEFAULT_FEATURES, seconds, "id", loudness=levels)


def events(levels: list[float] | None = None, **heard) -> list[tuple]:
    found = estimate(earprint(None if levels is None else loudness(levels)), activations(**heard))
    return [(e.kind, round(e.start), round(e.end), *e.tags) for e in found.events]


PIANO, DRUMS = "instrument/piano", "instrument/drums"


def test_drums_that_come_after_a_solo_piano():
    assert events(piano=[(0, 180)], drums=[(42, 180)], solo=[(0, 42)]) == [
        ("solo", 0, 42, PIANO),
        ("heard", 42, 180, DRUMS),
    ]


def test_only_a_tag_that_says_so_makes_a_solo():
    assert events(piano=[(0, 180)], drums=[(42, 180)])[0] == ("opening", 0, 42, PIANO)


@pytest.mark.parametrize("other", ["flute", "vocals"])
def test_with_anything_else_it_is_no_solo(other):
    found = events(piano=[(0, 180)], drums=[(42, 180)], solo=[(0, 42)], **{other: [(0, 180)]})
    assert found[0][0] == "opening"
    assert len(found[0]) == 5


def test_an_instrument_in_the_middle_and_one_that_leaves():
    found = events(piano=[(0, 180)], drums=[(60, 120)], flute=[(0, 100)])
    assert ("heard", 60, 120, DRUMS) in found
    assert ("heard", 0, 100, "instrument/flute") in found


def test_what_comes_together_is_told_together():
    assert events(piano=[(0, 180)], drums=[(42, 180)], vocals=[(44, 180)])[1:] == [
        ("heard", 42, 180, DRUMS, "voice/vocals")
    ]


@pytest.mark.parametrize(
    "stretches", [[(0, 180)], [(0, 60), (120, 180)], [(0, 5), (60, 180)], [(3, 180)], [(0, 60), (80, 100), (150, 165)]]
)
def test_what_does_not_surely_come_or_go_is_not_told(stretches):
    assert events(drums=stretches) == []


def test_before_it_comes_it_must_surely_be_absent():
    found = activations(drums=[(42, 180)])
    logits = found.logits.copy()
    logits[:42, NAMES.index(DRUMS)] = np.log(0.3 / 0.7)  # neither heard (.4) nor absent (.16)
    assert estimate(earprint(), replace(found, logits=logits)).events == ()


def test_a_tag_that_is_not_sure_of_the_track_must_be_surer_of_the_stretch():
    found = activations(drums=[(60, 90)])
    assert [e.kind for e in estimate(earprint(), found).events] == ["heard"]
    logits = found.logits.copy()
    logits[60:90, NAMES.index(DRUMS)] = np.log(0.65 / 0.35)  # above the threshold, below half the way to 1
    assert estimate(earprint(), replace(found, logits=logits)).events == ()


def test_where_it_is_no_music_nothing_is_heard():
    found = activations(drums=[(42, 180)])
    logits = found.logits.copy()
    logits[:, NAMES.index("content/music")] = ABSENT
    assert estimate(earprint(), replace(found, logits=logits)).events == ()


def test_that_nobody_sings_is_no_voice_that_comes():
    assert events(piano=[(0, 180)], instrumental=[(42, 180)]) == []


def test_in_silence_nothing_comes():
    curve = [-14.0] * 100 + [-70.0] * 78
    found = events(curve, piano=[(0, 100)], flute=[(103, 180)])
    assert [event for event in found if event[0] == "heard"] == []


def test_a_silent_track_has_no_events():
    quiet = replace(earprint(), S=np.zeros((1000, 96), np.float32))
    assert estimate(quiet, activations(drums=[(42, 180)])).events == ()


def test_without_activations_there_is_none_and_without_names_only_levels():
    assert estimate(earprint(), None) is None
    levels = loudness([-30.0] * 20 + [-14.0] * 158)
    found = estimate(earprint(levels), replace(activations(drums=[(42, 180)]), tagset=None))
    assert [event.kind for event in found.events] == ["quiet"]


@pytest.mark.parametrize(
    ("curve", "told"),
    [
        ([-14.0] * 178, []),
        ([-14.0, -12.0] * 89, []),
        ([-20.0] * 80 + [-12.0] * 45 + [-20.0] * 53, [("fullest", 82, 126)]),
        ([-20.0] * 80 + [-17.0] * 45 + [-20.0] * 53, []),  # too little
        ([-20.0] * 20 + [-12.0] * 140 + [-20.0] * 18, [("quiet", 0, 22), ("quiet", 160, 180)]),  # too much
        ([-20.0, -12.0] * 40 + [-12.0] * 45 + [-20.0, -12.0] * 26, []),  # as loud elsewhere
        ([-14.0] * 158 + list(np.linspace(-14, -34, 20)), [("fade", 158, 180)]),
        ([-14.0] * 158 + [-24.0, -22.0] * 10, [("quiet", 158, 180)]),
        ([-14.0] * 174 + [-40.0] * 4, []),  # dies away within seconds
    ],
)
def test_levels(curve, told):
    found = events(curve)
    assert [event[0] for event in found] == [event[0] for event in told]
    for (_, start, end), (_, wanted_start, wanted_end) in zip(found, told, strict=True):
        assert start == pytest.approx(wanted_start, abs=2)
        assert end == pytest.approx(wanted_end, abs=2)


def test_silence_at_the_end_is_no_quiet_end():
    levels = loudness([-14.0] * 140 + [-70.0] * 38, silence_end=38.0)
    assert estimate(earprint(levels), activations()).events == ()


def test_short_tracks_have_no_levels():
    assert estimate(earprint(loudness([-30.0] * 10 + [-14.0] * 10), 22.0), activations()).events == ()


@pytest.mark.parametrize("curve", [np.zeros(3), np.sin(np.arange(40.0)), np.r_[np.zeros(10), np.ones(8), np.zeros(20)]])
def test_the_stretch_is_that_of_least_squares(curve):
    n, least = len(curve), 4
    if n < 2 * least:
        assert find_stretch(curve, least) == (0, n)
        return

    def error(a: int, b: int) -> float:
        rest = np.r_[curve[:a], curve[b:]]
        higher = curve[a:b].mean() > rest.mean()
        return (curve[a:b].var() * (b - a) + rest.var() * len(rest)) if higher else np.inf

    starts, ends = [0, *range(least, n)], [*range(least, n - least + 1), n]
    errors = {(a, b): error(a, b) for a in starts for b in ends if b - a >= least and n - b + a >= least}
    assert errors[find_stretch(curve, least)] == pytest.approx(min(errors.values()))


def test_it_survives_json_and_has_a_line():
    found = Course(
        60.0, (Event("solo", 0.0, 42.0, (PIANO,)), Event("heard", 42.0, 60.0, (DRUMS,)), Event("fade", 50, 60))
    )
    assert from_dict(json.loads(json.dumps(found.to_dict()))) == found
    assert line(found) == "0:00 to 0:42 solo piano; 0:42 to 1:00 drums; 0:50 to 1:00 fade"
    assert line(Course(60.0)) == "nothing that surely comes or goes"


def test_a_composed_piano_piece_that_a_house_beat_follows(rendered, tmp_path):
    """The score says when the piano ends, and that synthesizers come within two bars after it."""
    piano, house = (next(piece for piece in PIECES if piece.name == name) for name in ("nocturne", "house"))
    together = np.concatenate([rendered["nocturne"], rendered["house"], rendered["house"]])
    files.encode(together, tmp_path / "both.flac", files.FORMATS[0])
    found = analyze(tmp_path / "both.flac").descriptors["course"]

    heard = {tag: event for event in found.events if event.kind == "heard" for tag in event.tags}
    change, bars = piano.seconds, 2 * 4 * 60 / house.bpm
    assert heard["instrument/synthesizer"].start == pytest.approx(change + bars / 2, abs=bars / 2 + 2)
    assert heard["instrument/synthesizer"].end == pytest.approx(found.seconds)
    assert "instrument/piano" not in heard or heard["instrument/piano"].end == pytest.approx(change, abs=2)
