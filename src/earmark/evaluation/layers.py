"""What is known of a network's filters: layers, filters, and the moments of the data that activate them most."""

from dataclasses import dataclass

from earmark.evaluation.receptive import ReceptiveField


@dataclass(frozen=True)
class Moment:
    """One excerpt: everything that an activation depends on.

    Attributes
    ----------
    path, row : of the file, in the manifest
    start, end : seconds
    activation : value of the filter
    """

    path: str
    row: int
    start: float
    end: float
    activation: float


@dataclass(frozen=True)
class Filter:
    """One filter of a convolution.

    Attributes
    ----------
    index : among the layer's output channels
    moments : strongest first; empty for a filter whose output is the same for every file
    file : sound file, relative to the output folder; "" where there is none
    """

    index: int
    moments: tuple[Moment, ...]
    file: str = ""


@dataclass(frozen=True)
class Layer:
    """One convolution.

    Attributes
    ----------
    name : of its tensor
    field : the frames that its values depend on
    seconds : length of the sound that one value depends on
    filters : by index
    """

    name: str
    field: ReceptiveField
    seconds: float
    filters: tuple[Filter, ...]
