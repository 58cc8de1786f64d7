"""How much each part of likeness counts: sound, rhythm, harmony, mood, instruments, energy, lyrics."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

from earmark.errors import QueryError

MAX_WEIGHT = 100.0


@dataclass(frozen=True)
class Weights:
    """How much each part counts, against the others; see `earmark.explore.parts`.

    Every part is on one scale, so that equal weights count alike. Below 0: the answers shall be unlike in this part.

    Attributes
    ----------
    sound, rhythm, harmony, mood, instruments, energy, lyrics : -100 to 100; what is not named does not count

    Raises
    ------
    QueryError : a weight out of bounds, or none but 0
    """

    sound: float = 0.0
    rhythm: float = 0.0
    harmony: float = 0.0
    mood: float = 0.0
    instruments: float = 0.0
    energy: float = 0.0
    lyrics: float = 0.0

    def __post_init__(self) -> None:
        for name, weight in asdict(self).items():
            if not abs(weight) <= MAX_WEIGHT:
                raise QueryError(f"{name}={weight}", "no weight of a part", f"Give 0 to {MAX_WEIGHT:g}, or below 0.")
        if not self.used():
            raise QueryError("weights", "no part counts", "Give one of them a weight, such as sound=1.")

    def used(self) -> dict[str, float]:
        """Part -> weight, of those that count."""
        return {name: float(weight) for name, weight in asdict(self).items() if weight}

    @property
    def is_sound_alone(self) -> bool:
        """Whether the order is that of the sound, whatever its weight."""
        used = self.used()
        return used.keys() == {"sound"} and used["sound"] > 0

    @classmethod
    def read(cls, given: "Weights | Mapping[str, float] | str | None") -> "Weights":
        """From a text such as ``sound=1,rhythm=0.5``, or from a mapping; None: the sound alone. Raises QueryError."""
        if given is None or isinstance(given, cls):
            return given or ONLY_SOUND
        pairs = _pairs(given) if isinstance(given, str) else dict(given)
        for name in pairs:
            if name not in PART_NAMES:
                raise QueryError(name, "no part of likeness", f"There are {', '.join(PART_NAMES)}.")
        return cls(**pairs)


PART_NAMES = tuple(field.name for field in fields(Weights))
ONLY_SOUND = Weights(sound=1.0)


def _pairs(text: str) -> dict[str, float]:
    found = {}
    for item in filter(None, (item.strip() for item in text.split(","))):
        name, _, value = item.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            raise QueryError(item, "no weight of a part", "Write them as sound=1,rhythm=0.5.") from None
    return found
