"""The three profiles of the package on labelled recordings: vectors, figures, and the table of bars.

`benchmarks/quality.py --heard` prints it. The linear maps are read from the bundled files and applied to what both
networks heard of each recording (the cache of ``python -m earmark_research.profiles``), so that three profiles take
seconds in place of hours.
"""

import time
from pathlib import Path

import numpy as np
import onnx
from onnx import numpy_helper

from earmark.tagger.combined import Combined
from earmark.tagger.model import Model, load_model
from earmark.tagger.registry import bundled
from earmark_research.profiles import labelled
from earmark_research.profiles.hear import STARTER_ORDER, Heard, read
from earmark_research.profiles.labelled import Estimate, Maps
from earmark_research.profiles.make import is_held, judge, parts_of, quality
from earmark_research.profiles.space import Linear
from earmark_research.tagger.labels import read_rows

FOLDERS = {"gtzan": "gtzan_partial", "emotify": "emotify"}
PROFILES = ("fast", "default", "accurate")


def map_of(path: Path, output: str, small: bool) -> Linear:
    """The linear map to ``logits`` or ``embedding`` in a bundled file, from the embedding in the order of `Heard`."""
    tensors = {t.name.removesuffix(".half"): numpy_helper.to_array(t) for t in onnx.load(path).graph.initializer}
    weight = tensors[f"{output}_weight"].astype(np.float64)
    return Linear(weight[STARTER_ORDER] if small else weight, tensors[f"{output}_bias"].astype(np.float64))


def bundled_maps(output: str) -> Maps:
    """Of both networks."""
    return Maps(map_of(bundled("fast"), output, True), map_of(bundled("accurate"), output, False))


def estimates() -> dict[str, Estimate]:
    """Profile -> how it estimates the mean over a track; of logits and embeddings alike."""
    model = load_model(bundled("default"))
    assert isinstance(model, Combined)
    return {"fast": labelled.fast, "default": labelled.combination(model.n_patches), "accurate": labelled.accurate}


def heard_tracks(cache: Path, data: Path) -> tuple[list[tuple[str, Heard]], dict[str, dict[str, str]]]:
    """``source/path`` and what was heard of every labelled recording, and the rows of tracks.csv by that name."""
    tracks, rows = [], {}
    for source, folder in FOLDERS.items():
        table = read_rows(data / folder / "tracks.csv")
        rows |= {f"{source}/{path}": row for path, row in table.items()}
        heard = read(cache / source, [data / folder / path for path in table])
        tracks += [(f"{source}/{path}", track) for path, track in zip(table, heard, strict=True) if track]
    return tracks, rows


def figures(cache: Path, data: Path, gtzan, emotify) -> dict[str, dict]:
    """Profile -> figures. `gtzan` and `emotify` are the probes of `quality`: (vectors, rows) -> two figures."""
    tracks, rows = heard_tracks(cache, data)
    held = [pair for pair in tracks if is_held(pair[0], rows)]
    parts = parts_of(held, rows)
    logits, embedding = bundled_maps("logits"), bundled_maps("embedding")
    found = {}
    for name, estimate in estimates().items():
        model = load_model(bundled(name))
        table = model.info.metrics | quality(judge(parts, [logits] * len(held), estimate))
        vectors = {
            source: np.array([estimate(track, embedding) for path, track in tracks if path.startswith(source)])
            for source in FOLDERS
        }
        meta = {s: [rows[p] | {"path": p} for p, _ in tracks if p.startswith(s)] for s in FOLDERS}
        valid, within = gtzan(vectors["gtzan"], meta["gtzan"])
        feelings, genres = emotify(dict.fromkeys("0123", vectors["emotify"]), meta["emotify"])
        probes = {"probe_gtzan": valid, "probe_gtzan_within": within, "feelings": feelings, "emotify_genres": genres}
        found[name] = table | {key: round(float(value["value"]), 3) for key, value in probes.items()}
        found[name]["worst_calibration"] = max(table["calibration_error"].values())
    return found


def seconds(models: dict[str, Model]) -> dict[str, float]:
    """CPU seconds on a 3-minute track, one thread, in turns, the best of five each."""
    S = np.random.default_rng(0).uniform(0, 3, (11250, 96)).astype(np.float32)
    times = {name: [] for name in models}
    for _ in range(5):
        for name, model in models.items():
            start = time.process_time()
            model.run(S)
            times[name].append(time.process_time() - start)
    return {name: min(values) for name, values in times.items()}


def bars(found: dict[str, dict], times: dict[str, float]) -> list[tuple[str, float, float, bool]]:
    """Figure, value of the default profile, bar, and whether it is met."""
    default, accurate = found["default"], found["accurate"]
    rows = [
        ("genre, own head, GTZAN valid", default["genre_accuracy_gtzan"], accurate["genre_accuracy_gtzan"] - 0.01),
        ("probe on GTZAN valid", default["probe_gtzan"], accurate["probe_gtzan"] - 0.02),
        ("feelings, folds 0-3", default["feelings"], accurate["feelings"] - 0.003),
    ]
    least = [(name, value, bar, value >= bar - 1e-9) for name, value, bar in rows]
    most = [
        ("calibration, worst group, unseen", default["worst_calibration"], 0.05),
        ("seconds, 3-minute track", times["default"], 5 * times["fast"]),
    ]
    return least + [(name, value, bar, value <= bar) for name, value, bar in most]


def print_table(found: dict[str, dict], times: dict[str, float]) -> None:
    """Both tables."""
    keys = ("genre_accuracy_gtzan", "probe_gtzan", "probe_gtzan_within", "feelings", "emotify_genres", "mood_r_mean",
            "worst_calibration")  # fmt: skip
    print(f"{'':<22}" + "".join(f"{name:>10}" for name in PROFILES))
    for key in keys:
        print(f"{key:<22}" + "".join(f"{found[name][key]:>10.3f}" for name in PROFILES))
    print(f"{'seconds':<22}" + "".join(f"{times[name]:>10.3f}" for name in PROFILES))
    for name in PROFILES:
        print(name, "calibration", found[name]["calibration_error"])
        for length, row in found[name]["calibration_error_by_length"].items():
            print(f"  {length:<16}", row)
    for name, value, bar, met in bars(found, times):
        print(f"{name:<38} {value:.3f}  bar {bar:.3f}  {'met' if met else 'MISSED'}")
