"""Every network: shapes, independence of the batch, and the rule that its paper gives."""

import numpy as np
import pytest
import torch

from earmark.errors import ConfigError
from earmark.training.networks import AUDIO_NETWORKS, SERIES_NETWORKS, build_network
from earmark.training.networks.msd_best import statistics
from earmark.training.networks.series_head import SeriesNetwork
from earmark.training.objective import Objective

SMALL = {"deepsound_cnn": {"width": 8}, "deepsound_crnn": {"width": 8, "units": 6}, "short_chunk": {"width": 4},
         "fcn": {"width": 4, "dim": 12}}  # fmt: skip
STEP = {"deepsound_cnn": 8, "deepsound_crnn": 8, "fcn": 16}  # frames; the short-chunk CNN has one step a patch


def small(name: str) -> torch.nn.Module:
    torch.manual_seed(0)
    return build_network(name, 32, 3, SMALL[name]).eval()


@pytest.mark.parametrize("name", AUDIO_NETWORKS)
@pytest.mark.parametrize("frames", [129, 231, 300])
def test_an_audio_network_answers_every_so_many_frames(name, frames):
    logits, embedding = small(name)(torch.rand(2, frames, 32))

    steps = frames // STEP[name] if name in STEP else 1
    assert logits.shape == (2, steps, 3)
    assert embedding.shape[:2] == (2, steps)


@pytest.mark.parametrize("name", AUDIO_NETWORKS)
def test_a_clip_does_not_depend_on_its_batch(name):
    network, x = small(name), torch.rand(4, 140, 32)

    together, alone = network(x)[0][2], network(x[2:3])[0][0]

    torch.testing.assert_close(together, alone, atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", ["deepsound_cnn", "fcn"])
def test_a_convolutional_answer_moves_with_the_sound(name):
    """Shifting by one step shifts the answers by one, away from the edges: time is treated alike everywhere."""
    network, x, step = small(name), torch.rand(1, 40 * STEP[name], 32), STEP[name]

    answers, later = network(x)[0][0], network(x[:, step:])[0][0]

    torch.testing.assert_close(answers[11:-10], later[10:-10], atol=1e-5, rtol=0)


def test_the_2016_network_gives_log_distributions_and_is_trained_on_their_mean():
    network = small("deepsound_crnn")
    logits, _ = network(torch.rand(2, 80, 32))

    torch.testing.assert_close(logits.exp().sum(-1), torch.ones(2, 10))
    y = torch.tensor([[1.0, 0, 0], [0, 0, 1.0]])
    expected = -torch.log(logits.exp().mean(dim=1)[[0, 1], [0, 2]]).mean()
    loss = Objective.of("exclusive", y.numpy()).loss(logits, y, network.pools)
    torch.testing.assert_close(loss, expected)


@pytest.mark.parametrize("name", SERIES_NETWORKS)
def test_a_series_network_embeds_songs_in_50_dimensions(name):
    options = {"members": 3, "width": 8} if name == "msd_best" else {"normalise": True}
    network = build_network(name, 7, 4, options).eval()

    logits, embedding = network(torch.rand(5, 300, 24), torch.rand(5, 7))

    steps = 3 if name == "msd_best" else 1
    assert logits.shape == (5, steps, 4)
    assert embedding.shape == (5, steps, 50)


@pytest.mark.parametrize("name", ["msd_dense", "msd_cnn", "msd_lstm"])
def test_a_published_series_network_differs_from_the_others_in_its_branch_alone(name):
    network = build_network(name, 7, 4, {"l1": 0.5})

    own = {key for key in vars(type(network)) if not key.startswith("__")}
    assert own == {"branch", "branch_width"}
    assert type(network).__init__ is SeriesNetwork.__init__
    branch = network.branch().eval()
    assert branch(torch.rand(5, 12, 300)).shape == (5, network.branch_width)


def test_the_published_penalty_is_that_of_keras():
    network = build_network("msd_dense", 7, 4, {"l1": 0.5, "l2": 0.25})
    kernels = [p for name, p in network.named_parameters() if name.endswith("weight")]

    expected = sum(0.5 * w.abs().sum() + 0.25 * (w**2).sum() for w in kernels)

    assert len(kernels) == 4
    torch.testing.assert_close(network.penalty(), expected)


def test_statistics_are_those_of_numpy():
    series = torch.randn(3, 300, 24, dtype=torch.float64) * 4 + 1
    found = statistics(series).numpy()

    x = series.numpy()
    assert found.shape == (3, 5 * 24 + 66)
    np.testing.assert_allclose(found[:, :24], x.mean(1))
    np.testing.assert_allclose(found[:, 24:48], x.std(1), rtol=1e-3)
    np.testing.assert_allclose(found[:, 72:96], np.abs(np.diff(x, axis=1)).mean(1))
    correlation = np.corrcoef(x[1, :, :12].T)[np.triu_indices(12, 1)]
    np.testing.assert_allclose(found[1, -66:], correlation, atol=1e-3)


def test_members_of_the_ensemble_do_not_see_each_other():
    network = build_network("msd_best", 7, 4, {"members": 3, "width": 8}).eval()
    series, lyrics = torch.rand(2, 300, 24), torch.rand(2, 7)
    before = network(series, lyrics)[0]

    with torch.no_grad():
        network.embed.weight[:50] += 1.0  # the first member's
    after = network(series, lyrics)[0]

    torch.testing.assert_close(before[:, 1:], after[:, 1:])
    assert not torch.allclose(before[:, 0], after[:, 0])


def test_a_wrong_name_or_option_lists_the_right_ones():
    with pytest.raises(ConfigError, match="There are deepsound_cnn"):
        build_network("resnet", 32, 3, {})
    with pytest.raises(ConfigError, match="no option widht. Its options are context, dim, dropout, width"):
        build_network("fcn", 32, 3, {"widht": 4})
