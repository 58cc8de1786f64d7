"""What the three profiles are made of: the trained small network, and the head of the accurate networks."""

from importlib.resources import files
from pathlib import Path

STARTER = Path(str(files(__name__))) / "starter.onnx"
ACCURATE_HEAD = Path(str(files(__name__))) / "accurate_head.npz"
