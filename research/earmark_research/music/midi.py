"""Notes -> MIDI: one way to order and write events, whatever unit of time a tick is."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import mido

from earmark_research.music.performance import Performance

DRUM_CHANNEL = 9
CHANNELS = 16


class Event(NamedTuple):
    """A message at a tick; of those at the same tick, notes end before others begin."""

    tick: int
    begins: bool
    message: mido.Message


def note_events(channel: int, start: int, end: int, pitch: int, velocity: int) -> Iterator[Event]:
    """The two events of a note, `start` and `end` in ticks."""
    yield Event(start, True, mido.Message("note_on", channel=channel, note=pitch, velocity=velocity))
    yield Event(end, False, mido.Message("note_off", channel=channel, note=pitch))


def append_events(track: mido.MidiTrack, events: Iterable[Event]) -> None:
    """Put events into a track in the order of their ticks, each with the time since the one before."""
    now = 0
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - now))
        now = tick


def sounding_notes(track: mido.MidiTrack) -> list[mido.Message]:
    """The messages that begin a note."""
    return [message for message in track if message.type == "note_on" and message.velocity]


def write_performance(performance: Performance, path: Path) -> None:
    """One track, one tick a millisecond, a channel for each program."""
    midi, channels, events = mido.MidiFile(ticks_per_beat=1000), {}, []
    free = [channel for channel in range(CHANNELS) if channel != DRUM_CHANNEL]
    for start, end, pitch, velocity, program, is_drum in performance.notes:
        channel = DRUM_CHANNEL if is_drum else channels.setdefault(program, free[len(channels) % len(free)])
        events += note_events(channel, int(start * 1000), int(end * 1000), pitch, velocity)
    track = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=1_000_000)])
    track.extend(mido.Message("program_change", channel=c, program=p) for p, c in channels.items())
    append_events(track, events)
    midi.tracks.append(track)
    midi.save(path)
