"""Tempo and metre of labelled clips, against peers: Acc1, Acc2, candidates, metre, time.

    python benchmarks/rhythm.py --data ../shared/data/gtzan_partial --songs ../shared/data/tempo_songs --out rhythm.json

Acc1 counts estimates within 4 % of the label; Acc2 also those within 4 % of its double, triple, half or third.
Intervals are 95 % bootstraps over artists, since clips of one artist are not independent. The few constants of
`TempoSettings` and `metre.PENALTIES` were chosen by hand on these clips; the rows "chosen on other artists"
choose them on four fifths of the artists and measure on the last fifth, for several random divisions, before the octave
is judged. With ``--songs`` the weights of the octave are fitted to four fifths of the artists of both data sets and
measured on the last fifth.
"""

import argparse
import csv
import importlib.util
import itertools
import json
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from earmark.audio.decode import load_audio
from earmark.audio.features import log_mel
from earmark.descriptors.tempo import estimate_rhythm, metre
from earmark.descriptors.tempo.candidates import TempoSettings, combine, find_candidates
from earmark.descriptors.tempo.estimation import measure_tempo_evidence
from earmark_research.tempo.octave import (
    Song,
    choose_apart,
    divide_groups,
    fit_trust,
    is_right,
    read_songs,
    trust_features,
)

TOLERANCE = 0.04
OCTAVES = (1, 2, 1 / 2, 3, 1 / 3)
MIN_CLIP_SECONDS = 15.0
N_FOLDS, N_SEEDS = 5, 10
SETTINGS = [
    TempoSettings(*values)
    for values in itertools.product(
        (100.0, 105.0, 110.0, 115.0), (0.5, 0.6, 0.7, 0.8), (0.0, 0.25, 0.5, 1.0), (0.5, 2.0, 4.0)
    )
]
FAST, SLOW = 165.0, 90.0  # BPM
N_BINS = 10  # of the calibration error
PENALTIES = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4)  # for 3/4


def acc1(bpm: float | None, truth: float) -> bool:
    """Whether a tempo is within 4 % of the label, BPM; False for no tempo."""
    return bpm is not None and abs(bpm / truth - 1) <= TOLERANCE


def acc2(bpm: float | None, truth: float) -> bool:
    """The same, or within 4 % of double, half, triple or a third of the label."""
    return any(acc1(bpm, truth * factor) for factor in OCTAVES)


def interval(values: np.ndarray, groups: np.ndarray, n_draws: int = 2000) -> tuple[float, float]:
    """95 % bootstrap interval of the mean of `values` [n] when whole `groups` [n] are drawn with replacement."""
    rng = np.random.default_rng(0)
    names, member = np.unique(groups, return_inverse=True)
    sums = np.bincount(member, values, len(names))
    counts = np.bincount(member, minlength=len(names))
    drawn = rng.integers(0, len(names), (n_draws, len(names)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    return tuple(np.percentile(means, [2.5, 97.5]).round(3).tolist())


def load_essentia() -> Callable:
    """Function (y, sr, path) -> BPM."""
    import essentia
    import essentia.standard as es

    essentia.log.infoActive = essentia.log.warningActive = False

    def run(y: np.ndarray, sr: int, path: Path) -> float:
        resample = es.Resample(inputSampleRate=sr, outputSampleRate=44_100)
        return float(es.RhythmExtractor2013(method="multifeature")(resample(y))[0])

    return run


def load_librosa() -> Callable:
    """Function (y, sr, path) -> BPM."""
    import librosa

    return lambda y, sr, path: float(np.atleast_1d(librosa.beat.beat_track(y=y, sr=sr)[0])[0])


def load_sonara() -> Callable:
    """Function (y, sr, path) -> BPM."""
    import sonara

    return lambda y, sr, path: float(dict(sonara.analyze_signal(y, sr=sr))["bpm"])


PEERS = {"essentia": load_essentia, "librosa": load_librosa, "sonara": load_sonara}


def read_rows(folder: Path) -> list[dict]:
    """The rows with a tempo and at least `MIN_CLIP_SECONDS` of sound."""
    with open(folder / "tracks.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [row for row in rows if row["tempo_bpm"] and float(row["seconds"]) >= MIN_CLIP_SECONDS]


def cross_validate(hits: np.ndarray, artists: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation over seeds, float [n_figures], when settings are chosen on other artists.

    hits : float [n_settings, n_clips, n_figures]; the settings with the best sum of figures are chosen
    """
    means = []
    for seed in range(N_SEEDS):
        fold, held_out = divide_groups(artists, N_FOLDS, seed), np.zeros(hits.shape[1:])
        for k in range(N_FOLDS):
            best = hits[:, fold != k].mean(axis=1).sum(axis=1).argmax()
            held_out[fold == k] = hits[best, fold == k]
        means.append(held_out.mean(axis=0))
    return np.mean(means, axis=0), np.std(means, axis=0)


def count_tempo_hits(evidence: list[tuple], truth: np.ndarray) -> np.ndarray:
    """Acc1, Acc2, and whether one of the first two is right, under each of SETTINGS: float [n_settings, n_clips, 3]."""
    hits = np.zeros((len(SETTINGS), len(truth), 3))
    for i, settings in enumerate(SETTINGS):
        for j, (curves, label) in enumerate(zip(evidence, truth, strict=True)):
            found = [c.bpm for c in find_candidates(combine(*curves, settings))]
            if found:
                hits[i, j] = acc1(found[0], label), acc2(found[0], label), any(acc1(bpm, label) for bpm in found[:2])
    return hits


def count_metre_hits(spectra: list[np.ndarray], truth: list[str]) -> np.ndarray:
    """Right metres under each of PENALTIES: float [n_penalties, n_clips, 1]."""
    shipped, hits = metre.PENALTIES["3/4"], []
    for penalty in PENALTIES:
        metre.PENALTIES["3/4"] = penalty
        hits.append([estimate_rhythm(S).metre == name for S, name in zip(spectra, truth, strict=True)])
    metre.PENALTIES["3/4"] = shipped
    return np.array(hits, float)[:, :, None]


def validate_constants(rows: list[dict], folder: Path) -> dict:
    """The figures when the constants are chosen on other artists than those measured."""
    spectra = [log_mel(load_audio(folder / row["path"]).y) for row in rows]
    artists = np.array([row["artist"] or row["song"] for row in rows])
    truth = np.array([float(row["tempo_bpm"]) for row in rows])
    mean, spread = cross_validate(count_tempo_hits([measure_tempo_evidence(S) for S in spectra], truth), artists)
    names = ("acc1", "acc2", "first_2")
    result = {name: {"mean": m, "sd": s} for name, m, s in zip(names, mean, spread, strict=True)}
    labelled = [i for i, row in enumerate(rows) if row["meter"]]
    mean, spread = cross_validate(
        count_metre_hits([spectra[i] for i in labelled], [rows[i]["meter"] for i in labelled]), artists[labelled]
    )
    return {**result, "metre": {"mean": mean[0], "sd": spread[0]}}


def run_systems(rows: list[dict], folder: Path, peers: dict[str, Callable]) -> tuple[list, dict, dict]:
    """The `Rhythm`s of earmark, the BPM of each peer, and the seconds of each (earmark's without the log-mel)."""
    rhythms, others = [], {name: [] for name in peers}
    seconds = dict.fromkeys(["earmark", *peers], 0.0)
    for row in rows:
        audio = load_audio(folder / row["path"])
        S = log_mel(audio.y)
        started = time.perf_counter()
        rhythms.append(estimate_rhythm(S))
        seconds["earmark"] += time.perf_counter() - started
        for name, run in peers.items():
            started = time.perf_counter()
            others[name].append(run(audio.y, audio.sr, folder / row["path"]))
            seconds[name] += time.perf_counter() - started
    return rhythms, others, seconds


def compute_figures(rows: list[dict], rhythms: list, others: dict, seconds: dict) -> dict:
    """Every figure with its interval, and those of a constant 120 BPM."""
    truth = np.array([float(row["tempo_bpm"]) for row in rows])
    artists = np.array([row["artist"] or row["song"] for row in rows])
    classical = np.array([row["genre"] == "classical" for row in rows])
    systems = {"earmark": [r.bpm for r in rhythms], **others, "always 120": [120.0] * len(rows)}
    result: dict = {"n": len(rows), "n_songs": len({row["song"] for row in rows}), "tempo": {}, "metre": {}}
    for name, values in systems.items():
        measured = {}
        for key, measure in (("acc1", acc1), ("acc2", acc2)):
            hits = np.array([measure(v, t) for v, t in zip(values, truth, strict=True)], float)
            parts = {"classical": hits[classical].mean(), "other": hits[~classical].mean()}
            measured[key] = {"mean": hits.mean(), "interval": interval(hits, artists), **parts}
        result["tempo"][name] = {**measured, "seconds": seconds.get(name, 0.0)}
    for n in (2, 4):
        hits = [any(acc1(c.bpm, t) for c in r.candidates[:n]) for r, t in zip(rhythms, truth, strict=True)]
        hits = np.array(hits, float)
        result["tempo"]["earmark"][f"first_{n}"] = {"mean": hits.mean(), "interval": interval(hits, artists)}
    result["metre"] = compute_metre_figures(rows, rhythms, artists)
    result["without_tempo"] = sum(r.bpm is None for r in rhythms)
    return result


def compute_metre_figures(rows: list[dict], rhythms: list, artists: np.ndarray) -> dict:
    """Accuracy on the clips with a metre, the majority rate, and the recall of each metre."""
    labelled = [i for i, row in enumerate(rows) if row["meter"]]
    truth = np.array([rows[i]["meter"] for i in labelled])
    estimates = np.array([rhythms[i].metre or "none" for i in labelled])
    hits = (truth == estimates).astype(float)
    names, counts = np.unique(truth, return_counts=True)
    recall = {str(name): float(hits[truth == name].mean()) for name in names}
    return {
        "n": len(labelled), "accuracy": hits.mean(), "interval": interval(hits, artists[labelled]),
        "majority_rate": counts.max() / len(labelled), "recall": recall,
        "counts": dict(zip(names.tolist(), counts.tolist(), strict=True)),
    }  # fmt: skip


def measure_octaves(songs: list[Song]) -> dict:
    """Figures of the octave when weights and trust come from other artists: name -> mean, sd over divisions, interval.

    A song's hit is averaged over divisions before artists are drawn for the interval. Beside it: the first tempo.
    """
    parts = list_parts(songs)
    first = [(float(song.tempi[0]) if len(song.tempi) else None, 1.0) for song in songs]
    before = count_hits(songs, first)
    rows, errors = [], []
    for seed in range(N_SEEDS):
        chosen = choose_apart(songs, N_FOLDS, seed)
        rows.append(count_hits(songs, chosen))
        errors.append(measure_calibration(songs, chosen, divide_groups([s.artist for s in songs], N_FOLDS, seed)))
    hits, artists = np.array(rows), np.array([song.artist for song in songs])
    result = {}
    for name, (row, part) in parts.items():
        means, values = hits[:, row, part].mean(axis=1), hits[:, row, part].mean(axis=0)
        result[name] = {
            "n": int(part.sum()), "first_tempo": before[row, part].mean(), "mean": means.mean(), "sd": means.std(),
            "interval": interval(values, artists[part]),
        }  # fmt: skip
    for i, name in enumerate(("calibration, songs", "calibration, clips", "calibration, both")):
        values = np.array(errors)[:, i]
        result[name] = {"mean": values.mean(), "sd": values.std()}
    return result


def list_parts(songs: list[Song]) -> dict[str, tuple[int, np.ndarray]]:
    """Name of a figure -> row of `count_hits` (0 Acc1, 1 Acc2), and which songs it is of: bool [n]."""
    sure, bpm = np.array([song.is_sure for song in songs]), np.array([song.bpm for song in songs])
    ours = np.array([song.source == songs[0].source for song in songs])
    classical = np.array([song.style == "classical" for song in songs])
    return {
        "songs, Acc1": (0, ours & sure),
        "songs, Acc2": (1, ours),
        "songs from 165 BPM, Acc1": (0, ours & sure & (bpm >= FAST)),
        "songs below 165 BPM, Acc1": (0, ours & sure & (bpm < FAST)),
        "both below 90 BPM, Acc1": (0, sure & (bpm < SLOW)),
        "clips, Acc1": (0, ~ours),
        "clips, Acc2": (1, ~ours),
        "clips outside classical, Acc1": (0, ~ours & ~classical),
    }


def count_hits(songs: list[Song], chosen: list[tuple[float | None, float]]) -> np.ndarray:
    """Acc1 and Acc2 of every song: float [2, n]."""
    tempi = [bpm for bpm, _ in chosen]
    return np.array(
        [[measure(bpm, s.bpm) for bpm, s in zip(tempi, songs, strict=True)] for measure in (acc1, acc2)], float
    )


def measure_calibration(songs: list[Song], chosen: list[tuple[float | None, float]], fold: np.ndarray) -> list[float]:
    """Expected calibration error of songs, of clips, and of both with equal weight; trust is from other artists."""
    counted = [i for i, song in enumerate(songs) if song.is_sure and len(song.tempi)]
    heard, shares = [songs[i] for i in counted], np.array([chosen[i][1] for i in counted])
    hits = np.array([is_right(chosen[i][0], songs[i]) for i in counted], float)
    said, fold = np.zeros(len(heard)), fold[counted]
    for k in range(N_FOLDS):
        own, other = np.flatnonzero(fold == k), np.flatnonzero(fold != k)
        trust = fit_trust([heard[i] for i in other], shares[other], hits[other])
        said[own] = 1 / (1 + np.exp(-trust_features([heard[i] for i in own], shares[own]) @ trust))
    ours = np.array([song.source == songs[0].source for song in heard])
    weight = np.where(ours, 1 / ours.sum(), 1 / (~ours).sum())
    return [calibration_error(said, hits, w) for w in (ours * weight, ~ours * weight, weight)]


def calibration_error(said: np.ndarray, hits: np.ndarray, weight: np.ndarray) -> float:
    """Mean distance between what is said and what is so, in N_BINS equal bins: float arrays [n]."""
    bins = np.minimum((said * N_BINS).astype(int), N_BINS - 1)
    return float(np.abs(np.bincount(bins, weight * (said - hits))).sum() / weight.sum())


def measure_speed(repeats: int = 5) -> float:
    """Median milliseconds of processor time for a track of three minutes: pulses in noise."""
    rng = np.random.default_rng(0)
    S = rng.uniform(0, 1, (11_250, 96)).astype(np.float32)
    S[::31] += 2
    times = []
    for _ in range(repeats):
        started = time.process_time()
        estimate_rhythm(S)
        times.append(time.process_time() - started)
    return float(np.median(times) * 1000)


def show(result: dict) -> None:
    """Print the figures as tables."""
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
    for name, row in result["chosen_on_other_artists"].items():
        print(f"constants chosen on other artists, {name}: {row['mean']:.3f} (sd over divisions {row['sd']:.3f})")
    for name, row in result.get("octave", {}).items():
        first = f"  first tempo {row['first_tempo']:.3f}, n {row['n']}, {row['interval']}" if "n" in row else ""
        print(f"octave, {name:<30} {row['mean']:.3f} (sd over divisions {row['sd']:.3f}){first}")
    print(f"three minutes take {result['three_minutes_ms']:.1f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="folder with tracks.csv: tempo_bpm, meter, seconds")
    parser.add_argument("--songs", type=Path, help="another such folder, to measure the octave with")
    parser.add_argument("--out", type=Path, required=True, help="JSON file to write")
    args = parser.parse_args()
    peers = {}
    for name, make in PEERS.items():
        if importlib.util.find_spec(name):
            peers[name] = make()
        else:
            print(f"{name} is not installed: skipped")
    rows = read_rows(args.data)
    result = compute_figures(rows, *run_systems(rows, args.data, peers))
    result["chosen_on_other_artists"] = validate_constants(rows, args.data)
    if args.songs:
        result["octave"] = measure_octaves([*read_songs(args.songs), *read_songs(args.data)])
    result["three_minutes_ms"] = measure_speed()
    show(result)
    args.out.write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
