"""The key head: tuned chroma -> a logit for each of the 24 keys, with the same weights for all twelve tonics.

Small networks whose layers are equivariant to transposition: music a semitone higher has the same logits, a semitone
on. Trained by `earmark_research.key`; the weights are in assets/key_head.npz and are run with NumPy.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np

ASSET = "key_head.npz"  # where it changes, raise VERSION of the package
CHUNK = 512  # rows convolved at once: bounds memory

# Key profiles, the weight of each semitone above the tonic in major and in minor; hand-set.
MAJOR = (1.0, 0.1, 0.45, 0.12, 0.6, 0.4, 0.1, 0.8, 0.15, 0.4, 0.2, 0.3)
MINOR = (1.0, 0.15, 0.4, 0.5, 0.1, 0.4, 0.1, 0.75, 0.3, 0.15, 0.4, 0.25)


@dataclass(frozen=True)
class KeyHead:
    """Weights of several networks of one shape; their mean logits are added to those of the key profiles.

    Attributes
    ----------
    conv : float32 [n_nets, c1, n_octaves, k, 12], a convolution over k rows and the pitch classes, c1 channels
    conv_bias : float32 [n_nets, c1]
    mix : float32 [n_nets, c2, 2 * c1 + n_octaves, 12], a dense layer
    mix_bias : float32 [n_nets, c2]
    out : float32 [n_nets, 2, c2, 12], the last layer: major and minor
    out_bias : float32 [n_nets, 2]
    blend : float32 [3], weight of the networks' logits, weight of the profiles', and a bias for minor
    """

    conv: np.ndarray
    conv_bias: np.ndarray
    mix: np.ndarray
    mix_bias: np.ndarray
    out: np.ndarray
    out_bias: np.ndarray
    blend: np.ndarray

    def logits(self, P: np.ndarray, spans: np.ndarray) -> np.ndarray:
        """Logits of the 24 keys, major first, for several stretches of one track.

        Parameters
        ----------
        P : float32 [n_steps, n_octaves, 12], as `earmark.audio.chroma.semitones` returns it
        spans : int [n, 2], first row and the row after the last of each stretch

        Returns
        -------
        float64 [n, 24]; rows of P that are silent do not enter
        """
        x = normalise(P)
        audible = x.any(axis=(1, 2))
        n_nets, c1 = self.conv_bias.shape
        h = _convolve(x, self.conv.reshape(-1, *self.conv.shape[2:]), self.conv_bias.ravel())
        mean, squares = _average_spans(h, audible, spans), _average_spans(h * h, audible, spans)
        spread = np.sqrt(np.maximum(squares - mean**2, 0) + 1e-4)
        plain = _average_spans(x.transpose(0, 2, 1), audible, spans)
        total = np.zeros((len(spans), 24))
        for net in range(n_nets):
            own = slice(net * c1, (net + 1) * c1)
            total += self._apply_dense(net, np.concatenate([mean[..., own], spread[..., own], plain], axis=2))
        profiles = _compare_profiles(plain[:, :, :4].sum(axis=2))
        return self.blend[0] * total / n_nets + self.blend[1] * profiles + self.blend[2] * (np.arange(24) >= 12)

    def _apply_dense(self, net: int, pooled: np.ndarray) -> np.ndarray:
        """The dense layers of one network: [n, 12, 2 * c1 + n_octaves] -> logits [n, 24]."""
        hidden = np.maximum(_apply_layer(pooled, self.mix[net]) + self.mix_bias[net], 0)
        logits = _apply_layer(hidden, self.out[net]) + self.out_bias[net]  # [n, 12, 2]
        return logits.transpose(0, 2, 1).reshape(len(pooled), 24)


def normalise(P: np.ndarray) -> np.ndarray:
    """Square roots of P, float32 [n_steps, n_octaves, 12], scaled so that each row's strongest pitch class is 1.

    The pitch class is the sum over octaves. Returns float32 of the same shape; silent rows stay 0.
    """
    x = np.sqrt(P)
    return (x / np.maximum(x.sum(axis=1).max(axis=1), 1e-6)[:, None, None]).astype(np.float32)


@cache
def default_head() -> KeyHead:
    """The head that earmark ships, read once."""
    return read_head(files("earmark").joinpath("assets", ASSET))


def read_head(path: Traversable) -> KeyHead:
    """Read a head from an npz file whose arrays have the names and shapes of `KeyHead`'s attributes.

    Raises
    ------
    OSError, ValueError : the file cannot be read, or is no npz file
    TypeError : other arrays than those of `KeyHead`
    """
    with path.open("rb") as file, np.load(file) as arrays:
        return KeyHead(**{name: arrays[name].astype(np.float32) for name in arrays.files})


def profile_logits(P: np.ndarray) -> np.ndarray:
    """Correlation of the mean chroma with the key profiles, times 12.

    Parameters
    ----------
    P : float32 [n_steps, n_octaves, 12], not silent throughout

    Returns
    -------
    float64 [24], major first

    Source: the method is that of Krumhansl 1990, "Cognitive foundations of musical pitch"; the profiles are hand-set.
    """
    x = normalise(P)
    return _compare_profiles(x[x.any(axis=(1, 2))][:, :4].sum(axis=1).mean(axis=0)[None])[0]


def _compare_profiles(chroma: np.ndarray) -> np.ndarray:
    """Mean chroma of the lower four octaves [n, 12] -> correlation with the 24 profiles, times 12 [n, 24]."""
    mean = chroma - chroma.mean(axis=1, keepdims=True)
    mean = mean / np.maximum(mean.std(axis=1, keepdims=True), 1e-9)
    profiles = [(np.array(profile) - np.mean(profile)) / np.std(profile) for profile in (MAJOR, MINOR)]
    return mean @ np.array([np.roll(profile, k) for profile in profiles for k in range(12)]).T


def _convolve(x: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Convolution over rows and, cyclically, pitch classes, then ReLU: [n_steps, octaves, 12] -> [n_steps, 12, c1]."""
    c1, _, k, _ = weights.shape
    around = np.pad(np.concatenate([x, x[:, :, :11]], axis=2), ((k // 2, k // 2), (0, 0), (0, 0)))
    views = np.lib.stride_tricks.sliding_window_view(around, (k, 12), axis=(0, 2))  # [n_steps, octaves, 12, k, 12]
    flat = weights.reshape(c1, -1).T
    out = np.empty((len(x), 12, c1), np.float32)
    for start in range(0, len(x), CHUNK):
        part = views[start : start + CHUNK].transpose(0, 2, 1, 3, 4)
        out[start : start + CHUNK] = part.reshape(-1, len(flat)).dot(flat).reshape(-1, 12, c1) + bias
    return np.maximum(out, 0, out=out)


def _average_spans(h: np.ndarray, audible: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Mean over the audible rows of each span: float32 [n_steps, 12, c] -> float64 [n, 12, c]."""
    at = np.arange(len(h))
    inside = ((at >= spans[:, :1]) & (at < spans[:, 1:]) & audible).astype(np.float32)  # [n, n_steps]
    total = (inside @ h.reshape(len(h), -1)).astype(np.float64)
    return (total / np.maximum(inside.sum(axis=1), 1)[:, None]).reshape(len(spans), *h.shape[1:])


def _apply_layer(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """A dense layer, equivariant to transposition: [n, 12, c] with weights [out, c, 12] -> [n, 12, out]."""
    rotated = x[:, (np.arange(12)[:, None] + np.arange(12)) % 12]  # [n, 12, 12, c]
    flat = weights.transpose(2, 1, 0).reshape(-1, len(weights))
    return (rotated.reshape(-1, len(flat)).astype(np.float32) @ flat).reshape(len(x), 12, -1)
