"""The process of one job: ``python -m earmark.server.work CATALOGUE FOLDER``; only `earmark.server.runner` starts it.

What to do stands in the folder's ``job.json``. Lines of JSON leave on standard output: ``{"progress": [...]}`` and, at
the end, ``{"done": ...}`` or ``{"failed": ...}``. It ends when standard input does: the server wants it to, or is gone.
A scan then keeps what is done.
"""

import json
import os
import shutil
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TextIO, TypeVar

from earmark.errors import CatalogueBusy, CatalogueError, EarmarkError, FileError, NotFound, as_unicode, one_line
from earmark.library import (
    Catalogue,
    ScanOptions,
    ScanReport,
    analyze_apart,
    earprint_apart,
    heard_of,
    read_plan,
    write_flac,
    write_heard,
)
from earmark.server.known_files import open_first
from earmark.server.tagplans import TagPlans

ROOTS_EVERY = 5.0  # seconds between two looks for folders that a watch should follow
BUSY_WAIT = 1.0  # seconds between two tries where another process writes
PACE = 0.2  # seconds between two lines of progress
HEARD, RESULT, UPLOAD, BEFORE, NEWS = "heard.npz", "result", "upload", "before.json", "news.json"
WATCHING = "watching"  # the stage of a watch between two scans
T = TypeVar("T")
Tell = Callable[[str, float, float, str], None]


def scan(catalogue: Catalogue, spec: dict, folder: Path, tell: Tell) -> dict:
    """Scan folders; while another process writes, it waits and says so. Returns the numbers of the report."""
    options = _options(spec)
    before = _remembered(folder / BEFORE, catalogue)
    report = _when_free(lambda: catalogue.scan(spec["folders"], spec["model"], options, tell), tell)
    return _reported(report, _changed(before, catalogue), folder)


def reanalysis(catalogue: Catalogue, spec: dict, folder: Path, tell: Tell) -> dict:
    """Hear tracks again, as a scan of their files."""
    tracks = catalogue.shown(spec["tracks"])
    report = _when_free(lambda: catalogue.reanalyze(spec["tracks"], _options(spec), tell), tell)
    lost = {*report.gone, *(file.path for file in report.failed)}
    heard = [track.track_id for track in tracks if lost.isdisjoint(track.paths)]
    return _reported(report, [] if report.interrupted else heard, folder)


def _reported(report: ScanReport, analysed: list[str], folder: Path) -> dict:
    """The numbers of a report; the whole of it, and what webhooks are told, go into files."""
    found, news = asdict(report), _news(analysed, report)
    _write_json(folder / f"{RESULT}.json", found | {"failed": news["failed"]})
    _write_json(folder / NEWS, news)
    return found | {name: len(getattr(report, name)) for name in ("failed", "gone", "kept_out")}


def _options(spec: dict) -> ScanOptions:
    return ScanOptions(**spec["options"] | {"exclude": tuple(spec["options"].get("exclude", ()))})


def _when_free(work: Callable[[], T], tell: Tell) -> T:
    """What work gives, as soon as no other process writes."""
    while True:
        try:
            return work()
        except CatalogueBusy as busy:
            tell("waiting", 0, 0, busy.problem)
            time.sleep(BUSY_WAIT)


def _write_json(path: Path, values: dict) -> None:
    path.write_text(json.dumps(values, ensure_ascii=False), encoding="utf-8", errors="backslashreplace")


def _news(analysed: list[str], report: ScanReport) -> dict:
    """What webhooks are told: ids of tracks, and files."""
    return {"analysed": analysed, "failed": [file.to_dict() for file in report.failed]}


def watch(catalogue: Catalogue, spec: dict, folder: Path, tell: Tell) -> dict:
    """Keep the catalogue current with all of its folders until the job is ended; those that come and go are noticed.

    A folder that is gone as a whole, such as a disk, is waited for, while the others are followed.
    """
    told, beside = Counter(), Catalogue(str(catalogue.path))  # a thread of its own asks for folders
    while True:
        folders = _present(catalogue)
        if not folders:
            tell("waiting", 0, 0, "none of the catalogue's folders is there, or none was scanned yet")
            time.sleep(ROOTS_EVERY)
            continue
        stop = threading.Event()
        threading.Thread(target=_stop_when_others, args=(beside, folders, stop), daemon=True).start()
        try:
            if _follow(catalogue, folders, spec, folder, stop, tell, told):
                return dict(told) | {"interrupted": True}
        except FileError:  # it has gone in this moment
            time.sleep(BUSY_WAIT)
        finally:
            stop.set()


def _follow(catalogue, folders, spec, folder: Path, stop: threading.Event, tell: Tell, told: Counter) -> bool:
    """Until `stop` is set; returns whether the process is to end."""
    before, model = _versions(catalogue), _model_of(catalogue)
    for report in catalogue.watch(folders, model, _options(spec), spec["settle"], spec["poll"], stop, tell):
        told.update(scans=1, analysed=report.analysed, gone=len(report.gone))
        news = _news(_changed(before, catalogue), report)
        if news["analysed"] or news["failed"]:
            _write_json(folder / NEWS, news)
            before = _versions(catalogue)
        tell(WATCHING, 0, 0, _summary(told, report))
        if report.interrupted:
            return True
    return False


def _summary(told: Counter, report: ScanReport) -> str:
    failed = f", {len(report.failed)} failed in the last" if report.failed else ""
    return f"{told['analysed']} heard in {told['scans']} scan{'s' * (told['scans'] != 1)}{failed}"


def _present(catalogue: Catalogue) -> list[str]:
    """The folders of this machine that were scanned and are there."""
    roots = catalogue.roots() if catalogue.path.exists() else []
    return [root for root in roots if os.path.isabs(root) and os.path.isdir(root)]


def _stop_when_others(catalogue: Catalogue, folders: list[str], stop: threading.Event) -> None:
    """End a watch when other folders are to be followed."""
    while not stop.wait(ROOTS_EVERY):
        with suppress(EarmarkError):
            if _present(catalogue) != folders:
                stop.set()


def _remembered(path: Path, catalogue: Catalogue) -> dict[str, str]:
    """What was known when this job began, kept so that one that is resumed still tells all that it has changed."""
    if not path.is_file():
        path.write_text(json.dumps(_versions(catalogue)), encoding="utf-8")
    return json.loads(path.read_text(encoding="utf-8"))


def _versions(catalogue: Catalogue) -> dict[str, str]:
    return catalogue.versions() if catalogue.path.exists() else {}


def _changed(before: dict[str, str], catalogue: Catalogue) -> list[str]:
    """Ids of the tracks that are new or were heard again."""
    return sorted(name for name, version in _versions(catalogue).items() if before.get(name) != version)


def analysis(catalogue: Catalogue, spec: dict, folder: Path, tell: Tell) -> dict:
    """Hear an upload, write what was found and what is compared of it; the upload is deleted."""
    upload = next(folder.glob(f"{UPLOAD}.*"), None)
    if upload is None:
        raise NotFound(spec["name"], "the upload is not kept", "Send it again.")
    tell("analysing", 0, 1, "")
    try:
        found = analyze_apart(upload, _model_of(catalogue))
    finally:
        upload.unlink()
    if found.file_tags.title == UPLOAD:  # without a title of its own: its name here says nothing
        found = replace(found, file_tags=replace(found.file_tags, title=Path(spec["name"]).stem))
    values = found.to_dict() | {"path": None, "name": spec["name"]}
    curves = {"curves": found.curves()} if spec.get("curves") else {}
    (folder / f"{RESULT}.json").write_text(json.dumps(values | curves, ensure_ascii=False), encoding="utf-8")
    write_heard(heard_of(found), folder / HEARD)
    return {"track_id": found.track_id, "kept": False, "used_for_training": False}


def _model_of(catalogue: Catalogue) -> str:
    """The model that the catalogue was made with; the bundled one where there is no catalogue yet."""
    try:
        made_with = catalogue.model()
    except CatalogueError:
        made_with = None
    return made_with.name if made_with else "default"


def export(catalogue: Catalogue, spec: dict, folder: Path, tell: Tell) -> dict:
    """Write the tracks that fit into a file; a file a track is written into a zip of them."""
    where = catalogue.filter(spec.get("where"), spec.get("filter"))
    name = f"{RESULT}.{spec['format']}"
    n_tracks = catalogue.export(folder / name, spec["format"], where, tell, spec.get("fields", ()))
    if (folder / name).is_dir():
        shutil.make_archive(str(folder / RESULT), "zip", folder / name)
        shutil.rmtree(folder / name)
        name = f"{RESULT}.zip"
    return {"tracks": n_tracks, "file": name}


def earprint(catalogue: Catalogue, spec: dict, folder: Path, tell: Tell) -> dict:
    """Make the earprint of a track from the first of its files that is still the same; into ``spec["into"]``."""
    track, model = catalogue.show(spec["track_id"]), catalogue.model()
    for path in (file.path for file in track.files):
        made = earprint_apart(path, Path(spec["into"]), model.name)
        if made.stem == track.track_id:
            return {}
    raise NotFound(track.track_id, "its files were changed since they were scanned", "Scan their folder again.")


def flac(catalogue: Catalogue, spec: dict, folder: Path, tell: Tell) -> dict:
    """Write a track as FLAC, of the first of its files that can be opened; into ``spec["into"]``."""
    track = catalogue.show(spec["track_id"])
    path, file = open_first(track.files, catalogue.roots())
    file.close()
    write_flac(path, Path(spec["into"]) / f"{track.track_id}.flac")
    return {}


def tags(catalogue: Catalogue, spec: dict, folder: Path, tell: Tell) -> dict:
    """Plan tags of files, write them, or take them back; while another process writes tags, it waits."""
    plans = TagPlans(folder.parents[1])
    if spec["act"] == "plan":
        return _plan_tags(catalogue, spec, plans, tell)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what is on the way is tidied up
    if spec["act"] == "apply":
        plan, skip = read_plan(plans.path(spec["plan"])), set(spec["skip"])
        left = [file.path for file in plan.files if as_unicode(file.path) in skip]
        report = _when_free(lambda: catalogue.apply_tags(plan, spec["keep_times"], tell, left, within_roots=True), tell)
    else:
        report = _when_free(lambda: catalogue.undo_tags(spec["plan"], tell), tell)
    found = asdict(report)
    _write_json(folder / f"{RESULT}.json", found)
    counts = {name: len(found[name]) for name in ("written", "already", "refused")}
    return {"act": spec["act"], "plan": spec["plan"]} | counts


def _plan_tags(catalogue: Catalogue, spec: dict, plans: TagPlans, tell: Tell) -> dict:
    where = catalogue.filter(spec["where"], spec["filter"])
    plan = catalogue.plan_tags(
        spec["q"], where, spec["profile"], spec["mode"], spec["fields"], spec["notation"], spec["gates"], tell,
        spec["tracks"], within_roots=True,
    )  # fmt: skip
    names = ("q", "where", "filter", "tracks", "fields", "notation", "gates")
    about = plans.keep(plan, {name: spec[name] for name in names if spec[name]})
    return {"act": "plan", "plan": plan.id} | {name: about[name] for name in ("files", "same", "refused", "values")}


def build_map(catalogue: Catalogue, spec: dict, folder: Path, tell: Tell) -> dict:
    """Lay the collection out in a plane."""
    found = catalogue.build_map(spec["anew"], tell)
    return {"version": found.version, "tracks": len(found.ids), "kept": round(found.kept, 4)}


def push(catalogue: Catalogue, spec: dict, folder: Path, tell: Tell) -> dict:
    """Find the tracks of a playlist on a media server and, unless it is only asked for, make the list there."""
    tell("asking", 0, 0, spec["server"])
    report = catalogue.push_playlist(spec["server"], spec["playlist"], spec["dry_run"])
    written = bool(report.pairs) and not spec["dry_run"]
    pairs = [{"track_id": track.track_id, "by": by, "song": song.to_dict()} for track, song, by in report.pairs]
    _write_json(folder / f"{RESULT}.json", report.to_dict() | {"written": written, "pairs": pairs})
    return {"matched": len(report.pairs), "missing": len(report.missing), "written": written}


WORK = {
    "map": build_map, "scan": scan, "watch": watch, "analysis": analysis, "export": export, "earprint": earprint,
    "flac": flac, "tags": tags, "push": push, "reanalysis": reanalysis,
}  # fmt: skip


def run(catalogue: str | os.PathLike, folder: Path, out: TextIO) -> None:
    """Do the job of a folder."""
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    write_line = _writer(out)
    try:
        done = WORK[job["kind"]](Catalogue(catalogue), job["spec"], folder, _paced(write_line))
        write_line({"done": done})
    except EarmarkError as error:
        source = job["spec"].get("name", error.source) if job["kind"] == "analysis" else error.source
        write_line({"failed": {"source": source, "problem": error.problem, "remedy": error.remedy}})
    except Exception as error:
        problem = f"a fault in the job ({type(error).__name__}: {one_line(error)})"
        write_line({"failed": {"source": job["kind"], "problem": problem, "remedy": "Please report this."}})


def _writer(out: TextIO) -> Callable[[dict], None]:
    def write(values: dict) -> None:
        out.write(json.dumps(values) + "\n")
        out.flush()

    return write


def _paced(write_line: Callable[[dict], None]) -> Tell:
    """Progress at most five times a second, but every new stage."""
    last = ("", 0.0)

    def tell(what: str, done: float, total: float, note: str = "") -> None:
        nonlocal last
        now = time.monotonic()
        if what != last[0] or now - last[1] >= PACE:
            last = (what, now)
            write_line({"progress": [what, done, total, note]})

    return tell


def end_with_input() -> None:
    """End this process by SIGTERM as soon as standard input has ended."""
    while os.read(0, 4096):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def main() -> None:
    """Do the job that the command line names; whatever a library prints goes to standard error."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    threading.Thread(target=end_with_input, daemon=True).start()
    run(sys.argv[1], Path(sys.argv[2]), out)


if __name__ == "__main__":
    main()
