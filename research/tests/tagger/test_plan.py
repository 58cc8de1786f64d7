"""What is kept from training."""

import numpy as np

from earmark_research.tagger.corpus import Corpus
from earmark_research.tagger.plan import artist, held_tracks, is_held, label_rows, song, swap_held_folds
from earmark_research.tagger.recipe import RECIPE, Recipe


def test_what_is_reported_on_is_never_learned_from(tmp_path):
    rows = {"gtzan/a": {"split": "valid"}, "gtzan/b": {"split": "train"}}
    rows |= {f"emotify/{fold}": {"fold": fold} for fold in "0123"}
    plan = Recipe.read(RECIPE, tmp_path).plan
    held = [path for path in rows if is_held(path, rows, plan)]

    assert held == ["gtzan/a", "emotify/3"]
    assert is_held("music/singularity-music/x.ogg", rows, plan)
    assert is_held("rendered/0-00812.flac", rows, plan)
    assert not is_held("rendered/0-00080.flac", rows, plan)


def test_each_fold_is_held_by_one_of_two_plans(tmp_path):
    rows = {f"emotify/{fold}": {"fold": fold} for fold in "0123"} | {"gtzan/a": {"split": "train"}}
    plan = Recipe.read(RECIPE, tmp_path).plan
    other = swap_held_folds(plan, rows)
    assert (plan.held_folds, other.held_folds) == (("3",), ("0", "1", "2"))
    corpus = Corpus(*(np.zeros(0) for _ in range(4)), paths=sorted(rows)[:4])
    assert (held_tracks(corpus, rows, plan) != held_tracks(corpus, rows, other)).all()


def test_rows_are_named_by_their_source(tmp_path):
    for folder, head in (("gtzan_partial", "path,artist,song"), ("emotify", "path,artist,song")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "tracks.csv").write_text(f"{head}\na.wav,Ann,s1\nb.wav,,s1\n", encoding="utf-8")
    rows = label_rows(tmp_path)
    assert set(rows) == {"gtzan/a.wav", "gtzan/b.wav", "emotify/a.wav", "emotify/b.wav"}
    assert [artist(path, rows) for path in ("gtzan/a.wav", "gtzan/b.wav", "cc/c.wav")] == [
        "Ann",
        "gtzan/b.wav",
        "cc/c.wav",
    ]
    assert [song(path, rows) for path in ("gtzan/a.wav", "cc/c.wav")] == ["gtzan/s1", "cc/c.wav"]
