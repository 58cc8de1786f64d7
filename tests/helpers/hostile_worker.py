"""A worker whose decoder does, on files of these names, what a damaged or hostile file could make it do.

crash, hang, fault, print, killed, killedonce, greedy: see `hostile`; the names in `LIES` send something else than the
reply.
"""

import os
import pickle
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import msgpack
import numpy as np

from earmark.engine import worker
from earmark.engine.protocol import Analysed, Failed, Heard, Identified, Opened, Ready
from earmark.engine.wire import LENGTH, encode, send


def hostile(task, model, limits, tell):
    path = Path(task.path)
    if path.stem.startswith("crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if path.stem == "killed" or (path.stem == "killedonce" and not path.with_suffix(".once").exists()):
        path.with_suffix(".once").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    if path.stem.startswith("hang"):
        time.sleep(600)
    if path.stem.startswith("greedy"):
        tons = [np.ones(5_000_000) for _ in range(40)]  # 1.6 GB
        time.sleep(600 if tons else 0)
    if path.stem.startswith("fault"):
        raise ZeroDivisionError("by design")
    if path.stem.startswith("print"):
        print("noise on standard output", flush=True)
    return worker.handle(task, model, limits, tell)


class Touch:
    """Unpickled, it makes a file."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return open, (self.path + ".owned", "w")


def framed(body: bytes) -> bytes:
    return LENGTH.pack(len(body)) + body


def headed(head: bytes) -> bytes:
    return framed(LENGTH.pack(len(head)) + head)


def with_nan(reply) -> bytes:
    if isinstance(reply, Identified):
        return framed(encode(Heard(reply.path)))
    return framed(encode(replace(reply, analysis=replace(reply.analysis, duration=float("nan")))))


LIES = {
    "truncated": lambda reply: framed(encode(reply))[:-10],
    "huge": lambda reply: LENGTH.pack(2**32 - 1),
    "long head": lambda reply: framed(LENGTH.pack(2**31)),
    "empty": lambda reply: framed(b""),
    "nested": lambda reply: headed(b"\x91" * 10_000),
    "wrong types": lambda reply: headed(
        msgpack.packb(["Failed", {"path": 1, "problem": [], "remedy": {}, "again": 0}])
    ),
    "no kind": lambda reply: headed(msgpack.packb(["Explosion", {}])),
    "nan": with_nan,
    "other path": lambda reply: framed(encode(replace(reply, path="/etc/passwd"))),
    "other answer": lambda reply: framed(encode(Ready())),
    "old news": lambda reply: framed(encode(Opened(reply.path, 1e9))),
    "pickle": lambda reply: framed(pickle.dumps(Touch(reply.path))),
}


def send_lies(stream, message):
    """In place of `send` of the worker."""
    lie = LIES.get(Path(message.path).stem) if isinstance(message, Identified | Analysed | Failed) else None
    if lie is None:
        send(stream, message)
        return
    stream.write(lie(message))
    stream.flush()
    if Path(message.path).stem == "truncated":
        os._exit(0)


if __name__ == "__main__":
    worker.send = send_lies
    worker.main(sys.argv[1:], hostile)
