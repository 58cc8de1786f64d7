"""earmark listens to a music collection: it tags every track and finds what sounds alike.

The public names are those in ``__all__``; they are loaded when first used, so that ``import earmark`` is quick.
"""

from typing import TYPE_CHECKING

__version__ = "0.1.0"

_HOMES = {
    "Analysis": "earmark.analysis",
    "AudioError": "earmark.errors",
    "Catalogue": "earmark.library",
    "CatalogueError": "earmark.errors",
    "EarmarkError": "earmark.errors",
    "ScanOptions": "earmark.engine.scan",
    "analyze": "earmark.library",
    "load_model": "earmark.tagger.model",
}
__all__ = [
    "Analysis", "AudioError", "Catalogue", "CatalogueError", "EarmarkError", "ScanOptions", "__version__", "analyze",
    "load_model",
]  # fmt: skip

if TYPE_CHECKING:
    from earmark.analysis import Analysis
    from earmark.engine.scan import ScanOptions
    from earmark.errors import AudioError, CatalogueError, EarmarkError
    from earmark.library import Catalogue, analyze
    from earmark.tagger.model import load_model


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module 'earmark' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
