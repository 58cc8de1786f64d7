"""A trained network -> the bundled file, and the head of the accurate profile: chosen tags, calibrated, measured."""

import copy
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import nn

from earmark.evaluation.calibration import reliability
from earmark.files import whole_file
from earmark.tagger.interop.musicnn import PATCH_FRAMES
from earmark.tagger.model import ModelInfo
from earmark.training.export import export_onnx
from earmark_research.tagger.accurate_head import Head, save_head
from earmark_research.tagger.calibration import (
    calibration_errors,
    cross_fitted,
    fit_calibration,
    select_tags,
    supported_tags,
)
from earmark_research.tagger.figures import as_lists, measure, rounded
from earmark_research.tagger.half_precision import store_half
from earmark_research.tagger.heads import fit_head
from earmark_research.tagger.metadata import model_info
from earmark_research.tagger.out_of_fold import Predictions, held_out_part, learned_part, predict_out_of_fold
from earmark_research.tagger.plan import Plan, Rows, song
from earmark_research.tagger.predicted_teacher import mean_outputs
from earmark_research.tagger.stages import Trained
from earmark_research.tagger.tags import starter_tagset

ACCURATE_DECAY = 1.0  # of the accurate profile's head
LAST_DECAY = 0.3  # of the student's: best of .1 to 3 for genres and feelings by cross-validation on what is learned


def choose_tags(info: ModelInfo, held: Predictions, more: Predictions, rows: Rows) -> tuple[ModelInfo, np.ndarray]:
    """Choose and calibrate the tags; returns the metadata with its figures, and which outputs stay, bool [n_tags].

    Tags are chosen and measured on what is `held` alone; calibration is fitted and measured on `more` as well.
    """
    keep = supported_tags(held.by_patch())
    metrics = measure(held.by_track(), held.by_patch(), held.track_paths())
    both = held.join(more)
    both.logits = both.logits[:, keep]
    tagset, tracks = select_tags(info.tagset, keep), both.by_track()
    pairs = cross_fitted(tagset, tracks, np.array([song(path, rows) for path in both.track_paths()]))
    metrics["calibration_error"] = rounded(calibration_errors(pairs))
    metrics["reliability"] = {name: as_lists(reliability(*pair)) for name, pair in pairs.items()}
    return replace(info, tagset=fit_calibration(tagset, tracks, both.by_patch()), metrics=metrics), keep


def package_student(
    trained: Trained, out_of_fold: Trained, cache: Path, rows: Rows, version: str, out: Path
) -> ModelInfo:
    """Write a model file: supported tags only, calibrated, weights as float16.

    Parameters
    ----------
    trained : with a predicted teacher
    out_of_fold : a network for the labelled tracks that are learned from but that it was not trained on itself, so
        that calibration has more tracks than those that are held; `trained` where that used no research recording
    """
    network = copy.deepcopy(trained.network)
    learned, targets = learned_part(cache, rows, trained.plan)
    weight, bias = fit_head(mean_outputs(network, learned.mel)[1], targets, LAST_DECAY)
    network.head.weight.data, network.head.bias.data = torch.from_numpy(weight.T.copy()), torch.from_numpy(bias)
    more = predict_out_of_fold(mean_outputs(out_of_fold.network, learned.mel)[1], learned, targets, rows, LAST_DECAY)
    more = more.of_tracks(~np.array([out_of_fold.learned_from(path, rows) for path in more.paths]))
    corpus, targets = held_out_part(cache, rows, trained.plan)
    held = Predictions(mean_outputs(network, corpus.mel)[0], targets, corpus.track, corpus.paths)
    info = model_info(starter_tagset(), version, trained.stage.uses_labelled())
    info, keep = choose_tags(info, held, more, rows)
    network.head = keep_rows(network.head, keep)
    export_half(network, info, out)
    return info


def keep_rows(head: nn.Linear, keep: np.ndarray) -> nn.Linear:
    """A linear head with the outputs where `keep` bool [n_out] is true."""
    rows = torch.from_numpy(np.flatnonzero(keep))
    small = nn.Linear(head.in_features, len(rows))
    small.weight.data, small.bias.data = head.weight.data[rows].clone(), head.bias.data[rows].clone()
    return small


def export_half(network: nn.Module, info: ModelInfo, out: Path) -> None:
    """Write a model file with weights as float16. Raises what `export_onnx` does."""
    with tempfile.TemporaryDirectory() as folder:
        full = Path(folder) / "full.onnx"
        export_onnx(network, info, full)
        store_half(full, out)


def package_accurate(cache: Path, rows: Rows, plan: Plan, version: str, out: Path) -> ModelInfo:
    """Fit, measure and write the head of the accurate profile on the same tracks."""
    learned, targets = learned_part(cache, rows, plan)
    X = learned.embedding.astype(np.float32)
    weight, bias = fit_head(X, targets, ACCURATE_DECAY)
    more = predict_out_of_fold(X, learned, targets, rows, ACCURATE_DECAY)
    corpus, targets = held_out_part(cache, rows, plan)
    logits = corpus.embedding.astype(np.float32) @ weight + bias
    held = Predictions(logits, targets, corpus.track, corpus.paths)
    info = replace(
        model_info(starter_tagset(), version),
        id="earmark-accurate", patch_frames=PATCH_FRAMES, min_frames=PATCH_FRAMES,
        description="Three networks of musicnn and a linear head of ours; one answer every 3 seconds.",
    )  # fmt: skip
    info, keep = choose_tags(info, held, more, rows)
    mean, std = X.mean(axis=0), X.std(axis=0) + 1e-3
    head = Head(mean, std, (weight * std[:, None])[:, keep], (bias + mean @ weight)[keep], info)
    with whole_file(out) as draft:
        save_head(draft, head)
    return info
