"""Texts that XML can hold."""

import re

from earmark.errors import as_unicode

FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What has no place in XML 1.0, not even as a reference."""


def xml_text(text: str) -> str:
    """The text without characters that XML forbids."""
    return FORBIDDEN.sub("", as_unicode(text))
