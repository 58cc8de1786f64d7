"""The errors of earmark: each says what is wrong, with which file or value, and what to do next.

Library code raises them; only the command line catches them. Each kind means one thing:

    EarmarkError
    ├── FileError         a file or folder that is missing, or that cannot be read or written as such
    │   └── AudioError    a file, earprint or array that cannot be used as sound
    │       └── Unreachable  one at an address that could not be fetched, which says nothing of its content
    ├── ModelError        a model file that is missing or breaks the contract of model files
    │   └── PullError     a model that could not be fetched or built
    ├── CatalogueError    a catalogue that is missing, foreign, damaged or too new
    │   └── CatalogueBusy one that another process is writing to
    ├── NotFound          a track that the catalogue does not hold, or a reference that fits several
    ├── QueryError        a filter, search text, key or correction that cannot be understood
    ├── DataError         a manifest, label column or data set that cannot be trained or evaluated on
    ├── ConfigError       an option or recipe setting that does not exist or cannot have that value
    ├── ClusterLost       a cluster on which no machine is left that can work
    ├── ServerError       a server of earmark that cannot be asked, or where a job has failed
    └── MissingPackage    a package that this command needs and that is not installed
"""

import collections.abc
import re
import unicodedata


class EarmarkError(Exception):
    """Something that the user can understand and act on.

    Parameters
    ----------
    source : the file, column or value that is at fault
    problem : what is wrong with it
    remedy : what to do next, a full sentence

    Attributes
    ----------
    http_status : the status of an HTTP answer that reports it
    """

    http_status = 400

    def __init__(self, source: object, problem: str, remedy: str) -> None:
        self.source = printable(str(source))
        self.problem, self.remedy = (LINES.sub(_printable_part, text) for text in (problem, remedy))
        super().__init__(f"{self.source}: {self.problem}. {self.remedy}")

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        """Survive the way from a worker process: the default would pass the joined message alone."""
        return type(self), (self.source, self.problem, self.remedy)


class FileError(EarmarkError):
    """A file or folder that is missing, or that cannot be read or written as such."""

    http_status = 422


class AudioError(FileError):
    """A file, earprint or array that cannot be used as sound."""


class Unreachable(AudioError):
    """A file at an address that could not be fetched, which says nothing of its content."""

    http_status = 502


class ModelError(EarmarkError):
    """A model file that is missing or breaks the contract of model files."""

    http_status = 422


class PullError(ModelError):
    """A model that could not be fetched or built."""

    http_status = 502


class CatalogueError(EarmarkError):
    """A catalogue that is missing, foreign, damaged or too new."""

    http_status = 409


class CatalogueBusy(CatalogueError):
    """A catalogue that another process is writing to."""


class NotFound(EarmarkError):
    """A track that the catalogue does not hold, or a reference that fits several."""

    http_status = 404


class QueryError(EarmarkError):
    """A filter, search text, key or correction that cannot be understood."""


class DataError(EarmarkError):
    """A manifest, label column or data set that cannot be trained or evaluated on."""

    http_status = 422


class ConfigError(EarmarkError):
    """An option or recipe setting that does not exist or cannot have that value."""


class ClusterLost(EarmarkError):
    """A cluster on which no machine is left that can work."""

    http_status = 503


class ServerError(EarmarkError):
    """A server of earmark that cannot be asked, or where a job has failed."""

    http_status = 502


class MissingPackage(EarmarkError):
    """A package that a command needs and that is not installed."""

    http_status = 501


LINES = re.compile(r"(?:(?!\n  |\n\Z).)+", re.S)
"""All of a text but the ends of lines in lists of our own, which go on with an indented line or with none."""


def _printable_part(found: re.Match[str]) -> str:
    return printable(found[0])


HIDDEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Unicode categories of what steers a terminal, ends a line, turns the writing around or is not seen at all."""
FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Letters, marks and signs that look like nothing."""
JOINERS = frozenset("\u200c\u200d")
"""They hide nothing between the letters of scripts that join, or between the parts of an emoji."""


def printable(text: str) -> str:
    r"""`text` as one line that shows all that is in it, wherever names and texts of files are shown.

    Control and format characters, ends of lines, overrides of direction and letters that look like nothing become
    ``\xNN`` or ``\uNNNN``; bytes of a path that are not UTF-8 (in Python lone surrogates) ``\xNN``.
    """
    return replace_hidden(as_unicode(text), _escape)


def is_hidden(text: str, i: int) -> bool:
    """Whether the character at `i` must not be shown as it is, see `printable`."""
    c = text[i]
    if c in JOINERS:
        beside = text[i - 1 : i] + text[i + 1 : i + 2]
        return len(beside) < 2 or beside.isascii() or not beside.isprintable()
    return c in FILLERS or (not c.isprintable() and unicodedata.category(c) in HIDDEN)


def without_hidden(text: str) -> str:
    """`text` on one line without what `printable` would have to write as an escape: for titles and the like."""
    return replace_hidden(as_unicode(text), lambda c: " " if c.isspace() or c < " " else "")


def replace_hidden(text: str, instead: collections.abc.Callable[[str], str]) -> str:
    """`text` with something else for every character that `is_hidden`."""
    if text.isprintable() and FILLERS.isdisjoint(text):
        return text
    return "".join(instead(c) if is_hidden(text, i) else c for i, c in enumerate(text))


def _escape(c: str) -> str:
    code = ord(c)
    return f"\\x{code:02x}" if code < 128 else f"\\u{code:04x}" if code < 65_536 else f"\\U{code:08x}"


def as_unicode(text: str) -> str:
    r"""`text` as valid Unicode, all else as it is, to be kept: bytes that are not UTF-8 as ``\xNN``."""
    if text.isascii():
        return text
    halves = (f"\\u{ord(c):04x}" if "\ud800" <= c < "\udc80" or "\udcff" < c <= "\udfff" else c for c in text)
    return "".join(halves).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def one_line(error: BaseException, longest: int = 200) -> str:
    """The beginning of what an error of a library says, or its kind where it says nothing."""
    said = str(error).strip().split("\n", 1)[0]
    return printable(said[:longest]) or type(error).__name__
