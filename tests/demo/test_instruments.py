"""The pitched instruments are in tune."""

import numpy as np
import pytest

from earmark.demo import instruments
from earmark.demo.synth import SR

PITCHED = ["piano", "steel_guitar", "nylon_guitar", "harpsichord", "bass_guitar", "double_bass", "electric_piano",
           "strings", "choir", "flute", "accordion", "organ", "synth_bass", "reese_bass", "pad", "stab", "lead",
           "pulse_lead", "pulse_arpeggio", "chip_triangle", "bell"]  # fmt: skip


@pytest.mark.parametrize("name", PITCHED)
@pytest.mark.parametrize("hz", [110.0, 440.0])
def test_an_instrument_is_in_tune(name, hz):
    y = getattr(instruments, name)(hz, 1.5, 0.8)[: SR * 3 // 2]
    spectrum = np.abs(np.fft.rfft(y * np.hanning(len(y)), 1 << 19))
    bins = np.arange(round(hz * 0.94 * 2**19 / SR), round(hz * 1.06 * 2**19 / SR))
    found = (spectrum[bins] ** 2 @ bins) / (spectrum[bins] ** 2).sum() * SR / 2**19

    assert 1200 * np.log2(found / hz) == pytest.approx(0, abs=12)  # cents; the players' mean
    assert spectrum[bins].max() > 0.05 * spectrum.max()
