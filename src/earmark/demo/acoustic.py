"""Pieces for acoustic instruments. Each function returns the parts of one piece."""

from earmark.demo import drums
from earmark.demo import instruments as play
from earmark.demo.mix import Part
from earmark.demo.score import arpeggio, bass, comp, drum, line, repeat, swing
from earmark.demo.synth import band


def nocturne() -> list[Part]:
    """Piano alone in 3/4, A minor: a song over broken chords."""
    melody = line("""
        E5:2 D5:.5 C5 | D5:1 F5:1.5 E5:.5 | G#4:1 B4 D5 | C5:2.5 B4:.5
        A4:1 C5 F5 | A5:1.5 G5:.5 F5 D5 | E5:1.5 D5:.5 B4 G#4 | A4+C5+E5:3""", velocity=0.75)  # fmt: skip
    left = line("""
        A2:.5 E3 A3 C4 A3 E3 | D3 A3 D4 F4 D4 A3 | E2 B2 E3 G#3 E3 B2 | A2 E3 A3 C4 A3 E3
        F2 C3 F3 A3 F3 C3 | D3 A3 D4 F4 D4 A3 | E2 B2 E3 G#3 D4 B3 | A2 E3 A3 C4 E4:1""", velocity=0.45)  # fmt: skip
    return [Part(play.piano, melody + left, room=0.35, loose=0.008)]


def chorale() -> list[Part]:
    """Four-part writing for strings, G major."""
    soprano = "G4:1 A4 B4 D5 | E5 D5 C5 A4 | B4 B4 C5 D5 | D#5 E5 C5 C5 | B4 C5 B4 A4 | G4:4"
    alto = "D4:1 F#4 G4 F#4 | G4 G4 E4 F#4 | G4 G4 G4 A4 | F#4 G4 E4 F#4 | G4 E4 G4 F#4 | D4:4"
    tenor = "B3:1 D4 E4 B3 | C4 B3 A3 D4 | D4 E4 E4 F#4 | B3 B3 A3 A3 | D4 G4 D4 C4 | B3:4"
    low = "G3:1 F#3 E3 B2 | C3 B2 A2 D3 | G3 E3 C3 D3 | B2 E3 A2 D3 | G3 C3 D3 D3 | G2:4"
    voices = zip((soprano, alto, tenor, low), (0.5, 0.2, -0.2, -0.5), (1, -2, -2, 0), strict=True)
    return [Part(play.strings, line(text), level, pan, room=0.35) for text, pan, level in voices]


def invention() -> list[Part]:
    """Two voices that imitate each other on a harpsichord, D minor."""
    right = line("""
        D5:.25 E5 F5 G5 A5 G5 F5 E5 F5:.5 A5 D6 A5 | A5 G5 F5 E5 F5 D5 E5 C#5
        C5:.25 D5 E5 F5 G5 F5 E5 D5 E5:.5 G5 C6 G5 | Bb4:.25 C5 D5 E5 F5 E5 D5 C5 D5:.5 F5 Bb5 F5
        A4:.25 B4 C#5 D5 E5 D5 C#5 B4 C#5:.5 E5 A5 G5 | F5 E5 D5 F5 E5 D5 C#5 E5
        D5:.25 F5 A5 F5 D5 C5 Bb4 A4 G4:.5 Bb4 A4 C#5 | D5:1 A4:.5 F4 D4:2""")  # fmt: skip
    left = line("""
        D3:2 -:1 C#3 | D3:.25 E3 F3 G3 A3 G3 F3 E3 F3:.5 A3 G3 A3
        C4 Bb3 A3 G3 A3 F3 G3 E3 | G3 A3 Bb3 C4 Bb3 A3 G3 Bb3
        A3 E3 C#3 E3 A3 G3 F3 E3 | D3:.25 E3 F3 G3 A3 G3 F3 E3 F3:.5 A3 D4 C4
        Bb3:1 F3 G3:.5 G3 A3 A2 | D3:1 A2 D2+A2+D3:2""")  # fmt: skip
    return [Part(play.harpsichord, right, 0, 0.15, 0.25, loose=0.004),
            Part(play.harpsichord, left, -1, -0.15, 0.25, loose=0.004)]  # fmt: skip


def blues() -> list[Part]:
    """Twelve bars of shuffle in E for two guitars, bass and drums."""
    form = "E7 E7 E7 E7 A7 A7 E7 E7 B7 A7 E7 B7"
    rhythm = bass(form, "0 0 0 0 0 0 0 0", low=40) + bass(form, "7 7 9 9 7 7 9 9", low=40)
    licks = line("""
        -:2 B4:.5 D5 E5:1 | G#4:1.5 E4:.5 G4 G#4 E4:1 | -:2 B4:.5 D5 E5 G5 | E5:1.5 D5:.5 B4 G#4 E4:1
        -:1 A4:.5 C#5 E5 G5 E5:1 | C#5:1.5 A4:.5 G4 E4 A4:1 | -:2 B4:.5 D5 E5 G5 | G#5:1.5 E5:.5 D5 B4 G#4:1
        B4:.5 D#5 F#5 A5 F#5:1 D#5 | A4:.5 C#5 E5 G5 E5:1 C#5 | E5:.5 D5 B4 G#4 E4:1 G#4 | B4 A4 G#4 F#4
    """)
    return [
        Part(play.steel_guitar, swing(rhythm), -2, -0.4, 0.1, loose=0.006),
        Part(play.steel_guitar, swing(licks), 2, 0.4, 0.25, lambda y: band(y, 150, 5000), 0.008),
        Part(play.bass_guitar, bass(form, "0 4 7 9", step=1), 1, room=0.05, loose=0.006),
        Part(drums.kick, drum("x.......x.......", 12), -3, room=0.05),
        Part(drums.snare, drum("....x.......x...", 12), -3, room=0.2),
        Part(drums.hat, swing(drum("x.o.x.o.x.o.x.o.", 12)), -12, 0.2, loose=0.004),
    ]


def bossa_nova() -> list[Part]:
    """Nylon guitar, flute, double bass and light percussion, F major."""
    form = "Fmaj7 Dm7 Gm7 C7 Fmaj7 A#maj7 Gm7 C7 Fmaj7 Fmaj7"
    melody = line("""
        A4:1.5 C5:.5 E5:1 C5 | D5:1.5 C5:.5 A4:2 | Bb4:1.5 D5:.5 F5:1 D5 | E5:1.5 D5:.5 C5:2
        A4:1.5 C5:.5 G5:1 E5 | F5:1.5 D5:.5 A4:2 | G4:.5 A4 Bb4 D5 F5:1 D5 | E5:1.5 D5:.5 Bb4:2
        A4:1.5 C5:.5 E5:1 C5 | F5:4""", velocity=0.7)  # fmt: skip
    clave = "x..x..x...x..x.."
    return [
        Part(play.nylon_guitar, comp(form, "X..x..x.", 52, step=0.5), 1, -0.25, 0.15, loose=0.006, strum=0.007),
        Part(play.flute, melody, 0, 0.25, 0.4, loose=0.008),
        Part(play.double_bass, bass(form, "0 . . 7 7 . . 0"), 1, room=0.05, loose=0.005),
        Part(drums.rim, drum(clave, 5, step=0.5), -9, 0.4, 0.2),
        Part(drums.shaker, drum("XoxoXoxo", 10, step=0.5), -12, -0.5, 0.1),
    ]


def jazz_trio() -> list[Part]:
    """Piano, double bass and drums in a swinging five, G minor: three beats and two."""
    form = "Gm7 Cm7 Gm7 D7 Gm7 D7 Cm7 D7 Gm7 Gm7"
    vamp = comp(form, "X..xo.X.x.", 58, step=0.5, longest=0.9)
    solo = line("""
        -:5 | -:5 | D5:.5 F5 G5:1 -:1 Bb5:1 A5:.5 G5 | F#5:1 D5:.5 C5 A4:1 F#4:1 -:1
        D5:.5 F5 G5 A5 Bb5 D6 C6:1 Bb5:.5 G5 | A5:1 F#5:.5 D5 C5 A4 F#4:1 -:1
        Eb5:.5 G5 Bb5 G5 Eb5 C5 D5:1 Eb5 | D5:.5 F#5 A5 F#5 D5 C5 A4:1 F#4
        G4:.5 A4 Bb4 D5 G5:1 F5:.5 D5 Bb4:1 | G4+Bb4+D5:5""", velocity=0.85)  # fmt: skip
    walk = bass(form, "0 . 7 12 10", step=1)
    return [
        Part(play.piano, swing(vamp), -1, -0.2, 0.15, loose=0.006),
        Part(play.piano, swing(solo), 0, 0.1, 0.2, loose=0.008),
        Part(play.double_bass, walk, -1, room=0.08, loose=0.006),
        Part(drums.ride, swing(drum("X.x.xoX.xo", 10, step=0.5)), -10, 0.4, 0.15),
        Part(drums.brush, drum("..o...X.o.", 10, step=0.5), -11, -0.2, 0.2),
        Part(drums.kick, drum("o.........", 10, step=0.5), -9, 0, 0.05),
    ]


def musette() -> list[Part]:
    """Accordion waltz, A major: the bass on one, chords on two and three."""
    form = "A A E7 E7 E7 E7 A A A A7 D D A E7 A A"
    melody = line("""
        E5:.5 A5 C#6:1 A5 | E5 C#5 E5 | G#5:.5 A5 B5:1 G#5 | E5 D5 E5 | B5:.5 A5 G#5:1 E5 | D5 B4 D5
        C#5:.5 D5 E5:1 A5 | C#6:2 E5:1 | E5:.5 A5 C#6:1 A5 | G5 E5 C#5 | F#5:.5 A5 D6:1 A5 | F#5 D5 F#5
        E5:.5 A5 C#6:1 E6 | D6 B5 G#5 | A5:.5 G#5 A5 C#6 E6 C#6 | A5:3""")  # fmt: skip
    return [
        Part(play.accordion, melody, 2, 0.1, 0.2, loose=0.006),
        Part(play.accordion, comp(form, "..x.x.", 57, step=0.5, longest=0.4), -7, -0.3, 0.15),
        Part(play.double_bass, bass(form, "0 - -", low=33, step=1), 1, room=0.05),
        Part(drums.brush, drum("..x.x.", 16, step=0.5), -14, 0.3, 0.2),
    ]


def ballad() -> list[Part]:
    """Steel strings and flute in 6/8, B minor. A beat is a dotted quarter, so an eighth is a third of it."""
    form = "Bm G D A Bm Em G F# Bm Bm"
    melody = line("""
        F#5:3 B5:2 A5:1 | B5:3 D5 | F#5:2 G5:1 A5:2 F#5:1 | E5:6 | D5:3 F#5:2 B5:1 | G5:3 E5
        D5:2 E5:1 G5:2 D5:1 | C#5:3 A#4 | B4:2 C#5:1 D5:2 F#5:1 | B5:6""", unit=1 / 3)  # fmt: skip
    picking = arpeggio(form, "024543", low=47, step=1 / 3)
    thumb = bass(form, "0 7", low=35, step=1)
    return [
        Part(play.steel_guitar, picking, 0, -0.25, 0.2, loose=0.006),
        Part(play.steel_guitar, thumb, 1, -0.1, 0.1),
        Part(play.flute, melody, 0, 0.3, 0.5, loose=0.01),
        Part(drums.frame_drum, drum("X..o.o", 10, step=1 / 3), -9, room=0.3),
    ]


def choir() -> list[Part]:
    """Four voices on "ah", with a frame drum; C# minor."""
    soprano = "G#4:2 A4:1 G#4 | F#4:2 E4 | G#4:1 A4 B4 C#5 | B#4:2 C#5 | C#5:1 B4 A4 F#4 | G#4:4"
    alto = "E4:2 E4 | D#4 C#4 | E4:1 E4 F#4 G#4 | G#4:2 G#4 | E4 C#4 | E4:4"
    tenor = "C#4:2 C#4 | A3 G#3 | B3:1 C#4 D#4 E4 | D#4:2 E4 | C#4 A3 | B#3:1 B#3 C#4:2"
    low = "C#3:2 A2 | F#2 C#3 | E3:1 A2 B2 C#3 | G#2:2 C#3 | A2 F#2 | G#2 C#3"
    voices = zip((soprano, alto, tenor, low), (0.5, -0.4, 0.3, -0.5), (1, -2, -2, 0), strict=True)
    parts = [Part(play.choir, line(text.replace("B#", "C")), level, pan, room=0.4) for text, pan, level in voices]
    pulse = repeat(drum("X...o...x...o...", 1), 6, 4)
    return [*parts, Part(drums.frame_drum, pulse, 0, room=0.2)]
