"""Frames of any format -> mono at the wanted rate, by FFmpeg's filters; and, for an observer, the sound as it is."""

from collections.abc import Callable, Iterable, Iterator

import av
import numpy as np

from earmark.audio.layouts import is_custom, spare

BLOCK_SAMPLES = 65_536  # given to FFmpeg's filters and handed on at once: few calls, little memory
FIRST_LOOK = 4096  # samples of a format, after which a frame is looked at for the first time
MAX_PLANES = 7  # that PyAV can be asked for, see `_drain`

Observer = Callable[[np.ndarray, int, str], None]
"""Called with each decoded block: float32 [n_channels, n], its rate in Hz, and its FFmpeg channel layout."""


class Mixer:
    """FFmpeg filters for frames of one format: a weighted sum of the channels, resampled to mono.

    Parameters
    ----------
    frame : the first one; the others must fit it
    sr : wanted rate, Hz
    observer : sees each block before it is mixed
    weights : of the channels; their mean by default
    look : called with a frame now and then

    Raises
    ------
    FFmpegError : a format that FFmpeg's filters do not take
    """

    def __init__(
        self,
        frame: av.AudioFrame,
        sr: int,
        observer: Observer | None,
        weights: tuple[float, ...] | None = None,
        look: Callable[[av.AudioFrame], None] = lambda frame: None,
    ) -> None:
        self._format = frame.format.name, frame.layout.name, frame.rate
        self._waiting, self._next, self._look = 0, FIRST_LOOK, look  # samples pushed since the last pull
        self._observer, self._rate, self._layout = observer, frame.rate, frame.layout.name
        self._n_channels = n = frame.layout.nb_channels
        self._custom = is_custom(self._layout)
        self._fifo = None if self._custom or n > MAX_PLANES else av.AudioFifo()
        graph = av.filter.Graph()
        graph.threads = 1
        self._source = graph.add_abuffer(sample_rate=frame.rate, format=frame.format, layout=self._layout)
        floats = graph.add("aformat", "sample_fmts=fltp")
        blocks = [] if self._fifo else [graph.add("asetnsamples", f"n={BLOCK_SAMPLES}:p=0")]
        _link(self._source, *blocks, floats)
        tail = self._split(graph, floats) if observer else floats
        terms = "".join(f"{weight:+.9f}*c{i}" for i, weight in enumerate(weights or (1 / n,) * n))
        mean = graph.add("pan", f"mono|c0={terms.removeprefix('+')}")
        self._mono = graph.add("abuffersink")
        _link(tail, mean, graph.add("aresample", f"{sr}"), self._mono)
        graph.configure(auto_buffer=False)
        self._graph = graph  # its filters live as long as it does

    def _split(self, graph: av.filter.Graph, floats: av.filter.context.FilterContext):
        split = graph.add("asplit", "2")
        floats.link_to(split)
        packed = [graph.add("aformat", "sample_fmts=flt")] if self._n_channels > MAX_PLANES else []
        self._native = graph.add("abuffersink")
        _link(split, *packed, self._native, first_output=1)
        return split

    def fits(self, frame: av.AudioFrame) -> bool:
        """Some streams change rate or channels on their way."""
        return self._format == (frame.format.name, frame.layout.name, frame.rate)

    def push(self, frame: av.AudioFrame) -> Iterable[np.ndarray]:
        """Take one frame; gives the mono blocks that are ready, float32 [n], often none."""
        if self._custom:
            spare(frame.layout)
        frame.pts = None  # gaps and jumps in the clock are not our concern
        self._collect(frame)
        self._waiting += frame.samples
        if self._waiting < self._next:  # asking after every frame is slow
            return ()
        self._next = BLOCK_SAMPLES
        self._look(frame)
        return self._pull() if self._waiting >= BLOCK_SAMPLES else ()

    def _collect(self, frame: av.AudioFrame) -> None:
        """Filters called for each short frame are slow: they get whole blocks, where that can be.

        An AudioFifo writes beyond its memory when the channels change: only frames that fit come here. It refuses a
        frame of another time base, which the next part of a file may have.
        """
        if self._fifo is None:
            self._source.push(frame)
            return
        try:
            self._fifo.write(frame)
        except ValueError:
            self._empty_fifo()
            self._fifo = av.AudioFifo()
            self._fifo.write(frame)

    def _empty_fifo(self) -> None:
        if self._fifo and (block := self._fifo.read()):
            block.pts = None
            self._source.push(block)

    def flush(self) -> Iterator[np.ndarray]:
        """End the stream; gives the mono blocks that are left, float32 [n]."""
        self._empty_fifo()
        self._source.push(None)
        return self._pull()

    def _pull(self) -> Iterator[np.ndarray]:
        self._waiting = 0
        self._empty_fifo()
        if self._observer:
            for block in _drain(self._native, self._n_channels):
                self._observer(block, self._rate, self._layout)
        for block in _drain(self._mono, 1):
            yield block[0]


def _link(head, *filters, first_output: int = 0) -> None:
    """Link filters in a row; the first link begins at this output of `head`."""
    for i, tail in enumerate(filters):
        head.link_to(tail, first_output if i == 0 else 0)
        head = tail


def _drain(sink, n_channels: int) -> Iterator[np.ndarray]:
    """All blocks that wait at a sink, float32 [n_channels, n]; of more than MAX_PLANES channels they are packed there.

    PyAV (up to 18, `AudioFrame.planes` in av/audio/frame.py of https://github.com/PyAV-Org/PyAV) counts planes until
    it finds a null pointer. AVFrame.data has room for 8: beside 8 planes there is none, and what lies behind is read as
    an address. torchcodec had the like: https://github.com/meta-pytorch/torchcodec/issues/1145
    """
    while True:
        try:
            frame = sink.pull()
        except (av.error.BlockingIOError, av.error.EOFError):
            return
        spare(frame.layout)
        if n_channels > MAX_PLANES:
            packed = np.frombuffer(frame.planes[0], np.float32, frame.samples * n_channels)
            yield np.ascontiguousarray(packed.reshape(-1, n_channels).T)
        else:  # not to_ndarray, which takes twice as long
            yield np.stack([np.frombuffer(plane, np.float32, frame.samples) for plane in frame.planes])
