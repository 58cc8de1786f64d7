"""What tells whether a file at an address has changed, in the one number that a catalogue keeps beside its size."""

import hashlib
from datetime import datetime
from email.utils import parsedate_to_datetime


def mark_of(etag: str, modified: datetime | str | None) -> int:
    """A number below 0 made of the etag; without one the time of the last change, nanoseconds since 1970; else 0.

    modified : as a time, or as HTTP writes it ("Sun, 06 Nov 1994 08:49:37 GMT")
    """
    if etag:
        digest = hashlib.blake2b(etag.encode(errors="surrogateescape"), digest_size=8).digest()
        return -1 - (int.from_bytes(digest) >> 2)
    if isinstance(modified, str):
        try:
            modified = parsedate_to_datetime(modified)
        except ValueError:
            return 0
    return round(modified.timestamp() * 1e6) * 1000 if modified else 0
