"""Writes docs/openapi.json from the routes themselves: ``python docs/openapi.py``. A test holds the two together."""

import json
import os
import tempfile
from pathlib import Path

from earmark.server.app import make_api
from earmark.server.state import make_state

TARGET = Path(__file__).with_name("openapi.json")


def render() -> str:
    """The description of the API."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["EARMARK_SERVER"] = folder
        schema = make_api(make_state(Path(folder), 0, with_token=False)).openapi()
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TARGET.write_text(render(), encoding="utf-8")
