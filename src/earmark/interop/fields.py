"""The fields that can be written into files, and the name of each in every kind of tag.

Sources: mediafile (beets), Navidrome's mappings.yaml, Picard's and mp3tag's tables of names, RFC 7845 for Opus.
"""

from dataclasses import dataclass, field

FAMILIES = {
    "id3": "ID3 (mp3, wav, aiff)", "vorbis": "Vorbis comments (flac, ogg)", "opus": "Opus", "mp4": "MP4 (m4a)",
    "asf": "ASF (wma)", "ape": "APEv2 (ape, wv)",
}  # fmt: skip
"""Kinds of tags -> how they are called, and the files that hold them."""

SUFFIXES = frozenset(".mp3 .wav .aiff .aif .aifc .flac .ogg .oga .opus .m4a .m4b .mp4 .wma .asf .ape .wv".split())
"""Of files whose tags are written."""

FREEFORM = "----:com.apple.iTunes:"
OWN = "EARMARK_"


@dataclass(frozen=True)
class Field:
    """One field.

    Attributes
    ----------
    name : as in profiles and ``--fields``
    meaning : for the documentation
    names : family -> tags that hold it; all of them are written. A family that is missing has no such field
    many : whether it may have several values
    ours : whether earmark alone writes these tags, so that every mode replaces them
    """

    name: str
    meaning: str
    names: dict[str, tuple[str, ...]] = field(repr=False)
    many: bool = False
    ours: bool = False


def _everywhere(name: str) -> dict[str, tuple[str, ...]]:
    """A tag that has no place of its own in any family."""
    return {
        "id3": (f"TXXX:{name}",), "vorbis": (name,), "opus": (name,), "mp4": (f"{FREEFORM}{name}",), "asf": (name,),
        "ape": (name,),
    }  # fmt: skip


def _named(id3: str, vorbis: str, mp4: str, asf: str, ape: str) -> dict[str, tuple[str, ...]]:
    """Names by family; several are parted by spaces."""
    texts = {"id3": id3, "vorbis": vorbis, "opus": vorbis, "mp4": mp4, "asf": asf, "ape": ape}
    return {family: tuple(text.split(" ")) for family, text in texts.items()}


def _without_opus(names: dict[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    return {family: tags for family, tags in names.items() if family != "opus"}


def _own(name: str, meaning: str, many: bool = False) -> Field:
    return Field(f"own_{name.lower()}", meaning, _everywhere(OWN + name), many, ours=True)


FIELDS = {
    one.name: one
    for one in (
        Field("bpm", "tempo, beats a minute", _named("TBPM", "BPM", "tmpo", "WM/BeatsPerMinute", "BPM")),
        Field(
            "key", "key: `Am`, `8A` or `1m`",
            _named("TKEY", "INITIALKEY KEY", f"{FREEFORM}initialkey", "WM/InitialKey", "INITIALKEY KEY"),
        ),
        Field("mood", "sure tags of the group `mood`", _named("TMOO", "MOOD", f"{FREEFORM}MOOD", "WM/Mood", "Mood"),
              many=True),
        Field("genre", "the genre, where it is sure", _named("TCON", "GENRE", "©gen", "WM/Genre", "Genre"), many=True),
        Field("style", "sure tags of the group `style`", _everywhere("STYLE"), many=True),
        Field(
            "grouping", "sure tags of the group `use`, and your own",
            _named("TIT1 GRP1", "GROUPING", "©grp", "WM/ContentGroupDescription", "Grouping"), many=True,
        ),
        Field("energy", "energy, 1 to 10", _everywhere("ENERGYLEVEL") | {"id3": ("TXXX:EnergyLevel",)}),
        Field("gain", "ReplayGain of the track, to -18 LUFS", _without_opus(_everywhere("REPLAYGAIN_TRACK_GAIN"))),
        Field("peak", "true peak of the track, full scale is 1", _without_opus(_everywhere("REPLAYGAIN_TRACK_PEAK"))),
        Field("r128", "gain to -23 LUFS in 256ths of a decibel", {"opus": ("R128_TRACK_GAIN",)}),
        Field(
            "comment", "a block `[earmark: ...]` in the comment; the rest of it stays",
            _named("COMM::eng", "COMMENT", "©cmt", "Description", "Comment"), ours=True,
        ),
        _own("BPM", "tempo, two decimals"),
        _own("BPM_CONFIDENCE", "of the tempo, 0 to 1"),
        _own("KEY", "name of the key: `A minor`"),
        _own("KEY_CONFIDENCE", "of the key, 0 to 1"),
        _own("ENERGY", "energy, 0 to 1"),
        _own("LOUDNESS", "integrated loudness, LUFS"),
        _own("TAGS", "sure tags of your own, see [teach](teach.md)", many=True),
        _own("VERSION", "what wrote these tags: earmark's version and those of the analysis"),
    )
}  # fmt: skip
"""Name -> field, in the order in which they are written."""

GROUPS = {"gain": ("gain", "peak", "r128"), "own": tuple(name for name in FIELDS if name.startswith("own_"))}
"""A word of profiles and of ``--fields`` -> the fields that it stands for."""

CHOICES = tuple(dict.fromkeys([*(name for name in FIELDS if not name.startswith("own_")), "own"]))


def table() -> str:
    """The table of docs/tags-in-files.md."""
    head = "| field | what it is | " + " | ".join(FAMILIES.values()) + " |\n|---|---|" + "---|" * len(FAMILIES) + "\n"
    return head + "".join(_line(one) for one in FIELDS.values())


def _line(one: Field) -> str:
    cells = (", ".join(f"`{tag}`" for tag in one.names.get(family, ())) for family in FAMILIES)
    return f"| {one.name} | {one.meaning} | {' | '.join(cells)} |\n"
