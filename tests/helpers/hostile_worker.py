"""A worker whose decoder crashes on files named crash*, hangs on hang*, and has a fault on fault*."""

import os
import signal
import sys
import time
from pathlib import Path

from earmark.engine.worker import handle, main


def hostile(task, model, limits):
    name = Path(task.path).name
    if name.startswith("crash"):
        os.kill(os.getpid(), signal.SIGSEGV)
    if name.startswith("hang"):
        time.sleep(600)
    if name.startswith("fault"):
        raise ZeroDivisionError("by design")
    if name.startswith("print"):
        print("noise on standard output", flush=True)
    return handle(task, model, limits)


if __name__ == "__main__":
    main(sys.argv[1:], hostile)
