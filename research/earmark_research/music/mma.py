"""Grooves of mma's library and our own parts put together: the pieces that `rendered` plays, before there is sound."""

import re
from dataclasses import dataclass
from pathlib import Path

import mido
import numpy as np

from earmark_research.music.composed import DRUM_CHANNEL, KEYS, STYLES, Bars, Part, accompany, chords

TICKS = 192  # a beat, as in mma's files
# Of the names of grooves: no piece by itself.
NO_MUSIC = re.compile(r":.*(intro|fill|break|metronome)|:(count\d|end\d|none)|end(ing)?[a-d]?\d*$", re.I)
RELATIVES = (  # programs that may stand in for each other
    (0, 1, 2, 4, 5, 16, 17), (24, 25, 26, 27, 28), (29, 30), (32, 33, 34, 35, 36), (37, 38, 39), (48, 49, 50),
    (52, 53, 54), (56, 57, 59, 60, 61), (64, 65, 66, 67), (72, 73, 75), (80, 81, 82), (88, 89, 90, 91),
)  # fmt: skip
PROGRAMS = """
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
class Piece:
    """Everything that is decided before a sound is made.

    Attributes
    ----------
    groove : None is played without mma
    intro : name of the groove of the first bars, or nothing
    tempo : beats a minute
    key : ``Eb minor``
    chords, parts : what mma is told, and what is written over its accompaniment
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
    grooves = []
    for path in sorted(library.glob("*/*.mma")):
        beats = 4
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
    playable = [[g for g in file if not NO_MUSIC.search(g.name)] for file in files.values()]
    playable = [file for file in playable if file]
    chosen = playable[rng.integers(len(playable))]
    groove = chosen[rng.integers(len(chosen))]
    intros = [g.name for g in files[groove.name.split(":")[0]] if re.search("intro$", g.name, re.I)]
    return groove, intros[0] if intros and rng.random() < 0.07 else ""


def compose(rng: np.random.Generator, grooves: list[Groove]) -> Piece:
    """Invent one piece of about 14 to 20 seconds."""
    weights = np.array([style.weight for style in STYLES.values()])
    family = str(rng.choice(list(STYLES), p=weights / weights.sum()))
    style = STYLES[family]
    groove, intro = draw_groove(rng, grooves, family) if style.files else (None, "")
    beats = groove.beats if groove else int(rng.choice((4, 4, 3)))
    tempo = round(rng.uniform(*style.tempo) * (2 if beats >= 6 else 1))  # mma counts the eighths of 6/8
    n_bars = max(4, round(rng.uniform(15, 19) * tempo / 60 / beats))
    bars, key, mode = chords(rng, str(rng.choice(style.idioms)), n_bars)
    parts = accompany(rng, style, bars, beats, key, mode)
    mute = str(rng.choice(("", "drums", "melodic"), p=(0.86, 0.07, 0.07))) if groove else ""
    silent = {"lead"} if mute == "melodic" or rng.random() < 0.3 else set()
    silent |= {"bass"} if groove is None and rng.random() < 0.6 else set()
    parts = [part for part in parts if part.role not in silent]
    own, seed = bool(rng.random() < style.own), int(rng.integers(1, 2**31))
    return Piece(family, groove, intro, tempo, f"{key} {mode}", beats, bars, parts, own, mute, seed)


def mma_text(piece: Piece) -> str:
    """What mma reads: tempo, groove, and a line of chords for each bar."""
    lines = [f"RndSeed {piece.seed}", f"Tempo {piece.tempo}", f"Groove {piece.intro or piece.groove.name}"]
    for number, bar in enumerate(piece.chords):
        if piece.intro and number == 2:
            lines.append(f"Groove {piece.groove.name}")
        names = [KEYS[root] + quality for root, quality in bar]
        places = [f"@{1 + i * piece.beats / len(names):g}" for i in range(len(names))]
        lines.append(f"{number + 1} " + " ".join(name + place for name, place in zip(names, places, strict=True)))
    return "\n".join(lines) + "\n"


def arrange(piece: Piece, midi: mido.MidiFile) -> None:
    """Turn mma's accompaniment (or an empty file) into the whole piece, in place."""
    melodic = [track for track in midi.tracks if not _is(track, DRUM_CHANNEL) and any(_notes(track))]
    own = piece.own or not melodic
    drums = [track for track in midi.tracks if _is(track, DRUM_CHANNEL)]
    silent = drums if piece.mute == "drums" else []
    if own:
        silent = silent + melodic
    elif piece.mute == "melodic":
        silent = [track for track in melodic if not track.name.startswith(("Bass", "Walk"))]
        if silent == melodic and not drums:  # some grooves have chords alone
            silent = []
    midi.tracks[:] = [track for track in midi.tracks if not any(track is other for other in silent)]
    used = {m.channel for track in midi.tracks for m in _notes(track)} | {DRUM_CHANNEL}
    free = [channel for channel in range(16) if channel not in used]
    wanted = ("lead", "bass") if own and piece.mute == "melodic" else ("lead", "bass", "comp") if own else ("lead",)
    parts = [part for part in piece.parts if part.role in wanted]
    for part, channel in zip(parts, free, strict=False):
        midi.tracks.append(_track(part, channel))


def _notes(track: mido.MidiTrack) -> list[mido.Message]:
    return [message for message in track if message.type == "note_on" and message.velocity]


def _is(track: mido.MidiTrack, channel: int) -> bool:
    return any(message.channel == channel for message in _notes(track))


def _track(part: Part, channel: int) -> mido.MidiTrack:
    events = []
    for start, length, pitch, velocity in part.notes:
        events.append(
            (round(start * TICKS), 1, mido.Message("note_on", channel=channel, note=pitch, velocity=velocity))
        )
        end = max(round((start + length) * TICKS), round(start * TICKS) + 1)
        events.append((end, 0, mido.Message("note_off", channel=channel, note=pitch)))
    track, now = mido.MidiTrack(), 0
    track.append(mido.Message("program_change", channel=channel, program=part.program))
    track.append(mido.Message("control_change", channel=channel, control=10, value=part.pan))
    for tick, _, message in sorted(events, key=lambda event: event[:2]):
        track.append(message.copy(time=tick - now))
        now = tick
    return track


def substitute(rng: np.random.Generator, midi: mido.MidiFile, kits: tuple[int, ...]) -> None:
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


def sounding(midi: mido.MidiFile) -> list[str]:
    """Names of the programs that play a note, drums last."""
    program, heard = {}, set()
    for message in mido.merge_tracks(midi.tracks):
        if message.type == "program_change":
            program[message.channel] = message.program
        elif message.type == "note_on" and message.velocity:
            heard.add(len(PROGRAMS) if message.channel == DRUM_CHANNEL else program.get(message.channel, 0))
    return [[*PROGRAMS, "Drums"][number] for number in sorted(heard)]
