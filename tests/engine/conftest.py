"""What the tests of this room share."""

from bucket import s3_server, uri  # noqa: F401
from scan_fixtures import model, music, run_scan, store  # noqa: F401
