"""earmark analyses a music collection: it tags every track and finds what sounds alike.

The public names are those in ``__all__``; they are loaded when first used, so that ``import earmark`` is quick.
"""

from typing import TYPE_CHECKING

__version__ = "0.2.0"

_HOMES = {
    "Analysis": "earmark.library",
    "AudioError": "earmark.errors",
    "Catalogue": "earmark.library",
    "CatalogueError": "earmark.errors",
    "EarmarkError": "earmark.errors",
    "Hit": "earmark.library",
    "ScanOptions": "earmark.library",
    "Seed": "earmark.library",
    "Track": "earmark.library",
    "Weights": "earmark.library",
    "analyze": "earmark.library",
    "connect": "earmark.client",
    "load_model": "earmark.library",
    "make_earprint": "earmark.library",
}
__all__ = [
    "Analysis", "AudioError", "Catalogue", "CatalogueError", "EarmarkError", "Hit", "ScanOptions", "Seed",
    "Track", "Weights", "__version__", "analyze", "connect", "load_model", "make_earprint",
]  # fmt: skip

if TYPE_CHECKING:
    from earmark.client import connect
    from earmark.errors import AudioError, CatalogueError, EarmarkError
    from earmark.library import (
        Analysis,
        Catalogue,
        Hit,
        ScanOptions,
        Seed,
        Track,
        Weights,
        analyze,
        load_model,
        make_earprint,
    )


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module 'earmark' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
