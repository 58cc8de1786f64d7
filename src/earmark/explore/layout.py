"""Embeddings -> a plane: t-SNE from the principal components, new points beside old ones, and what is kept.

Source: van der Maaten and Hinton 2008; started from the principal components and with a learning rate of n / 12 as
Kobak and Berens 2019 advise; FFT for large collections, Linderman et al. 2019. Computed by openTSNE (Poličar et al.
2019), of the extra ``map``.
"""

from collections.abc import Callable

import numpy as np
import scipy  # its parts are loaded when first used, which a search need not pay for

from earmark.errors import MissingPackage
from earmark.progress import Progress, silent
from earmark.settings import cores

PERPLEXITY = 30  # neighbours that a track looks at, or so
COMPONENTS = 50  # principal components that distances are taken of
FEWEST = 10  # tracks; fewer have no neighbourhoods to keep
EXAGGERATED, ITERATIONS = 250, 500
PLACED_PERPLEXITY, NEAREST = 5, 25  # of new tracks: their own neighbourhood, and the neighbours they start among
K = 10  # neighbours that are counted,
ASKED = 2000  # of so many tracks at most
BLOCK = 256


def unit(vectors: np.ndarray) -> np.ndarray:
    """Rows of length 1, float32 [n, dim]: their distances rank as cosine does."""
    x = np.asarray(vectors, np.float32)
    return x / np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-9)


def principal(x: np.ndarray, n: int = COMPONENTS) -> np.ndarray:
    """The first principal components, largest first, float32 [n_rows, at most n], of signs of their own."""
    centred = x - x.mean(axis=0)
    n = min(n, *centred.shape)
    dim = centred.shape[1]
    _, directions = scipy.linalg.eigh(centred.T @ centred, subset_by_index=(dim - n, dim - 1), check_finite=False)
    directions = directions[:, ::-1]
    signs = np.sign(directions[np.abs(directions).argmax(axis=0), np.arange(n)])
    return (centred @ (directions * signs)).astype(np.float32)


def lay_out(x: np.ndarray, progress: Progress = silent, seed: int = 0) -> np.ndarray:
    """Unit vectors [n, dim] -> float32 [n, 2]; below `FEWEST` rows the principal components.

    Raises MissingPackage without openTSNE.
    """
    components = principal(x)
    if len(x) < FEWEST:
        return _centred(np.pad(components, ((0, 0), (0, max(0, 2 - components.shape[1]))))[:, :2])
    TSNE = _opentsne().TSNE
    start = components[:, :2] / max(components[:, 0].std(), 1e-9) * 1e-4
    model = TSNE(
        perplexity=min(PERPLEXITY, (len(x) - 1) / 3), initialization=start.astype(np.float64), random_state=seed,
        n_jobs=cores(), early_exaggeration_iter=EXAGGERATED, n_iter=ITERATIONS, callbacks=_told(progress),
        callbacks_every_iters=10,
    )  # fmt: skip
    progress("map", 0, EXAGGERATED + ITERATIONS, "neighbours")
    return _centred(np.asarray(model.fit(components)))


def place(known: np.ndarray, xy: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Where new unit vectors [m, dim] lie among those of known ones, which do not move; float32 [m, 2]."""
    if len(known) < FEWEST:
        near = np.argmax(new @ known.T, axis=1)
        return np.asarray(xy, np.float32)[near]
    from openTSNE import TSNEEmbedding

    _opentsne()
    fixed = np.array(xy, np.float64)
    middle = (fixed.max(axis=0) + fixed.min(axis=0)) / 2  # which openTSNE takes for the origin
    method = "fft" if len(known) > 10_000 else "bh"
    there = TSNEEmbedding(fixed, _Neighbours(known), negative_gradient_method=method, n_jobs=cores(), random_state=0)
    found = there.transform(new, perplexity=PLACED_PERPLEXITY, k=min(NEAREST, 3 * PLACED_PERPLEXITY))
    return (np.asarray(found) + middle).astype(np.float32)


class _Neighbours:
    """What openTSNE asks of affinities when points are added: exact neighbours among unit vectors."""

    def __init__(self, known: np.ndarray) -> None:
        self.known = known
        self.n_samples = len(known)
        self.P = scipy.sparse.csr_matrix((len(known), len(known)))  # of the known among themselves: they do not move

    def to_new(self, data: np.ndarray, perplexity: float = PLACED_PERPLEXITY, return_distances: bool = False):
        """As `openTSNE.affinity.Affinities.to_new`."""
        from openTSNE.affinity import joint_probabilities_nn

        k = min(self.n_samples, 3 * PLACED_PERPLEXITY)
        neighbours, distances = nearest(self.known, data, k)
        options = {"symmetrize": False, "normalization": "point-wise", "n_reference_samples": self.n_samples}
        P = joint_probabilities_nn(neighbours, distances, [min(perplexity, k / 3)], **options)
        return (P, neighbours, distances) if return_distances else P


def nearest(known: np.ndarray, asked: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest of known rows to each row asked about, nearest first: int [m, k], and distances float64 [m, k]."""
    squares, rows, distances = (known**2).sum(axis=1), [], []
    for at in range(0, len(asked), BLOCK):
        block = asked[at : at + BLOCK]
        far = squares[None] - 2 * block @ known.T
        near = np.argpartition(far, k - 1, axis=1)[:, :k]
        order = np.argsort(np.take_along_axis(far, near, axis=1), axis=1)
        near = np.take_along_axis(near, order, axis=1)
        squared = np.take_along_axis(far, near, axis=1) + (block**2).sum(axis=1)[:, None]
        rows.append(near)
        distances.append(np.sqrt(np.maximum(squared, 0)))
    return np.concatenate(rows), np.concatenate(distances).astype(np.float64)


def kept_neighbours(x: np.ndarray, xy: np.ndarray, k: int = K, seed: int = 0) -> tuple[float, float]:
    """The share of each track's k nearest by unit vectors that are among its k nearest on the map, and that by chance.

    Measured among all tracks, for `ASKED` of them drawn at random where there are more.
    """
    k = min(k, len(x) - 1)
    if k < 1:
        return 0.0, 0.0
    asked = np.sort(np.random.default_rng(seed).permutation(len(x))[:ASKED])
    truth, shown = (_others(nearest(a, a[asked], k + 1)[0], asked, k) for a in (x, np.asarray(xy, np.float32)))
    both = [len(np.intersect1d(a, b)) for a, b in zip(truth, shown, strict=True)]
    return float(np.mean(both) / k), k / (len(x) - 1)


def _others(neighbours: np.ndarray, asked: np.ndarray, k: int) -> list[np.ndarray]:
    """Neighbours without the track itself, which need not come first among equal ones."""
    return [row[row != own][:k] for row, own in zip(neighbours, asked, strict=True)]


def _centred(xy: np.ndarray) -> np.ndarray:
    return (xy - (xy.max(axis=0) + xy.min(axis=0)) / 2).astype(np.float32)


def _told(progress: Progress) -> Callable:
    """openTSNE counts the iterations of each of its two phases from 1."""
    seen = {"done": 0}

    def tell(_iteration: int, error: float, embedding: np.ndarray) -> bool:
        seen["done"] += 10
        progress("map", min(seen["done"], EXAGGERATED + ITERATIONS), EXAGGERATED + ITERATIONS)
        return False

    return tell


def _opentsne():
    try:
        import openTSNE
    except ImportError:
        raise MissingPackage("openTSNE", "is not installed", "Run `pip install earmark[map]`.") from None
    return openTSNE
