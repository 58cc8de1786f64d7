from dataclasses import replace

import pytest

from earmark import __version__
from earmark.audio.config import FeatureConfig
from earmark.audio.listen import listen
from earmark.descriptors.key import Key
from earmark.descriptors.loudness import estimate
from earmark.interop.profile import Profile
from earmark.interop.values import energy_level, key_text, number, sure_bpm, sure_key, values_of, written
from sounds import chord, write_sound
from tagged import HEARD, KEY, RHYTHM, track_of, write_kind

ALL = Profile("all", ("bpm", "key", "mood", "genre", "style", "grouping", "energy", "gain", "comment", "own"))


@pytest.fixture
def track(tmp_path):
    return lambda **changes: track_of(write_kind(tmp_path / "song.flac"), **changes)


def test_every_field_of_a_track_of_which_everything_is_sure(track):
    assert values_of(track(), ALL) == {
        "bpm": ("128",), "key": ("Bbm",), "mood": ("Happy", "Joyful"), "genre": ("Rock",), "style": ("Classic Rock",),
        "grouping": ("Dancing",), "energy": ("7",), "gain": ("-8.54 dB",), "peak": ("1.024472",), "r128": ("-3466",),
        "comment": ("[earmark: energy 7; mood happy, joyful]",), "own_bpm": ("127.96",),
        "own_bpm_confidence": ("0.900",), "own_key": ("Bb minor",), "own_key_confidence": ("0.850",),
        "own_energy": ("0.6800",), "own_loudness": ("-9.46",), "own_version": (f"{__version__}; tags:tiny@1 tempo:1",),
    }  # fmt: skip


def test_nothing_is_said_of_what_is_not_known(track):
    assert set(values_of(track(tags={}, descriptors={}), ALL)) == {"own_version"}


@pytest.mark.parametrize(
    "unsure",
    [{"confidence": 0.3}, {"octave_confidence": 0.5}, {"octave_confidence": None}, {"bpm": None}],
)
def test_a_tempo_needs_a_sure_pulse_and_a_sure_octave(track, unsure):
    rhythm = replace(RHYTHM, **unsure)
    assert sure_bpm(track(descriptors={"tempo": RHYTHM}), ALL) == RHYTHM.bpm
    assert sure_bpm(track(descriptors={"tempo": rhythm}), ALL) is None
    if rhythm.bpm:
        said = replace(track(descriptors={"tempo": rhythm}), corrections={"tempo": "64"})
        assert sure_bpm(said, ALL) == rhythm.bpm
        open_gates = Profile("open", ("bpm",), gates={"tempo_confidence": 0, "tempo_octave_confidence": 0})
        assert sure_bpm(track(descriptors={"tempo": rhythm}), open_gates) == rhythm.bpm


def test_a_corrected_metre_does_not_make_the_tempo_sure(track):
    rhythm = replace(RHYTHM, confidence=0.1, corrected=True)
    assert sure_bpm(replace(track(descriptors={"tempo": rhythm}), corrections={"metre": "3/4"}), ALL) is None


def test_a_key_needs_its_gate_or_the_user(track):
    unsure = replace(KEY, confidence=0.2)
    assert sure_key(track(descriptors={"key": unsure}), ALL) is None
    assert sure_key(track(descriptors={"key": replace(unsure, corrected=True)}), ALL) is not None
    assert sure_key(track(descriptors={"key": Key()}), ALL) is None


@pytest.mark.parametrize(
    ("tonic", "mode", "texts"),
    [("A", "minor", ("Am", "8A", "1m")), ("C", "major", ("C", "8B", "1d")), ("F#", "minor", ("F#m", "11A", "4m")),
     ("D#", "major", ("Eb", "5B", "10d")), ("A#", "minor", ("Bbm", "3A", "8m")), ("E", "major", ("E", "12B", "5d"))],
)  # fmt: skip
def test_three_notations_of_a_key(tonic, mode, texts):
    key = Key(tonic, mode)
    assert tuple(key_text(key, notation) for notation in ("standard", "camelot", "openkey")) == texts
    assert len(texts[0]) <= 3  # the room that TKEY has


@pytest.mark.parametrize(("energy", "level"), [(0.0, 1), (0.099, 1), (0.1, 2), (0.68, 7), (0.99, 10), (1.0, 10)])
def test_energy_goes_from_1_to_10(track, energy, level):
    found = track()
    descriptors = found.descriptors | {"energy": replace(found.descriptors["energy"], value=energy)}
    assert energy_level(track(descriptors=descriptors)) == level


def test_names_have_no_character_at_which_programs_part_values():
    assert [written(tag) for tag in ("hiphop", "r&b", "a;b/c,d", "new age")] == ["Hip-Hop", "R&B", "A B C D", "New Age"]
    assert [number(120.0, 2), number(127.96, 2), number(127.5, 0), number(100, 0)] == ["120", "127.96", "128", "100"]


def test_only_sure_tags_and_no_more_than_wanted(track):
    one = Profile("one", ("mood", "genre"), most={"mood": 1})
    unsure = HEARD | {"genre": [replace(HEARD["genre"][0], sure=False)]}
    assert values_of(track(tags=unsure), one) == {"mood": ("Happy",)}


def test_the_gain_in_the_head_of_opus_is_in_the_sound_that_is_measured(tmp_path):
    """So R128_TRACK_GAIN, which players add to it (RFC 7845), needs nothing of it."""
    path = write_sound(tmp_path / "song.opus", chord(3.0, sr=48_000))
    before = estimate(listen(path, FeatureConfig())).integrated_lufs
    with_gain(path, 6 * 256)
    assert estimate(listen(path, FeatureConfig())).integrated_lufs == pytest.approx(before + 6, abs=0.1)


def with_gain(path, gain: int) -> None:
    """Set the output gain of the first page of an opus file, with the checksum that Ogg wants."""
    from mutagen.ogg import OggPage

    with open(path, "rb+") as file:
        page = OggPage(file)
        head = bytearray(page.packets[0])
        head[16:18] = gain.to_bytes(2, "little", signed=True)
        page.packets = [bytes(head)]
        file.seek(0)
        file.write(page.write())
