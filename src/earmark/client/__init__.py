"""A catalogue on another machine, asked over HTTP as if it were a folder here."""

from earmark.client.catalogue import RemoteCatalogue, connect

__all__ = ["RemoteCatalogue", "connect"]
