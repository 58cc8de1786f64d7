import pytest

from earmark.interop.servers.songs import Song
from media_servers import media_server


def song(number: int, **changes) -> Song:
    known = {
        "title": f"Title {number}", "artist": "Ann", "album": "One", "duration": 100.0 + number,
        "path": f"/data/music/Ann/One/{number}.flac",
    }  # fmt: skip
    return Song(f"s{number}", **known | changes)


@pytest.fixture
def songs():
    return [song(number) for number in range(5)]


@pytest.fixture
def running(songs, monkeypatch):
    """Starts a server of a kind, whose pages are small."""
    import earmark.interop.servers.jellyfin as jellyfin
    import earmark.interop.servers.plex as plex
    import earmark.interop.servers.subsonic as subsonic

    for module in (jellyfin, plex, subsonic):
        monkeypatch.setattr(module, "PAGE", 2)
    started = []

    def start(kind):
        started.append(media_server(kind, songs))
        return started[-1].__enter__()

    yield start
    for one in started:
        one.__exit__(None, None, None)
