"""Changes of spectrograms, in power."""

import torch

from earmark_research.tagger import augment


def test_power_and_log_are_inverse():
    mel = torch.rand(2, 5, 96) * 5
    torch.testing.assert_close(augment.to_log(augment.to_power(mel)), mel, rtol=1e-4, atol=1e-4)


def test_a_mix_adds_power_to_most_patches():
    g = torch.Generator().manual_seed(0)
    one, other = torch.full((400, 3, 4), 2.0), torch.full((400, 3, 4), 50.0)
    mixed = augment.mix(one, other, g)
    alone = (mixed == one).all(dim=(1, 2))

    assert 0.2 < alone.float().mean() < 0.4
    over = (mixed[~alone] / 2 - 1).mean(dim=(1, 2))  # power of the second over the first
    assert over.min() >= 0.01 - 1e-4
    assert over.max() <= 1 + 1e-4


def test_mastered_sound_is_more_even_and_not_dull():
    g = torch.Generator().manual_seed(0)
    power = torch.ones(200, 187, 96)
    power[:, 90:] = 100.0
    mastered = augment.master(power, g).mean(dim=2)
    assert torch.log10(mastered[:, 150] / mastered[:, 30]).mean() < 1.6  # 20 dB were there
    gain = augment.equaliser(500, 96, g, dull=False)
    assert (torch.log10(gain[:, 0, -1] / gain[:, 0, 40]) > -1.5).all()
    assert (torch.log10(augment.equaliser(500, 96, g)[:, 0, -1]) < -3).any()


def test_stretching_moves_frames_and_bands_alike():
    power = torch.zeros(3, 187, 96)
    power[:, 93, 50] = 1.0
    for seed in range(20):
        found = augment.stretch(power, torch.Generator().manual_seed(seed))
        bands = found.sum(dim=(0, 1)).nonzero().flatten()
        assert found.shape == power.shape
        assert abs(int(bands[0]) - 50) <= 2
        assert len(bands) == 1
