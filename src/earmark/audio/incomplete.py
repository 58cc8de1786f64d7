"""Sound that could not be heard whole: how much is missing, and the sentences that tell people."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Incomplete:
    """A file of which less could be heard than it promises, or than its damage left.

    Attributes
    ----------
    expected : seconds that its header or size promises; None where only its end is known to be missing
    heard : seconds
    damaged_packets : that were skipped, between others that could be heard
    """

    expected: float | None
    heard: float
    damaged_packets: int = 0

    def to_dict(self) -> dict:
        """``expected`` and ``heard`` in seconds, ``damaged_packets``; ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict) -> "Incomplete":
        """Read what `to_dict` gave; raises TypeError, KeyError or ValueError where it is something else."""
        expected = values["expected"]
        return cls(
            None if expected is None else float(expected), float(values["heard"]), int(values["damaged_packets"])
        )


CANCELLING = "the channels cancel each other: their difference was heard"


def warnings_of(incomplete: Incomplete | None, damaged: int, cancelling: bool) -> tuple[str, ...]:
    """Short sentences on what a listener should know of a file; empty where all is well."""
    found = []
    if incomplete and incomplete.expected is not None:
        found.append(f"incomplete: {incomplete.heard:.1f} of {incomplete.expected:.1f} s could be heard")
    elif incomplete:
        found.append(f"incomplete: it breaks off after {incomplete.heard:.1f} s")
    if damaged:
        found.append(f"damaged: {damaged} {'packets were' if damaged > 1 else 'packet was'} skipped")
    return (*found, CANCELLING) if cancelling else tuple(found)
