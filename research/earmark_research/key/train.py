"""Train the key head: networks on music composed by code, then three numbers on labelled clips.

    python -m earmark_research.key.train --out src/earmark/assets/key_head.npz \\
        --data ../shared/data/gtzan_partial --held-out held_out.csv

The networks never hear a labelled clip. Fitted on the clips are only the weights of the networks and of the hand-set
profiles, and what is added for minor keys. With --held-out the same is fitted on nine tenths of the artists and answers
for the rest, which `benchmarks/harmony.py` reads.
"""

import argparse
import csv
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from earmark.audio.chroma import chroma, semitones, tuning_cents
from earmark.audio.decode import load_audio
from earmark.descriptors.key.head import normalise, profile_logits
from earmark.descriptors.key.names import closeness, key_number
from earmark_research.music.harmony import compose

FOLDS = 10
BATCH = 64
SHORTEST, LONGEST = 6, 52  # rows of an excerpt; 2.6 a second
NEAR_KEYS = 0.1  # share of the target that goes to keys near the true one, by MIREX's weights
Item = tuple[np.ndarray, int]  # float32 [n_steps, n_octaves, 12] and the key's number


class KeyNet(nn.Module):
    """Convolution over rows and turned pitch classes, mean and spread over time, two dense layers that turn.

    About 25,000 weights; `earmark.descriptors.key.head.KeyHead` runs the same in NumPy.
    """

    def __init__(self, octaves: int = 5, c1: int = 24, c2: int = 32, rows: int = 3) -> None:
        super().__init__()
        self.conv = nn.Conv2d(octaves, c1, (rows, 12))
        self.mix = nn.Conv2d(2 * c1 + octaves, c2, (1, 12))
        self.out = nn.Conv2d(c2, 2, (1, 12))
        self.dropout = nn.Dropout(0.2)

    def forward(self, x: torch.Tensor, sounds: torch.Tensor) -> torch.Tensor:
        """x [B, T, octaves, 12] normalised, sounds [B, T] 0 or 1 -> logits [B, 24]."""
        x, weight = x.transpose(1, 2), sounds[:, None, :, None]
        pad = self.conv.kernel_size[0] // 2
        h = torch.relu(self.conv(_around(functional.pad(x, (0, 0, pad, pad)))))  # [B, c1, T, 12]
        n = weight.sum(2).clamp(min=1)
        mean = (h * weight).sum(2) / n
        spread = ((h * h * weight).sum(2) / n - mean**2).clamp(min=0).add(1e-4).sqrt()
        pooled = torch.cat([mean, spread, (x * weight).sum(2) / n], 1)[:, :, None]
        hidden = self.dropout(torch.relu(self.mix(_around(pooled))))
        return self.out(_around(hidden)).reshape(len(x), 24)


def _around(x: torch.Tensor) -> torch.Tensor:
    """The pitch classes once round: [..., 12] -> [..., 23]."""
    return torch.cat([x, x[..., :11]], -1)


def tuned(y: np.ndarray) -> np.ndarray:
    C = chroma(y)
    return semitones(C, tuning_cents(C))


def composed(first_seed: int, n: int) -> list[Item]:
    """n composed pieces of 7-13 s."""
    items = []
    for seed in range(first_seed, first_seed + n):
        rng = np.random.default_rng(seed)
        y, key = compose(rng, seconds=float(rng.uniform(7, 13)))
        items.append((tuned(y), key))
    return items


def transpose(P: np.ndarray, steps: int) -> np.ndarray:
    """A tuned chroma `steps` semitones higher; what leaves the five octaves (A to G#) is lost."""
    line = np.roll(P, -9, axis=2).reshape(len(P), -1)
    moved = np.roll(line, steps, axis=1)
    if steps > 0:
        moved[:, :steps] = 0
    elif steps < 0:
        moved[:, steps:] = 0
    return np.roll(moved.reshape(P.shape), 9, axis=2)


def varied(item: Item, rng: np.random.Generator) -> Item:
    """A random excerpt, transposed, equalised and with noise."""
    P, key = item
    length = min(len(P), int(rng.integers(SHORTEST, LONGEST)))
    start, steps = int(rng.integers(len(P) - length + 1)), int(rng.integers(-3, 4))
    P = transpose(P[start : start + length], steps)
    tilt = rng.normal(0, 0.5, 5) + rng.normal(0, 0.25) * np.arange(-2, 3)
    P = P * np.exp(tilt).astype(np.float32)[:, None]
    if rng.random() < 0.5:
        P = P * np.exp(rng.normal(0, 0.4, (1, 5, 12))).astype(np.float32)
    if rng.random() < 0.3:
        P = P + np.abs(rng.normal(0, 1, P.shape)).astype(np.float32) * P.mean() * rng.uniform(0, 1)
    return normalise(P), (key + steps) % 12 + 12 * (key // 12)


def collate(items: list[Item]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Normalised excerpts of different lengths -> x [B, T, octaves, 12], sounds [B, T], keys [B]."""
    longest = max(len(x) for x, _ in items)
    batch = np.zeros((len(items), longest, *items[0][0].shape[1:]), np.float32)
    for i, (x, _) in enumerate(items):
        batch[i, : len(x)] = x
    return (
        torch.from_numpy(batch),
        torch.from_numpy(batch.any(axis=(2, 3))).float(),
        torch.tensor([k for _, k in items]),
    )


def fit(net: KeyNet, music: list[Item], steps: int, rate: float, seed: int) -> KeyNet:
    """Train in place on random excerpts. Few steps: with more, composed music gains and recordings lose."""
    rng, near = np.random.default_rng(seed), torch.tensor(closeness(), dtype=torch.float32)
    near = NEAR_KEYS * near / near.sum(1, keepdim=True) + (1 - NEAR_KEYS) * torch.eye(24)
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, steps)
    net.train()
    for _ in range(steps):
        x, sounds, keys = collate([varied(music[i], rng) for i in rng.integers(len(music), size=BATCH)])
        loss = -(near[keys] * torch.log_softmax(net(x, sounds), 1)).sum(1).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
    return net.eval()


@torch.no_grad()
def answers(nets: list[KeyNet], items: list[Item]) -> np.ndarray:
    """Mean logits of several networks: float32 [n, 24]."""
    batches = [collate([(normalise(P), key)]) for P, key in items]
    return np.stack([torch.stack([net(x, sounds)[0] for net in nets]).mean(0).numpy() for x, sounds, _ in batches])


def chosen(logits: np.ndarray) -> np.ndarray:
    """The key [n] whose expected MIREX weight is largest."""
    e = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (e / e.sum(axis=1, keepdims=True) @ closeness()).argmax(axis=1)


def labelled(folder: Path) -> tuple[list[dict], list[Item]]:
    """Rows of tracks.csv that have a key, and their items."""
    with open(folder / "tracks.csv", newline="", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["key_lerch"]]
    return rows, [(tuned(load_audio(folder / r["path"]).y), key_number(*r["key_lerch"].split())) for r in rows]


def evidence(nets: list[KeyNet], items: list[Item]) -> np.ndarray:
    """What the blend weighs: logits of the networks and of the profiles, and 1 for minor; float64 [n, 24, 3]."""
    profiles = np.stack([profile_logits(P) for P, _ in items])
    minor = np.broadcast_to(np.arange(24) >= 12, profiles.shape)
    return np.stack([answers(nets, items), profiles, minor], axis=2).astype(np.float64)


def fit_blend(seen: np.ndarray, keys: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """The three weights [3] that make the keys most probable; evidence [n, 24, 3], weight [n] of each clip."""
    blend = torch.tensor([0.7, 0.3, 0.0], dtype=torch.float64, requires_grad=True)
    x, target, weight = torch.tensor(seen), torch.tensor(keys), torch.tensor(weight / weight.sum())
    optimiser = torch.optim.LBFGS([blend], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        optimiser.zero_grad()
        value = (weight * functional.cross_entropy(x @ blend, target, reduction="none")).sum()
        value.backward()
        return value

    optimiser.step(loss)
    return blend.detach().numpy()


def held_out(seen: np.ndarray, keys: np.ndarray, weight: np.ndarray, artists: list[str]) -> np.ndarray:
    """Logits [n, 24] of each clip by a blend that was not fitted on its artist."""
    names = sorted(set(artists))
    np.random.default_rng(0).shuffle(names)
    fold = np.array([names.index(artist) % FOLDS for artist in artists])
    logits = np.zeros(seen.shape[:2])
    for part in range(FOLDS):
        inside = fold == part
        logits[inside] = seen[inside] @ fit_blend(seen[~inside], keys[~inside], weight[~inside])
    return logits


def save(nets: list[KeyNet], blend: np.ndarray, path: Path) -> None:
    """Write what `earmark.descriptors.key.head.default_head` reads."""
    layers = {"conv": "conv", "mix": "mix", "out": "out"}
    arrays = {}
    for name, layer in layers.items():
        weights = np.stack([getattr(net, layer).weight.detach().numpy() for net in nets])
        arrays[name] = (weights if name == "conv" else weights[:, :, :, 0]).astype(np.float16)
        arrays[f"{name}_bias"] = np.stack([getattr(net, layer).bias.detach().numpy() for net in nets])
    np.savez_compressed(path, blend=blend.astype(np.float32), **arrays)


def blend_on(folder: Path, nets: list[KeyNet], report: Path | None) -> np.ndarray:
    """The blend fitted on a folder's clips, every song weighing the same; held-out answers go to `report`."""
    rows, items = labelled(folder)
    songs = [row["song"] for row in rows]
    weight = np.array([1 / songs.count(song) for song in songs])
    seen, keys = evidence(nets, items), np.array([key for _, key in items])
    if report:
        found = chosen(held_out(seen, keys, weight, [row["artist"] or row["song"] for row in rows]))
        lines = [f"{row['path']},{key}" for row, key in zip(rows, found, strict=True)]
        report.write_text("\n".join(["path,key", *lines]) + "\n")
    return fit_blend(seen, keys, weight)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True, help="folder with tracks.csv and key_lerch labels")
    parser.add_argument("--held-out", type=Path)
    parser.add_argument("--songs", type=int, default=3000)
    parser.add_argument("--steps", type=int, default=600)
    parser.add_argument("--nets", type=int, default=3)
    arguments = parser.parse_args()
    music = composed(1000, arguments.songs)
    nets = []
    for seed in range(arguments.nets):
        torch.manual_seed(seed)
        nets.append(fit(KeyNet(), music, arguments.steps, 3e-3, seed))
    save(nets, blend_on(arguments.data, nets, arguments.held_out), arguments.out)


if __name__ == "__main__":
    main()
