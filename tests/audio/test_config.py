"""Settings that travel with files."""

import pytest

from earmark.audio.config import DEFAULT_FEATURES, FeatureConfig

DEEPSOUND = FeatureConfig(22_050, 2048, 1024, 128, 0.0, 11_025.0, "ln_floor_1e-6")


def test_config_survives_its_dict():
    assert FeatureConfig.from_dict(DEEPSOUND.to_dict()) == DEEPSOUND
    with pytest.raises(ValueError, match="unknown settings"):
        FeatureConfig.from_dict({"n_mel": 96})


def test_the_defaults_are_those_of_musicnn():
    assert DEFAULT_FEATURES.to_dict() == {
        "sr": 16_000, "n_fft": 512, "hop_length": 256, "n_mels": 96, "fmin": 0.0, "fmax": 8000.0,
        "compression": "log10_1p_1e4",
    }  # fmt: skip
    assert DEFAULT_FEATURES.frame_rate == 62.5
