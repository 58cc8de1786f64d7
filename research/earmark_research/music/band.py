"""A band with drums: what each of its instruments plays. Each function adds one part to a `Composer`'s performance."""

import numpy as np

from earmark_research.music.composer import BASSES, KEYS, LEADS, PADS, PLUCKED, Composer, Play

KICK, SNARE, CLAP, CLOSED_HAT, OPEN_HAT, RIDE, CRASH, SHAKER, TOM, RIM = 36, 38, 39, 42, 46, 51, 49, 70, 45, 37


def draw_band(composer: Composer) -> list[Play]:
    """The instruments of a band: always drums, one time in ten nothing else."""
    parts = [play_drums, play_bass]
    parts += [play_comping] if composer.rng.random() < 0.85 else []
    parts += [play_pad] if composer.rng.random() < 0.4 else []
    parts += [play_melody] if composer.rng.random() < 0.7 else []
    return parts if composer.rng.random() < 0.9 else [play_drums]


def draw_pattern(composer: Composer) -> tuple[list[float], list[float], list[float]]:
    """Kick, snare and cymbal positions within a bar, in beats."""
    n, rng = composer.n_beats, composer.rng
    if composer.n_subs == 3:
        return _triple_pattern(n)
    style = rng.choice(["rock", "four", "funk", "hiphop", "reggae", "swing", "metal", "half"])
    beats = [float(b) for b in range(n)]
    back = [float(b) for b in range(1, n, 2)] if n != 3 else [1.0, 2.0]
    quavers, sixteenths = ([b + k / of for b in range(n) for k in range(of)] for of in (2, 4))
    extra = [float(x) for x in rng.choice([0.5, 1.5, 2.5, 0.75, 1.75, 2.25, 2.75], rng.integers(0, 3)) if x < n]
    match str(style):
        case "four":
            return beats, back, [b + 0.5 for b in beats] if rng.random() < 0.6 else sixteenths
        case "reggae":
            return [2.0] if n >= 4 else [1.0], [2.0], quavers
        case "swing":
            return [], [], beats + [b + 0.5 for b in range(1, n, 2)]
        case "metal":
            return sixteenths if rng.random() < 0.4 else quavers, back, beats
    cymbal = sixteenths if style in ("funk", "hiphop") and rng.random() < 0.6 else quavers
    kick = [0.0] + ([2.0] if n >= 4 else []) + extra
    return kick, back, cymbal if rng.random() < 0.8 else beats


def _triple_pattern(n: int) -> tuple[list[float], list[float], list[float]]:
    """The same for n beats of three subdivisions."""
    kick, snare = [0.0] + [float(b) for b in range(2, n, 2)], [float(b) for b in range(1, n, 2)]
    return kick, snare, [b + s / 3 for b in range(n) for s in range(3)]


def play_drums(composer: Composer) -> None:
    """One pattern throughout, with fills and crashes, and some hits left out."""
    kick, snare, cymbal = draw_pattern(composer)
    metal = composer.rng.choice([CLOSED_HAT, CLOSED_HAT, RIDE, SHAKER, OPEN_HAT])
    back = composer.rng.choice([SNARE, SNARE, CLAP, RIM])
    level, drop = composer.rng.uniform(0.7, 1.1), composer.rng.choice([0, 0, 0.05, 0.15])
    for bar in range(composer.n_bars):
        at = bar * composer.n_beats
        fill = bar % 4 == 3 and composer.rng.random() < 0.4
        for positions, drum, velocity in ((kick, KICK, 105), (snare, back, 100), (cymbal, metal, 70)):
            for x in positions:
                if composer.rng.random() >= drop and not (fill and x >= composer.n_beats - 1):
                    accent = 10 if x == int(x) else -8
                    composer.hit(at + x, drum, (velocity + accent) * level)
        if fill:
            play_fill(composer, at + composer.n_beats - 1, level)
        if bar % 8 == 0 and composer.rng.random() < 0.4:
            composer.hit(at, CRASH, 100 * level, length=1.0)


def play_fill(composer: Composer, at: float, level: float) -> None:
    """Snare and toms on the subdivisions of the beat that begins at `at` beats."""
    for s in range(composer.n_subs):
        if composer.rng.random() < 0.8:
            drum = composer.rng.choice([SNARE, TOM, TOM + 3])
            composer.hit(at + s / composer.n_subs, drum, 95 * level)


def play_bass(composer: Composer) -> None:
    """Roots, quavers, a walk, octaves, or a syncopated figure that stays."""
    program, rng = composer.draw(BASSES), composer.rng
    style = rng.choice(["roots", "eighths", "walking", "syncopated", "octaves"])
    velocity, n = rng.uniform(70, 110), composer.n_beats
    rhythm = {
        "roots": [0.0] + ([n / 2] if n % 2 == 0 else []), "walking": [float(b) for b in range(n)],
        "eighths": [x / 2 for x in range(2 * n)] if composer.n_subs == 4 else [x / 3 for x in range(3 * n)],
        "octaves": [x / 2 for x in range(2 * n)] if composer.n_subs == 4 else [float(b) for b in range(n)],
        "syncopated": [0.0, *sorted(rng.choice(np.arange(1, n * composer.n_subs), min(3, n), False) / composer.n_subs)],
    }[style]  # fmt: skip
    for bar, degree in enumerate(composer.chords):
        for i, x in enumerate(rhythm):
            step = int(rng.choice([0, 2, 4, 1])) if style == "walking" and i else 0
            pitch = composer.pitch(degree + step, 3) + (12 if style == "octaves" and i % 2 else 0)
            gap = (rhythm[i + 1] if i + 1 < len(rhythm) else n) - x
            composer.add(bar * n + x, gap * 0.9, pitch, velocity, program)


def play_comping(composer: Composer) -> None:
    """Chords in a rhythm that stays, or broken."""
    rng, n = composer.rng, composer.n_beats
    program = composer.draw(KEYS + PLUCKED)
    kind = rng.choice(["bar", "beats", "offbeats", "eighths", "random", "arpeggio"])
    grid = np.arange(n * composer.n_subs) / composer.n_subs
    rhythm = {
        "bar": [0.0], "beats": [float(b) for b in range(n)],
        "arpeggio": list(grid[:: 2 if composer.n_subs == 4 else 1]),
        "offbeats": [b + (0.5 if composer.n_subs == 4 else 2 / 3) for b in range(n)], "eighths": list(grid[::2]),
        "random": sorted(rng.choice(grid, min(len(grid), int(rng.integers(2, 5))), replace=False)),
    }[kind]  # fmt: skip
    velocity = rng.uniform(50, 95)
    for bar, degree in enumerate(composer.chords):
        notes = composer.triad(degree)
        for i, x in enumerate(rhythm):
            length = 0.4 if kind in ("offbeats", "eighths") else (n if kind == "bar" else 0.9)
            for pitch in [notes[i % 3]] if kind == "arpeggio" else notes:
                composer.add(bar * n + x, length, pitch, velocity + (8 if x == 0 else 0), program)


def play_pad(composer: Composer) -> None:
    """A held chord a bar."""
    program, velocity = composer.draw(PADS), composer.rng.uniform(40, 80)
    for bar, degree in enumerate(composer.chords):
        for pitch in composer.triad(degree):
            composer.add(bar * composer.n_beats, composer.n_beats, pitch, velocity, program)


def play_melody(composer: Composer) -> None:
    """The leading melody, high."""
    walk_melody(composer, 6, composer.draw(LEADS), composer.rng.uniform(60, 105), composer.rng.uniform(0.2, 0.8))


def walk_melody(composer: Composer, octave: int, program: int, velocity: float, density: float) -> None:
    """A random walk whose long notes like strong positions; `density` 0-1 is how many there are."""
    rng, n = composer.rng, composer.n_beats
    degree = int(rng.integers(0, 7))
    motif: dict[int, list] = {}
    for bar in range(composer.n_bars):
        rhythm = motif.setdefault(bar % int(rng.choice([1, 2, 4])), draw_rhythm(composer, density))
        for x, length in rhythm:
            chordal = x == int(x) and rng.random() < 0.6
            degree = composer.chords[bar] + int(rng.choice([0, 2, 4])) if chordal else degree + int(rng.integers(-2, 3))
            degree = int(np.clip(degree, -3, 10))
            accent = 10 if x == 0 else (4 if x == int(x) else -4)
            composer.add(bar * n + x, length * 0.92, composer.pitch(degree, octave), velocity + accent, program)


def draw_rhythm(composer: Composer, density: float) -> list[tuple[float, float]]:
    """(position, length) in beats of one bar: onsets likelier on strong positions."""
    n, subs, rng = composer.n_beats, composer.n_subs, composer.rng
    starts = []
    for k in range(n * subs):
        strong = 1.0 if k == 0 else 0.85 if k % subs == 0 else 0.6 if subs == 4 and k % 2 == 0 else 0.3
        strong = 0.6 if subs == 3 and k % 3 else strong
        if rng.random() < strong * (0.35 + 0.75 * density):
            starts.append(k / subs)
    ends = [*starts[1:], float(n)]
    return list(zip(starts, np.array(ends) - np.array(starts), strict=True)) if starts else []
