"""Whether two titles name versions of one song: ``Help!`` and ``Help! (2009 Remaster)`` do, ``Help! (X Remix)`` not.

What stands in brackets, or after a dash, is taken away where it names a version by the same artist. Remixes, covers and
parts keep their brackets and so remain songs of their own.
"""

import re

from earmark.catalogue.words import plain_name, plain_words

VERSION = frozenset(
    "live acoustic unplugged remaster remastered remasterizado edit edition version ver versione mono stereo demo "
    "original single album radio extended instrumental explicit clean bonus deluxe session sessions take alternate "
    "alternative outtake rerecorded reissue digital uncut rehearsal feat ft featuring vivo directo concert konzert "
    "akustik acustico acustica acoustique".split()
)
"""One of these makes a version of a qualifier ..."""
OTHER = frozenset(
    "remix remixed rmx cover karaoke tribute medley mashup bootleg dub vip part pt reprise vol volume".split()
)
"""... unless one of these makes another piece of it."""
FILLING = frozenset("the at in on from and for with a of mix track recording broadcast studio bbc".split())
GENERIC = frozenset(
    "intro outro interlude untitled skit prelude track title unknown theme overture finale allegro andante adagio "
    "presto largo lento moderato vivace menuetto minuet scherzo rondo allegretto andantino con moto ma non troppo brio "
    "i ii iii iv v vi vii viii no".split()
)
"""Titles of these words and numbers alone are shared by different pieces of one artist."""
_BRACKETS = re.compile(r"[(\[{（【〔]([^()\[\]{}（）【】〔〕]*)[)\]}）】〕]")
_DASH = re.compile(r"\s[-–—]\s([^-–—]+)$")


def song_key(artist: str, title: str) -> tuple[str, str] | None:
    """Equal for versions of one song by one artist; None where artist or title tell too little.

    Examples
    --------
    >>> song_key("Beyoncé", "Halo (Live at Wembley) [2011 Remaster]") == song_key("BEYONCE", "Halo")
    True
    """
    song, singer = plain_name(_without_versions(title)), plain_name(artist)
    if not singer or not song or all(word in GENERIC or word.isdigit() for word in song.split()):
        return None
    return singer, song


def _without_versions(title: str) -> str:
    song = _BRACKETS.sub(lambda found: " " if _is_version(found[1]) else found[0], title)
    found = _DASH.search(song)
    if found and _is_version(found[1]) and _names_nothing_else(found[1]):
        song = song[: found.start()]
    return song if song.strip() else title


def _is_version(qualifier: str) -> bool:
    words = set(plain_words(qualifier))
    return bool(words & VERSION) and not words & OTHER


def _names_nothing_else(qualifier: str) -> bool:
    """After a dash a title may go on: ``Song - Live at Leeds`` is a version, ``Oasis - Live Forever`` a title."""
    words = plain_words(qualifier)
    rest = [word for word in words if word not in VERSION | FILLING and not word.isdigit()]
    return not rest or (words[0] == "live" and words[1] in ("at", "in", "from", "on"))
