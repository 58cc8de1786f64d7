"""What the tests of this room share."""

from scan_fixtures import model, music, run_scan, store  # noqa: F401
