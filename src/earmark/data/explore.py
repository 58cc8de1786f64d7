"""Look at a data set before any training: spectrogram and MFCC images by class, and how distinct the classes are.

out/index.html               everything on one page
out/mel-CLASS.png            log-mel spectrograms of a few files of the class
out/mfcc-CLASS.png           their cepstral coefficients
out/pca.png, out/pca.csv     every file by the first two principal components of its MFCC image
out/classes.csv              how distinct each class is
out/heat-TRACK.png           chroma and timbre of single tracks over time
"""

import csv
import html
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from earmark.audio.config import FeatureConfig
from earmark.data.cache import FeatureCache
from earmark.data.explore_plots import TIMBRES, draw_cepstra, draw_heat_maps, draw_scatter, draw_spectrograms
from earmark.data.manifest import Manifest
from earmark.data.sets.msd import MsdSongs
from earmark.data.targets import Targets
from earmark.errors import DataError

N_MFCC = 20
IMAGE_SECONDS = 10.0  # shown of each example, from its middle
IMAGE_STEPS = 32  # time steps of the MFCC image that enters the principal components
NEIGHBOURS = 5
EXAMPLES = 3  # a class


@dataclass(frozen=True)
class Projection:
    """Principal components of MFCC images.

    Attributes
    ----------
    points : float32 [n, n_components]
    explained : share of the variance that each component carries
    purity : by class, how often a file's five nearest files of other songs and artists are of its own class
    chance : by class, its share of all files: what `purity` would be if classes lay at random
    """

    points: np.ndarray
    explained: np.ndarray
    purity: dict[str, float]
    chance: dict[str, float]


def explore(
    manifest: Manifest, targets: Targets, cache: FeatureCache, out: str | Path, seed: int = 0, examples: int = EXAMPLES
) -> Projection:
    """Draw all images and the page into `out`.

    Parameters
    ----------
    cache : of `manifest`, all of it readable
    seed : decides which files are drawn as examples
    examples : files drawn for each class

    Returns
    -------
    The projection that is drawn there; raises DataError for fewer than three files
    """
    out = Path(out)
    out.mkdir(parents=True, exist_ok=True)
    index = strongest_class(targets)
    images = mfcc_images(cache)
    mean, spread = _mean_and_spread(images)
    cfg = cache.feature_config
    files = file_names(targets.names)
    for k, name in enumerate(targets.names):
        rows = _examples(np.flatnonzero(index == k), examples, seed)
        if len(rows):
            middles = [cut_middle(cache[i], cfg, IMAGE_SECONDS) for i in rows]
            titles = [manifest.rows[i]["path"] for i in rows]
            draw_spectrograms(middles, titles, cfg, f"{name}: log-mel", out / f"mel-{files[name]}.png")
            coefficients = [(mfcc(S) - mean) / spread for S in middles]
            draw_cepstra(coefficients, titles, cfg, f"{name}: MFCC", out / f"mfcc-{files[name]}.png")
    projection = project(manifest, targets, images)
    draw_scatter(projection.points, index, targets.names, projection.explained, out / "pca.png")
    _write_tables(manifest, targets, index, projection, out)
    _write_page(manifest, targets, projection, out)
    return projection


def project(manifest: Manifest, targets: Targets, images: np.ndarray, n_components: int = 10) -> Projection:
    """Principal components of MFCC images, each coefficient scaled to unit variance over the set.

    Parameters
    ----------
    images : float32 [n_files, steps, n_mfcc]

    Raises DataError for fewer than three files.
    """
    from sklearn.decomposition import PCA

    if len(images) < 3:
        raise DataError(manifest.name, f"{len(images)} files", "Three or more are needed to draw how they lie.")
    mean, spread = _mean_and_spread(images)
    flat = ((images - mean) / spread).reshape(len(images), -1)
    n_components = min(n_components, *flat.shape)
    pca = PCA(n_components, svd_solver="full").fit(flat)
    points = pca.transform(flat).astype(np.float32)
    index = strongest_class(targets)
    purity = _purity(points, index, manifest.groups(), targets.names)
    chance = {name: float((index == k).mean()) for k, name in enumerate(targets.names)}
    return Projection(points, pca.explained_variance_ratio_, purity, chance)


def strongest_class(targets: Targets) -> np.ndarray:
    """The class of each row; for other targets the name that stands out most, int64 [n_rows]."""
    if targets.kind == "exclusive":
        return targets.index
    spread = np.maximum(targets.values.std(axis=0), 1e-9)
    return ((targets.values - targets.values.mean(axis=0)) / spread).argmax(axis=1)


def mfcc(S: np.ndarray, n: int = N_MFCC) -> np.ndarray:
    """Cepstral coefficients of a log-mel spectrogram [n_frames, n_mels]: float32 [n_frames, n], orthonormal DCT-II."""
    from scipy.fft import dct

    return dct(np.asarray(S, np.float32), type=2, axis=1, norm="ortho")[:, :n]


def mfcc_images(cache: FeatureCache) -> np.ndarray:
    """The MFCC image of every file: float32 [n, IMAGE_STEPS, N_MFCC]."""
    return np.stack([mfcc_image(S, cache.feature_config) for S in cache])


def mfcc_image(S: np.ndarray, cfg: FeatureConfig) -> np.ndarray:
    """The MFCC of the middle 10 s averaged to a fixed number of steps: float32 [IMAGE_STEPS, N_MFCC].

    Shorter files are stretched over all steps.
    """
    coefficients = mfcc(cut_middle(S, cfg, IMAGE_SECONDS))
    edges = np.linspace(0, len(coefficients), IMAGE_STEPS + 1)
    starts = np.minimum(edges[:-1].astype(int), len(coefficients) - 1)
    ends = np.maximum(edges[1:].astype(int), starts + 1)
    return np.stack([coefficients[a:b].mean(axis=0) for a, b in zip(starts, ends, strict=True)])


def cut_middle(S: np.ndarray, cfg: FeatureConfig, seconds: float) -> np.ndarray:
    """The middle `seconds` of a spectrogram [n_frames, n_mels], all of it where it is shorter: float32."""
    n = round(seconds * cfg.frame_rate)
    start = max(0, (len(S) - n) // 2)
    return np.asarray(S[start : start + n], np.float32)


def file_names(names: tuple[str, ...]) -> dict[str, str]:
    """A part of a file name for each class, no two the same."""
    found: dict[str, str] = {}
    for k, name in enumerate(names):
        plain = slug(name)
        found[name] = plain if plain not in found.values() else f"{plain}-{k}"
    return found


def slug(name: str) -> str:
    """`name` as part of a file name: lower case, with ``_`` for what is no letter, digit or dash."""
    return re.sub(r"[^\w-]+", "_", name).strip("_").lower() or "class"


# ---------------------------------------------------------------- tracks over time


def heat_map_of_file(path: str | Path, out: str | Path) -> Path:
    """Chroma and timbre (MFCC) of one sound file over time, as an image in `out`; returns its path.

    Raises AudioError where the file cannot be decoded.
    """
    from earmark.audio.chroma import DEFAULT_CHROMA, chroma, fold
    from earmark.audio.decode import load_audio
    from earmark.audio.features import log_mel

    cfg = FeatureConfig()
    audio = load_audio(path)
    pitches = fold(chroma(audio.y))
    n = max(1, round(cfg.frame_rate / 4))  # four steps a second
    S = log_mel(audio.y, cfg)
    timbre = mfcc(S[: len(S) // n * n].reshape(-1, n, cfg.n_mels).mean(axis=1) if len(S) >= n else S, 13)[:, 1:]
    target = Path(out) / f"heat-{slug(Path(path).stem)}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    draw_heat_maps(
        pitches, timbre, (1 / DEFAULT_CHROMA.frame_rate, n / cfg.frame_rate), "seconds", Path(path).name, target
    )
    return target


def heat_map_of_song(songs: MsdSongs, track_id: str, out: str | Path) -> Path:
    """Chroma and timbre of one song of the Million Song Dataset by segment, as an image in `out`; returns its path.

    Raises DataError where the song is not among `songs`.
    """
    found = np.flatnonzero(songs.track_id == track_id)
    if not len(found):
        raise DataError(track_id, "not among these songs", f"Take one such as {songs.track_id[0]}.")
    i = int(found[0])
    target = Path(out) / f"heat-{slug(track_id)}.png"
    target.parent.mkdir(parents=True, exist_ok=True)
    title = f"{songs.artist_name[i]}: {songs.title[i]} ({songs.genre[i] or 'no genre'})"
    draw_heat_maps(songs.chroma[i], songs.timbre[i], (1.0, 1.0), "segment", title, target, TIMBRES)
    return target


# ---------------------------------------------------------------- what is written


def _mean_and_spread(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean and standard deviation of each coefficient over files and time, float32 [n_mfcc]."""
    return images.mean(axis=(0, 1)), np.maximum(images.std(axis=(0, 1)), 1e-6)


def _examples(rows: np.ndarray, n: int, seed: int) -> np.ndarray:
    return np.sort(np.random.default_rng(seed).permutation(rows)[:n])


def _purity(points: np.ndarray, index: np.ndarray, groups: list[str], names: tuple[str, ...]) -> dict[str, float]:
    """Share of each file's nearest files that are of its class; files of its own song or artist do not count."""
    group = np.unique(groups, return_inverse=True)[1]
    hits = np.zeros(len(points))
    for i, point in enumerate(points):
        distance = np.square(points - point).sum(axis=1)
        distance[group == group[i]] = np.inf
        near = np.argsort(distance)[:NEIGHBOURS]
        near = near[np.isfinite(distance[near])]
        hits[i] = (index[near] == index[i]).mean() if len(near) else np.nan
    return {name: float(np.nanmean(hits[index == k])) for k, name in enumerate(names) if (index == k).any()}


def _write_tables(manifest: Manifest, targets: Targets, index: np.ndarray, projection: Projection, out: Path) -> None:
    with open(out / "pca.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["path", "class", "pc1", "pc2"])
        for row, k, point in zip(manifest.rows, index, projection.points, strict=True):
            writer.writerow([row["path"], targets.names[k], *(f"{x:.4f}" for x in point[:2])])
    with open(out / "classes.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["class", "files", "purity", "chance"])
        for k, name in enumerate(targets.names):
            if name in projection.purity:
                numbers = (f"{x:.3f}" for x in (projection.purity[name], projection.chance[name]))
                writer.writerow([name, int((index == k).sum()), *numbers])


PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>{title}</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2rem auto; padding: 0 1rem; color: #222; }}
img {{ max-width: 100%; display: block; margin: .5rem 0 1.5rem; }}
table {{ border-collapse: collapse; }} td, th {{ padding: .2rem .9rem .2rem 0; text-align: left; }}
td:nth-child(n+2), th:nth-child(n+2) {{ text-align: right; font-variant-numeric: tabular-nums; }}
</style>
<h1>{title}</h1>
<p>{n} files. Classes that lie among each other here are hard to tell apart from sound alone: join them, or drop the
ambiguous ones. Purity is how often the five nearest files of other songs and artists, by the first {d} principal
components of the MFCC image, are of the same class; chance is what it would be if classes lay at random.</p>
<table><tr><th>class<th>purity<th>chance</tr>{rows}</table>
<h2>Principal components of the MFCC images</h2>
<img src="pca.png" alt="Scatter of the first two principal components, coloured by class">
<h2>What the classes look like</h2>
{images}
</html>
"""


def _write_page(manifest: Manifest, targets: Targets, projection: Projection, out: Path) -> None:
    ordered = sorted(projection.purity, key=projection.purity.get, reverse=True)
    rows = "".join(
        f"<tr><td>{html.escape(name)}<td>{projection.purity[name]:.2f}<td>{projection.chance[name]:.2f}</tr>"
        for name in ordered
    )
    files = file_names(targets.names)
    images = "".join(
        f'<h3>{html.escape(name)}</h3><img src="{kind}-{files[name]}.png" alt="{kind} of {html.escape(name)}">'
        if kind == "mel"
        else f'<img src="{kind}-{files[name]}.png" alt="{kind} of {html.escape(name)}">'
        for name in targets.names
        if name in projection.purity
        for kind in ("mel", "mfcc")
    )
    title = html.escape(f"A first look at {manifest.name}")
    page = PAGE.format(title=title, n=len(manifest), d=projection.points.shape[1], rows=rows, images=images)
    (out / "index.html").write_text(page, encoding="utf-8")
