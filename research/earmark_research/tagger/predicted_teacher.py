"""A third teacher, whose embedding is predicted by a linear map from what the other two branches pool."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from sklearn.linear_model import Ridge
from torch import nn

from earmark_research.tagger.corpus import Corpus, spread_evenly
from earmark_research.tagger.losses import N_TAGS
from earmark_research.tagger.network import StarterNet, pad_to_steps
from earmark_research.tagger.plan import Rows
from earmark_research.tagger.stages import Trained, training_set
from earmark_research.tagger.teachers import EMBEDDING_PARTS

TEACHER = "MSD_vgg"
MAX_PATCHES = 20_000  # that the map is fitted on
RANK = 32  # of the map
DECAY = 300.0  # of standardised values; ten times as much predicts as well
AT_ONCE = 64  # patches


def with_predicted_teacher(trained: Trained, cache: Path, rows: Rows) -> Trained:
    """The same with a network that predicts the third embedding, and has an untrained head of that size."""
    network = copy.deepcopy(trained.network)
    corpus = training_set(cache, rows, trained.plan, trained.stage).corpus
    network.predicted_teacher = fit_predicted_teacher(network, corpus.take(spread_evenly(len(corpus.mel), MAX_PATCHES)))
    network.head = nn.Linear(network.head.in_features + network.predicted_teacher[-1].out_features, N_TAGS)
    return replace(trained, network=network)


def fit_predicted_teacher(network: StarterNet, corpus: Corpus) -> nn.Sequential:
    """Ridge regression from pooled values to the embedding of `TEACHER`, brought down to `RANK`: two linear layers."""
    pooled = mean_outputs(network.embed, corpus.mel)[1].astype(np.float64)
    target = corpus.embedding[:, EMBEDDING_PARTS[TEACHER]].astype(np.float64)
    mean, std = pooled.mean(axis=0), pooled.std(axis=0) + 1e-3
    z = (pooled - mean) / std
    coef = Ridge(DECAY).fit(z, target).coef_
    top = np.linalg.svd(z @ coef.T, full_matrices=False)[2][:RANK]  # directions in which predictions vary most
    first = top @ coef / std
    down, up = nn.Linear(len(mean), len(top), bias=False), nn.Linear(len(top), target.shape[1])
    down.weight.data, up.weight.data = (torch.from_numpy(w).float() for w in (first, top.T.copy()))
    up.bias.data = torch.from_numpy(target.mean(axis=0) - top.T @ first @ mean).float()
    return nn.Sequential(down, up)


def mean_outputs(run: Callable, mel: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both outputs of a network, or of its `embed`, for patches [n, 187, 96]: means over time, float32 [n, ..]."""
    with torch.no_grad():
        blocks = [run(pad_to_steps(part.float())) for part in torch.from_numpy(mel).split(AT_ONCE)]
    return tuple(torch.cat([block[k].mean(dim=1) for block in blocks]).numpy() for k in (0, 1))
