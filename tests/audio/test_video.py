import pytest

from earmark.audio.video import MOST_ELEMENTS, _kinds_of_tracks, shows_video
from films import write_film
from sounds import chord, write_sound


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv", "webm", "wmv"])
def test_films(tmp_path, suffix):
    assert shows_video(str(write_film(tmp_path / f"film.{suffix}"))) is True


@pytest.mark.parametrize(
    ("container", "encoder"),
    [("mp4", "aac"), ("mov", "aac"), ("matroska", "aac"), ("webm", "libopus"), ("asf", "wmav2")],
)
def test_sound_alone(tmp_path, container, encoder):
    path = write_sound(tmp_path / "sound", chord(0.5, 48_000), 48_000, encoder, "fltp", container)
    assert shows_video(str(path)) is False


def test_what_does_not_tell(tmp_path):
    film = write_film(tmp_path / "film.mp4").read_bytes()
    (tmp_path / "cut.mp4").write_bytes(film[:40])
    (tmp_path / "empty.mp4").touch()
    write_sound(tmp_path / "a.flac", chord(0.5))
    for name in ("cut.mp4", "empty.mp4", "a.flac", "missing"):
        assert shows_video(str(tmp_path / name)) is None


class Counted:
    """A file that counts how often it is read."""

    def __init__(self, file):
        self.file, self.seek, self.n = file, file.seek, 0

    def read(self, n):
        self.n += 1
        return self.file.read(n)


@pytest.mark.parametrize(
    "content",
    [
        b"\0\0\0\x08ftypM4V " + b"\0\0\0\x08free" * 10_000,
        b"\0\0\0\x08ftypM4V " + b"\0\0\0\x01free" + b"\xff" * 40,
        b"\x1a\x45\xdf\xa3\x80" + b"\xec\x80" * 10_000,
        b"\x1a\x45\xdf\xa3\x01" + b"\xff" * 40,
    ],
)
def test_a_file_that_lies_is_read_no_longer(tmp_path, content):
    (tmp_path / "lie").write_bytes(content)
    with open(tmp_path / "lie", "rb") as file:
        counted = Counted(file)
        assert _kinds_of_tracks(counted) == set()
    assert counted.n <= MOST_ELEMENTS + 1
