"""Embeddings in two dimensions, for pictures: principal components and t-SNE."""

import numpy as np

MIN_ROWS = 8  # fewer have no neighbourhoods for t-SNE to keep


def pca(x: np.ndarray, n_components: int = 2) -> tuple[np.ndarray, np.ndarray]:
    """Principal components of standardised columns.

    Parameters
    ----------
    x : float [n_rows, dim]

    Returns
    -------
    coordinates float64 [n_rows, n_components], and the share of the variance that each component holds
    """
    x = np.asarray(x, float)
    spread = x.std(axis=0)
    z = (x - x.mean(axis=0)) / np.where(spread > 1e-9, spread, 1.0)
    u, s, vt = np.linalg.svd(z, full_matrices=False)
    flip = np.sign(vt[np.arange(len(s)), np.abs(vt).argmax(axis=1)])  # a sign that does not depend on the solver
    coordinates, share = u * s * flip, s**2 / max((s**2).sum(), 1e-12)
    missing = max(0, n_components - len(s))
    return np.pad(coordinates, ((0, 0), (0, missing)))[:, :n_components], np.pad(share, (0, missing))[:n_components]


def tsne(x: np.ndarray, seed: int = 0) -> np.ndarray | None:
    """t-SNE of standardised columns by openTSNE, with cosine distance, started from the principal components.

    Perplexity is 30, or a third of the rows where they are few. Distances between clusters in such a picture mean
    nothing.

    Parameters
    ----------
    x : float [n_rows, dim]

    Returns
    -------
    float64 [n_rows, 2]; None under 8 rows
    """
    if len(x) < MIN_ROWS:
        return None
    from openTSNE import TSNE

    start, _ = pca(x, min(50, *x.shape))
    perplexity = min(30.0, (len(x) - 1) / 3)
    model = TSNE(perplexity=perplexity, metric="cosine", initialization="pca", random_state=seed, n_jobs=1)
    return np.asarray(model.fit(start))
