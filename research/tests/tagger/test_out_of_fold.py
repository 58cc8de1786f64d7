"""Predictions for tracks that a head was not fitted on."""

import functools

import numpy as np
import torch

from earmark_research.tagger import corpus, heads, labels, losses, out_of_fold, tags
from earmark_research.tagger.out_of_fold import held_out_part, learned_part, predict_out_of_fold
from earmark_research.tagger.plan import Plan


def test_an_artist_is_predicted_by_a_head_of_others(rng, monkeypatch):
    """Embeddings that depend on the artist alone: a head is right about those that it was fitted on, and no others."""
    torch.set_num_threads(1)
    monkeypatch.setattr(out_of_fold, "fit_head", functools.partial(heads.fit_head, steps=150))
    n, who = 160, np.repeat(np.arange(40), 4)  # two tracks each, of two patches
    X = rng.normal(size=(40, 60)).astype(np.float32)[who]
    genre = np.zeros((n, 11), np.float32)
    genre[np.arange(n), np.where(who % 2, tags.GENRES.index("metal"), tags.GENRES.index("classical"))] = 1
    truth = labels.Targets(
        genre, np.ones((n, 11), bool), np.full((n, 9), np.nan, np.float32), np.zeros(n, np.float32),
        np.full((n, 3), np.nan, np.float32), np.zeros((n, len(tags.DERIVED)), np.float32), np.ones(n, np.float32),
    )  # fmt: skip
    paths = [f"gtzan/{number}" for number in range(80)]
    rows = {path: {"artist": f"artist {number // 2}"} for number, path in enumerate(paths)}
    learned = corpus.Corpus(np.zeros((n, 1, 1)), np.zeros((n, 150)), np.zeros((n, 656)), np.arange(n) // 2, paths)
    weight, bias = heads.fit_head(X, truth, decay=0.01, steps=150)
    known = (X @ weight + bias)[:, losses.PARTS["genre"]].argmax(axis=1)
    predicted = predict_out_of_fold(X, learned, truth, rows, decay=0.01)
    unknown = predicted.logits[:, losses.PARTS["genre"]].argmax(axis=1)

    assert (known == genre.argmax(axis=1)).all()
    assert (unknown == genre.argmax(axis=1)).mean() < 0.75
    assert predicted.join(predicted).track.max() == 159


def test_what_is_held_is_apart_from_what_is_learned_from(tmp_path, teachers):
    rows = {"gtzan/a": {"split": "train", "genre": "rock"}, "gtzan/b": {"split": "valid", "genre": "jazz"}}
    tracks = ["gtzan/a", "gtzan/b", "music/c", "music/d", "cc/e", "nonmusic/f", "noise_held/g", "sung/h"]
    for path in tracks:
        target = tmp_path / f"{path}.npz"
        target.parent.mkdir(exist_ok=True)
        corpus.store(target, path.split("/")[1], np.full((4, 187, 96), 2.0, np.float32), teachers)
    plan = Plan(("gtzan", "music", "sung"), ("3",), ("d",))
    learned, targets = learned_part(tmp_path, rows, plan)
    held, truth = held_out_part(tmp_path, rows, plan)

    assert {learned.paths[i] for i in learned.track} == {"gtzan/a", "music/c", "sung/h", "nonmusic/f"}
    assert len(learned.mel) == 4 + 4 + 4  # as much unlabelled music as labelled, and noise
    assert np.isnan(targets.genre[:, 0]).sum() == 8
    assert {held.paths[i] for i in held.track} == {"gtzan/b", "music/d", "cc/e", "noise_held/g"}
    assert (~np.isnan(truth.genre[:, 0])).sum() == 4
    assert (truth.music == 0).sum() == 4
