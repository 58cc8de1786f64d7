"""MIDI files: every note at its time, in order."""

import mido
import numpy as np

from earmark_research.music.groove import compose
from earmark_research.music.midi import append_events, note_events, sounding_notes, write_performance


def test_midi_holds_every_note_at_its_time(tmp_path):
    piece = compose(5)
    write_performance(piece, tmp_path / "piece.mid")

    now, starts = 0.0, []
    for message in mido.MidiFile(tmp_path / "piece.mid"):
        now += message.time
        if message.type == "note_on" and message.velocity:
            starts.append(now)
    np.testing.assert_allclose(starts, sorted(note[0] for note in piece.notes), atol=0.002)


def test_a_repeated_note_ends_before_it_begins_again():
    track = mido.MidiTrack()
    append_events(track, [*note_events(3, 10, 20, 60, 80), *note_events(3, 0, 10, 60, 80)])
    assert [(m.type, m.time) for m in track] == [("note_on", 0), ("note_off", 10), ("note_on", 0), ("note_off", 10)]
    assert [m.time for m in sounding_notes(track)] == [0, 0]


def test_drums_have_their_channel_and_each_program_its_own(tmp_path):
    piece = compose(3)
    write_performance(piece, tmp_path / "piece.mid")
    (track,) = mido.MidiFile(tmp_path / "piece.mid").tracks
    programs = {m.channel: m.program for m in track if m.type == "program_change"}
    played = [(m.channel == 9, programs.get(m.channel)) for m in sounding_notes(track)]
    written = [(note.is_drum, None if note.is_drum else note.program) for note in piece.notes]
    assert sorted(played, key=repr) == sorted(written, key=repr)
