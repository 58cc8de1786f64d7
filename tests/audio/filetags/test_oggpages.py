"""Pages of Ogg files that FFmpeg wrote."""

from earmark.audio.filetags.oggpages import crc, page_with_crc, pages
from sounds import chord, write_sound


def test_pages_follow_one_another_and_their_checksums_hold(tmp_path):
    path = write_sound(tmp_path / "a.opus", chord(2.0))
    with open(path, "rb") as file:
        found = list(pages(file, 0, 10**9))

    assert found[0].body.startswith(b"OpusHead")
    assert found[1].first_packet.startswith(b"OpusTags")
    assert found[-1].stop == path.stat().st_size
    assert all(a.stop == b.start for a, b in zip(found, found[1:], strict=False))
    for page in found[:3]:
        zeroed = page.head[:22] + bytes(4) + page.head[26:] + page.lacing + page.body
        assert crc(zeroed).to_bytes(4, "little") == page.head[22:26]
        assert page_with_crc(page, page.lacing, page.body) == page.head + page.lacing + page.body


def test_no_more_is_read_than_is_wanted(tmp_path):
    path = write_sound(tmp_path / "a.opus", chord(2.0))
    with open(path, "rb") as file:
        assert len(list(pages(file, 0, 100))) == 2
        assert list(pages(file, 1, 10**9)) == []
