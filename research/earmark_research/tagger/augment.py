"""More audio out of little: changes of log-mel patches.

Everything happens on spectrograms, in power, so that a mix is that of the two sounds, but for phase.
"""

import math

import torch
from torch.nn import functional as F

MIXED = 0.7  # of the patches get a second one underneath


def to_power(mel: torch.Tensor) -> torch.Tensor:
    """Undo log10(1 + 1e4 p), up to the factor 1e4; any shape."""
    return torch.expm1(mel * math.log(10))


def to_log(power: torch.Tensor) -> torch.Tensor:
    """The inverse of `to_power`."""
    return torch.log1p(power) / math.log(10)


def equaliser(n: int, n_mels: int, g: torch.Generator, strength: float = 1.0, dull: bool = True) -> torch.Tensor:
    """Gains in power [n, 1, n_mels]: level +-12 dB, tilt +-4 dB at the ends, a smooth bump, often a low-pass.

    Only what may be `dull` goes through the low-pass. The level has its full range from half the strength on: how loud
    a file was mastered depends little on the music.
    """
    x = torch.linspace(-1, 1, n_mels)[None]
    level, tilt, height = (torch.rand(3, n, 1, generator=g) * 2 - 1) * torch.tensor([12.0, 4.0, 6.0])[:, None, None]
    centre, width = torch.rand(2, n, 1, generator=g)
    bump = height * torch.exp(-(((x - 2 * centre + 1) / (0.1 + 0.5 * width)) ** 2))
    cut = 0.5 + 0.7 * torch.rand(n, 1, generator=g)  # beyond 1: no low-pass; else as a poor codec or radio
    low_pass = -60 * torch.clamp(x - cut, min=0) / 0.2 * dull
    level = min(1.0, 2 * strength) * level
    return (10 ** ((level + strength * (tilt * x + bump + low_pass)) / 10))[:, None, :]


def mix(power: torch.Tensor, other: torch.Tensor, g: torch.Generator) -> torch.Tensor:
    """Put `other` under some patches, 0 to 20 dB below; power [n, n_frames, n_mels] in and out."""
    n = len(power)
    ratio = 10 ** (-2 * torch.rand(n, generator=g))
    ratio[torch.rand(n, generator=g) > MIXED] = 0.0
    level = power.mean(dim=(1, 2)) / (other.mean(dim=(1, 2)) + 1e-3)
    return power + (ratio * level.clamp(max=1e3))[:, None, None] * other


def master(power: torch.Tensor, g: torch.Generator) -> torch.Tensor:
    """What records have over the music of games: even levels in each of three bands, treble, and loudness.

    Power [n, n_frames, n_mels] in and out.
    """
    n, _, n_mels = power.shape
    bands = power.unflatten(2, (3, -1))
    level = F.avg_pool1d(bands.sum(dim=3).transpose(1, 2), 13, 1, 6, count_include_pad=False).transpose(1, 2)
    level = level / level.mean(dim=1, keepdim=True).clamp(min=1e-3)
    ratio = 0.3 + 0.7 * torch.rand(n, 1, 1, generator=g)
    even = (bands * level.clamp(0.01, 100)[..., None] ** (ratio[..., None] - 1)).flatten(2)
    tilt, loud = (torch.rand(2, n, 1, 1, generator=g) * 12 - 3).unbind()  # dB: -3 to 9
    return even * 10 ** ((tilt * torch.linspace(-1, 1, n_mels) + loud) / 10)


def stretch(power: torch.Tensor, g: torch.Generator, strength: float = 1.0) -> torch.Tensor:
    """Play the whole batch up to 8 % faster or slower and up to 2 bands higher or lower.

    Power [n, n_frames, n_mels] in and out; `strength` multiplies both ranges.
    """
    n_frames, n_mels = power.shape[1:]
    rate = 1 + strength * (0.16 * float(torch.rand(1, generator=g)) - 0.08)
    frames = (torch.arange(n_frames) * rate + (1 - rate) * n_frames / 2).round().long().clamp(0, n_frames - 1)
    shift = round(strength * float(torch.randint(-2, 3, (1,), generator=g)))
    bands = (torch.arange(n_mels) + shift).clamp(0, n_mels - 1)
    return power[:, frames][:, :, bands]
