"""How each family of music is made: the table in styles.toml, read."""

import tomllib
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Style:
    """How a family of music is made.

    Attributes
    ----------
    weight : how often it is drawn
    tempo : range, beats a minute
    idioms : names of `theory.PROGRESSIONS`
    leads, comp, bass : General MIDI programs, from 0, that may play melody, chords and bass
    comp_figures, bass_figures : what they play, for `parts.play_figure`
    files : pattern of the mma library files that belong to it; none: it has no drums and is written without mma
    swing : where the second half of a beat falls, 0.5 straight
    own : how often mma gives the drums only and our own chords and bass play
    drive : how often the mix is overdriven, as records are
    kits : General MIDI drum sets: 0 standard, 8 room, 16 power, 24 electronic, 25 analogue, 32 jazz, 40 brushes
    """

    weight: float
    tempo: tuple[float, float]
    idioms: tuple[str, ...]
    leads: tuple[int, ...]
    comp: tuple[int, ...]
    comp_figures: tuple[str, ...]
    bass: tuple[int, ...]
    bass_figures: tuple[str, ...]
    files: str = ""
    swing: float = 0.5
    own: float = 0.25
    drive: float = 0.4
    kits: tuple[int, ...] = (0, 0, 8, 16)


def read_styles(path: Path) -> dict[str, Style]:
    """The families of a file, in its order; names of sets of figures are replaced by what they hold."""
    families = tomllib.loads(path.read_text(encoding="utf-8"))
    sets = families.pop("figures")
    for fields in families.values():
        for name in ("comp_figures", "bass_figures"):
            fields[name] = [figure for entry in fields[name] for figure in sets.get(entry, [entry])]
    return {
        family: Style(**{name: tuple(v) if isinstance(v, list) else v for name, v in fields.items()})
        for family, fields in families.items()
    }


STYLES = read_styles(Path(__file__).with_name("styles.toml"))
