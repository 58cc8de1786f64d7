import shutil

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from earmark.interop.delta import BLOCK, Delta, find_delta, restore
from earmark.interop.mutagen_files import open_tags
from tagged import KINDS, write_kind


def there_and_back(tmp_path, old: bytes, new: bytes) -> Delta:
    (tmp_path / "old").write_bytes(old)
    (tmp_path / "new").write_bytes(new)
    delta = Delta.unpack(find_delta(tmp_path / "old", tmp_path / "new").pack())
    restore(tmp_path / "new", delta, tmp_path / "out")
    assert (tmp_path / "out").read_bytes() == old
    return delta


def sound(n: int) -> bytes:
    return np.random.default_rng(0).bytes(n)


@pytest.mark.parametrize(
    ("before", "after"),
    [((b"old tags", b""), (b"new and longer tags", b"")), ((b"long old tags", b""), (b"new", b"")),
     ((b"", b"old"), (b"", b"much longer")), ((b"a", b"b"), (b"cc", b"d")), ((b"", b""), (b"x" * 70_000, b""))],
)  # fmt: skip
def test_only_tags_are_kept_and_no_sound(tmp_path, before, after):
    middle = sound(20 * BLOCK)
    delta = there_and_back(tmp_path, before[0] + middle + before[1], after[0] + middle + after[1])
    assert sum(len(part) for _, part in delta.runs) <= 2 * BLOCK


def test_numbered_pages_cost_a_few_bytes_each(tmp_path):
    pages = [sound(4_000)] * 50
    old = b"tags" + b"".join(i.to_bytes(4) + page for i, page in enumerate(pages))
    new = b"longer tags" + b"".join((i + 1).to_bytes(4) + page for i, page in enumerate(pages))
    delta = there_and_back(tmp_path, old, new)
    assert sum(len(part) for _, part in delta.runs) < 50 * 8


@given(st.binary(max_size=200), st.binary(max_size=200), st.integers(0, 2 * BLOCK))
@settings(max_examples=60, deadline=None)
def test_any_two_files(tmp_path_factory, a, b, n):
    middle = sound(n)
    there_and_back(tmp_path_factory.mktemp("any"), a + middle, b + middle + a)


@pytest.mark.parametrize("kind", KINDS)
def test_the_way_back_from_new_tags_is_small_in_every_format(tmp_path, kind):
    old = write_kind(tmp_path / f"old.{kind}", seconds=8.0)
    new = shutil.copy(old, tmp_path / f"new.{kind}")
    tags = open_tags(new)
    name = {"id3": "TCON", "mp4": "©gen", "asf": "WM/Genre"}.get(tags.family, "GENRE")
    tags.write(name, ("x" * 9_000,))
    tags.save()
    delta = there_and_back(tmp_path, old.read_bytes(), (tmp_path / f"new.{kind}").read_bytes())
    assert sum(len(part) for _, part in delta.runs) < 2 * BLOCK
