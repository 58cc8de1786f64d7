"""Tempo and metre of labelled clips, against peers: Acc1, Acc2, candidates, metre, time.

    python benchmarks/rhythm.py --data ../shared/data/gtzan_partial --out rhythm.json

Acc1 counts estimates within 4 % of the label; Acc2 also those within 4 % of its double, triple, half or third.
Intervals are 95 % bootstraps over artists, since clips of one artist stand or fall together.
"""

import argparse
import csv
import importlib.util
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from earmark.audio import load_audio
from earmark.features import log_mel
from earmark.rhythm import estimate_rhythm

TOLERANCE = 0.04
OCTAVES = (1, 2, 1 / 2, 3, 1 / 3)
MIN_CLIP_SECONDS = 15.0


def acc1(bpm: float | None, truth: float) -> bool:
    return bpm is not None and abs(bpm / truth - 1) <= TOLERANCE


def acc2(bpm: float | None, truth: float) -> bool:
    return any(acc1(bpm, truth * factor) for factor in OCTAVES)


def interval(values: np.ndarray, groups: np.ndarray, n_draws: int = 2000) -> tuple[float, float]:
    """95 % of the means when whole groups are drawn with replacement."""
    rng = np.random.default_rng(0)
    names, member = np.unique(groups, return_inverse=True)
    sums = np.bincount(member, values, len(names))
    counts = np.bincount(member, minlength=len(names))
    drawn = rng.integers(0, len(names), (n_draws, len(names)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    return tuple(np.percentile(means, [2.5, 97.5]).round(3).tolist())


def essentia_tempo() -> Callable:
    import essentia
    import essentia.standard as es

    essentia.log.infoActive = essentia.log.warningActive = False

    def run(y: np.ndarray, sr: int, path: Path) -> float:
        resample = es.Resample(inputSampleRate=sr, outputSampleRate=44_100)
        return float(es.RhythmExtractor2013(method="multifeature")(resample(y))[0])

    return run


def librosa_tempo() -> Callable:
    import librosa

    return lambda y, sr, path: float(np.atleast_1d(librosa.beat.beat_track(y=y, sr=sr)[0])[0])


def sonara_tempo() -> Callable:
    import sonara

    return lambda y, sr, path: float(dict(sonara.analyze_signal(y, sr=sr))["bpm"])


PEERS = {"essentia": essentia_tempo, "librosa": librosa_tempo, "sonara": sonara_tempo}


def read_rows(folder: Path) -> list[dict]:
    """The rows with a tempo and at least `MIN_CLIP_SECONDS` of sound."""
    with open(folder / "tracks.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if row["tempo_bpm"] and float(row["seconds"]) >= MIN_CLIP_SECONDS]


def listen(rows: list[dict], folder: Path, peers: dict[str, Callable]) -> tuple[list, dict, dict]:
    """Ours as `Rhythm`s, the peers' BPM, and everybody's seconds (ours without decoding and log-mel)."""
    ours, theirs = [], {name: [] for name in peers}
    seconds = dict.fromkeys(["earmark", *peers], 0.0)
    for row in rows:
        audio = load_audio(folder / row["path"])
        S = log_mel(audio.y)
        started = time.perf_counter()
        ours.append(estimate_rhythm(S))
        seconds["earmark"] += time.perf_counter() - started
        for name, run in peers.items():
            started = time.perf_counter()
            theirs[name].append(run(audio.y, audio.sr, folder / row["path"]))
            seconds[name] += time.perf_counter() - started
    return ours, theirs, seconds


def figures(rows: list[dict], ours: list, theirs: dict, seconds: dict) -> dict:
    """Every figure with its interval, and the naive ones beside."""
    truth = np.array([float(row["tempo_bpm"]) for row in rows])
    artists = np.array([row["artist"] or row["song"] for row in rows])
    classical = np.array([row["genre"] == "classical" for row in rows])
    systems = {"earmark": [r.bpm for r in ours], **theirs, "always 120": [120.0] * len(rows)}
    result: dict = {"n": len(rows), "n_songs": len({row["song"] for row in rows}), "tempo": {}, "metre": {}}
    for name, values in systems.items():
        measured = {}
        for key, measure in (("acc1", acc1), ("acc2", acc2)):
            hits = np.array([measure(v, t) for v, t in zip(values, truth, strict=True)], float)
            parts = {"classical": hits[classical].mean(), "other": hits[~classical].mean()}
            measured[key] = {"mean": hits.mean(), "interval": interval(hits, artists), **parts}
        result["tempo"][name] = {**measured, "seconds": seconds.get(name, 0.0)}
    for n in (2, 4):
        hits = [any(acc1(c.bpm, t) for c in r.candidates[:n]) for r, t in zip(ours, truth, strict=True)]
        hits = np.array(hits, float)
        result["tempo"]["earmark"][f"first_{n}"] = {"mean": hits.mean(), "interval": interval(hits, artists)}
    result["metre"] = metre_figures(rows, ours, artists)
    result["without_tempo"] = sum(r.bpm is None for r in ours)
    return result


def metre_figures(rows: list[dict], ours: list, artists: np.ndarray) -> dict:
    """Accuracy where labelled, beside the majority rate, and the recall of each metre."""
    labelled = [i for i, row in enumerate(rows) if row["meter"]]
    truth = np.array([rows[i]["meter"] for i in labelled])
    said = np.array([ours[i].metre or "none" for i in labelled])
    hits = (truth == said).astype(float)
    names, counts = np.unique(truth, return_counts=True)
    recall = {str(name): float(hits[truth == name].mean()) for name in names}
    return {
        "n": len(labelled), "accuracy": hits.mean(), "interval": interval(hits, artists[labelled]),
        "majority_rate": counts.max() / len(labelled), "recall": recall,
        "counts": dict(zip(names.tolist(), counts.tolist(), strict=True)),
    }  # fmt: skip


def speed(repeats: int = 5) -> float:
    """Median milliseconds for a track of three minutes: a click pattern with noise."""
    rng = np.random.default_rng(0)
    S = rng.uniform(0, 1, (11_250, 96)).astype(np.float32)
    S[::31] += 2
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        estimate_rhythm(S)
        times.append(time.perf_counter() - started)
    return float(np.median(times) * 1000)


def show(result: dict) -> None:
    print(f"{result['n']} clips, {result['n_songs']} songs; {result['without_tempo']} without a tempo")
    print(f"{'system':<12}{'Acc1':>7}  {'95 %':<15}{'Acc2':>7}  {'95 %':<15}{'Acc1 classical / other':>24}{'s':>8}")
    for name, row in result["tempo"].items():
        one, two = row["acc1"], row["acc2"]
        print(
            f"{name:<12}{one['mean']:>7.3f}  {str(one['interval']):<15}{two['mean']:>7.3f}  {str(two['interval']):<15}"
            f"{one['classical']:>16.3f} / {one['other']:.3f}{row['seconds']:>8.1f}"
        )
    for n in (2, 4):
        row = result["tempo"]["earmark"][f"first_{n}"]
        print(f"earmark, right among the first {n}: {row['mean']:.3f} {row['interval']}")
    metre = result["metre"]
    print(f"metre: {metre['accuracy']:.3f} {metre['interval']}, majority {metre['majority_rate']:.3f}, n {metre['n']}")
    print(f"metre, recall: {metre['recall']}, clips: {metre['counts']}")
    print(f"three minutes take {result['three_minutes_ms']:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with tracks.csv: tempo_bpm, meter, seconds")
    parser.add_argument("--out", type=Path, required=True, help="JSON file to write")
    args = parser.parse_args()
    peers = {}
    for name, make in PEERS.items():
        if importlib.util.find_spec(name):
            peers[name] = make()
        else:
            print(f"{name} is not installed: skipped")
    rows = read_rows(args.data)
    result = figures(rows, *listen(rows, args.data, peers))
    result["three_minutes_ms"] = speed()
    show(result)
    args.out.write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
