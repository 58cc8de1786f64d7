"""Jobs as they are kept: a folder each, with what was asked, how far it is, and what came of it."""

import asyncio
import json
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from earmark.errors import NotFound
from earmark.files import whole_file
from earmark.server.problems import Refused

KINDS = ("scan", "watch", "analysis", "export", "map", "tags", "push", "reanalysis")
ACTIVE = frozenset({"receiving", "queued", "running"})
RESUMABLE = frozenset({"paused", "interrupted", "failed", "cancelled"})
UPLOADS_KEPT = 3600.0  # seconds that an analysis of an upload is kept, with what was heard of it
JOBS_KEPT = 30 * 86_400.0  # and any other job that is over
MOST_QUEUED = 100
RECORD = "job.json"


@dataclass
class Job:
    """One job.

    Attributes
    ----------
    id : 16 hexadecimal digits
    kind : of `KINDS`
    spec : what was asked
    owner : the id of the key that asked, or ``session``
    state : ``receiving`` (its upload), ``queued``, ``running``, ``paused``, ``interrupted``, ``succeeded``, ``failed``
        or ``cancelled``
    created_at, started_at, finished_at : seconds since 1970
    progress : ``stage``, ``done``, ``total``, ``note``
    result : what came of it
    error : ``problem``, ``remedy`` and ``source`` of a job that failed
    request : the ``Idempotency-Key`` that it was asked with
    seq : grows with every change, also over restarts: the id of its newest event
    """

    id: str
    kind: str
    spec: dict
    owner: str
    state: str = "queued"
    created_at: float = field(default_factory=time.time)
    started_at: float | None = None
    finished_at: float | None = None
    progress: dict | None = None
    result: dict | None = None
    error: dict | None = None
    request: str | None = None
    seq: int = 0

    def __post_init__(self) -> None:
        self.changed = asyncio.Event()  # replaced by each change
        self.touch()

    def touch(self) -> None:
        """Tell those who watch that something has changed."""
        self.seq = max(self.seq + 1, int(time.time() * 1000))
        former, self.changed = self.changed, asyncio.Event()
        former.set()

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens unless somebody asks for it."""
        return self.state not in ACTIVE

    def to_dict(self) -> dict:
        """The JSON object of a job."""
        values = asdict(self)
        del values["request"]
        return values | {"links": self._links()}

    def _links(self) -> dict[str, str]:
        links = {"self": f"/api/v1/jobs/{self.id}", "events": f"/api/v1/jobs/{self.id}/events"}
        if self.state == "succeeded":
            links["result"] = f"/api/v1/jobs/{self.id}/result"
        return links


def writes_into_files(job: Job) -> bool:
    """Whether a job writes tags into files, or takes them back."""
    return job.kind == "tags" and job.spec["act"] != "plan"


class JobStore:
    """All jobs of a server: in memory, and in a folder that outlives it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._jobs = {job.id: job for job in self._read()}

    def _read(self) -> Iterator[Job]:
        """Those of an earlier run; what ran when it ended was interrupted."""
        for path in sorted(self._folder.glob(f"*/{RECORD}")):
            try:
                job = Job(**json.loads(path.read_text(encoding="utf-8")))
            except (ValueError, TypeError):
                continue  # of an older earmark, or damaged: it is swept with its folder when it is old
            if job.state == "receiving":
                shutil.rmtree(path.parent, ignore_errors=True)
                continue
            if job.state == "running":
                job.state = "interrupted"
                self.save(job)
            yield job

    def folder(self, job: Job) -> Path:
        """Where its files lie."""
        return self._folder / job.id

    def create(self, kind: str, spec: dict, owner: str, request: str | None = None, state: str = "queued") -> Job:
        """A new job; raises Refused (429) where too many wait already."""
        if sum(job.state == "queued" for job in self._jobs.values()) >= MOST_QUEUED:
            raise Refused(429, "jobs", f"{MOST_QUEUED} jobs wait", "Ask again in a minute.", {"Retry-After": "60"})
        job = Job(secrets.token_hex(8), kind, spec, owner, state, request=request)
        self.folder(job).mkdir(parents=True, mode=0o700)
        self._jobs[job.id] = job
        self.save(job)
        return job

    def save(self, job: Job) -> None:
        """Keep its present state, and tell those who watch."""
        job.touch()
        with whole_file(self.folder(job) / RECORD) as draft:
            draft.write_text(json.dumps(asdict(job)), encoding="utf-8")

    def get(self, job_id: str) -> Job:
        """A job by its id; raises NotFound."""
        job = self._jobs.get(job_id)
        if job is None:
            raise NotFound(job_id, "no such job", "GET /api/v1/jobs lists those that there are.")
        return job

    def asked(self, kind: str, spec: dict, owner: str, request: str | None) -> Job | None:
        """The job that the same owner has asked for by the same ``Idempotency-Key``.

        Raises Refused (409) where that was another question.
        """
        same = (job for job in self._jobs.values() if (job.owner, job.request) == (owner, request))
        job = next(same, None) if request else None
        if job is not None and (job.kind, job.spec) != (kind, spec):
            raise Refused(409, "Idempotency-Key", "it was used for another question", "Take a new one.")
        return job

    def received(self, job: Job) -> None:
        """All of its upload is here: it waits, unless it was cancelled meanwhile."""
        if job.state == "receiving":
            job.state = "queued"
        self.save(job)

    def all(self) -> list[Job]:
        """The newest first."""
        return sorted(self._jobs.values(), key=lambda job: -job.created_at)

    def waiting(self) -> list[Job]:
        """Those that wait, the oldest first."""
        return [job for job in reversed(self.all()) if job.state == "queued"]

    def remove(self, job: Job) -> None:
        """Forget a job and delete its files."""
        self._jobs.pop(job.id, None)
        shutil.rmtree(self.folder(job), ignore_errors=True)

    def sweep(self) -> None:
        """Forget what is old; an upload and what was heard of it is not kept."""
        for job in self.all():
            age = time.time() - (job.finished_at or job.created_at)
            if job.is_over and age > (UPLOADS_KEPT if job.kind == "analysis" else JOBS_KEPT):
                self.remove(job)
        for folder in self._folder.glob("*"):
            if folder.name not in self._jobs and time.time() - folder.stat().st_mtime > UPLOADS_KEPT:
                shutil.rmtree(folder, ignore_errors=True)
