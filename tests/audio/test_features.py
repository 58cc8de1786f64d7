import librosa
import numpy as np
import pytest

from earmark.audio.config import FeatureConfig
from earmark.audio.features import log_mel, mel_frequencies
from earmark.errors import AudioError
from sounds import tone

CFG = FeatureConfig()
DEEPSOUND = FeatureConfig(22_050, 2048, 1024, 128, 0.0, 11_025.0, "ln_floor_1e-6")


@pytest.mark.parametrize("hz", [500.0, 1000.0, 6000.0])
def test_a_tone_peaks_in_its_mel_band(hz):
    S = log_mel(tone(hz), CFG)

    assert S.shape == (1 + CFG.sr // CFG.hop_length, CFG.n_mels)
    centres = librosa.mel_frequencies(CFG.n_mels + 2, fmin=0, fmax=CFG.fmax)[1:-1]
    assert S.mean(axis=0).argmax() == np.abs(centres - hz).argmin()


@pytest.mark.parametrize("n_samples", [1, 255, 512, 513, 16_000, 16_000 * 9 + 77])
def test_equals_librosa_at_any_length(rng, n_samples):
    y = rng.uniform(-1, 1, n_samples).astype(np.float32)

    power = librosa.feature.melspectrogram(y=y, sr=16_000, n_fft=512, hop_length=256, n_mels=96)
    expected = np.log10(1 + 1e4 * power).T
    np.testing.assert_allclose(log_mel(y, CFG), expected, atol=1e-4)


def test_equals_librosa_in_the_front_end_of_deepsound(rng):
    y = rng.uniform(-1, 1, 22_050 * 2).astype(np.float32)

    power = librosa.feature.melspectrogram(y=y, sr=22_050, n_fft=2048, hop_length=1024, n_mels=128)
    np.testing.assert_allclose(log_mel(y, DEEPSOUND), np.log(np.maximum(power, 1e-6)).T, atol=1e-4)


def test_silence_is_exactly_zero():
    assert not log_mel(np.zeros(5000, np.float32), CFG).any()


def test_mel_frequencies_are_slaneys():
    np.testing.assert_allclose(mel_frequencies(40, 0, 8000), librosa.mel_frequencies(40, fmin=0, fmax=8000), rtol=1e-9)


@pytest.mark.parametrize(
    ("y", "problem"),
    [
        (np.zeros((2, 16_000), np.float32), r"expected mono, got shape \(2, 16000\)"),
        (np.zeros(100), "expected float32, got float64"),
        (np.zeros(0, np.float32), "no samples"),
        (np.full(100, np.nan, np.float32), "NaN or infinite"),
    ],
)
def test_what_is_no_signal_is_refused(y, problem):
    with pytest.raises(AudioError, match=problem):
        log_mel(y, CFG)
