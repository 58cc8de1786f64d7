"""pytest finds here what the tests of both packages share."""

pytest_plugins = ["shared_fixtures", "teach_fixtures"]
