"""Writes the table of docs/tags-in-files.md from the code: ``python docs/tags-in-files.py``. A test holds it."""

import re
from pathlib import Path

from earmark.interop.fields import table

TARGET = Path(__file__).with_name("tags-in-files.md")

if __name__ == "__main__":
    page = TARGET.read_text(encoding="utf-8")
    TARGET.write_text(re.sub(r"\| field \|.*?\n(?!\|)", lambda _: table(), page, flags=re.S), encoding="utf-8")
