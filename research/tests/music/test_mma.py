"""What is composed for mma, and what becomes of its accompaniment; mma itself is not needed."""

import hashlib
import re
from dataclasses import replace

import mido
import numpy as np
import pytest

from earmark_research.music.mma import (
    PROGRAM_NAMES,
    RELATIVES,
    TICKS,
    Groove,
    arrange,
    compose,
    mma_text,
    read_grooves,
    sounding_programs,
    substitute_programs,
)
from earmark_research.music.parts import Note, Part
from earmark_research.music.styles import STYLES


def compose_first(library, n, seed=0):
    grooves = read_grooves(library)
    return [compose(np.random.default_rng([seed, number]), grooves) for number in range(n)]


def test_the_library_is_read(library):
    grooves = {groove.name: groove for groove in read_grooves(library)}
    assert len(grooves) == 3 * len(list(library.glob("*/*.mma")))
    assert {groove.family for groove in grooves.values()} == {n for n, style in STYLES.items() if style.files}
    assert grooves["some/waltz:waltz"] == Groove("some/waltz:waltz", "waltz", 3)
    assert grooves["some/blues:blues"].beats == 3  # 6/8: mma counts quarters
    assert grooves["some/march:marchIntro"].beats == 6


def test_pieces_are_the_same_again_and_last_long_enough(library):
    first = compose_first(library, 300)

    assert first[:60] == compose_first(library, 60)
    assert first[:20] != compose_first(library, 20, seed=1)
    assert {piece.family for piece in first} == set(STYLES)
    assert 0.1 < sum(piece.groove is None for piece in first) / 300 < 0.22
    assert 0.5 < sum(any(part.role == "lead" for part in piece.parts) for piece in first) / 300 < 0.8
    for piece in first:
        assert 13 < len(piece.chords) * piece.beats * 60 / piece.tempo < 21
        assert piece.groove is None or re.search(r"[a-z\d]+:[a-z\d]+$", piece.groove.name)


def test_a_seed_gives_the_piece_it_always_gave(library):
    """The bundled network was trained on these: a changed draw would be another data set."""
    digest = hashlib.sha256()
    for piece in compose_first(library, 40):
        notes = [[(round(s, 6), round(n, 6), p, v) for s, n, p, v in part.notes] for part in piece.parts]
        name = piece.groove and piece.groove.name
        digest.update(repr((piece.family, name, piece.tempo, piece.key, piece.chords, notes, piece.seed)).encode())
    assert digest.hexdigest()[:16] == "570dbb8704604041"


def test_the_text_for_mma(library):
    piece = next(piece for piece in compose_first(library, 50) if piece.groove and piece.beats == 4)
    piece = replace(piece, tempo=100, seed=7, intro="x:In", chords=[[(0, "m7")], [(5, ""), (7, "7")], [(6, "5")]])
    assert mma_text(piece).splitlines() == [
        "RndSeed 7", "Tempo 100", "Groove x:In", "1 Cm7@1", "2 F@1 G7@3", f"Groove {piece.groove.name}", "3 F#5@1",
    ]  # fmt: skip


def accompaniment():
    """As mma writes it: a track each for tempo, drums, bass and chords."""
    midi = mido.MidiFile(ticks_per_beat=TICKS)
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
    parts = [Part(role, n, [Note(0, 1, 60, 80)]) for role, n in (("lead", 73), ("comp", 24), ("bass", 32))]
    midi = accompaniment()
    arrange(replace(compose_first(library, 1)[0], parts=parts, own=own, mute=mute), midi)
    assert sounding_programs(midi) == heard.split(",")


def test_a_groove_of_chords_alone_is_never_muted(library):
    midi = accompaniment()
    del midi.tracks[1:3]
    arrange(replace(compose_first(library, 1)[0], parts=[], own=False, mute="melodic"), midi)
    assert sounding_programs(midi) == ["Acoustic Grand Piano"]


def test_programs_give_way_to_relatives_only():
    heard = set()
    for seed in range(40):
        midi = accompaniment()
        substitute_programs(np.random.default_rng(seed), midi, kits=(25,))
        heard |= set(sounding_programs(midi))
        assert [m.program for m in midi.tracks[1] if m.type == "program_change"] == [25]
    related = {PROGRAM_NAMES[n] for group in RELATIVES if {0, 33} & set(group) for n in group}
    assert {"Acoustic Grand Piano", "Fingered Bass"} < heard <= related | {"Drums"}
