import numpy as np
import pyarrow as pa

from earmark.catalogue.sung import DIM, made_of, rows_of, stale_in, vectors_in


def test_words_that_are_new_or_others_or_gone_or_of_another_encoder_are_stale():
    kept = made_of(" same ", "use")
    rows = pa.table(
        {
            "track_id": ["new", "same", "changed", "gone", "never", "older"],
            "lyrics": [" same ", " same ", " other ", None, None, " same "],
            "lyrics_vector_of": [None, kept, kept, kept, None, made_of(" same ", "before")],
        }
    )

    found = dict(stale_in(rows, "use"))
    assert found == {"new": kept, "changed": made_of(" other ", "use"), "gone": None, "older": kept}


def test_vectors_come_back_in_half_precision_and_those_taken_away_do_not():
    vector = np.linspace(-1, 1, DIM)
    ids, vectors = vectors_in(rows_of([("a", "use:1", vector), ("b", None, None)]))

    assert ids == ["a"]
    assert vectors.dtype == np.float32
    assert np.allclose(vectors[0], vector, atol=1e-3)
