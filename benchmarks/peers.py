"""CPU time of one track beside other programs, all in one run on one core, track by track in turn.

    python -m venv peers && peers/bin/pip install sonara librosa essentia
    python benchmarks/peers.py TRACK ... --peers peers/bin/python [--repeat 5] [--only fast,decode]

Each runs in a process of its own, of one thread, that has analysed one track before; the least of the repeats counts
for each track, and the mean over tracks is given. "decode" is the floor: PyAV and its AudioResampler to 16 kHz mono,
nothing else. Where a peer is not installed its line is left out.
"""

import argparse
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

OWN, PEERS = ("decode", "fast", "default"), ("sonara", "sonara with key", "librosa", "essentia")
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "RAYON_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tracks", nargs="*", type=Path)
    parser.add_argument("--peers", help="Python of an environment that has the peers")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--core", type=int, default=0)
    parser.add_argument("--only", default=",".join((*OWN, *PEERS)))
    parser.add_argument("--serve", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve)
    else:
        show(measure(options))


def measure(options) -> dict[str, float]:
    """Name -> mean CPU seconds a track."""
    paths = options.tracks
    names = options.only.split(",")
    runners = [(n, sys.executable) for n in OWN if n in names]
    runners += [(n, options.peers) for n in PEERS if n in names and options.peers]
    servers = {name: Server(name, python, options.core) for name, python in runners}
    servers = {name: server for name, server in servers.items() if server.time(paths[0]) is not None}
    least = {
        name: [min(column) for column in zip(*runs, strict=True)] for name, runs in rounds(servers, paths, options)
    }
    for server in servers.values():
        server.close()
    return {name: float(np.mean(times)) for name, times in least.items()}


def rounds(servers: dict, paths: list[Path], options) -> list[tuple[str, list[list[float]]]]:
    """Name and [repeat][track] CPU seconds; the programs take turns at every track."""
    times = {name: [] for name in servers}
    for _ in range(options.repeat):
        for name in servers:
            times[name].append([])
        for path in paths:
            for name, server in servers.items():
                times[name][-1].append(server.time(path))
    return list(times.items())


class Server:
    """A program that waits for tracks, on one core."""

    def __init__(self, name: str, python: str, core: int) -> None:
        command = [python, __file__, "--serve", name]
        if sys.platform == "linux":
            command = ["taskset", "-c", str(core), *command]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=os.environ | ONE_THREAD)

    def time(self, path: Path) -> float | None:
        """CPU seconds that it takes for one track; None where it cannot be run."""
        try:
            print(path, file=self._process.stdin, flush=True)
        except BrokenPipeError:
            return None
        line = self._process.stdout.readline()
        return float(line) if line else None

    def close(self) -> None:
        """End it."""
        self._process.stdin.close()
        self._process.wait()


def serve(name: str) -> None:
    """Analyse each track that is named on standard input; print the CPU seconds."""
    work, out = WORK[name](), os.dup(1)
    os.dup2(2, 1)  # what a peer prints is no answer
    for line in sys.stdin:
        began = time.process_time()
        work(line.rstrip("\n"))
        os.write(out, f"{time.process_time() - began}\n".encode())


def decode() -> Callable[[str], object]:
    import av

    def work(path: str) -> None:
        resampler = av.AudioResampler("fltp", "mono", 16_000)
        with av.open(path) as container:
            stream = container.streams.best("audio")
            stream.codec_context.thread_count = 1
            for packet in container.demux(stream):
                with contextlib.suppress(av.error.InvalidDataError):  # a damaged packet
                    for frame in packet.decode():
                        for part in resampler.resample(frame):
                            part.to_ndarray()

    return work


def earmark(profile: str) -> Callable[[str], object]:
    from earmark.analysis import analyze
    from earmark.tagger.model import load_model
    from earmark.tagger.registry import model_path

    model = load_model(model_path(profile))
    return lambda path: analyze(path, model).to_dict()


def fast() -> Callable[[str], object]:
    from earmark.errors import EarmarkError

    try:
        return earmark("fast")
    except EarmarkError:  # before there was another default the small network was that
        return earmark("default")


def sonara(**settings) -> Callable[[str], object]:
    import sonara

    return lambda path: sonara.analyze_file(path, **settings)


def librosa() -> Callable[[str], object]:
    import librosa

    def work(path: str) -> None:
        y, sr = librosa.load(path, sr=22_050)
        S = librosa.feature.melspectrogram(y=y, sr=sr)
        librosa.beat.beat_track(onset_envelope=librosa.onset.onset_strength(S=librosa.power_to_db(S), sr=sr), sr=sr)
        librosa.feature.chroma_stft(y=y, sr=sr)

    return work


def essentia() -> Callable[[str], object]:
    import essentia.standard

    return lambda path: essentia.standard.MusicExtractor()(path)


def show(seconds: dict[str, float]) -> None:
    floor, keyed, plain = (seconds.get(name, np.nan) for name in ("decode", "sonara with key", "sonara"))
    print(f"{'':<16} {'s a track':>9} {'/ decode':>9} {'/ sonara with key':>18} {'/ sonara':>9}")
    for name, t in seconds.items():
        print(f"{name:<16} {t:9.3f} {t / floor:9.2f} {t / keyed:18.2f} {t / plain:9.2f}")


WORK = {
    "decode": decode, "fast": fast, "default": lambda: earmark("default"),
    "sonara": sonara, "sonara with key": lambda: sonara(mode="playlist"),
    "librosa": librosa, "essentia": essentia,
}  # fmt: skip


if __name__ == "__main__":
    main()
