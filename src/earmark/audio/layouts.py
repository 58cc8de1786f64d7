"""Channel layouts as PyAV hands them out, made safe: some of them it would free twice.

A layout of FFmpeg's "custom" order (an aiff or caf that lists its speakers, AAC with a program of its own, ambisonics)
owns memory. PyAV 18.1 copies the pointer into each `AudioLayout` and frees it with that object, though the frame or the
codec frees it too, and the process ends in "double free". (`get_audio_layout` and `__dealloc__` in av/audio/layout.py
since https://github.com/PyAV-Org/PyAV/pull/2284.) So every such object is made to live for ever: 64 bytes a frame of
these rare files.
"""

import ctypes
import re

import av

CUSTOM = re.compile(r"\d+ channels \(|ambisonic")


def is_custom(name: str) -> bool:
    """Whether a layout of this name may own memory."""
    return CUSTOM.match(name) is not None


def spare(layout: av.AudioLayout) -> str:
    """Keep PyAV from freeing a layout, where that is needed; returns its name."""
    name = layout.name
    if is_custom(name):
        ctypes.pythonapi.Py_IncRef(ctypes.py_object(layout))
    return name


def count_channels(context: av.AudioCodecContext) -> int:
    """Number of channels of a codec; each reading of ``context.layout`` is another object to be spared."""
    layout = context.layout
    spare(layout)
    return layout.nb_channels
