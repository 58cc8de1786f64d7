"""Which keys mix with which, as a filter."""

from earmark.catalogue.filters import Filter, OneOf
from earmark.descriptors.key.names import compatible_keys
from earmark.descriptors.key.spelling import parse_key, spell


def in_compatible_keys(key: str) -> Filter:
    """The tracks whose key mixes well with ``A minor``, ``Am`` or ``8A`` by the Camelot rule; QueryError for no key."""
    return OneOf("key", tuple(spell(*names) for names in compatible_keys(*parse_key(key))))
