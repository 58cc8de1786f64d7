"""Where the real music lies, beside the checkout; what needs it skips where it is absent."""

from pathlib import Path

SHARED = Path(__file__).parents[3] / "shared"
