"""A worker whose decoder crashes on files named crash*, hangs on hang*, and stumbles on stumble*."""

import os
import signal
import sys
import time
from pathlib import Path

from earmark.engine.worker import handle, serve


def hostile(request, model, time_limit, max_seconds):
    name = Path(request.path).name
    if name.startswith("crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if name.startswith("hang"):
        time.sleep(600)
    if name.startswith("stumble"):
        raise ZeroDivisionError("by design")
    if name.startswith("print"):
        print("noise on standard output", flush=True)
    return handle(request, model, time_limit, max_seconds)


if __name__ == "__main__":
    serve(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), hostile)
