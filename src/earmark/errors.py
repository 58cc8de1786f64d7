"""The errors of earmark: each says what is wrong, with which file or value, and what to do next.

Library code raises them; only the command line catches them. Each kind means one thing:

    EarmarkError
    ├── FileError         a file or folder that is missing, or that cannot be read or written as such
    │   └── AudioError    a file, earprint or array that cannot be used as sound
    ├── ModelError        a model file that is missing or breaks the contract of model files
    │   └── PullError     a model that could not be fetched or built
    ├── CatalogueError    a catalogue that is missing, foreign, damaged, busy or too new
    ├── NotFound          a track that the catalogue does not hold, or a reference that fits several
    ├── QueryError        a filter, search text, key or correction that cannot be understood
    ├── DataError         a manifest, label column or data set that cannot be trained or evaluated on
    ├── ConfigError       an option or recipe setting that does not exist or cannot have that value
    ├── MissingPackage    a package that this command needs and that is not installed
    └── Interrupted       work that was stopped before this item was done
"""


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
        self.source, self.problem, self.remedy = printable(str(source)), problem, remedy
        super().__init__(f"{self.source}: {problem}. {remedy}")

    def __reduce__(self):
        """Survive the way from a worker process: the default would pass the joined message alone."""
        return type(self), (self.source, self.problem, self.remedy)


class FileError(EarmarkError):
    """A file or folder that is missing, or that cannot be read or written as such."""

    http_status = 422


class AudioError(FileError):
    """A file, earprint or array that cannot be used as sound."""


class ModelError(EarmarkError):
    """A model file that is missing or breaks the contract of model files."""

    http_status = 422


class PullError(ModelError):
    """A model that could not be fetched or built."""

    http_status = 502


class CatalogueError(EarmarkError):
    """A catalogue that is missing, foreign, damaged, busy or too new."""

    http_status = 409


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


class MissingPackage(EarmarkError):
    """A package that a command needs and that is not installed."""

    http_status = 501


class Interrupted(EarmarkError):
    """Work that was stopped before this item was done."""

    http_status = 503


def printable(text: str) -> str:
    r"""`text` as valid Unicode: bytes of a path that are not UTF-8 (in Python lone surrogates) as ``\xNN``."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
