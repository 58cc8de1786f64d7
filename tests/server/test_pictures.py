import io
import zlib

import numpy as np
import pytest

from earmark.errors import QueryError
from earmark.server.pictures import envelope, png, spectrogram


def read_png(data: bytes) -> np.ndarray:
    width, height = (int.from_bytes(data[i : i + 4], "big") for i in (16, 20))
    start = data.index(b"IDAT") + 4
    rows = np.frombuffer(zlib.decompress(data[start:-16]), np.uint8).reshape(height, width + 1)
    return rows[:, 1:]


def mel_of(amplitudes) -> np.ndarray:
    """The log-mel of frames whose power lies in band 3 alone."""
    power = np.zeros((len(amplitudes), 8))
    power[:, 3] = np.square(amplitudes)
    return np.log10(1 + 10_000 * power).astype(np.float32)


def test_the_envelope_is_the_peak_amplitude_of_each_stretch():
    assert envelope(mel_of([0.1, 0.2, 0.0, 0.4]), 2) == [128, 255]
    assert envelope(mel_of([0.5, 1.0]), 100) == [128, 255]
    assert envelope(np.zeros((4, 8), np.float32), 2) == [0, 0]
    assert envelope(np.zeros((0, 8), np.float32), 2) == [0]


def test_the_spectrogram_is_a_picture_with_low_bands_below():
    image = read_png(spectrogram(mel_of([1.0, 0.0, 1.0, 0.0]), 2.0, 0.0, 3.0, 6))
    assert image.shape == (8, 6)
    assert image[8 - 1 - 3].tolist() == [255, 0, 255, 0, 0, 0]  # nothing after its end
    assert not np.delete(image, 4, 0).any()


def test_a_longer_stretch_shows_its_peak():
    image = read_png(spectrogram(mel_of([0.0, 1.0, 0.0, 0.0]), 1.0, 0.0, 4.0, 2))
    assert image[4].tolist() == [255, 0]


def test_other_programs_read_the_png():
    from PIL import Image

    grey = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png(grey)))), grey)


@pytest.mark.parametrize(
    ("start", "end", "width"), [(2, 1, 10), (0, float("nan"), 10), (0, 1, 0), (0, 1, 5000), (0, 1e6, 9), (0, 9e5, 2)]
)
def test_what_is_no_part_of_a_track(start, end, width):
    with pytest.raises(QueryError):
        spectrogram(mel_of([1.0]), 1.0, start, end, width)
    with pytest.raises(QueryError):
        envelope(mel_of([1.0]), 0)
