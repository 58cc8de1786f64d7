"""The model over a cache of spectrograms."""

import numpy as np

from earmark.data.cache import FeatureCache
from earmark.data.read import read_manifest
from earmark.evaluation.predict import predict, predict_row
from earmark.tagger.model import load_model


def test_a_row_has_the_means_of_its_outputs_over_time_whatever_the_threads(pitch_model, tones, cache):
    model = load_model(pitch_model)
    features = FeatureCache.build(read_manifest(tones), model.info.features, cache)
    calls = []
    found = predict(model, features, 3, lambda *call: calls.append(call), "pitch")

    assert found.logits.shape == (12, 5)
    assert found.embedding.shape == (12, 3)
    for i in (0, 7, 11):
        activations = predict_row(model, features, i)
        np.testing.assert_allclose(found.logits[i], activations.logits.mean(axis=0), rtol=1e-6)
        np.testing.assert_allclose(found.embedding[i], activations.embedding.mean(axis=0), rtol=1e-6)
    assert calls == [("pitch", done, 12) for done in range(1, 13)]
