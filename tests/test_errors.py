import inspect
import pickle
import re

import pytest

from earmark import errors
from earmark.errors import AudioError, EarmarkError, printable

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
