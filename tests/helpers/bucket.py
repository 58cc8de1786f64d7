"""An address for a catalogue of each test, in a bucket of moto's server on loopback."""

import urllib.request
from uuid import uuid4

import pytest

from far_places import s3_server  # noqa: F401

SECRET = "a-key-that-nobody-may-see"
SECONDS = 2  # that a lease is good for


@pytest.fixture
def uri(s3_server, monkeypatch) -> str:  # noqa: F811
    """In a new bucket, to which the environment holds the keys."""
    for name, value in environment(s3_server).items():
        monkeypatch.setenv(name, value)
    bucket = f"catalogues-{uuid4().hex[:12]}"
    urllib.request.urlopen(urllib.request.Request(f"{s3_server}/{bucket}", method="PUT")).close()
    return f"s3://{bucket}/music.earmark"


def environment(endpoint: str) -> dict[str, str]:
    """What a user sets."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "the-name-of-a-key",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "EARMARK_LEASE_SECONDS": str(SECONDS),
    }
