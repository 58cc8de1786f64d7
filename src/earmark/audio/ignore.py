"""What the user wants left out: ``--exclude`` and ``.earmarkignore`` files, in the syntax of ``.gitignore``.

pathspec translates a pattern. Which of several patterns counts is decided here, a name at a time on the way down, since
a folder that is left out is not entered: the last pattern that fits, in the deepest file that has one.
"""

import os
import re
from collections.abc import Callable
from dataclasses import dataclass

from pathspec import GitIgnoreSpec
from pathspec.pattern import Pattern

from earmark.errors import ConfigError

IGNORE_FILE = ".earmarkignore"
MOST_BYTES = 1_000_000
MOST_NAMED = 5  # wrong lines that a message names
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MOST_STARS = 4  # in one pattern, `**` counted once; the time that a match may take is a power of it
SYNTAX = "Write it as in a .gitignore file, for example `Podcasts/` or `*.wav`."

# pathspec matches whole trees at once; these are spelled so that a folder and what lies below it can be told apart.
RESPELLED = ((r"/\*\*$", "/**/*"), (r"(^!?|/)\*\*/$", r"\1**/?*/"), (r"(^!?|/)\*/$", r"\1?*/"))


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Patterns that rule in one folder and below.

    Attributes
    ----------
    command : the level of ``--exclude``, which goes before all files
    files : a level for each ignore file on the way down, the deepest first

    A level is the folder that its patterns are relative to, with a separator at its end, and the patterns.
    """

    command: tuple[str, tuple[Pattern, ...]]
    files: tuple[tuple[str, tuple[Pattern, ...]], ...] = ()

    @classmethod
    def of(cls, folder: str, exclude: tuple[str, ...]) -> "Exclusions":
        """Those of the command line, relative to `folder`. Raises ConfigError for what is no pattern."""
        return cls((os.path.join(folder, ""), tuple(_named_pattern(text) for text in exclude)))

    def with_file(self, path: str, complain: Callable[[str, str], None]) -> "Exclusions":
        """The same below an ignore file; `complain` is told the problem and the remedy of one that is not all right."""
        level = os.path.join(os.path.dirname(path), ""), read_patterns(path, complain)
        return Exclusions(self.command, (level, *self.files))

    def cover(self, path: str, is_folder: bool) -> bool:
        """Whether a file or folder is left out; no folder above it is."""
        for base, patterns in (self.command, *self.files):
            if patterns:
                name = path[len(base) :].replace(os.sep, "/") + ("/" if is_folder else "")
                for pattern in reversed(patterns):
                    if _fits(pattern, name):
                        return bool(pattern.include)
        return False


def read_patterns(path: str, complain: Callable[[str, str], None]) -> tuple[Pattern, ...]:
    """The patterns of an ignore file; lines that are none are told to `complain`, all at once, and the others count."""
    try:
        with open(path, "rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        complain(f"not readable ({error.strerror}), so nothing is left out by it", "Change its permissions.")
        return ()
    if len(content) > MOST_BYTES:
        complain("too large for a list of patterns, so nothing is left out by it", "Shorten it.")
        return ()
    patterns, wrong = [], []
    lines = os.fsdecode(content.removeprefix(BYTE_ORDER_MARK)).split("\n")  # names need not be UTF-8 either
    for number, line in enumerate(lines, 1):
        try:
            patterns += _patterns(line)
        except ValueError:
            wrong.append(number)
    if wrong:
        complain(f"no pattern in line {', '.join(map(str, wrong[:MOST_NAMED]))}", SYNTAX)
    return tuple(patterns)


def _named_pattern(text: str) -> Pattern:
    """A pattern of the command line, where `#` begins no comment."""
    try:
        (pattern,) = _patterns("\\" + text if text.startswith("#") else text)
    except ValueError:
        raise ConfigError(f"--exclude {text!r}", "no pattern", SYNTAX) from None
    return pattern


def _patterns(line: str) -> list[Pattern]:
    """What a line holds: one pattern, or none in comments and empty lines. Raises ValueError."""
    line = line.rstrip("\r")
    if len(re.findall(r"\*+", line)) > MOST_STARS and not line.startswith("#"):
        raise ValueError("too many stars")
    for before, after in RESPELLED:
        line = re.sub(before, after, line)
    return [pattern for pattern in GitIgnoreSpec.from_lines([line]).patterns if pattern.include is not None]


def _fits(pattern: Pattern, name: str) -> bool:
    """Whether a pattern names this very file or folder, and not one above it.

    The one group of pathspec's expressions is the slash behind the folder that is named.
    """
    result = pattern.match_file(name)
    if result is None:
        return False
    match = result.match
    return match.lastindex is None or match.start(1) == len(name) - 1
