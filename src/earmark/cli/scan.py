"""``earmark scan`` and ``earmark failures``: folders into a catalogue, and what did not work."""

import sys
import time
from pathlib import Path
from typing import Annotated

import typer

from earmark import settings
from earmark.cli.options import DEFAULT_CATALOGUE, CatalogueOption, JsonOption, ModelOption, load
from earmark.cli.render import clock, print_json

PLAIN_EVERY = 10.0  # seconds between two lines of progress where there is no terminal


def register(app: typer.Typer) -> None:
    app.command()(scan)
    app.command()(failures)


def scan(
    folders: Annotated[list[Path], typer.Argument(metavar="FOLDER...", help="Folders (or files) to listen to.")],
    catalogue: CatalogueOption = DEFAULT_CATALOGUE,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; one a core by default.")] = None,
    model: ModelOption = "default",
    prune: Annotated[bool, typer.Option("--prune", help="Drop what is no longer in the folders.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Try unchanged files again that failed before.")] = False,
    keep_earprints: Annotated[
        bool, typer.Option("--keep-earprints", help="Keep spectrograms (0.6 MB a track) for later versions.")
    ] = False,
    time_limit: Annotated[float, typer.Option(min=1, help="Seconds that one file may take.")] = settings.TIME_LIMIT,
    max_seconds: Annotated[
        float, typer.Option(min=1, help="Listen to no more of a track than this.")
    ] = settings.MAX_SECONDS,
    as_json: JsonOption = False,
) -> None:
    """Listen to every sound file in FOLDERs and keep what was heard.

    Known, unchanged files are skipped; an interrupted scan goes on where it stopped.

    Example: earmark scan ~/Music --catalogue music.earmark
    """
    from earmark.catalogue.store import CatalogueStore
    from earmark.engine.scan import ScanOptions
    from earmark.engine.scan import scan as run

    loaded = load(model)
    options = ScanOptions(workers, time_limit, max_seconds, prune, retry, keep_earprints)
    with _display(quiet=as_json) as display:
        store = CatalogueStore(catalogue, create=True)
        report = run(store, folders, loaded, model, options, display.start, display.event)
    if as_json:
        print_json(_report_dict(report))
    else:
        _print_report(report, catalogue)
    if report.failed or report.interrupted:
        raise typer.Exit(1)


def failures(catalogue: CatalogueOption = DEFAULT_CATALOGUE, as_json: JsonOption = False) -> None:
    """List every file that could not be analysed, with its cause and what to do."""
    from earmark.catalogue.store import CatalogueStore
    from earmark.errors import printable

    failed = CatalogueStore(catalogue).failures()
    for state in failed:
        fields = {"path": printable(state.path), "problem": state.problem, "remedy": state.remedy}
        if as_json:
            print_json(fields)
        else:
            typer.echo(f"{fields['path']}\n    {state.problem}. {state.remedy}")
    if not failed and not as_json:
        typer.echo("No failures.")


def _report_dict(report) -> dict:
    from dataclasses import asdict

    from earmark.errors import printable

    failed = [{"path": printable(f.path), "problem": f.problem, "remedy": f.remedy} for f in report.failed]
    return asdict(report) | {"failed": failed, "gone": [printable(path) for path in report.gone]}


def _print_report(report, catalogue: Path) -> None:
    heard = f"{report.analysed} listened to" + (f" ({clock(report.audio_seconds)})" if report.analysed else "")
    parts = [heard, f"{report.unchanged} unchanged"]
    if report.recognised:
        parts.append(f"{report.recognised} recognised under another path or tags")
    typer.echo(f"{report.found} files: {', '.join(parts)}, in {report.seconds:.1f} s.")
    if report.removed:
        typer.echo(f"{report.removed} tracks removed that are no longer there.")
    elif report.gone:
        typer.echo(f"{len(report.gone)} known files are no longer there; `--prune` drops them.")
    if report.failed:
        typer.echo(f"{len(report.failed)} files failed: `earmark failures --catalogue {catalogue}` lists them.")
    if report.interrupted:
        typer.echo("Interrupted. What is done is kept; the same command goes on from here.")


def _display(quiet: bool):
    if quiet:
        return _Silent()
    return _Bar() if sys.stderr.isatty() else _Lines()


class _Silent:
    """No progress at all: the output is for a machine."""

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        pass

    def start(self, unchanged: int, todo: list) -> None:
        pass

    def event(self, event) -> None:
        pass


class _Bar(_Silent):
    """A rich progress bar; the share done is counted in bytes, which foretells the time better than files."""

    def __enter__(self):
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[rate]}"))
        self._progress = Progress(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True)
        self._progress.start()
        return self

    def __exit__(self, *_) -> None:
        self._progress.stop()

    def start(self, unchanged: int, todo: list) -> None:
        self._n, self._done, self._audio, self._began = len(todo), 0, 0.0, time.monotonic()
        total = sum(file.size for file in todo) or 1
        self._task = self._progress.add_task(f"0/{self._n} files", total=total, rate="")

    def event(self, event) -> None:
        self._done += 1
        self._audio += event.analysis.analysed if event.analysis else 0
        rate = _rate(self._done, self._audio, time.monotonic() - self._began)
        self._progress.update(
            self._task, advance=event.file.size, description=f"{self._done}/{self._n} files", rate=rate
        )


class _Lines(_Bar):
    """Plain lines every few seconds, for logs and pipes."""

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        pass

    def start(self, unchanged: int, todo: list) -> None:
        self._n, self._done, self._audio, self._began = len(todo), 0, 0.0, time.monotonic()
        self._total, self._bytes, self._said = sum(file.size for file in todo) or 1, 0, time.monotonic()
        typer.echo(f"{self._n} files to listen to, {unchanged} known", err=True)

    def event(self, event) -> None:
        self._done += 1
        self._bytes += event.file.size
        self._audio += event.analysis.analysed if event.analysis else 0
        now = time.monotonic()
        if now - self._said >= PLAIN_EVERY:
            self._said = now
            left = (now - self._began) * (self._total - self._bytes) / max(self._bytes, 1)
            rate = _rate(self._done, self._audio, now - self._began)
            typer.echo(f"{self._done}/{self._n} files, {rate}, {clock(left)} left", err=True)


def _rate(done: int, audio_seconds: float, seconds: float) -> str:
    seconds = max(seconds, 1e-3)
    return f"{60 * done / seconds:.0f} tracks/min, {audio_seconds / seconds:.0f} x real time"
