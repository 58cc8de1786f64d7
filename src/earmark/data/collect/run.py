"""Wanted tracks -> a folder of excerpts and its manifest, tracks.csv. Interrupted, it goes on where it stopped."""

import csv
import hashlib
import json
import re
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from earmark.audio.filetags import read_file_tags
from earmark.data.collect.excerpt import SUFFIX, Format, cut
from earmark.data.collect.sources import Wanted
from earmark.data.collect.web import Web
from earmark.data.manifest import normalise_name
from earmark.data.sets.playlists import is_address
from earmark.errors import EarmarkError
from earmark.files import whole_file
from earmark.progress import Progress, silent

FETCH = ".fetch-"  # begins the name of a folder for one track
JOURNAL = "collected.jsonl"  # one line a finished track, written as soon as its excerpt is
STAGE = "excerpts"
COLUMNS = ("path", "label", "song", "artist", "title", "seconds", "starts_at", "licence", "source", "page")


@dataclass(frozen=True)
class CollectOptions:
    """How excerpts are taken.

    Attributes
    ----------
    seconds : length of an excerpt, from the track's middle
    form : of the files that are written
    per_class : excerpts of one label, at most; None for all
    per_artist : excerpts of one artist, at most; None for all
    """

    seconds: float = 30.0
    form: Format = "flac"
    per_class: int | None = None
    per_artist: int | None = None


@dataclass
class CollectReport:
    """How a run ended.

    Attributes
    ----------
    collected : rows of tracks.csv
    new : those of them that this run added
    passed_over : tracks that were there already, or of an artist who has enough
    failed : tracks without an excerpt, each with ``track``, ``problem`` and ``remedy``
    """

    collected: int = 0
    new: int = 0
    passed_over: int = 0
    failed: list[dict[str, str]] = field(default_factory=list)


def collect(
    sources: Iterable[Iterable[Wanted]],
    out: str | Path,
    options: CollectOptions,
    web: Web | None = None,
    progress: Progress = silent,
) -> CollectReport:
    """Take an excerpt of every wanted track into ``out/LABEL/`` and write ``out/tracks.csv``.

    What an earlier run took is kept and not fetched again; a track wanted under two labels keeps the first.

    Parameters
    ----------
    sources : one iterable a playlist or query; each is left when its label has ``options.per_class`` excerpts
    progress : is called with the stage ``excerpts`` before each track, and counts those that this run tried; their
        total is not known, since a catalogue gives as many tracks as it has

    Returns
    -------
    CollectReport; a track that fails is listed there and the others are collected all the same

    Raises
    ------
    DataError : a source cannot be read, or its server refuses
    """
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    folder = _ExcerptFolder(out, options)
    report = CollectReport()
    try:
        for source in sources:
            _collect_source(source, folder, report, web or Web(), progress)
    finally:
        folder.write_manifest()
        report.collected = len(folder.rows)
    return report


def _collect_source(
    source: Iterable[Wanted], folder: "_ExcerptFolder", report: CollectReport, web: Web, progress: Progress
) -> None:
    for wanted in source:
        if folder.is_full(wanted.label):
            return
        if not folder.lacks(wanted):
            report.passed_over += 1
            continue
        progress(STAGE, report.new + len(report.failed), 0, f"{wanted.label}: {_describe(wanted)}")
        try:
            folder.add(wanted, web)
            report.new += 1
        except EarmarkError as error:
            report.failed.append({"track": error.source, "problem": error.problem, "remedy": error.remedy})


class _ExcerptFolder:
    """The folder of excerpts: what is there, and what it lacks."""

    def __init__(self, out: Path, options: CollectOptions) -> None:
        self.out, self.options = out, options
        for left_over in out.glob(f"{FETCH}*"):  # by a run that was killed
            shutil.rmtree(left_over, ignore_errors=True)
        self.rows = {row["source"]: row for row in _read_journal(out / JOURNAL) if (out / row["path"]).is_file()}
        self.per_label = Counter(row["label"] for row in self.rows.values())
        self.per_artist = Counter(normalise_name(row["artist"]) for row in self.rows.values())

    def is_full(self, label: str) -> bool:
        """Whether the label has as many excerpts as are wanted."""
        most = self.options.per_class
        return most is not None and self.per_label[label] >= most

    def lacks(self, wanted: Wanted) -> bool:
        """Whether the track is not there yet, nor as many of its artist as are wanted."""
        artist, most = normalise_name(wanted.artist), self.options.per_artist
        enough = bool(artist) and most is not None and self.per_artist[artist] >= most
        return wanted.source not in self.rows and not enough

    def add(self, wanted: Wanted, web: Web) -> None:
        """Fetch, cut, and note in the journal; raises AudioError or DataError where that fails."""
        path = Path(_plain(wanted.label)) / f"{_file_stem(wanted)}{SUFFIX[self.options.form]}"
        (self.out / path).parent.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=self.out, prefix=FETCH) as folder:
            source = Path(wanted.location)
            if is_address(wanted.location):
                source = Path(folder) / "track"
                web.download(wanted.location, source)
            title, artist = _title_and_artist(wanted, source)
            draft = Path(folder) / path.name  # with what a killed run leaves, the next one deletes it
            excerpt = cut(source, draft, self.options.seconds, self.options.form)
            draft.replace(self.out / path)
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
        self.per_artist[normalise_name(row["artist"])] += 1

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


def _title_and_artist(wanted: Wanted, source: Path) -> tuple[str, str]:
    """As the playlist or catalogue has them, else as the file's tags have them."""
    if wanted.title and wanted.artist:
        return wanted.title, wanted.artist
    tags = read_file_tags(source)
    return wanted.title or tags.title, wanted.artist or tags.artist


def _plain(text: str) -> str:
    """`text` as a folder or file name that every system takes."""
    return re.sub(r"[^\w.-]+", "_", text, flags=re.UNICODE).strip("._") or "unnamed"


def _describe(wanted: Wanted) -> str:
    return f"{wanted.artist or '?'} - {wanted.title or wanted.location}"


def _file_stem(wanted: Wanted) -> str:
    """A file name that people can read and that no other source has."""
    digest = hashlib.blake2b(wanted.source.encode("utf-8", "surrogateescape"), digest_size=4).hexdigest()
    readable = _plain(wanted.title or Path(wanted.location).stem)[:60]
    return f"{readable}-{digest}"
