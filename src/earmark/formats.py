"""How numbers are written for people."""


def clock(seconds: float) -> str:
    """Seconds as ``4:07`` or ``1:02:07``."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
