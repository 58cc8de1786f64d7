"""Invented music: what is composed is checked note by note; what is played, only where mma and FluidSynth are."""

import csv
import shutil
from dataclasses import replace

import numpy as np
import pytest

mido = pytest.importorskip("mido")

from earmark.audio.decode import load_audio  # noqa: E402
from earmark.errors import DataError  # noqa: E402
from earmark_research.music import composed, rendered  # noqa: E402
from earmark_research.music import mma as arranged  # noqa: E402

SECOND = rendered.SR
FILES = "metal1 blues bluegrass reggae hiphop boneym soul techno swing bebop samba waltz".split()
FILES += "folk march ballad rock 60spop".split()
needs_players = pytest.mark.skipif(
    not (shutil.which("mma") and shutil.which("fluidsynth") and rendered.SOUNDFONT.is_file()),
    reason="mma, fluidsynth or the soundfont FluidR3 is not installed",
)


@pytest.fixture
def library(tmp_path):
    """A library of one file a family, each with a groove that is music, and two that are none alone."""
    folder = tmp_path / "lib" / "some"
    folder.mkdir(parents=True)
    for name in FILES:
        time = {"waltz": "Time 3", "blues": "time 6/8", "march": "Time 6 // eighths"}.get(name, "Time 4")
        grooves = "".join(f"\nDefGroove {name}{kind}  words" for kind in ("", "Intro", "End"))
        (folder / f"{name}.mma").write_text(f"// {name}\n  {time}\n{grooves}\n", encoding="utf-8")
    return folder.parent


def pieces(library, n, seed=0):
    grooves = arranged.read_grooves(library)
    return [arranged.compose(np.random.default_rng([seed, number]), grooves) for number in range(n)]


@pytest.mark.parametrize(
    ("numeral", "tonic", "chord"),
    [
        ("I", 0, (0, "")),
        ("bVII7", 0, (10, "7")),
        ("ii7b5", 2, (4, "m7b5")),
        ("i5", 9, (9, "5")),
        ("IVM7", 7, (0, "M7")),
    ],
)
def test_numerals_become_chords(numeral, tonic, chord):
    assert composed.parse(numeral, tonic) == chord


def test_every_progression_can_be_played():
    for texts in composed.PROGRESSIONS.values():
        for numeral in " ".join(texts).replace(",", " ").split():
            root, quality = composed.parse(numeral, 11)
            assert 0 <= root < 12
            assert quality in composed.QUALITIES, numeral


def test_styles_hold_together():
    for name, style in composed.STYLES.items():
        assert set(style.idioms) <= set(composed.PROGRESSIONS), name
        assert style.weight > 0
        assert style.tempo[0] < style.tempo[1]
        for figure in style.comp_figures + style.bass_figures:
            assert len(figure) == 16, (name, figure)
            assert set(figure) <= set("x-.0123456789"), (name, figure)
        assert all(0 <= program < 128 for program in style.leads + style.comp + style.bass + style.kits)
    assert len(arranged.PROGRAMS) == 128
    assert (arranged.PROGRAMS[30], arranged.PROGRAMS[66], arranged.PROGRAMS[127]) == (
        "Distortion Guitar", "Tenor Sax", "Gunshot",
    )  # fmt: skip


def test_the_key_and_mode_are_those_of_the_chords():
    for seed in range(20):
        bars, key, mode = composed.chords(np.random.default_rng(seed), "metal", 6)
        assert len(bars) == 6
        assert mode == "minor"
        assert (composed.KEYS.index(key), "5") in sum(bars, [])
    assert {composed.chords(np.random.default_rng(s), "three", 4)[2] for s in range(9)} == {"major"}


def test_a_figure_plays_the_chord_of_its_moment():
    bars = [[(0, "")], [(5, ""), (7, "7")]]  # C | F G7
    notes = composed.figured(bars, 4, "0-......x...2...", low=48, velocity=80)

    assert [(start, pitch) for start, _, pitch, _ in notes] == [
        (0, 48), (2, 48), (2, 52), (2, 55), (3, 55),
        (4, 53), (6, 55), (6, 59), (6, 62), (6, 65), (7, 62),
    ]  # fmt: skip
    assert [notes[0][1], notes[1][1]] == pytest.approx([0.5, 0.45])  # two steps held; one, and a little over the rest


def test_a_digit_beyond_the_chord_is_its_tone_an_octave_up():
    (note,) = composed.figured([[(0, "")]], 4, "3...............", low=48, velocity=80)
    assert note[2] == 60


@pytest.mark.parametrize("beats", [3, 4])
def test_a_melody_rests_on_the_chord_and_keeps_to_the_scale(beats):
    scale = {0, 2, 4, 5, 7, 9, 11}
    bars = [[(0, "")], [(9, "m")], [(5, "")], [(7, "7")]] * 3
    for seed in range(5):
        notes = composed.melody(np.random.default_rng(seed), bars, beats, scale)
        assert len(notes) > 4
        for start, length, pitch, _ in notes:
            root, quality = composed.chord_at(bars, beats, start)
            tones = {(root + i) % 12 for i in composed.QUALITIES[quality]}
            assert pitch % 12 in (tones if start % 1 == 0 else scale)
            assert 0 <= start < start + length <= beats * len(bars)


def test_swing_moves_the_half_beat_alone():
    notes = [(float(start), 0.2, 60, 80) for start in (4, 4.25, 4.5, 4.75, 5)]
    starts = [note[0] for note in composed.swung(notes, 0.66, np.random.default_rng(0))]
    assert starts == pytest.approx([4, 4.33, 4.66, 4.83, 5], abs=0.05)


def test_the_library_is_read(library):
    grooves = {groove.name: groove for groove in arranged.read_grooves(library)}
    assert len(grooves) == 3 * len(FILES)
    assert {groove.family for groove in grooves.values()} == {n for n, style in composed.STYLES.items() if style.files}
    assert grooves["some/waltz:waltz"] == arranged.Groove("some/waltz:waltz", "waltz", 3)
    assert grooves["some/blues:blues"].beats == 3  # 6/8: mma counts quarters
    assert grooves["some/march:marchIntro"].beats == 6


def test_pieces_are_the_same_again_and_last_long_enough(library):
    first = pieces(library, 300)

    assert first == pieces(library, 300)
    assert first[:20] != pieces(library, 20, seed=1)
    assert {piece.family for piece in first} == set(composed.STYLES)
    assert 0.1 < sum(piece.groove is None for piece in first) / 300 < 0.22
    assert 0.5 < sum(any(part.role == "lead" for part in piece.parts) for piece in first) / 300 < 0.8
    for piece in first:
        assert 13 < len(piece.chords) * piece.beats * 60 / piece.tempo < 21
        assert piece.groove is None or piece.groove.name.endswith(tuple(FILES))


def test_the_text_for_mma(library):
    piece = next(piece for piece in pieces(library, 50) if piece.groove and piece.beats == 4)
    piece = replace(piece, tempo=100, seed=7, intro="x:In", chords=[[(0, "m7")], [(5, ""), (7, "7")], [(6, "5")]])
    assert arranged.mma_text(piece).splitlines() == [
        "RndSeed 7", "Tempo 100", "Groove x:In", "1 Cm7@1", "2 F@1 G7@3", f"Groove {piece.groove.name}", "3 F#5@1",
    ]  # fmt: skip


def accompaniment():
    """As mma writes it: a track each for tempo, drums, bass and chords."""
    midi = mido.MidiFile(ticks_per_beat=arranged.TICKS)
    midi.tracks.append(mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=500_000)]))
    for name, channel, program in (("Drum", 9, 0), ("Bass", 12, 33), ("Chord", 15, 0)):
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=name)])
        track += [mido.Message("program_change", channel=channel, program=program)]
        track += [mido.Message("note_on", channel=channel, note=40), mido.Message("note_off", channel=channel, note=40)]
        midi.tracks.append(track)
    return midi


@pytest.mark.parametrize(
    ("own", "mute", "heard"),
    [
        (False, "", "Acoustic Grand Piano,Fingered Bass,Flute,Drums"),
        (False, "drums", "Acoustic Grand Piano,Fingered Bass,Flute"),
        (False, "melodic", "Fingered Bass,Flute,Drums"),
        (True, "", "Nylon Guitar,Acoustic Bass,Flute,Drums"),
        (True, "melodic", "Acoustic Bass,Flute,Drums"),
    ],
)
def test_own_parts_replace_those_of_mma(library, own, mute, heard):
    parts = [composed.Part(role, n, [(0, 1, 60, 80)]) for role, n in (("lead", 73), ("comp", 24), ("bass", 32))]
    midi = accompaniment()
    arranged.arrange(replace(pieces(library, 1)[0], parts=parts, own=own, mute=mute), midi)
    assert arranged.sounding(midi) == heard.split(",")


def test_a_groove_of_chords_alone_is_never_muted(library):
    midi = accompaniment()
    del midi.tracks[1:3]
    arranged.arrange(replace(pieces(library, 1)[0], parts=[], own=False, mute="melodic"), midi)
    assert arranged.sounding(midi) == ["Acoustic Grand Piano"]


def test_programs_give_way_to_relatives_only():
    heard = set()
    for seed in range(40):
        midi = accompaniment()
        arranged.substitute(np.random.default_rng(seed), midi, kits=(25,))
        heard |= set(arranged.sounding(midi))
        assert [m.program for m in midi.tracks[1] if m.type == "program_change"] == [25]
    related = {arranged.PROGRAMS[n] for group in arranged.RELATIVES if {0, 33} & set(group) for n in group}
    assert {"Acoustic Grand Piano", "Fingered Bass"} < heard <= related | {"Drums"}


def test_silence_is_cut_and_much_sound_too():
    y = np.zeros((30 * SECOND, 2), np.float32)
    y[SECOND : 9 * SECOND, 0] = 0.5
    assert rendered.trim(y.copy()).shape == (8 * SECOND, 2)
    y[SECOND:] = 0.5
    assert len(rendered.trim(y)) == 16 * SECOND
    assert abs(rendered.trim(y)[-1]).max() < 1e-3


@pytest.mark.parametrize("n_sounding", [0, 10, 2 * SECOND])
def test_hardly_a_sound_is_refused(n_sounding):
    y = np.zeros((10 * SECOND, 2), np.float32)
    y[:n_sounding] = 0.5
    with pytest.raises(DataError, match="hardly a sound"):
        rendered.trim(y)


@pytest.mark.parametrize("program", ["mma", "fluidsynth"])
def test_a_missing_program_is_named(tmp_path, monkeypatch, program):
    monkeypatch.setattr(shutil, "which", lambda name: None if name == program else f"/usr/bin/{name}")
    with pytest.raises(DataError, match=rf"{program}: .*not installed.*apt-get install {program}"):
        rendered.render(tmp_path, 1, 0)


def test_a_missing_soundfont_is_named(tmp_path, monkeypatch, library):
    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(rendered, "LIBRARIES", (library,))
    with pytest.raises(DataError, match=r"none\.sf2: no such soundfont.*fluid-soundfont-gm"):
        rendered.render(tmp_path / "out", 1, 0, tmp_path / "none.sf2")


def test_a_piece_that_fails_is_named_and_the_others_are_made(tmp_path, monkeypatch, library):
    def make(piece, target, soundfont):
        if target.name == "4-00001.flac":
            raise DataError("mma", "failed", "Run it by hand.")
        target.write_bytes(b"sound")
        return ["Flute", "Drums"]

    monkeypatch.setattr(shutil, "which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(rendered, "LIBRARIES", (library,))
    monkeypatch.setattr(rendered, "make", make)
    failures = rendered.render(tmp_path / "out", 3, 4, soundfont=library / "some" / "rock.mma")

    assert [name for name, _ in failures] == ["4-00001.flac"]
    rows = list(csv.DictReader((tmp_path / "out" / "tracks.csv").open(encoding="utf-8")))
    assert [row["path"] for row in rows] == ["4-00000.flac", "4-00002.flac"]
    assert rows[0]["programs"] == "Flute;Drums"


@needs_players
def test_pieces_are_played_once(tmp_path):
    assert rendered.render(tmp_path, 2, 0) == []
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert rendered.render(tmp_path, 2, 0) == []

    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == before
    rows = list(csv.DictReader((tmp_path / "tracks.csv").open(encoding="utf-8")))
    assert [row["path"] for row in rows] == ["0-00000.flac", "0-00001.flac"]
    for row in rows:
        audio = load_audio(tmp_path / row["path"])
        assert 6 < audio.duration <= 16.01
        assert 0.1 < np.abs(audio.y).max() <= 1.1
        assert row["programs"]
