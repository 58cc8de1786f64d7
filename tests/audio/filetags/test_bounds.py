import io
import zlib

from earmark.audio.filetags.bounds import MAX_VALUE, decompress, read_value


def test_a_value_is_read_so_far_and_no_further():
    file = io.BytesIO(bytes(5 * MAX_VALUE))

    assert len(read_value(file, 10)) == 10
    assert len(read_value(file, 10**18)) == MAX_VALUE


def test_what_expands_too_far_is_empty():
    assert decompress(zlib.compress(b"x" * MAX_VALUE)) == b"x" * MAX_VALUE
    assert decompress(zlib.compress(b"x" * (MAX_VALUE + 1000))) == b""
    assert decompress(b"no zlib") == b""
