"""More audio out of little: changes of log-mel patches that their answers survive, or change with known shares.

Everything happens on spectrograms, in power, so that a mix is the mix that a microphone would hear (but for phase).
"""

import math

import torch
from torch.nn import functional as F

MIXED = 0.35  # of the patches get a second one underneath
DAMAGED = 0.25  # of the patches get the holes of a codec
SHORTENED = 0.15  # of the batches are cut to two seconds


def to_power(mel: torch.Tensor) -> torch.Tensor:
    """Undo log10(1 + 1e4 p), up to the factor 1e4."""
    return torch.expm1(mel * math.log(10))


def to_log(power: torch.Tensor) -> torch.Tensor:
    """The inverse of `to_power`."""
    return torch.log1p(power) / math.log(10)


def equaliser(n: int, n_mels: int, g: torch.Generator, strength: float = 1.0) -> torch.Tensor:
    """Gains in power [n, 1, n_mels]: level +-12 dB, tilt +-4 dB at the ends, a smooth bump, now and then a low-pass.

    The level has its full range from half the strength on: how loud a file was mastered says little about the music.
    """
    x = torch.linspace(-1, 1, n_mels)[None]
    level, tilt, height = (torch.rand(3, n, 1, generator=g) * 2 - 1) * torch.tensor([12.0, 4.0, 6.0])[:, None, None]
    centre, width = torch.rand(2, n, 1, generator=g)
    bump = height * torch.exp(-(((x - 2 * centre + 1) / (0.1 + 0.5 * width)) ** 2))
    cut = 0.5 + 0.7 * torch.rand(n, 1, generator=g)  # beyond 1: no low-pass; else as a poor codec or radio
    low_pass = -60 * torch.clamp(x - cut, min=0) / 0.2
    level = min(1.0, 2 * strength) * level
    return (10 ** ((level + strength * (tilt * x + bump + low_pass)) / 10))[:, None, :]


def mix(
    power: torch.Tensor, other: torch.Tensor, g: torch.Generator, strength: float = 1.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """Put `other` under some patches, 0 to 20 dB below. Returns the mix, and the share [n] of the first: 1 if alone."""
    n = len(power)
    ratio = 10 ** (-2 * torch.rand(n, generator=g))
    ratio[torch.rand(n, generator=g) > MIXED * strength] = 0.0
    level = power.mean(dim=(1, 2)) / (other.mean(dim=(1, 2)) + 1e-3)
    mixed = power + (ratio * level.clamp(max=1e3))[:, None, None] * other
    return mixed, 1 / (1 + ratio.sqrt())


def codec(power: torch.Tensor, g: torch.Generator, strength: float = 1.0) -> torch.Tensor:
    """Spectral holes, as codecs leave at low bit rates: in some patches, what lies far below its surroundings goes.

    Surroundings are 15 frames x 7 bands; the depth below which a cell is silenced is 3 to 18 dB.
    """
    damaged = torch.rand(len(power), generator=g) < DAMAGED * strength
    if not damaged.any():
        return power
    depth = 10 ** (-0.3 - 1.5 * torch.rand(len(power), generator=g))[damaged]
    whole = power[damaged]
    around = F.avg_pool2d(F.avg_pool2d(whole, (15, 1), 1, (7, 0)), (1, 7), 1, (0, 3))
    power = power.clone()
    power[damaged] = whole.masked_fill(whole < depth[:, None, None] * around, 0.0)
    return power


def stretch(power: torch.Tensor, g: torch.Generator, strength: float = 1.0) -> torch.Tensor:
    """Play the whole batch up to 8 % faster or slower and up to 2 bands higher or lower."""
    n_frames, n_mels = power.shape[1:]
    rate = 1 + strength * (0.16 * float(torch.rand(1, generator=g)) - 0.08)
    frames = (torch.arange(n_frames) * rate + (1 - rate) * n_frames / 2).round().long().clamp(0, n_frames - 1)
    shift = round(strength * float(torch.randint(-2, 3, (1,), generator=g)))
    bands = (torch.arange(n_mels) + shift).clamp(0, n_mels - 1)
    return power[:, frames][:, :, bands]


def mask(mel: torch.Tensor, g: torch.Generator, strength: float = 1.0) -> torch.Tensor:
    """SpecAugment: one stretch of up to 30 frames and one of up to 10 bands per patch become silent."""
    for axis, size in ((1, 30), (2, 10)):
        length = torch.rand(len(mel), 1, generator=g) * size * strength
        start = torch.rand(len(mel), 1, generator=g) * (mel.shape[axis] - length)
        position = torch.arange(mel.shape[axis])[None]
        hidden = (position >= start) & (position < start + length)
        mel = mel.masked_fill(hidden.unsqueeze(3 - axis), 0.0)
    return mel


def augment(
    mel: torch.Tensor, order: torch.Tensor, g: torch.Generator, strength: float = 1.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """All of it.

    Parameters
    ----------
    mel : float32 [n, frames, n_mels], log10(1 + 1e4 p)
    order : int [n], which patch may be put under which
    strength : 1 as described at each part, 0 changes nothing but, now and then, the length

    Returns
    -------
    float32 [n, frames', n_mels] and the share [n] of each patch in its own mix
    """
    power = to_power(mel) * equaliser(len(mel), mel.shape[2], g, strength)
    power, share = mix(power, power[order], g, strength)
    mel = mask(to_log(stretch(codec(power, g, strength), g, strength)), g, strength)
    if float(torch.rand(1, generator=g)) < SHORTENED:
        start = int(torch.randint(0, mel.shape[1] - 124, (1,), generator=g))
        mel = mel[:, start : start + 125]
    return mel, share
