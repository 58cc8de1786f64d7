"""The key head: tuned chroma -> one logit a key, by the same rule for all twelve tonics.

Small networks whose every layer turns with the pitch classes, so that music a semitone higher gives the same logits
one tonic on. Trained by `earmark_research.key.train`; the weights lie in assets/key_head.npz and are read with NumPy.
"""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np

VERSION = "1"  # of the weights: raise it when they change
ASSET = "key_head.npz"
CHUNK = 512  # rows convolved at once: bounds memory

# Hand-set: how much each degree of the scale speaks for major and for minor.
MAJOR = (1.0, 0.1, 0.45, 0.12, 0.6, 0.4, 0.1, 0.8, 0.15, 0.4, 0.2, 0.3)
MINOR = (1.0, 0.15, 0.4, 0.5, 0.1, 0.4, 0.1, 0.75, 0.3, 0.15, 0.4, 0.25)


@dataclass(frozen=True)
class KeyHead:
    """Weights of a few networks of one shape, whose logits are averaged and joined with hand-set profiles.

    Attributes
    ----------
    conv : float32 [n_nets, c1, n_octaves, k, 12]: over k rows, octaves and pitch classes; conv_bias [n_nets, c1]
    mix : float32 [n_nets, c2, 2 * c1 + n_octaves, 12]; mix_bias [n_nets, c2]
    out : float32 [n_nets, 2, c2, 12]; out_bias [n_nets, 2]
    blend : weights of the networks' and of the profiles' logits, and what is added for minor
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
        P : float32 [n_steps, n_octaves, 12], as `chroma.semitones` returns it
        spans : int [n, 2], first row and the row after the last of each stretch

        Returns
        -------
        float64 [n, 24]
        """
        x = normalise(P)
        sounds = x.any(axis=(1, 2))
        n_nets, c1 = self.conv_bias.shape
        h = _convolve(x, self.conv.reshape(-1, *self.conv.shape[2:]), self.conv_bias.ravel())
        mean, squares = _means(h, sounds, spans), _means(h * h, sounds, spans)
        spread = np.sqrt(np.maximum(squares - mean**2, 0) + 1e-4)
        plain = _means(x.transpose(0, 2, 1), sounds, spans)
        total = np.zeros((len(spans), 24))
        for net in range(n_nets):
            own = slice(net * c1, (net + 1) * c1)
            total += self._answer(net, np.concatenate([mean[..., own], spread[..., own], plain], axis=2))
        profiles = _profile_likeness(plain[:, :, :4].sum(axis=2))
        return self.blend[0] * total / n_nets + self.blend[1] * profiles + self.blend[2] * (np.arange(24) >= 12)

    def _answer(self, net: int, pooled: np.ndarray) -> np.ndarray:
        """The dense layers of one network: [n, 12, 2 * c1 + n_octaves] -> logits [n, 24]."""
        hidden = np.maximum(_turn(pooled, self.mix[net]) + self.mix_bias[net], 0)
        logits = _turn(hidden, self.out[net]) + self.out_bias[net]  # [n, 12, 2]
        return logits.transpose(0, 2, 1).reshape(len(pooled), 24)


def normalise(P: np.ndarray) -> np.ndarray:
    """Square root, and each row's loudest pitch class becomes 1: float32 [n_steps, n_octaves, 12]."""
    x = np.sqrt(P)
    return (x / np.maximum(x.sum(axis=1).max(axis=1), 1e-6)[:, None, None]).astype(np.float32)


@cache
def default_head() -> KeyHead:
    """The head that earmark ships."""
    return read_head(files("earmark").joinpath("assets", ASSET))


def read_head(path: Traversable) -> KeyHead:
    """A head as `earmark_research.key.train` writes it."""
    with path.open("rb") as file, np.load(file) as arrays:
        return KeyHead(**{name: arrays[name].astype(np.float32) for name in arrays.files})


def profile_logits(P: np.ndarray) -> np.ndarray:
    """Likeness [24] of the mean chroma to the hand-set profiles; P as in `KeyHead.logits`."""
    x = normalise(P)
    return _profile_likeness(x[x.any(axis=(1, 2))][:, :4].sum(axis=1).mean(axis=0)[None])[0]


def _profile_likeness(chroma: np.ndarray) -> np.ndarray:
    """[n, 12] mean chroma of the lower four octaves -> [n, 24], at most 12."""
    mean = chroma - chroma.mean(axis=1, keepdims=True)
    mean = mean / np.maximum(mean.std(axis=1, keepdims=True), 1e-9)
    profiles = [(np.array(profile) - np.mean(profile)) / np.std(profile) for profile in (MAJOR, MINOR)]
    return mean @ np.array([np.roll(profile, k) for profile in profiles for k in range(12)]).T


def _convolve(x: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Rows and turned pitch classes: float32 [n_steps, octaves, 12] -> [n_steps, 12, c1], negative values cut."""
    c1, _, k, _ = weights.shape
    around = np.pad(np.concatenate([x, x[:, :, :11]], axis=2), ((k // 2, k // 2), (0, 0), (0, 0)))
    views = np.lib.stride_tricks.sliding_window_view(around, (k, 12), axis=(0, 2))  # [n_steps, octaves, 12, k, 12]
    flat = weights.reshape(c1, -1).T
    out = np.empty((len(x), 12, c1), np.float32)
    for start in range(0, len(x), CHUNK):
        part = views[start : start + CHUNK].transpose(0, 2, 1, 3, 4)
        out[start : start + CHUNK] = part.reshape(-1, len(flat)).dot(flat).reshape(-1, 12, c1) + bias
    return np.maximum(out, 0, out=out)


def _means(h: np.ndarray, sounds: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Mean of the rows that sound, in each span: float32 [n_steps, 12, c] -> float64 [n, 12, c]."""
    total = np.concatenate(
        [np.zeros((1, *h.shape[1:])), np.cumsum(h * sounds[:, None, None], axis=0, dtype=np.float64)]
    )
    count = np.concatenate([[0], np.cumsum(sounds)])
    first, last = spans.T
    return (total[last] - total[first]) / np.maximum(count[last] - count[first], 1)[:, None, None]


def _turn(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """A dense layer that turns with the pitch classes: [n, 12, c] with weights [out, c, 12] -> [n, 12, out]."""
    turned = x[:, (np.arange(12)[:, None] + np.arange(12)) % 12]  # [n, 12, 12, c]
    flat = weights.transpose(2, 1, 0).reshape(-1, len(weights))
    return (turned.reshape(-1, len(flat)).astype(np.float32) @ flat).reshape(len(x), 12, -1)
