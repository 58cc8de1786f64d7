"""The errors of earmark: each says what is wrong, with which file or value, and what to do next.

Library code raises them; only the command line and the REST API catch them.
"""


class EarmarkError(Exception):
    """Something that the user can understand and act on.

    Parameters
    ----------
    source : the file, column or value that is at fault
    problem : what is wrong with it
    remedy : what to do next, a full sentence
    """

    http_status = 400

    def __init__(self, source: object, problem: str, remedy: str) -> None:
        self.source, self.problem, self.remedy = printable(str(source)), problem, remedy
        super().__init__(f"{self.source}: {problem}. {remedy}")

    def __reduce__(self):
        """Survive the way from a worker process: the default would pass the joined message alone."""
        return type(self), (self.source, self.problem, self.remedy)


class AudioError(EarmarkError):
    """A file or array that cannot be used as audio."""

    http_status = 422


class ModelError(EarmarkError):
    """A model file that is missing or breaks the contract of model files."""

    http_status = 422


class CatalogueError(EarmarkError):
    """A catalogue that is missing, foreign or too new."""

    http_status = 409


class NotFound(CatalogueError):
    """A track that the catalogue does not hold, or a reference that fits several."""

    http_status = 404


class QueryError(EarmarkError):
    """A filter or query that the store cannot understand."""


class DataError(EarmarkError):
    """A manifest, label column or data set that cannot be trained or evaluated on."""

    http_status = 422


def printable(text: str) -> str:
    r"""`text` as valid Unicode: bytes of a path that are not UTF-8 (in Python lone surrogates) as ``\xNN``."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
