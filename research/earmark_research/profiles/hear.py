"""What both networks hear of each file, patch by patch, kept on disk: one file a track."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import onnx

from earmark.audio.decode import load_audio
from earmark.audio.earprint import EARPRINT_SUFFIX, read_earprint
from earmark.audio.features import log_mel
from earmark.errors import AudioError
from earmark.files import whole_file
from earmark.progress import Progress, silent
from earmark.tagger.combined import excerpt, spread_evenly
from earmark.tagger.interop.musicnn import BUILDERS, N_MELS, PATCH_FRAMES, Graph, Weights, finish
from earmark.tagger.model import Model, load_model, split_patches
from earmark.tagger.session import open_session
from earmark_research.assets import STARTER

DIM = 656  # of the three embeddings side by side: MSD_vgg, MSD_musicnn, MTT_musicnn
STARTER_ORDER = np.r_[400:656, 0:200, 200:400]  # of the small network's embedding, to get that order


@dataclass(frozen=True)
class Heard:
    """One track as both networks hear it; n is the number of patches of the small one.

    Attributes
    ----------
    path : of the file
    frames : of its spectrogram
    steps : int [n], outputs of the small network in each patch
    level : float [n], loudest cell of the log-mel
    small : float32 [n, 656], its embedding of each patch, in the order of `accurate`
    own : float32 [n, n_own], its logits
    accurate : float32 [n, 656], the three embeddings of musicnn's networks around the middle of each patch
    tags : float32 [n, 150], their logits
    """

    path: str
    frames: int
    steps: np.ndarray
    level: np.ndarray
    small: np.ndarray
    own: np.ndarray
    accurate: np.ndarray
    tags: np.ndarray


class Ears:
    """Both networks; `weights` are musicnn's, see `earmark.tagger.pull.read_weights`."""

    def __init__(self, weights: dict[str, Weights]) -> None:
        self._small = load_model(STARTER)
        self._accurate = open_session(raw_networks(weights).SerializeToString())

    def hear(self, path: Path, at_most: int | None = None) -> Heard:
        """Listen to a file or an earprint, to `at_most` evenly spread patches of it. Raises AudioError."""
        S = read_earprint(path).S if path.suffix == EARPRINT_SUFFIX else log_mel(load_audio(path).y)
        patches = split_patches(S, self._small.info.patch_frames, self._small.info.min_frames)
        middles = np.cumsum([0] + [len(patch) for patch in patches[:-1]]) + [len(patch) // 2 for patch in patches]
        rows = spread_evenly(len(patches), at_most or len(patches))
        pairs = [self._small._run_batch(patches[i][None]) for i in rows]  # logits, embedding [1, steps, ..]
        own, small = (np.stack([pair[k][0].mean(axis=0) for pair in pairs]) for k in (0, 1))
        blocks = [self._run_accurate(excerpt(S, middles[i], PATCH_FRAMES)) for i in rows]
        accurate, tags = (np.concatenate(parts) for parts in zip(*blocks, strict=True))
        level = np.array([patches[i].max() for i in rows])
        steps = np.array([pair[0].shape[1] for pair in pairs])
        return Heard(str(path), len(S), steps, level, small[:, STARTER_ORDER], own, accurate, tags)

    def _run_accurate(self, patch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return tuple(self._accurate.run(["embedding", "tags"], {"mel": patch[None]}))


def raw_networks(weights: dict[str, Weights]) -> onnx.ModelProto:
    """musicnn's three networks: mel [batch, 187, 96] -> embedding [batch, 656] and tags [batch, 150], logits."""
    g = Graph()
    embeddings, tags = [], []
    for name, build in BUILDERS.items():
        g.prefix = f"{name}/"
        logits, flat = build(g, "mel", weights[name])
        embeddings.append(flat)
        tags.append(logits)
    g.prefix = ""
    g.add("Concat", *embeddings, axis=1, output="embedding")
    g.add("Concat", *tags, axis=1, output="tags")
    return finish(g, ["batch", PATCH_FRAMES, N_MELS], {"embedding": ["batch", DIM], "tags": ["batch", 150]})


def place_of(cache: Path, path: Path) -> Path:
    """Where in the cache folder the file `path` is kept."""
    return cache / f"{hashlib.sha256(str(path).encode(errors='surrogateescape')).hexdigest()[:16]}.npz"


def fill(
    cache: Path, files: Sequence[Path], ears: Ears, at_most: int | None = None, progress: Progress = silent
) -> list[str]:
    """Hear every file that the cache folder has not yet; returns why files were left out."""
    cache.mkdir(parents=True, exist_ok=True)
    failures = []
    for number, path in enumerate(files, 1):
        progress(f"cache {cache.name}", number, len(files))
        target = place_of(cache, path)
        if target.exists():
            continue
        try:
            heard = ears.hear(path, at_most)
        except AudioError as error:
            failures.append(str(error))
            continue
        with whole_file(target) as draft:
            np.savez(draft, **vars(heard))
    return failures


def read(cache: Path, files: Sequence[Path]) -> list[Heard | None]:
    """What was heard of each file; None for those that were left out."""
    return [_read(place_of(cache, path)) if place_of(cache, path).exists() else None for path in files]


def _read(place: Path) -> Heard:
    with np.load(place) as stored:
        values = {f.name: stored[f.name] for f in fields(Heard)}
    return Heard(**values | {"path": str(values["path"]), "frames": int(values["frames"])})


def starter() -> Model:
    """The small network with the tags of its own."""
    return load_model(STARTER)
