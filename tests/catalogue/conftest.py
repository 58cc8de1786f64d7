"""What the tests of this room share."""

from scan_fixtures import model, music, prepared, run_scan, scanned, store  # noqa: F401
