"""Key against labelled clips and against peers, in the same run.

    python benchmarks/harmony.py --data ../shared/data/gtzan_partial

Prints MIREX's weighted mean (same 1, fifth .5, relative .3, parallel .2) and the share of exact keys, each with a 95 %
bootstrap interval over songs, for clips of 15-30 s and of 2-3 s. "majority" is the most frequent key for every clip.
"hand-set profiles" uses the same chroma without networks. Three numbers of the shipped head were fitted to the labels
of these clips, so its row is too good; the row "trained on other artists" is not. It needs `--held-out`, a file that
`python -m earmark_research.key` writes. Essentia is measured where it is installed.
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from earmark.audio.chroma import chroma, semitones, tuning_cents
from earmark.audio.decode import load_audio
from earmark.descriptors.key.estimation import estimate_key
from earmark.descriptors.key.head import profile_logits
from earmark.descriptors.key.names import closeness, key_number

PROFILES = ("bgate", "braw", "krumhansl", "edma", "temperley")
DRAWS = 2000


def read_labels(folder: Path) -> pd.DataFrame:
    """Rows of tracks.csv that have a key; column `key` is its number."""
    table = pd.read_csv(folder / "tracks.csv").dropna(subset=["key_lerch"]).reset_index(drop=True)
    return table.assign(key=[key_number(*name.split()) for name in table.key_lerch])


def estimate_shipped(path: Path) -> int:
    """The key number of a clip by earmark, -1 for no key."""
    key = estimate_key(chroma(load_audio(path).y))
    return key_number(key.tonic, key.mode) if key.tonic else -1


def estimate_by_profiles(path: Path) -> int:
    """The key number of a clip by the hand-set profiles alone."""
    C = chroma(load_audio(path).y)
    return int(profile_logits(semitones(C, tuning_cents(C))).argmax())


def load_essentia() -> dict[str, Callable[[Path], int]]:
    """Essentia's KeyExtractor with several profiles; empty where it is not installed."""
    try:
        import essentia
        import essentia.standard as standard
    except ImportError:
        return {}
    essentia.log.infoActive = essentia.log.warningActive = False

    def run(path: Path, profile: str) -> int:
        y = load_audio(path, sr=44_100).y
        tonic, mode, _ = standard.KeyExtractor(profileType=profile)(y)
        return key_number(tonic, mode)

    return {f"essentia {name}": lambda path, name=name: run(path, name) for name in PROFILES}


def interval(values: np.ndarray, songs: np.ndarray) -> str:
    """Mean over clips with a 95 % interval; songs are drawn with replacement."""
    rng, names = np.random.default_rng(0), np.unique(songs)
    clips = {name: np.flatnonzero(songs == name) for name in names}
    means = [values[np.concatenate([clips[n] for n in rng.choice(names, len(names))])].mean() for _ in range(DRAWS)]
    low, high = np.percentile(means, [2.5, 97.5])
    return f"{values.mean():.3f} [{low:.3f}, {high:.3f}]"


def report(table: pd.DataFrame, estimates: dict[str, np.ndarray]) -> None:
    """Print the figures of every system; estimates : system -> key numbers [n_clips], -1 for no key."""
    long = ~table.path.str.startswith("clips_3s").to_numpy()
    truth, songs = table.key.to_numpy(), table.song.to_numpy()
    for name, rows in (("15-30 s", long), ("2-3 s", ~long)):
        print(f"\n{name}: {rows.sum()} clips of {len(set(songs[rows]))} songs")
        for system, keys in estimates.items():
            found = keys[rows] >= 0
            weighted = np.where(found, closeness()[truth[rows], keys[rows]], 0.0)
            exact = (keys[rows] == truth[rows]).astype(float)
            print(f"  {system:28s} weighted {interval(weighted, songs[rows])}   exact {interval(exact, songs[rows])}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--held-out", type=Path, help="CSV file with the path and the held-out key of each clip")
    arguments = parser.parse_args()
    table = read_labels(arguments.data)
    systems = {"earmark, as shipped": estimate_shipped, "hand-set profiles": estimate_by_profiles} | load_essentia()
    estimates = {"majority": np.full(len(table), table.key.mode()[0])}
    if arguments.held_out:
        held_out = pd.read_csv(arguments.held_out).set_index("path").key
        estimates["trained on other artists"] = held_out.loc[table.path].to_numpy()
    for name, run in systems.items():
        estimates[name] = np.array([run(arguments.data / path) for path in table.path])
    report(table, estimates)


if __name__ == "__main__":
    main()
