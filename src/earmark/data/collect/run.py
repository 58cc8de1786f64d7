"""Wanted tracks -> a folder of excerpts and its manifest, tracks.csv. Interrupted, it goes on where it stopped."""

import csv
import hashlib
import json
import os
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from earmark.data.collect.excerpt import SUFFIX, Format, cut
from earmark.data.collect.sources import Wanted
from earmark.data.collect.web import Web
from earmark.data.manifest import normal
from earmark.data.sets.playlists import is_address
from earmark.errors import EarmarkError
from earmark.files import whole_file

FETCH = ".fetch-"  # begins the name of a folder for one track
JOURNAL = "collected.jsonl"  # one line a finished track, written as soon as its excerpt is
COLUMNS = ("path", "label", "song", "artist", "title", "seconds", "starts_at", "licence", "source", "page")


@dataclass(frozen=True)
class Settings:
    """How excerpts are taken: `seconds` long, as `form`; at most `per_class` a label and `per_artist` an artist."""

    seconds: float = 30.0
    form: Format = "flac"
    per_class: int | None = None
    per_artist: int | None = None


@dataclass
class Report:
    """How a run ended: rows there are, how many of them are new, how many were passed over, and what failed and why."""

    collected: int = 0
    new: int = 0
    passed_over: int = 0
    failed: list[dict[str, str]] = field(default_factory=list)


def collect(
    sources: Iterable[Iterable[Wanted]],
    out: str | Path,
    settings: Settings,
    web: Web | None = None,
    progress: Callable[[Wanted], None] | None = None,
) -> Report:
    """Take an excerpt of every wanted track into ``out/LABEL/`` and write ``out/tracks.csv``.

    Parameters
    ----------
    sources : one iterable a playlist or query; each is left when its label has `per_class` excerpts

    Returns
    -------
    Report; a track that fails is listed there and the others are collected all the same

    What an earlier run took is kept and not fetched again; a track wanted under two labels keeps the first.
    """
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    shelf = _Shelf(out, settings)
    report = Report()
    try:
        for source in sources:
            _collect_one(source, shelf, report, web or Web(), progress)
    finally:
        shelf.write_manifest()
        report.collected = len(shelf.rows)
    return report


def _collect_one(
    source: Iterable[Wanted], shelf: "_Shelf", report: Report, web: Web, progress: Callable[[Wanted], None] | None
) -> None:
    for wanted in source:
        if shelf.is_full(wanted.label):
            return
        if not shelf.wants(wanted):
            report.passed_over += 1
            continue
        if progress:
            progress(wanted)
        try:
            shelf.add(wanted, web)
            report.new += 1
        except EarmarkError as error:
            report.failed.append({"track": error.source, "problem": error.problem, "remedy": error.remedy})


class _Shelf:
    """The folder of excerpts: what is there, what is still wanted."""

    def __init__(self, out: Path, settings: Settings) -> None:
        self.out, self.settings = out, settings
        for left in out.glob(f"{FETCH}*"):  # by a run that was killed
            shutil.rmtree(left, ignore_errors=True)
        self.rows = {row["source"]: row for row in _read_journal(out / JOURNAL) if (out / row["path"]).is_file()}
        self.per_label = Counter(row["label"] for row in self.rows.values())
        self.per_artist = Counter(normal(row["artist"]) for row in self.rows.values())

    def is_full(self, label: str) -> bool:
        most = self.settings.per_class
        return most is not None and self.per_label[label] >= most

    def wants(self, wanted: Wanted) -> bool:
        artist, most = normal(wanted.artist), self.settings.per_artist
        crowded = bool(artist) and most is not None and self.per_artist[artist] >= most
        return wanted.source not in self.rows and not crowded

    def add(self, wanted: Wanted, web: Web) -> None:
        """Fetch, cut, and note in the journal."""
        path = Path(_plain(wanted.label)) / f"{_name(wanted)}{SUFFIX[self.settings.form]}"
        (self.out / path).parent.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=self.out, prefix=FETCH) as folder:
            source = Path(wanted.location)
            if is_address(wanted.location):
                source = Path(folder) / "track"
                web.download(wanted.location, source)
            title, artist = _names(wanted, source)
            aside = Path(folder) / path.name
            excerpt = cut(source, aside, self.settings.seconds, self.settings.form)
            os.replace(aside, self.out / path)
        known = asdict(wanted) | {"title": title, "artist": artist}
        song = f"{artist} - {title}" if artist and title else wanted.source
        measured = {"seconds": f"{excerpt.seconds:g}", "starts_at": f"{excerpt.starts_at:g}"}
        self._note({**known, **measured, "path": path.as_posix(), "song": song})

    def _note(self, row: dict[str, str]) -> None:
        row = {name: row[name] for name in COLUMNS}
        with open(self.out / JOURNAL, "a", encoding="utf-8") as journal:
            # the line break comes first, so that a line cut short by an interruption spoils no other
            journal.write("\n" + json.dumps(row, ensure_ascii=False))
        self.rows[row["source"]] = row
        self.per_label[row["label"]] += 1
        self.per_artist[normal(row["artist"])] += 1

    def write_manifest(self) -> None:
        """tracks.csv, sorted by path, replaced in one step."""
        if not self.rows:
            return
        with whole_file(self.out / "tracks.csv") as draft, open(draft, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(sorted(self.rows.values(), key=lambda row: row["path"]))


def _read_journal(path: Path) -> list[dict[str, str]]:
    """Rows of earlier runs; a line cut short by an interruption is passed over."""
    rows = []
    for line in path.read_text(encoding="utf-8").split("\n") if path.exists() else []:
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict) and set(row) == set(COLUMNS):
            rows.append(row)
    return rows


def _names(wanted: Wanted, source: Path) -> tuple[str, str]:
    """Title and artist: as the source says, else as the file's tags say."""
    if wanted.title and wanted.artist:
        return wanted.title, wanted.artist
    import mutagen

    try:
        tags = mutagen.File(source, easy=True) or {}
    except (mutagen.MutagenError, OSError):
        tags = {}
    first = {name: str((tags.get(name) or [""])[0]) for name in ("title", "artist")}
    return wanted.title or first["title"], wanted.artist or first["artist"]


def _plain(text: str) -> str:
    """`text` as a folder or file name that every system takes."""
    return re.sub(r"[^\w.-]+", "_", text, flags=re.UNICODE).strip("._") or "unnamed"


def _name(wanted: Wanted) -> str:
    """A file name that people can read and that no other source has."""
    digest = hashlib.blake2b(wanted.source.encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()
    readable = _plain(wanted.title or Path(wanted.location).stem)[:60]
    return f"{readable}-{digest}"
