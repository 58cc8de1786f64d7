import pytest


@pytest.fixture
def sound(client, ids, prepared):
    """The address of a track's sound, and its bytes."""
    path = prepared / "music" / "low.flac"
    return f"/api/v1/tracks/{ids['Low']}/audio", path.read_bytes()


def test_the_whole_file(client, sound):
    answer = client.get(sound[0])
    assert (answer.status_code, answer.content) == (200, sound[1])
    assert answer.headers["content-type"] == "audio/flac"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["content-disposition"] == "inline"


# what is asked for -> first and last byte, from the end where negative
RANGES = {
    "bytes=0-9": (0, 10), "bytes=5-": (5, None), "bytes=-7": (-7, None), "bytes=0-0": (0, 1),
    "bytes=3-99999999999": (3, None), "bytes=-99999999999": (0, None),
}  # fmt: skip


@pytest.mark.parametrize("asked", RANGES)
def test_a_range(client, sound, asked):
    answer, part = client.get(sound[0], headers={"Range": asked}), sound[1][slice(*RANGES[asked])]
    assert (answer.status_code, answer.content) == (206, part)
    first = len(sound[1]) - len(part) if RANGES[asked][1] is None else RANGES[asked][0]
    assert answer.headers["content-range"] == f"bytes {first}-{first + len(part) - 1}/{len(sound[1])}"


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
def test_a_range_that_is_not_there(client, sound, asked):
    answer = client.get(sound[0], headers={"Range": asked})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{len(sound[1])}"
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "asked", ["bytes=0-1,5-6", "bytes=9-2", "chunks=0-1", "bytes=a-b", "bytes=-", "bytes=" + "0-1," * 10_000]
)
def test_what_is_no_single_range_is_answered_by_the_whole(client, sound, asked):
    answer = client.get(sound[0], headers={"Range": asked})
    assert (answer.status_code, len(answer.content)) == (200, len(sound[1]))


def test_a_part_of_what_the_client_has_only(client, sound):
    etag = client.head(sound[0]).headers["etag"]
    answer = client.get(sound[0], headers={"Range": "bytes=0-9", "If-Range": etag})
    assert answer.status_code == 206
    answer = client.get(sound[0], headers={"Range": "bytes=0-9", "If-Range": '"other"'})
    assert (answer.status_code, answer.content) == (200, sound[1])
    assert client.get(sound[0], headers={"If-None-Match": etag}).status_code == 304


def test_the_head_alone(client, sound):
    answer = client.head(sound[0])
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == str(len(sound[1]))
