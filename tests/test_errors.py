import inspect
import pickle
import re

import pytest

from earmark import errors
from earmark.errors import AudioError, EarmarkError, as_unicode, one_line, printable, without_hidden

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass)]


def test_the_tree_in_the_docstring_is_the_tree():
    drawn = re.findall(r"^    ([│├└─ ]*)(\w+)", errors.__doc__, re.M)
    assert {name for _, name in drawn} == {kind.__name__ for kind in KINDS}
    depth = {name: len(branch.rstrip()) // 4 + bool(branch.strip()) for branch, name in drawn}
    for kind in KINDS:
        assert depth[kind.__name__] == len(kind.__mro__) - len(EarmarkError.__mro__), kind


@pytest.mark.parametrize("kind", KINDS)
def test_an_error_survives_the_pipe_from_a_worker(kind):
    error = kind("song.mp3", "the file is empty", "Copy it again.")
    back = pickle.loads(pickle.dumps(error))
    assert type(back) is kind
    assert (back.source, back.problem, back.remedy) == ("song.mp3", "the file is empty", "Copy it again.")
    assert str(back) == "song.mp3: the file is empty. Copy it again."


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_status_of_http_and_says_what_it_means(kind):
    assert 400 <= kind.http_status < 600
    assert kind.__doc__


def test_names_that_are_no_text_are_shown_all_the_same():
    assert printable("caf\udce9.mp3") == r"caf\xe9.mp3"
    assert printable("日本語") == "日本語"
    assert str(AudioError("caf\udce9.mp3", "empty", "Go.")).encode()


# text -> as it is shown, as a tag is kept
HOSTILE = {
    "\x1b[2J\x1b]0;owned\x07": (r"\x1b[2J\x1b]0;owned\x07", " [2J ]0;owned "),
    "a\nb\rc\td": (r"a\x0ab\x0dc\x09d", "a b c d"),
    "a\x7fb\x9bc": (r"a\x7fb\u009bc", "abc"),
    "gpj.\u202e3pm": (r"gpj.\u202e3pm", "gpj.3pm"),
    "\u2066a\u2069\u200eb\u200f": (r"\u2066a\u2069\u200eb\u200f", "ab"),
    "a\u2028b\u2029": (r"a\u2028b\u2029", "a b "),
    "pay\u200bpal\u2060\ufeff\u00ad": (r"pay\u200bpal\u2060\ufeff\u00ad", "paypal"),
    "a\u200db": (r"a\u200db", "ab"),
    "\U000e0041x": (r"\U000e0041x", "x"),
    "a\u3164\u034f": (r"a\u3164\u034f", "a"),
    "\ud800x\udcff": (r"\ud800x\xff", r"\ud800x\xff"),
}


@pytest.mark.parametrize("text", HOSTILE)
def test_what_steers_a_terminal_or_is_not_seen_is_written_out(text):
    shown, kept = HOSTILE[text]
    assert printable(text) == shown
    assert printable(shown) == shown
    assert without_hidden(text) == kept
    assert str(AudioError(text, text, text)) == f"{shown}: {shown}. {shown}"


@pytest.mark.parametrize("text", ["Björk", "日本語\u3000曲", "می\u200cخواهم", "👩\u200d👧", "a\u00a0b", "\\x1b", ""])
def test_what_people_write_is_left_as_it_is(text):
    assert printable(text) == without_hidden(text) == text


def test_lists_of_our_own_keep_their_lines():
    error = AudioError("set", "2 files cannot be read:\n  a: no\x1b\n  b\nc: no\n", "Delete them.")
    assert error.problem == "2 files cannot be read:\n  a: no\\x1b\n  b\\x0ac: no\n"


def test_what_is_kept_is_unicode_and_else_as_it_was():
    assert as_unicode("a\x1b\u202eb\udce9") == "a\x1b\u202eb\\xe9"


def test_the_word_of_a_library_is_one_short_line():
    assert one_line(ValueError("first\x1b\nsecond")) == r"first\x1b"
    assert one_line(KeyError()) == "KeyError"
    assert len(one_line(ValueError("x" * 5000))) == 200
