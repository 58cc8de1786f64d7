"""Sound files, heard alone: no catalogue is asked."""

import os
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from earmark import analysis, live, settings, tagger
from earmark.analysis import Analysis
from earmark.audio import playable
from earmark.audio.earprint import EARPRINT_SUFFIX, write_earprint
from earmark.audio.listen import listen
from earmark.catalogue.store import Store
from earmark.descriptors.description import language_of
from earmark.descriptors.tempo import TempoRange
from earmark.engine import apart, bugreport, diagnosis
from earmark.live import Belief
from earmark.settings import MAX_SECONDS
from earmark.tagger.model import Model
from earmark.tagger.registry import DEFAULT, model_path, names


def analyze(
    path: str | os.PathLike,
    model: str | os.PathLike | Model = DEFAULT,
    max_seconds: float = MAX_SECONDS,
    tempo_range: str | TempoRange | None = None,
) -> Analysis:
    """Analyse one audio file or earprint.

    Parameters
    ----------
    path : any file that FFmpeg reads, or an ``.earprint``
    model : a model name, an ONNX file, a folder written by ``earmark train``, or a loaded model
    max_seconds : of the file that are analysed
    tempo_range : show the octave of the tempo that lies in it, such as ``88:175``

    Raises
    ------
    AudioError
    ModelError
    ConfigError : the range is none

    Examples
    --------
    >>> import earmark
    >>> found = earmark.analyze("song.flac")  # doctest: +SKIP
    >>> found.top("genre"), found.descriptors["tempo"].bpm  # doctest: +SKIP
    ('jazz', 168.05)
    """
    shown = read_tempo_range(tempo_range)
    return analysis.analyze(path, _loaded(model), max_seconds).with_tempo_in(shown)


def analyze_apart(path: str | os.PathLike, model: str | os.PathLike | Model = DEFAULT) -> Analysis:
    """`analyze` in a process of its own, with the limits of a scan on time and memory: for files of strangers.

    Raises AudioError, ModelError.

    Examples
    --------
    >>> earmark.library.analyze_apart("upload.mp3").top("genre")  # doctest: +SKIP
    'jazz'
    """
    return apart.analyze_apart(path, _loaded(model))


def earprint_apart(path: str | os.PathLike, folder: Path, model: str | os.PathLike | Model = DEFAULT) -> Path:
    """Write a file's earprint into a folder under the id of its track, from a process as `analyze_apart`'s.

    Examples
    --------
    >>> earmark.library.earprint_apart("song.flac", Path("prints"))  # doctest: +SKIP
    PosixPath('prints/0123456789abcdef0123.earprint')
    """
    return apart.earprint_apart(path, _loaded(model), folder)


def write_flac(path: str | os.PathLike, out: str | os.PathLike) -> float:
    """Write a file of any kind as FLAC, which browsers play, three hours at most; returns its length in seconds.

    Raises AudioError, OSError.

    Examples
    --------
    >>> earmark.library.write_flac("song.aiff", "song.flac")  # doctest: +SKIP
    241.2
    """
    return playable.write_flac(path, out)


def load_model(model: str | os.PathLike = DEFAULT, threads: int = 1) -> Model:
    """Load a model by its name, from an ONNX file, or from a folder written by ``earmark train``.

    threads : of one run of the network. Raises ModelError that lists the names there are.

    Examples
    --------
    >>> earmark.load_model().info.id
    'earmark'
    """
    return tagger.model.load_model(model_path(model), threads)


def read_tempo_range(text: str | TempoRange | None) -> TempoRange | None:
    """The range that a text such as ``88:175`` means; a range, and None, as they are. Raises ConfigError.

    Examples
    --------
    >>> earmark.library.read_tempo_range("88:175").fold(87)
    174
    """
    return TempoRange.parse(text) if isinstance(text, str) else text


def _loaded(model: str | os.PathLike | Model) -> Model:
    return model if isinstance(model, Model) else _kept(os.fspath(model))


@lru_cache(maxsize=4)
def _kept(name: str) -> Model:
    return load_model(name)


def language_code(language: str | None = None) -> str:
    """The code of the language that descriptions are told in.

    language : as people write it, such as ``de_AT``; by default that of ``EARMARK_LANGUAGE``, else English

    Raises ConfigError that lists the languages there are.

    Examples
    --------
    >>> earmark.library.language_code("de_AT")
    'de'
    """
    return language_of(language or settings.language()).code


def model_files() -> dict[str, Path]:
    """Name -> file of every model that has a name: the bundled one, and those that were added or pulled.

    Examples
    --------
    >>> "default" in earmark.library.model_files()
    True
    """
    return names()


def diagnose(model: str | os.PathLike = DEFAULT) -> dict:
    """What is installed and how fast this machine decodes and analyses; see `earmark.engine.diagnosis.diagnose`.

    Raises ModelError. It takes a few seconds.

    Examples
    --------
    >>> earmark.library.diagnose()["speed"]["analyze_x_real_time"]  # doctest: +SKIP
    312
    """
    return diagnosis.diagnose(os.fspath(model), _loaded(model))


def listen_live(
    source: str | os.PathLike | BinaryIO,
    model: str | os.PathLike | Model = DEFAULT,
    raw: tuple[int, int] | None = None,
    real_time: bool = False,
) -> Iterator[Belief]:
    """What is heard as sound comes in, every half second of it.

    Parameters
    ----------
    source : a sound file, or an open pipe
    raw : rate in Hz and channels of 16-bit samples that come without a head
    real_time : wait, so that a file takes as long as it plays

    Raises AudioError, ModelError.

    Examples
    --------
    >>> for belief in earmark.library.listen_live("song.mp3"):  # doctest: +SKIP
    ...     print(belief.time, belief.tags["genre"][0].tag)
    """
    loaded = _loaded(model)
    sr = loaded.info.features.sr
    blocks = live.read_sound(os.fspath(source) if isinstance(source, str | os.PathLike) else source, sr, raw)
    return live.beliefs(live.in_real_time(blocks, sr) if real_time else blocks, loaded)


def bug_report(model: str | os.PathLike = DEFAULT, catalogue: str | os.PathLike | None = None) -> dict:
    """`diagnose` and the state of a catalogue, to send to others: paths and names are hashed.

    Raises ModelError, CatalogueError.

    Examples
    --------
    >>> earmark.library.bug_report(catalogue="music.earmark")["catalogue"]["failures"]  # doctest: +SKIP
    [{'suffix': '.mp3', 'problem': 'no audio in it', 'files': 2}]
    """
    return bugreport.bug_report(diagnose(model), None if catalogue is None else Store(catalogue))


def make_earprint(
    path: str | os.PathLike, out: str | os.PathLike | None = None, model: str | os.PathLike | Model = DEFAULT
) -> Path:
    """Write a file's earprint: its spectrogram, which can be analysed in its place.

    Parameters
    ----------
    out : folder to write to, made if it is not there; beside the file by default
    model : whose front end the spectrogram is made for

    Returns
    -------
    The earprint: the file's name with the suffix ``.earprint``.

    Raises
    ------
    AudioError, ModelError
    FileError : the earprint cannot be written

    Examples
    --------
    >>> earmark.make_earprint("song.flac", out="prints")  # doctest: +SKIP
    PosixPath('prints/song.earprint')
    """
    path = Path(path)
    folder = path.parent if out is None else Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    earprint = listen(path, _loaded(model).info.features)
    return write_earprint(earprint, folder / f"{path.stem}{EARPRINT_SUFFIX}")
