"""The pieces that `pieces` plays, before there is sound: grooves of mma's library and our own parts put together.

mma (Musical MIDI Accompaniment) turns a groove and chord symbols into drums, bass and chords as a MIDI file.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np

from earmark_research.music.midi import (
    CHANNELS,
    DRUM_CHANNEL,
    Event,
    append_events,
    note_events,
    sounding_notes,
)
from earmark_research.music.parts import Note, Part, accompany, draw_chords
from earmark_research.music.styles import STYLES
from earmark_research.music.theory import TONICS, Bars

TICKS = 192  # a beat, as in mma's files
NO_PIECE = re.compile(r":.*(intro|fill|break|metronome)|:(count\d|end\d|none)|end(ing)?[a-d]?\d*$", re.I)
"""Names of grooves that are no piece by themselves."""
RELATIVES = (  # programs that may stand in for each other
    (0, 1, 2, 4, 5, 16, 17), (24, 25, 26, 27, 28), (29, 30), (32, 33, 34, 35, 36), (37, 38, 39), (48, 49, 50),
    (52, 53, 54), (56, 57, 59, 60, 61), (64, 65, 66, 67), (72, 73, 75), (80, 81, 82), (88, 89, 90, 91),
)  # fmt: skip
PROGRAM_NAMES = """
Acoustic Grand Piano,Bright Acoustic Piano,Electric Grand Piano,Honky-tonk Piano,Electric Piano 1,Electric Piano 2,
Harpsichord,Clavinet,Celesta,Glockenspiel,Music Box,Vibraphone,Marimba,Xylophone,Tubular Bells,Dulcimer,Drawbar Organ,
Percussive Organ,Rock Organ,Church Organ,Reed Organ,Accordion,Harmonica,Bandoneon,Nylon Guitar,Steel Guitar,
Jazz Guitar,Clean Guitar,Muted Guitar,Overdriven Guitar,Distortion Guitar,Guitar Harmonics,Acoustic Bass,
Fingered Bass,Picked Bass,Fretless Bass,Slap Bass 1,Slap Bass 2,Synth Bass 1,Synth Bass 2,Violin,Viola,Cello,
Contrabass,Tremolo Strings,Pizzicato Strings,Harp,Timpani,String Ensemble 1,String Ensemble 2,Synth Strings 1,
Synth Strings 2,Choir Aahs,Voice Oohs,Synth Voice,Orchestra Hit,Trumpet,Trombone,Tuba,Muted Trumpet,French Horn,
Brass Section,Synth Brass 1,Synth Brass 2,Soprano Sax,Alto Sax,Tenor Sax,Baritone Sax,Oboe,English Horn,Bassoon,
Clarinet,Piccolo,Flute,Recorder,Pan Flute,Blown Bottle,Shakuhachi,Whistle,Ocarina,Square Lead,Saw Lead,Calliope Lead,
Chiff Lead,Charang Lead,Voice Lead,Fifths Lead,Bass and Lead,New Age Pad,Warm Pad,Polysynth Pad,Choir Pad,Bowed Pad,
Metallic Pad,Halo Pad,Sweep Pad,Rain,Soundtrack,Crystal,Atmosphere,Brightness,Goblins,Echoes,Sci-fi,Sitar,Banjo,
Shamisen,Koto,Kalimba,Bagpipe,Fiddle,Shanai,Tinkle Bell,Agogo,Steel Drums,Woodblock,Taiko,Melodic Tom,Synth Drum,
Reverse Cymbal,Guitar Fret Noise,Breath Noise,Seashore,Bird Tweet,Telephone,Helicopter,Applause,Gunshot
""".replace("\n", "").split(",")


@dataclass(frozen=True)
class Groove:
    """One accompaniment of mma's library: `name` as mma's Groove command takes it, beats of a bar."""

    name: str
    family: str
    beats: int


@dataclass(frozen=True)
class Arrangement:
    """Everything that is decided before a sound is made.

    Attributes
    ----------
    family : name of its `Style`
    groove : None is played without mma
    intro : name of the groove of the first bars, or nothing
    tempo : beats a minute
    key : ``Eb minor``
    beats : of a bar
    chords, parts : the chords that mma is given, and what is written over its accompaniment
    own : mma plays the drums only, `parts` the rest
    mute : ``drums`` or ``melodic``, left out of mma's accompaniment; or nothing
    seed : for mma's own dice and the room
    """

    family: str
    groove: Groove | None
    intro: str
    tempo: int
    key: str
    beats: int
    chords: Bars
    parts: list[Part]
    own: bool
    mute: str
    seed: int


def read_grooves(library: Path) -> list[Groove]:
    """The grooves that the files of mma's library define, intros and endings among them, file by file."""
    return [groove for path in sorted(library.glob("*/*.mma")) for groove in _read_file(path)]


def _read_file(path: Path) -> list[Groove]:
    beats, grooves = 4, []
    family = next(name for name, style in STYLES.items() if style.files and re.search(style.files, path.stem))
    for line in path.read_text(encoding="latin-1").splitlines():
        if found := re.match(r"\s*Time\s+(\d+)(/8)?", line, re.I):
            beats = int(found[1]) // (2 if found[2] else 1)
        elif found := re.match(r"\s*DefGroove\s+(\S+)", line, re.I):
            grooves.append(Groove(f"{path.parent.name}/{path.stem}:{found[1]}", family, beats))
    return grooves


def draw_groove(rng: np.random.Generator, grooves: list[Groove], family: str) -> tuple[Groove, str]:
    """A groove of the family, its files alike; now and then with the intro of its file, else with no name."""
    files: dict[str, list[Groove]] = {}
    for groove in grooves:
        if groove.family == family:
            files.setdefault(groove.name.split(":")[0], []).append(groove)
    playable = [[g for g in file if not NO_PIECE.search(g.name)] for file in files.values()]
    playable = [file for file in playable if file]
    chosen = playable[rng.integers(len(playable))]
    groove = chosen[rng.integers(len(chosen))]
    intros = [g.name for g in files[groove.name.split(":")[0]] if re.search("intro$", g.name, re.I)]
    return groove, intros[0] if intros and rng.random() < 0.07 else ""


def compose(rng: np.random.Generator, grooves: list[Groove]) -> Arrangement:
    """One piece of about 14 to 20 seconds."""
    weights = np.array([style.weight for style in STYLES.values()])
    family = str(rng.choice(list(STYLES), p=weights / weights.sum()))
    style = STYLES[family]
    groove, intro = draw_groove(rng, grooves, family) if style.files else (None, "")
    beats = groove.beats if groove else int(rng.choice((4, 4, 3)))
    tempo = round(rng.uniform(*style.tempo) * (2 if beats >= 6 else 1))  # mma counts the eighths of 6/8
    n_bars = max(4, round(rng.uniform(15, 19) * tempo / 60 / beats))
    bars, tonic, mode = draw_chords(rng, str(rng.choice(style.idioms)), n_bars)
    parts = accompany(rng, style, bars, beats, tonic, mode)
    mute = str(rng.choice(("", "drums", "melodic"), p=(0.86, 0.07, 0.07))) if groove else ""
    parts = _leave_out(rng, parts, mute, groove)
    own, seed = bool(rng.random() < style.own), int(rng.integers(1, 2**31))
    return Arrangement(family, groove, intro, tempo, f"{tonic} {mode}", beats, bars, parts, own, mute, seed)


def _leave_out(rng: np.random.Generator, parts: list[Part], mute: str, groove: Groove | None) -> list[Part]:
    """The parts that play: not always a lead, and without mma seldom a bass."""
    silent = {"lead"} if mute == "melodic" or rng.random() < 0.3 else set()
    silent |= {"bass"} if groove is None and rng.random() < 0.6 else set()
    return [part for part in parts if part.role not in silent]


def mma_text(piece: Arrangement) -> str:
    """What mma reads: tempo, groove, and a line of chords for each bar."""
    lines = [f"RndSeed {piece.seed}", f"Tempo {piece.tempo}", f"Groove {piece.intro or piece.groove.name}"]
    for number, bar in enumerate(piece.chords):
        if piece.intro and number == 2:
            lines.append(f"Groove {piece.groove.name}")
        names = [TONICS[root] + quality for root, quality in bar]
        places = [f"@{1 + i * piece.beats / len(names):g}" for i in range(len(names))]
        lines.append(f"{number + 1} " + " ".join(name + place for name, place in zip(names, places, strict=True)))
    return "\n".join(lines) + "\n"


def arrange(piece: Arrangement, midi: mido.MidiFile) -> None:
    """Turn mma's accompaniment (or an empty file) into the whole piece, in place."""
    drums = [track for track in midi.tracks if _plays_drums(track)]
    melodic = [track for track in midi.tracks if sounding_notes(track) and not _plays_drums(track)]
    own = piece.own or not melodic
    silent = _silent_tracks(piece, drums, melodic, own)
    midi.tracks[:] = [track for track in midi.tracks if not any(track is other for other in silent)]
    used = {m.channel for track in midi.tracks for m in sounding_notes(track)} | {DRUM_CHANNEL}
    free = [channel for channel in range(CHANNELS) if channel not in used]
    roles = ("lead", "bass") if own and piece.mute == "melodic" else ("lead", "bass", "comp") if own else ("lead",)
    parts = [part for part in piece.parts if part.role in roles]
    midi.tracks += [_to_track(part, channel) for part, channel in zip(parts, free, strict=False)]


def _silent_tracks(
    piece: Arrangement, drums: list[mido.MidiTrack], melodic: list[mido.MidiTrack], own: bool
) -> list[mido.MidiTrack]:
    """What is left out of mma's accompaniment."""
    if own:
        return melodic + (drums if piece.mute == "drums" else [])
    if piece.mute == "drums":
        return drums
    if piece.mute == "melodic":
        upper = [track for track in melodic if not track.name.startswith(("Bass", "Walk"))]
        return [] if upper == melodic and not drums else upper  # some grooves have chords alone
    return []


def _plays_drums(track: mido.MidiTrack) -> bool:
    return any(message.channel == DRUM_CHANNEL for message in sounding_notes(track))


def _to_track(part: Part, channel: int) -> mido.MidiTrack:
    track = mido.MidiTrack()
    track.append(mido.Message("program_change", channel=channel, program=part.program))
    track.append(mido.Message("control_change", channel=channel, control=10, value=part.pan))
    append_events(track, [event for note in part.notes for event in _note_events(channel, note)])
    return track


def _note_events(channel: int, note: Note) -> Sequence[Event]:
    start = round(note.start * TICKS)
    end = max(round((note.start + note.length) * TICKS), start + 1)
    return list(note_events(channel, start, end, note.pitch, note.velocity))


def substitute_programs(rng: np.random.Generator, midi: mido.MidiFile, kits: tuple[int, ...]) -> None:
    """Give about a third of the programs to a relative (organ for piano, synth bass for bass), the drums to a kit."""
    chosen, kit = {}, int(rng.choice(kits))
    for message in (m for track in midi.tracks for m in track if m.type == "program_change"):
        old = message.program
        if message.channel == DRUM_CHANNEL:
            message.program = kit
            continue
        if old not in chosen:
            group = next((g for g in RELATIVES if old in g), (old,))
            chosen[old] = int(rng.choice(group)) if rng.random() < 0.35 else old
        message.program = chosen[old]


def sounding_programs(midi: mido.MidiFile) -> list[str]:
    """Names of the programs that play a note, drums last."""
    program, found = {}, set()
    for message in mido.merge_tracks(midi.tracks):
        if message.type == "program_change":
            program[message.channel] = message.program
        elif message.type == "note_on" and message.velocity:
            drums = message.channel == DRUM_CHANNEL
            found.add(len(PROGRAM_NAMES) if drums else program.get(message.channel, 0))
    return [[*PROGRAM_NAMES, "Drums"][number] for number in sorted(found)]
