"""The prediction of a third teacher is the best linear map of what is pooled."""

import numpy as np
import torch

from earmark_research.tagger import corpus
from earmark_research.tagger.network import BranchConfig, StarterConfig, StarterNet, pad_to_steps
from earmark_research.tagger.predicted_teacher import fit_predicted_teacher, mean_outputs


def test_the_prediction_is_the_best_linear_map_of_what_is_pooled(rng):
    torch.manual_seed(0)
    network = StarterNet(3, StarterConfig({"MTT_musicnn": BranchConfig((3, 3, 2, 1, 1), 10)}))
    mel = rng.uniform(0, 3, (300, 187, 96)).astype(np.float16) * rng.uniform(0, 1, (300, 1, 96)).astype(np.float16)
    with torch.no_grad():
        pooled = network.embed(pad_to_steps(torch.from_numpy(mel).float()))[1].mean(dim=1).numpy()
    embedding = np.zeros((300, 656), np.float32)
    z = (pooled - pooled.mean(axis=0)) / (pooled.std(axis=0) + 1e-3)
    embedding[:, :256] = 5 + z @ rng.normal(size=(z.shape[1], 4)) @ rng.normal(size=(4, 256))
    data = corpus.Corpus(mel, np.zeros((300, 150)), embedding, np.arange(300), ["x"] * 300)

    prediction = fit_predicted_teacher(network, data)
    with torch.no_grad():
        predicted = prediction(torch.from_numpy(pooled)).numpy()
    target = embedding[:, :256]
    assert ((predicted - target) ** 2).sum() < 0.3 * ((target - target.mean(axis=0)) ** 2).sum()
    np.testing.assert_allclose(predicted.mean(axis=0), target.mean(axis=0), rtol=1e-2)


def test_outputs_of_many_patches_are_those_of_each(rng):
    torch.manual_seed(0)
    network = StarterNet(3, StarterConfig({"MTT_musicnn": BranchConfig((3, 3, 2, 1, 1), 10)})).eval()
    mel = rng.uniform(0, 3, (66, 187, 96)).astype(np.float16)
    logits, embedding = mean_outputs(network, mel)
    assert (logits.shape, embedding.shape) == ((66, 3), (66, 200))
    np.testing.assert_allclose(mean_outputs(network, mel[65:66])[0][0], logits[65], atol=1e-4)
