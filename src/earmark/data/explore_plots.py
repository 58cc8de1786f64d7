"""The drawings of `earmark data explore`, in colours that colour-blind people can tell apart and that print well."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from earmark.audio.config import FeatureConfig
from earmark.audio.features import mel_frequencies

# Okabe & Ito 2008, without the yellow that vanishes on white; beyond seven classes the marks differ.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#000000")
MARKS = "osD^vP*X"
PITCHES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
TIMBRES = ("loudness", "brightness", "flatness", "attack", *(str(i) for i in range(5, 13)))  # Echo Nest's first four
HZ_TICKS = (250, 500, 1000, 2000, 4000, 8000, 16_000)
DPI = 110


def style(k: int) -> dict:
    """Colour and mark of class `k`: 56 classes before one repeats."""
    return {"color": COLOURS[k % len(COLOURS)], "marker": MARKS[(k % len(COLOURS) + k // len(COLOURS)) % len(MARKS)]}


def draw_spectrograms(images: list[np.ndarray], titles: list[str], cfg: FeatureConfig, title: str, path: Path) -> None:
    """Log-mel spectrograms [n_frames, n_mels] side by side, one colour scale for all."""
    figure, axes = _row(len(images), title)
    top = max(float(np.percentile(S, 99.8)) for S in images)
    bottom = min(float(S.min()) for S in images)
    centres = mel_frequencies(cfg.n_mels + 2, cfg.fmin, cfg.fmax)[1:-1]
    ticks = [hz for hz in HZ_TICKS if centres[0] < hz < centres[-1]]
    for axis, S, name in zip(axes, images, titles, strict=True):
        image = axis.imshow(S.T, origin="lower", aspect="auto", cmap="magma", vmin=bottom, vmax=top,
                            extent=(0, len(S) / cfg.frame_rate, 0, cfg.n_mels))  # fmt: skip
        axis.set_yticks(np.interp(ticks, centres, np.arange(cfg.n_mels) + 0.5), [str(hz) for hz in ticks])
        axis.set_title(name, fontsize=8)
        axis.set_xlabel("seconds")
    axes[0].set_ylabel("Hz")
    figure.colorbar(image, ax=list(axes), label="log power", pad=0.01)
    _save(figure, path)


def draw_cepstra(images: list[np.ndarray], titles: list[str], cfg: FeatureConfig, title: str, path: Path) -> None:
    """Standardised cepstral coefficients [n_frames, n] side by side; the set's mean is white."""
    figure, axes = _row(len(images), title)
    most = 3.0
    for axis, C, name in zip(axes, images, titles, strict=True):
        image = axis.imshow(C.T, origin="lower", aspect="auto", cmap="PuOr", vmin=-most, vmax=most,
                            extent=(0, len(C) / cfg.frame_rate, 0.5, C.shape[1] + 0.5))  # fmt: skip
        axis.set_title(name, fontsize=8)
        axis.set_xlabel("seconds")
    axes[0].set_ylabel("coefficient")
    figure.colorbar(image, ax=list(axes), label="deviations from the set's mean", pad=0.01)
    _save(figure, path)


def draw_scatter(
    points: np.ndarray, index: np.ndarray, names: tuple[str, ...], explained: np.ndarray, path: Path
) -> None:
    """The first two principal components, a colour and mark a class, a large mark at each class's median.

    Parameters
    ----------
    points : float32 [n_files, n_components]
    index : class of each file, int64 [n_files], a position in `names`
    explained : share of the variance that each component carries, [n_components]
    """
    figure, axis = plt.subplots(figsize=(9, 6.5), layout="constrained")
    second = points[:, 1] if points.shape[1] > 1 else np.zeros(len(points))
    for k, name in enumerate(names):
        mine = index == k
        if mine.any():
            label = f"{name} ({mine.sum()})"
            axis.scatter(points[mine, 0], second[mine], s=18, alpha=0.55, linewidths=0, label=label, **style(k))
            axis.scatter(np.median(points[mine, 0]), np.median(second[mine]), s=190, edgecolors="white",
                         linewidths=1.5, zorder=3, **style(k))  # fmt: skip
    shares = [*explained, 0.0]
    axis.set_xlabel(f"first principal component ({shares[0]:.0%} of the variance)")
    axis.set_ylabel(f"second ({shares[1]:.0%})")
    axis.legend(loc="center left", bbox_to_anchor=(1.01, 0.5), frameon=False, title="large mark: median")
    axis.spines[["top", "right"]].set_visible(False)
    _save(figure, path)


def draw_heat_maps(
    chroma: np.ndarray,
    timbre: np.ndarray,
    steps: tuple[float, float],
    unit: str,
    title: str,
    path: Path,
    timbre_names: tuple[str, ...] = (),
) -> None:
    """Chroma [n, 12] above timbre [m, 12] over time.

    Parameters
    ----------
    steps : length of one row of each, in `unit`
    timbre_names : of the rows, from the first; numbers where empty
    """
    figure, (upper, lower) = plt.subplots(2, figsize=(11, 6), sharex=True, layout="constrained")
    figure.suptitle(title, fontsize=11)
    image = upper.imshow(chroma.T, origin="lower", aspect="auto", cmap="viridis", vmin=0, vmax=1,
                         extent=(0, len(chroma) * steps[0], -0.5, 11.5))  # fmt: skip
    upper.set_yticks(range(12), PITCHES, fontsize=8)
    upper.set_ylabel("pitch class")
    figure.colorbar(image, ax=upper, pad=0.01, label="strength")
    spread = (timbre - timbre.mean(axis=0)) / np.maximum(timbre.std(axis=0), 1e-6)
    n = spread.shape[1]
    image = lower.imshow(spread.T, origin="lower", aspect="auto", cmap="PuOr", vmin=-2.5, vmax=2.5,
                         extent=(0, len(timbre) * steps[1], 0.5, n + 0.5))  # fmt: skip
    lower.set_yticks(range(1, n + 1), timbre_names or [str(i) for i in range(1, n + 1)], fontsize=8)
    lower.set_ylabel("timbre")
    lower.set_xlabel(unit)
    figure.colorbar(image, ax=lower, pad=0.01, label="deviations from its mean")
    _save(figure, path)


def _row(n: int, title: str):
    figure, axes = plt.subplots(1, n, figsize=(1.5 + 3.4 * n, 3.1), sharey=True, squeeze=False, layout="constrained")
    figure.suptitle(title, fontsize=11)
    return figure, axes[0]


def _save(figure, path: Path) -> None:
    figure.savefig(path, dpi=DPI)
    plt.close(figure)
