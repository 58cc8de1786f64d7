"""How numbers are written for people, and read from them."""

import re


def clock(seconds: float) -> str:
    """Seconds as ``4:07`` or ``1:02:07``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def read_clock(text: str) -> float:
    """Seconds of ``0:30``, ``1:02:07.5`` or ``30``; raises ValueError for anything else."""
    if not re.fullmatch(r"(\d+:){0,2}\d+(\.\d*)?", text.strip(), re.ASCII):
        raise ValueError(f"{text!r} is no time")
    total = 0.0
    for part in text.strip().split(":"):
        total = 60 * total + float(part)
    return total
