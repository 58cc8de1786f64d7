import pytest

from earmark.catalogue.files import FileState
from earmark.explore.copies import Copy, copy_of


def copy(path: str, codec: str, bit_rate: int = 128_000, sample_rate: int | None = 44_100, duration: float = 60.0):
    return Copy(path, "t", "Title", "Artist", "Album", duration, codec, bit_rate, sample_rate)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (copy("b", "flac", 700_000), copy("a", "mp3", 900_000)),
        (copy("b", "pcm_s16le"), copy("a", "aac", 900_000)),
        (copy("b", "mp3", 320_000), copy("a", "mp3", 128_000)),
        (copy("b", "mp3", sample_rate=48_000), copy("a", "mp3")),
        (copy("b", "mp3", sample_rate=44_100), copy("a", "mp3", sample_rate=None)),
        (copy("b", "mp3", duration=61), copy("a", "mp3")),
        (copy("a", "mp3"), copy("b", "mp3")),
    ],
)
def test_the_better_file_comes_first(better, worse):
    assert better.rank < worse.rank


@pytest.mark.parametrize(
    ("path", "codec", "lossless"),
    [
        ("x.flac", "flac", True),
        ("x.WV", "wavpack", True),
        ("x.wav", "wav", True),
        ("x.mp3", "mp3", False),
        ("x", "", False),
    ],
)
def test_what_no_scan_has_noted_is_guessed(path, codec, lossless):
    row = {"title": "T", "artist": None, "album": "", "duration": 10.0}
    found = copy_of(FileState(path, 160_000, 0, "", "t"), row)
    assert (found.codec, found.bit_rate, found.is_lossless, found.title, found.artist) == (
        codec,
        128_000,
        lossless,
        "T",
        "",
    )
