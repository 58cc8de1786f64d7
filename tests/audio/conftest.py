"""What the tests of music at addresses share."""

from far_places import bucket, impatient, s3_server, web_server  # noqa: F401
