"""An ensemble without drums, in one of nine textures. Each function adds one part to a `Composer`'s performance."""

from earmark_research.music.band import play_bass, play_comping, play_melody, walk_melody
from earmark_research.music.composer import BASSES, KEYS, LEADS, PADS, STRINGS, Composer, Play


def draw_ensemble(composer: Composer) -> list[Play]:
    """The parts of one texture."""
    texture = composer.rng.choice(
        ["melody", "chorale", "waltz", "alberti", "motor", "polyphony", "solo", "strum", "pulse"]
    )
    return {
        "melody": [play_melody, play_comping, play_bass], "chorale": [play_chorale],
        "waltz": [play_waltz, play_melody], "alberti": [play_alberti, play_melody],
        "motor": [play_motor, play_bass], "polyphony": [play_voice, play_voice, play_voice],
        "solo": [play_voice], "strum": [play_comping, play_melody],
        "pulse": [play_pulse, play_melody, play_bass],
    }[str(texture)]  # fmt: skip


def play_chorale(composer: Composer) -> None:
    """Four voices that move together, now and then in halves of a beat."""
    program = int(composer.rng.choice([52, 48, 19, 0, 49, 60, 16]))
    moving = composer.rng.uniform(0.0, 0.5)
    for bar, degree in enumerate(composer.chords):
        for b in range(composer.n_beats):
            sounding = degree if b == 0 else degree + int(composer.rng.choice([0, 3, 4, 1]))
            for pitch in [composer.pitch(sounding, 4), *composer.triad(sounding)]:
                halves = composer.rng.random() < moving
                for x in (0.0, 0.5) if halves else (0.0,):
                    step = int(composer.rng.choice([0, 2])) if x else 0
                    length = 0.48 if halves else 0.97
                    composer.add(bar * composer.n_beats + b + x, length, pitch + step, 75 + 8 * (b == 0), program)


def play_waltz(composer: Composer) -> None:
    """A low note on the first beat, chords on the others."""
    low, high = composer.draw(BASSES + STRINGS), composer.draw(KEYS + STRINGS)
    for bar, degree in enumerate(composer.chords):
        composer.add(bar * composer.n_beats, 0.9, composer.pitch(degree, 3), 92, low)
        for b in range(1, composer.n_beats):
            for pitch in composer.triad(degree):
                composer.add(bar * composer.n_beats + b, 0.5, pitch, 66, high)


def play_alberti(composer: Composer) -> None:
    """Broken triads, even and unbroken."""
    program = composer.draw((0, 0, 6, 11, 46, 24))
    per_beat = int(composer.rng.choice([2, 4])) if composer.n_subs == 4 else 3
    for bar, degree in enumerate(composer.chords):
        low, middle, high = composer.triad(degree, 4)
        figure = [low, high, middle, high] if composer.n_subs == 4 else [low, middle, high]
        for k in range(composer.n_beats * per_beat):
            accent = 12 if k == 0 else 5 if k % per_beat == 0 else 0
            composer.add(
                bar * composer.n_beats + k / per_beat, 0.9 / per_beat, figure[k % len(figure)], 62 + accent, program
            )


def play_motor(composer: Composer) -> None:
    """Unbroken fast notes, as in baroque strings or keyboard."""
    program, velocity = composer.draw(STRINGS), composer.rng.uniform(65, 100)
    per_beat = composer.n_subs if composer.rng.random() < 0.6 else max(2, composer.n_subs // 2)
    degree = 0
    for bar in range(composer.n_bars):
        for k in range(composer.n_beats * per_beat):
            on_beat = k % per_beat == 0
            jump = composer.chords[bar] + int(composer.rng.choice([0, 2, 4]))
            degree = jump if on_beat else degree + int(composer.rng.choice([-1, 1, 1, -1, 2]))
            accent = 14 if k == 0 else 7 if on_beat else 0
            composer.add(
                bar * composer.n_beats + k / per_beat,
                0.95 / per_beat,
                composer.pitch(degree, 5),
                velocity + accent,
                program,
            )


def play_voice(composer: Composer) -> None:
    """One voice of several, or alone."""
    octave = int(composer.rng.choice([4, 5, 6]))
    program, density = composer.draw(STRINGS + LEADS), composer.rng.uniform(0.1, 0.9)
    walk_melody(composer, octave, program, composer.rng.uniform(60, 105), density)


def play_pulse(composer: Composer) -> None:
    """Repeated chords on every beat or half beat, as a string section accompanies."""
    program, velocity = composer.draw(STRINGS + PADS), composer.rng.uniform(50, 85)
    per_beat = int(composer.rng.choice([1, 2])) if composer.n_subs == 4 else 3
    for bar, degree in enumerate(composer.chords):
        for k in range(composer.n_beats * per_beat):
            for pitch in composer.triad(degree):
                composer.add(
                    bar * composer.n_beats + k / per_beat, 0.8 / per_beat, pitch, velocity + 8 * (k == 0), program
                )
