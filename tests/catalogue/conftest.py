"""What the tests of this room share."""

from bucket import s3_server, uri  # noqa: F401
from old_catalogue import old  # noqa: F401
from scan_fixtures import folder, model, music, prepared, run_scan, scanned, store  # noqa: F401
