"""How long work tells how far it is: one call, which a terminal, a log or a server's job can take."""

from typing import Protocol


class Progress(Protocol):
    """Told of every step of a long piece of work."""

    def __call__(self, what: str, done: float, total: float, note: str = "") -> None:
        """Take notice.

        Parameters
        ----------
        what : the stage, such as ``spectrograms``; several may follow one another
        done, total : in the stage's own unit (files, bytes, steps); total is 0 where nobody knows it
        note : what else there is to say, such as the rate
        """


def silent(what: str, done: float, total: float, note: str = "") -> None:
    """The `Progress` of work that nobody watches."""
