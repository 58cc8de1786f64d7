"""Pieces for synthesisers, amplifiers and drum machines. Each function returns the parts of one piece."""

from earmark.demo import drums
from earmark.demo import instruments as play
from earmark.demo.mix import Part
from earmark.demo.score import Note, arpeggio, bass, comp, drum, later, line, pitch, repeat, swing
from earmark.demo.synth import band, chorus, drive, ducked, echo


def house() -> list[Part]:
    """Four on the floor, F minor: two bars of drums and bass, then chords."""
    beat = 60 / 124
    form = "Fm C#maj7 A#m Cm"
    stabs = later(repeat(comp(form, "..x...x...x..x..", 56, longest=0.5), 2, 16), 8)
    return [
        Part(drums.kick, drum("X...X...X...X...", 10), 2, room=0.02),
        Part(drums.clap, drum("....x.......x...", 10), -5, room=0.2),
        Part(drums.open_hat, drum("..x...x...x...x.", 10), -9, 0.15, 0.05),
        Part(drums.shaker, drum("XoxoXoxoXoxoXoxo", 10), -15, -0.4, 0.05),
        Part(play.synth_bass, bass(f"Fm Fm {form} {form}", "- 0 - 0 - 0 12 0"), 0, 0, 0.02),
        Part(play.stab, stabs, -2, 0.1, 0.3, lambda y: chorus(echo(y, beat, 0.3, 3))),
        Part(play.pad, later(comp(form, "x...", 53, step=1), 8) + later(comp(form, "x...", 53, step=1), 24), -7, 0, 0.4,
             lambda y: chorus(ducked(y, beat))),
    ]  # fmt: skip


def drum_and_bass() -> list[Part]:
    """Broken beat at 172 over a growling bass, F# minor."""
    first, second = "X.........x.....", "X..x......x....."
    kicks = [n for i in range(14) for n in later(drum(second if i % 4 == 3 else first), 4 * i)]
    snares = drum("....X..o.o..X...|....X..o.o..X..o", 7)
    form = "F#m F#m D C#7 F#m F#m D C#7 F#m F#m D C#7 F#m F#m"
    wobble = bass(form, "0 . . 0 - 0 12 .", low=28)
    return [
        Part(drums.kick, kicks, 1, room=0.02),
        Part(drums.snare, snares, 0, room=0.15),
        Part(drums.hat, drum("x.x.x.xox.x.x.xo", 14), -11, 0.2),
        Part(drums.ride, drum("x...x...x...x...", 14), -14, -0.3, 0.1),
        Part(play.reese_bass, wobble, 2, 0, 0.03, lambda y: drive(y, 2.0, 30, 3000)),
        Part(play.pad, comp(form, "x...", 54, step=1), -6, 0, 0.5, chorus),
        Part(play.bell, later(arpeggio("F#m D F#m D", "0214", low=66, step=1), 8), -9, 0.3, 0.6),
        Part(play.bell, later(arpeggio("F#m D F#m D", "0214", low=66, step=1), 32), -9, -0.3, 0.6),
    ]


def ambient() -> list[Part]:
    """A drone, slow chords and bells, B major."""
    drone = line("B1:20", velocity=0.9) + line("F#2:20", velocity=0.5)
    bells = line("""
        F#5:1 B5 D#6 C#6 | B5 G#5 F#5 D#5 | E5 G#5 B5 D#6 | C#6 B5 F#5 G#5 | F#5 D#6 B5:2""", velocity=0.7)  # fmt: skip
    return [
        Part(play.pad, drone, 0, 0, 0.4, lambda y: chorus(band(y, high=900), 0.006, 0.17)),
        Part(play.pad, comp("Badd9 G#m7 Emaj7 F#sus4 Badd9", "x...", 54, step=1), 2, 0, 0.7, chorus),
        Part(play.bell, bells, -3, 0.2, 0.9, lambda y: echo(y, 0.75, 0.35, 3), loose=0.01),
    ]


def reggae() -> list[Part]:
    """One drop at 76, D major: organ and guitar off the beat, the bass sings."""
    form = "D G D A G D"
    tune = line("""
        -:1 F#4:.5 A4 B4:1 A4:.5 F#4 | G4:1 -:.5 B4 D5:1 B4 | A4:1.5 F#4:.5 D4:1 E4:.5 F#4
        E4:1 -:.5 C#5 B4 A4 E4:1 | B4:.5 D5 B4 G4 -:1 A4:.5 B4 | A4:1 F#4:.5 E4 D4:2""")  # fmt: skip
    return [
        Part(play.organ, comp(form, "..x...x...x...x.", 57, longest=0.22), 1, -0.35, 0.15),
        Part(play.muted_guitar, comp(form, "..X...X...X...X.", 62), -4, 0.45, 0.2, strum=0.006),
        Part(play.bass_guitar, bass(form, "0 . 0 7 - 4 7 4", low=33), 4, room=0.02, loose=0.005),
        Part(play.lead, tune, -3, 0.2, 0.35, lambda y: echo(band(y, high=2500), 0.59, 0.4, 3), loose=0.008),
        Part(drums.kick, drum("........X.......", 6), 1, room=0.05),
        Part(drums.rim, drum("........X.....o.", 6), -4, room=0.4, effect=lambda y: echo(y, 0.592, 0.35, 2)),
        Part(drums.hat, swing(drum("x.o.x.o.x.o.x.o.", 6), 0.58), -11, 0.2),
    ]


def _power(text: str) -> list[Note]:
    """Power chords from their roots: a fifth and an octave on top."""
    return [Note(n.start, n.length, n.pitch + up, n.velocity) for n in line(text) for up in (0, 7, 12)]


def metal() -> list[Part]:
    """Palm-muted riffs in E minor at 160 with double kick; the two guitars are two takes, left and right."""
    chug = "E2:.5 E2 E2:.25 E2 G2:.5 E2 E2 A2 B2"
    turn = "C3:1 C3:.5 C3 D3:1 D3:.5 B2"
    muted = repeat(line(f"{chug} | {chug}", velocity=0.9), 4, 12)
    open_ = repeat(later(_power(turn), 8), 4, 12) + later(_power("E2:4"), 48)
    solo = line("""
        B4:.25 E5 G5 E5 B4 E5 G5 E5 C5 E5 A5 E5 B4 E5 G5 E5 | G5:1 F#5:.5 E5 F#5:1 D5 | E5:.5 F#5 G5 A5 B5:2
    """)
    cabinet = [lambda y: drive(y, 22, 90, 4200), lambda y: drive(y, 18, 110, 3800)]
    guitars = [
        Part(sound, notes, level, pan, 0.08, amp, loose=0.006)
        for pan, amp in zip((-0.8, 0.8), cabinet, strict=True)
        for sound, notes, level in ((play.muted_guitar, muted, -1), (play.steel_guitar, open_, 0))
    ]
    return [
        *guitars,
        Part(play.bass_guitar, later(line("E2:4"), 48) + repeat(line(f"{chug}|{chug}|{turn}"), 4, 12), 0, 0, 0.02,
             lambda y: drive(y, 4, 40, 2500)),
        Part(play.lead, later(solo, 24) + later(solo, 36), -2, 0.1, 0.3, lambda y: drive(y, 6, 200, 5000)),
        Part(drums.metal_kick, drum("xxxxxxxxxxxxxxxx", 12) + later(drum("X..............."), 48), 0, 0, 0.04),
        Part(drums.snare, drum("....X.......X...", 12), 2, 0, 0.2),
        Part(drums.crash, drum("X...............|................", 7), -7, 0.3, 0.2),
        Part(drums.ride, drum("x...x...x...x...", 12), -13, -0.3, 0.1),
    ]  # fmt: skip


def chiptune() -> list[Part]:
    """Two pulse waves, a triangle and noise, C major."""
    form = "C Am F G C Am F G F G C C"
    theme = line("""
        E5:.5 G5 C6 G5 E5 G5 D5 E5 | C5:.5 E5 A5 E5 C5:1 B4:.5 C5 | A4 C5 F5 A5 G5 F5 E5 D5 | D5 G5 B5 G5 D5:1 E5:.5 F5
        E5:.5 G5 C6 G5 E5 G5 D5 E5 | C6:.5 B5 A5 E5 C5:1 E5 | F5:.5 A5 C6 A5 F5 E5 D5 C5 | D5 E5 F5 G5 A5 B5 C6 D6
        C6:1 A5:.5 F5 A5:1 C6 | B5:1 G5:.5 D5 G5:1 B5 | C6:.5 G5 E5 G5 C6 E6 D6 B5 | C6:1 G5 C5:2""")  # fmt: skip
    noises = drum("x.......x.......", 12, low=40) + drum("....X.......X...", 12, low=64)
    return [
        Part(play.pulse_lead, theme, 2, 0.1, 0.03),
        Part(play.pulse_arpeggio, arpeggio(form, "0123" * 4, low=60, step=0.25), -5, -0.4, 0.03),
        Part(play.chip_triangle, bass(form, "0 12 0 12 0 12 7 12", low=36), 1, 0, 0),
        Part(drums.chip_noise, noises, -4, 0, 0.02),
        Part(drums.chip_noise, drum("..x...x...x...x.", 12, low=pitch("C7")), -10, 0.2, 0),
    ]


def boom_bap() -> list[Part]:
    """Dusty drums with a lazy sixteenth, electric piano, bass; C minor."""
    form = "Cm9 Fm7 G#maj7 Gm7 Cm9 Fm7 G#maj7 Gm7"
    motif = line("-:2 G5:.5 Eb5:.25 C5 Eb5:1 | -:2 C5:.5 Eb5:.25 F5 G5:1", velocity=0.6)

    def lazy(notes: list[Note]) -> list[Note]:
        return swing(notes, 0.59, unit=0.5)

    return [
        Part(drums.kick, lazy(drum("X......x.xx.....|X......x..x..o..", 4)), 2, room=0.05),
        Part(drums.snare, lazy(drum("....X.......X..o", 8)), 0, room=0.15, effect=lambda y: band(y, high=6000)),
        Part(drums.hat, lazy(drum("x.xox.x.x.xox.xo", 8)), -11, 0.15),
        Part(play.electric_piano, lazy(comp(form, "X.....o...x.....", 55, longest=1.6)), 0, -0.15, 0.2, chorus),
        Part(play.electric_piano, repeat(motif, 4, 8), -2, 0.3, 0.3, lambda y: echo(y, 0.51, 0.35, 3)),
        Part(play.bass_guitar, lazy(bass(form, "0 . - 0 - 7 10 12", low=28)), 3, room=0.02),
        Part(drums.crackle, [Note(0, 34)], -22, 0, 0),
    ]
