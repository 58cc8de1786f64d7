"""Manifests in memory: which rows belong together."""

from datafiles import manifest_of


def test_groups_chain_songs_artists_and_duplicates_but_not_placeholders():
    manifest = manifest_of(
        song=["s1", "s1", "s2", "", "", "s5"],
        artist=["A", "B", "b ", "Various Artists", "various artists", ""],
        duplicate=["", "", "d", "", "d", ""],
    )
    a, b, c, d, e, f = manifest.groups()
    assert a == b == c == e  # s1 joins 0-1, artist B 1-2 whatever its case, duplicate d 2-4
    assert len({a, d, f}) == 3
    assert len(set(manifest_of(genre=["x"] * 4).groups())) == 4


def test_the_same_file_twice_is_one_group():
    assert len(set(manifest_of(path=["a.wav", "b.wav", "a.wav"]).groups())) == 2
