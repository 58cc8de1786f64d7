"""Reading around what is hidden."""

import io

from earmark.audio.spliced import Hidden, SplicedFile


def test_a_spliced_file_reads_like_one_without_the_parts(rng):
    data = rng.integers(0, 255, 1000).astype("u1").tobytes()
    parts = [Hidden(500, 501, b"X"), Hidden(0, 100), Hidden(900, 1000, b"the end")]
    expected = data[100:500] + b"X" + data[501:900] + b"the end"
    file = SplicedFile(io.BytesIO(data), parts)

    assert file.read() == expected
    for _ in range(200):
        at, size = int(rng.integers(0, 1000)), int(rng.integers(0, 300))
        assert file.seek(at) == file.tell() == at
        assert file.read(size) == expected[at : at + size]
    assert file.seek(-7, io.SEEK_END) == len(expected) - 7
    assert file.read(100) == b"the end"
    assert file.read(1) == b""
