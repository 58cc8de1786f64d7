"""The check of a data set: unreadable files, lengths, classes, duplicates, and what the parts of its split share."""

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field

import numpy as np

from earmark.data.cache import FeatureCache
from earmark.data.fingerprint import SoundPair, fingerprint_words, sound_pairs
from earmark.data.manifest import GROUPING, PLACEHOLDERS, Manifest, normalise_name
from earmark.data.splits import ALIASES, Split
from earmark.data.targets import Targets
from earmark.errors import EarmarkError

LENGTH_EDGES = (0, 1, 3, 10, 15, 30, 60, 120, 300, 600, 1800)  # seconds
NAMED = 20  # leaks that a report names; it counts them all


@dataclass(frozen=True)
class Leak:
    """One thing that two parts of a split share.

    Attributes
    ----------
    what : a grouping column (``song``, ``artist``, ...), ``content`` (equal audio packets) or ``sound``
    value : the name that is shared, or how well the sound agrees
    parts : the two parts
    rows : two rows, one of each part
    """

    what: str
    value: str
    parts: tuple[str, str]
    rows: tuple[int, int]


@dataclass(frozen=True)
class DataReport:
    """What `check` found.

    Attributes
    ----------
    n : rows
    unreadable : by row, why
    lengths : files by length in seconds, "1-3" -> count
    classes : by class of the target: ``files`` and ``songs``, how many
    content_duplicates : groups of rows with equal audio packets
    sound_duplicates : pairs of rows that hold the same recording
    parts : rows of each part, as the manifest names them; empty where it names none
    leaks : what the parts share
    not_checked : what could not be checked, and why
    """

    n: int
    unreadable: dict[int, str]
    lengths: dict[str, int]
    classes: dict[str, dict[str, int]]
    content_duplicates: list[list[int]]
    sound_duplicates: list[SoundPair]
    parts: dict[str, int]
    leaks: list[Leak]
    not_checked: list[str] = field(default_factory=list)

    @property
    def honest(self) -> bool:
        """Whether the parts share nothing, as far as was checked."""
        return not self.leaks

    def to_dict(self) -> dict:
        """Plain values for JSON."""
        return asdict(self) | {"honest": self.honest}


def check(manifest: Manifest, targets: Targets | None, cache: FeatureCache) -> DataReport:
    """Look through a data set: what can be read, how long it is, what occurs twice, and what its parts share.

    Parameters
    ----------
    targets : what is to be learned, for the table of classes; None leaves it empty
    cache : of this manifest, from `FeatureCache.attempt`; its entries with an error are the unreadable files
    """
    readable = np.array([not entry.error for entry in cache.entries], bool)
    pairs = _sound_pairs(cache, readable)
    contents = [entry.content if ok else "" for entry, ok in zip(cache.entries, readable, strict=True)]
    parts = manifest_parts(manifest)
    leaks = shared_between(manifest, parts, contents, pairs) if parts is not None else []
    return DataReport(
        n=len(manifest),
        unreadable={int(i): cache.entries[i].error for i in np.flatnonzero(~readable)},
        lengths=_length_histogram(cache.durations[readable]),
        classes=_class_table(manifest, targets),
        content_duplicates=_equal_groups(contents),
        sound_duplicates=pairs,
        parts=dict(sorted(Counter(part for part in parts if part).items())) if parts is not None else {},
        leaks=leaks,
        not_checked=_missing_columns(manifest),
    )


def leakage(manifest: Manifest, split: Split, cache: FeatureCache | None = None) -> dict:
    """What was checked between the parts of a split, for ``leakage`` in metrics.json.

    Parameters
    ----------
    cache : of the whole manifest; without one, equal audio is found by reading each file's packets, and equal sound is
        not looked for

    Returns
    -------
    ``checked`` and ``not_checked``: lists of words; ``shared_songs``, ``shared_artists``, ``shared_audio``: how many;
    ``examples``: up to 20 in words; ``honest``: whether nothing is shared
    """
    parts = np.full(len(manifest), "", dtype="<U8")
    for name, rows in split.parts().items():
        parts[rows] = name
    used = np.flatnonzero(parts != "")
    pairs = []
    if cache is not None:
        pairs = _sound_pairs(cache, np.isin(np.arange(len(manifest)), used))
    contents = _contents(manifest, cache)
    leaks = shared_between(manifest, list(parts), contents, pairs)
    count = Counter(leak.what for leak in leaks)
    not_checked = _missing_columns(manifest) + ([] if any(contents) else ["content: no file can be read"])
    not_checked += [] if cache is not None else ["sound: no feature cache given"]
    return {
        "checked": [x for x in ("song", "artist", "content", "sound") if not any(y.startswith(x) for y in not_checked)],
        "not_checked": not_checked,
        "shared_songs": count["song"] + count["duplicate"],
        "shared_artists": sum(n for what, n in count.items() if what.startswith("artist")),
        "shared_audio": count["content"] + count["sound"],
        "examples": [describe_leak(manifest, leak) for leak in leaks[:NAMED]],
        "honest": not leaks,
    }  # fmt: skip


def manifest_parts(manifest: Manifest) -> list[str] | None:
    """The part of each row, from ``split`` or else ``fold``, "" for rows in none; None where it has neither."""
    for column in ("split", "fold"):
        if column in manifest.columns and any(cells := manifest.column(column)):
            return [ALIASES.get(cell.lower(), cell.lower()) for cell in cells]
    return None


def shared_between(manifest: Manifest, parts: list[str], contents: list[str], pairs: list[SoundPair]) -> list[Leak]:
    """Each song, artist, duplicate mark, audio content and sound that lies in more than one part.

    Parameters
    ----------
    parts : of each row, "" for none
    contents : hash of each row's audio packets, "" where it cannot be read
    pairs : rows that sound alike
    """
    leaks = []
    for what in GROUPING:
        if what in manifest.columns:
            keys = [normalise_name(cell) for cell in manifest.column(what)]
            leaks += _find_divided(what, ["" if key in PLACEHOLDERS else key for key in keys], parts)
    leaks += _find_divided("content", contents, parts)
    for pair in pairs:
        two = (parts[pair.a], parts[pair.b])
        if all(two) and two[0] != two[1] and not (contents[pair.a] and contents[pair.a] == contents[pair.b]):
            value = f"{100 * (1 - pair.unequal):.0f} % of bits agree"
            leaks.append(Leak("sound", value, two, (pair.a, pair.b)))
    return leaks


def describe_leak(manifest: Manifest, leak: Leak) -> str:
    """One line of a report: what is shared, by which parts, in which rows."""
    first, second = (manifest.where(i) for i in leak.rows)
    value = "" if leak.what == "content" else f" {leak.value!r}"
    return f"{leak.what}{value} in {leak.parts[0]} and {leak.parts[1]}: {first}, {second}"


def duplicate_marks(report: DataReport) -> list[str]:
    """A ``duplicate`` column: the same mark for rows with equal content or sound, "" for all others."""
    mark = list(range(report.n))

    def root(i: int) -> int:
        while mark[i] != i:
            i = mark[i]
        return i

    groups = report.content_duplicates + [[pair.a, pair.b] for pair in report.sound_duplicates]
    for first, *others in groups:
        for other in others:
            a, b = sorted((root(first), root(other)))
            mark[b] = a
    roots = [root(i) for i in range(report.n)]
    sizes = Counter(roots)
    return [f"d{r}" if sizes[r] > 1 else "" for r in roots]


def count_unmarked(manifest: Manifest, report: DataReport) -> int:
    """How many duplicates are in no common song, artist or duplicate mark, so that a new split may divide them."""
    groups = manifest.groups()
    found = [group for group in report.content_duplicates if len({groups[i] for i in group}) > 1]
    return len(found) + sum(groups[pair.a] != groups[pair.b] for pair in report.sound_duplicates)


# ---------------------------------------------------------------- parts of a report


def _find_divided(what: str, keys: list[str], parts: list[str]) -> list[Leak]:
    """Leaks of the keys that lie in several parts; an empty key is no key."""
    first: dict[str, dict[str, int]] = defaultdict(dict)
    for i, (key, part) in enumerate(zip(keys, parts, strict=True)):
        if key and part:
            first[key].setdefault(part, i)
    leaks = []
    for key, row_of in first.items():
        (part, row), *others = row_of.items()
        leaks += [Leak(what, key, (part, other), (row, i)) for other, i in others]
    return leaks


def _sound_pairs(cache: FeatureCache, wanted: np.ndarray) -> list[SoundPair]:
    nothing = np.zeros(0, np.uint32)
    cfg = cache.feature_config
    return sound_pairs(
        fingerprint_words(cache[i], cfg) if use and not cache.entries[i].error else nothing
        for i, use in enumerate(wanted)
    )


def _contents(manifest: Manifest, cache: FeatureCache | None) -> list[str]:
    if cache is not None:
        return cache.contents
    from earmark.audio.decode import content_hash

    def read(path) -> str:
        try:
            return content_hash(path)
        except EarmarkError:
            return ""

    return [read(path) for path in manifest.paths()]


def _equal_groups(contents: list[str]) -> list[list[int]]:
    rows = defaultdict(list)
    for i, content in enumerate(contents):
        if content:
            rows[content].append(i)
    return [group for group in rows.values() if len(group) > 1]


def _length_histogram(seconds: np.ndarray) -> dict[str, int]:
    counts, _ = np.histogram(seconds, bins=[*LENGTH_EDGES, np.inf])
    names = [f"{a}-{b}" for a, b in zip(LENGTH_EDGES, LENGTH_EDGES[1:], strict=False)] + [f"{LENGTH_EDGES[-1]}-"]
    return {name: int(count) for name, count in zip(names, counts, strict=True) if count}


def _class_table(manifest: Manifest, targets: Targets | None) -> dict[str, dict[str, int]]:
    if targets is None or targets.kind == "value":
        return {}
    song = np.array(manifest.songs())
    holds = targets.values > 0.5
    return {
        name: {"files": int(holds[:, k].sum()), "songs": len(set(song[holds[:, k]]))}
        for k, name in enumerate(targets.names)
    }


def _missing_columns(manifest: Manifest) -> list[str]:
    filled = [name for name in ("song", "artist") if name in manifest.columns and any(manifest.column(name))]
    return [f"{name}: no such column" for name in ("song", "artist") if name not in filled]
