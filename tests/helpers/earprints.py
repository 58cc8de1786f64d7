"""Earprints as another version of earmark, or somebody hostile, might have written them."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np


def change_earprint(path: Path, change: Callable[[dict, dict], object]) -> None:
    """Let `change` alter the head (a dict) and the arrays of an earprint, in place."""
    with np.load(path, allow_pickle=False) as file:
        head, arrays = json.loads(str(file["head"])), {name: file[name] for name in file.files if name != "head"}
    change(head, arrays)
    with open(path, "wb") as file:
        np.savez_compressed(file, head=np.array(json.dumps(head)), **arrays)
