"""The cache is filled: folders of audio, synthetic sound and mixes become patches with the teachers' outputs."""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch

from earmark.audio.decode import load_audio
from earmark.audio.features import log_mel
from earmark.errors import AudioError
from earmark.progress import Progress, silent
from earmark_research.music.negatives import negative
from earmark_research.tagger.augment import equaliser, master, mix, stretch, to_log, to_power
from earmark_research.tagger.corpus import Corpus, audio_files, load, spread_evenly, store, to_patches
from earmark_research.tagger.teachers import Teachers

MIXED_AT_ONCE = 16  # patches of one block of `cache_mixes`


def cache_folder(
    root: Path, out: Path, teachers: Teachers, at_most: int, at_least: int = 1, progress: Progress = silent
) -> list[tuple[str, str]]:
    """Fill the cache folder `out` with at most so many patches of each file under `root`; resumable.

    Files with fewer than `at_least` patches are passed over: among the music of games they are sound effects.
    Returns (file, why) of the files that cannot be used.
    """
    out.mkdir(parents=True, exist_ok=True)
    failures, names = [], audio_files(root)
    for number, name in enumerate(names, 1):
        progress(f"cache {out.name}", number, len(names))
        target = out / f"{hashlib.sha256(name.encode(errors='surrogateescape')).hexdigest()[:16]}.npz"
        if target.exists():
            continue
        try:
            patches = to_patches(log_mel(load_audio(root / name).y))
        except AudioError as error:
            failures.append((name, str(error)))
            continue
        if len(patches) < at_least:
            continue
        patches = np.ascontiguousarray(patches[spread_evenly(len(patches), at_most)])
        store(target, name, patches, teachers)
    return failures


def cache_synthetic(out: Path, teachers: Teachers, n: int, seed: int) -> None:
    """Fill the cache folder `out` with n synthetic sounds that are no music; the same seed makes the same sounds."""
    out.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(seed)
    for number in range(n):
        y, target = negative(rng), out / f"{number:05d}.npz"
        if not target.exists():
            store(target, f"synthetic/{number}", to_patches(log_mel(y)), teachers)


def cache_mixes(
    out: Path, over: Sequence[str], under: Sequence[str], is_held: Callable[[str], bool], teachers: Teachers, n: int,
    mastered: bool = False,
) -> None:  # fmt: skip
    """Fill a cache folder with n blocks of new sound, each made of two old ones.

    The louder one is of the folders `over` beside `out`, the softer one of `under`; folders that are not there are
    passed over. `mastered` makes it loud and bright as records are.
    """
    present = [source for source in dict.fromkeys((*over, *under)) if (out.parent / source).is_dir()]
    missing = [number for number in range(n) if not (out / f"{number:05d}.npz").exists()]
    if not missing or set(present).isdisjoint(over) or set(present).isdisjoint(under):
        return
    out.mkdir(parents=True, exist_ok=True)
    corpus = load(out.parent, present)
    source, free = corpus.sources, ~np.array([is_held(path) for path in corpus.paths])
    pools = [np.flatnonzero((free & np.isin(source, names))[corpus.track]) for names in (over, under)]
    for number in missing:
        mel = _mix_block(corpus, pools, number, mastered)
        store(out / f"{number:05d}.npz", f"{out.name}/{number}", mel, teachers)


def _mix_block(corpus: Corpus, pools: Sequence[np.ndarray], number: int, mastered: bool) -> np.ndarray:
    """Log-mel float32 [16, 187, 96] of patches of the first pool with some of the second under them."""
    rng, g = np.random.default_rng([1, number]), torch.Generator().manual_seed(number)
    rows = np.concatenate([rng.choice(pool, MIXED_AT_ONCE) for pool in pools])
    power = to_power(torch.from_numpy(corpus.mel[rows].astype(np.float32)))
    power = power * equaliser(len(power), power.shape[2], g, dull=not mastered)
    mixed = mix(power[:MIXED_AT_ONCE], power[MIXED_AT_ONCE:], g)
    mixed = master(mixed, g) if mastered else mixed
    return to_log(stretch(mixed, g, strength=1.5)).numpy()
