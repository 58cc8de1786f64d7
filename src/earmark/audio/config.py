"""Settings that travel with a model file or an earprint: frozen dataclasses, a dict going out, a dict coming in."""

from dataclasses import asdict, dataclass, fields
from typing import Literal, Self

from earmark.audio import schema

Compression = Literal["log10_1p_1e4", "ln_floor_1e-6"]


class Settings:
    """Base of the dataclasses of settings: to a dict, and back from one."""

    __slots__ = ()

    def to_dict(self) -> dict:
        """Field names and their values, ready for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict) -> Self:
        """The settings that `to_dict` wrote.

        Raises
        ------
        ValueError : a key that this version does not know; the reader of the file turns it into an error with its path
        """
        unknown = sorted(set(values) - {field.name for field in fields(cls)})
        if unknown:
            raise ValueError(f"unknown settings {unknown}: made by a newer earmark")
        return cls(**values)


@dataclass(frozen=True, slots=True)
class FeatureConfig(Settings):
    """The front end: how a waveform becomes a log-mel spectrogram.

    The defaults are those of musicnn (Pons & Serra 2019), so that its networks and ours read the same spectrogram.

    Attributes
    ----------
    sr : sampling rate, Hz
    n_fft, hop_length : samples
    n_mels : Slaney mel bands between fmin and fmax, Hz
    compression : ``log10_1p_1e4`` is log10(1 + 1e4 * power); ``ln_floor_1e-6`` is ln(max(power, 1e-6))
    """

    sr: int = 16_000
    n_fft: int = 512
    hop_length: int = 256
    n_mels: int = 96
    fmin: float = 0.0
    fmax: float = 8_000.0
    compression: Compression = "log10_1p_1e4"

    @property
    def frame_rate(self) -> float:
        """Frames a second."""
        return self.sr / self.hop_length

    @classmethod
    def from_dict(cls, values: dict) -> Self:
        """As in `Settings`; raises ValueError also for a front end that nobody can mean, see `FEATURES`."""
        FEATURES(values)
        found = super(FeatureConfig, cls).from_dict(values)
        if not (found.fmin < found.fmax <= found.sr / 2 and found.frame_rate <= MAX_FRAME_RATE):
            band = f"{found.fmin:g} to {found.fmax:g} Hz at {found.sr} Hz"
            raise ValueError(f"features: {band}, {found.frame_rate:g} frames a second")
        return found


MAX_FRAME_RATE = 200  # frames a second: with MAX_MELS it bounds the memory of a spectrogram
MAX_MELS = 512

FEATURES = schema.record_of(
    FeatureConfig,
    sr=schema.whole(1000, 384_000),
    n_fft=schema.whole(16, 65_536),
    hop_length=schema.whole(16, 65_536),
    n_mels=schema.whole(1, MAX_MELS),
    fmin=schema.number(0, 192_000),
    fmax=schema.number(1, 192_000),
    compression=schema.pattern("log10_1p_1e4|ln_floor_1e-6", "a known compression"),
)
"""What the configuration of a front end may hold when it comes from a file."""

DEFAULT_FEATURES = FeatureConfig()
