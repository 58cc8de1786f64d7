"""What is evaluated: sound files, or songs where the model was trained on songs."""

import numpy as np
import pytest

from earmark.errors import DataError
from earmark.evaluation.inputs import SoundSet, open_set
from earmark.evaluation.options import EvaluationOptions


@pytest.fixture
def options():
    return EvaluationOptions(workers=1)


def test_rows_are_predicted_in_their_order_and_over_time(pitch_model, tones, options):
    dataset = open_set(pitch_model, tones, ["pitch"], options)
    found, activations = dataset.predict(np.array([9, 0]), "pitch")

    assert isinstance(dataset, SoundSet)
    assert len(dataset.manifest) == 12
    assert found.logits[:, :3].argmax(axis=1).tolist() == [2, 0]  # high, low
    np.testing.assert_allclose(activations(1).logits.mean(axis=0), found.logits[1], rtol=1e-6)


def test_unreadable_rows_stop_a_prediction_and_not_a_comparison_by_sound(pitch_model, tones, options):
    (tones.parent / "low/1.wav").write_bytes(b"no sound at all")
    dataset = open_set(pitch_model, tones, ["pitch"], options)

    assert [bool(entry.error) for entry in dataset.spectrograms().entries] == [False, True] + 10 * [False]
    with pytest.raises(DataError, match="1 of 12 files cannot be read"):
        dataset.predict(np.arange(12), "pitch")


def test_a_model_of_songs_has_one_column(pitch_model, tones, options):
    (pitch_model.parent / "lyrics.npz").write_bytes(b"")
    with pytest.raises(DataError, match="the Million Song networks know one column"):
        open_set(pitch_model, tones, ["pitch", "song"], options)
