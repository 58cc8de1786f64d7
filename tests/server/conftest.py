"""What the tests of this room share."""

from scan_fixtures import prepared  # noqa: F401
from server_fixtures import client, ids, live, live_copy, own_server_folder  # noqa: F401
