"""A model file is tried before it is kept: loaded and run once, in a process that may not take long or much.

A network from anybody can crash ONNX Runtime, run for hours or fill the memory. Whatever it does, it does it to
``python -m earmark.tagger.trial FILE``, which answers with one line of JSON.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np

from earmark.errors import ModelError, one_line
from earmark.tagger.model import CONTRACT, load_model

MAX_SECONDS = 60.0  # for loading it and for two patches
MAX_MEMORY = 4 << 30  # bytes of address space; the bundled network needs a twentieth of it
MAX_FILE = 2 << 30  # bytes: what one file of ONNX can hold
COMMAND = (sys.executable, "-m", "earmark.tagger.trial")
EXTERNAL = "Join them into one file: `onnx.save(onnx.load(FILE), NEW)`."


def try_model(path: Path, seconds: float = MAX_SECONDS, command: tuple[str, ...] = COMMAND) -> None:
    """Load a model file and run it on noise, in a process of its own.

    Parameters
    ----------
    seconds : after which the process is ended
    command : what to start, for tests of networks that crash

    Raises
    ------
    ModelError : it cannot be read, breaks the contract, crashes, or takes too much time or memory
    """
    if path.is_file() and path.stat().st_size > MAX_FILE:
        raise ModelError(path, "larger than 2 GB", "Give a smaller network.")
    threads = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")}
    try:
        done = subprocess.run([*command, str(path)], capture_output=True, timeout=seconds, env=os.environ | threads)
    except subprocess.TimeoutExpired:
        raise ModelError(path, f"it ran for {seconds:g} s without an end", "Give a smaller network.") from None
    if done.returncode != 0:
        problem = f"the process that tried it ended ({done.returncode}): a crash, or too much memory"
        raise ModelError(path, problem, "Do not use this file.")
    answer = json.loads(done.stdout.splitlines()[-1])
    if answer:
        raise ModelError(path, answer["problem"], answer["remedy"])


def attempt(path: Path, seed: int = 0) -> None:
    """Load a model file and run it on a patch and a half of noise; raises ModelError, or what ONNX Runtime does."""
    model = load_model(path)
    info = model.info
    n_frames = info.patch_frames + max(info.min_frames, info.patch_frames // 2)
    S = np.random.default_rng(seed).random((n_frames, info.features.n_mels), np.float32)
    found = model.run(S)
    rows = {"logits": found.logits, "embedding": found.embedding}
    for name, values in rows.items():
        if values.ndim != 2 or len(values) != len(found.times) or not np.isfinite(values).all():
            raise ModelError(path, f"its {name} are {values.shape} or not finite", CONTRACT)
    if not np.isfinite(model.tagset.probabilities(found.logits)).all():
        raise ModelError(path, "its calibration gives no probabilities", CONTRACT)


def main(path: str) -> None:
    """Try a file within `MAX_MEMORY` and print what is wrong with it, or nothing, as JSON."""
    _limit_memory()
    answer = {}
    try:
        attempt(Path(path))
    except ModelError as error:
        outside = "external data" in error.problem.lower()
        problem = "its weights lie in other files" if outside else error.problem
        answer = {"problem": problem, "remedy": EXTERNAL if outside else error.remedy}
    except MemoryError:
        answer = {"problem": "it takes too much memory", "remedy": "Give a smaller network."}
    except Exception as error:  # the errors of ONNX Runtime share no base class
        answer = {"problem": f"it does not run ({type(error).__name__}: {one_line(error)})", "remedy": CONTRACT}
    print(json.dumps(answer))


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:
        return  # Windows has no such limit; there the time alone is one
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


if __name__ == "__main__":
    main(sys.argv[1])
