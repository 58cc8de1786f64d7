"""What webhooks are told of a job that has ended: thin messages, with ids by which one asks for more."""

import json

from earmark.server.deliveries import Deliveries
from earmark.server.jobs import Job, JobStore
from earmark.server.work import NEWS

AT_ONCE = 500  # ids of a message


def tell_of_job(deliveries: Deliveries, store: JobStore, job: Job) -> None:
    """Tell that it has ended, which tracks it has analysed and which files have failed."""
    tell_of_tracks(deliveries, store, job)
    deliveries.tell("job.finished", {"id": job.id, "kind": job.kind, "state": job.state})


def tell_of_tracks(deliveries: Deliveries, store: JobStore, job: Job) -> None:
    """Tell which tracks it has analysed and which files have failed, once."""
    path = store.folder(job) / NEWS
    news = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    path.unlink(missing_ok=True)
    for kind, name, values in (
        ("track.analysed", "ids", news.get("analysed", [])),
        ("track.failed", "paths", [failed["path"] for failed in news.get("failed", [])]),
    ):
        for start in range(0, len(values), AT_ONCE):
            deliveries.tell(kind, {"job": job.id, name: values[start : start + AT_ONCE]})
