import pytest

from earmark.explore.titles import song_key

VERSIONS = [
    "Help!", "Help! (live)", "Help! [Mono]", "HELP! (2009 Remaster)", "Help! (Radio Edit)", "Help! - Remastered 2009",
    "Help! - Live at the BBC", "Help! (Acoustic Version)", "Help (feat. Somebody)", "Help! （Live）",
    "Help! (Live) [2011 Remastered Version]", "Help! (En Vivo)", "Help! - 2015 Stereo Mix",
]  # fmt: skip
OTHERS = [
    "Help! (Banana Remix)", "Help! (Part 2)", "Help! (Karaoke Version)", "Help Me", "Help! (reprise)", "Live Help!",
    "Help! (In the Night)",
]  # fmt: skip


@pytest.mark.parametrize("title", VERSIONS)
def test_versions_by_one_artist_are_one_song(title):
    assert song_key("The Beatles", title) == song_key("THE BEATLES", "Help!")


@pytest.mark.parametrize("title", OTHERS)
def test_remixes_covers_and_parts_are_songs_of_their_own(title):
    assert song_key("The Beatles", title) != song_key("The Beatles", "Help!")


def test_another_artist_is_another_song():
    assert song_key("Bananarama", "Help!") != song_key("The Beatles", "Help!")


@pytest.mark.parametrize(
    ("artist", "title"),
    [("", "Help!"), ("X", ""), ("X", "Intro"), ("X", "Track 07"), ("X", "II. Allegro ma non troppo"), ("X", "12")],
)
def test_what_tells_too_little_is_no_song(artist, title):
    assert song_key(artist, title) is None


def test_a_dash_may_belong_to_a_title():
    assert song_key("X", "Oasis - Live Forever") != song_key("X", "Oasis - Live Again")
    assert song_key("X", "(Live)") == ("x", "live")
