"""A catalogue of tracks of known tempo, key, mood, instruments and energy, written without any sound."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np

from earmark.analysis import Analysis
from earmark.audio.fileinfo import FileInfo
from earmark.audio.filetags import FileTags
from earmark.audio.loudness import Loudness
from earmark.catalogue.files import FileState
from earmark.catalogue.store import Store
from earmark.descriptors.energy import Energy
from earmark.descriptors.key import Key, KeySegment
from earmark.descriptors.key.names import key_name
from earmark.descriptors.tempo import Rhythm
from earmark.explore.ranking import Ranking
from earmark.explore.seeds import Seed, portrait_of
from earmark.explore.sheet import read_sheet
from earmark.explore.songs import Songs
from earmark.explore.weights import Weights
from earmark.tagger.model import Activations, ModelInfo
from earmark.tagger.tags import rank_tags
from earmark.tagger.tagset import TagGroup, Tagset

DIM, SECONDS = 16, 60
TAGSET = Tagset((
    TagGroup("genre", ("jazz", "rock"), "exclusive"),
    TagGroup("mood", ("sad", "happy", "calm")),
    TagGroup("instrument", ("piano", "drums")),
    TagGroup("voice", ("vocals",)),
    TagGroup("character", ("fast", "slow")),
    TagGroup("use", ("dancing",)),
    TagGroup("scale", ("energy", "valence"), "share"),
))  # fmt: skip
VERSIONS = {"tags": "likeness@1", "tempo": "2", "key": "2", "loudness": "3", "energy": "2"}
MODEL = SimpleNamespace(info=ModelInfo("likeness", "1", TAGSET))


def track_of(number: int, seed: int = 0, **known) -> Analysis:
    """One track of random properties; its sound changes at half its time.

    known : ``tempo`` BPM, ``key`` 0..23, ``energy`` 0..1, ``logits`` [n_tags], ``first`` and ``second`` [DIM]: the
        embedding of its two halves; ``artist``
    """
    rng = np.random.default_rng([seed, number])
    tempo, number_of_key = known.get("tempo", rng.uniform(60, 180)), known.get("key", int(rng.integers(24)))
    energy, logits = known.get("energy", rng.random()), known.get("logits", rng.normal(0, 2, len(TAGSET)))
    halves = [known.get(name, rng.normal(size=DIM)) for name in ("first", "second")]
    times = np.arange(0.25, SECONDS, 0.5)
    embedding = np.where((times < SECONDS / 2)[:, None], *halves) + 0.05 * rng.normal(size=(len(times), DIM))
    spread = np.tile(logits, (len(times), 1)) + 0.1 * rng.normal(size=(len(times), len(TAGSET)))
    heard = Activations(times.astype(np.float32), spread.astype(np.float32), embedding.astype(np.float32), TAGSET)
    tonic, mode = key_name(number_of_key)
    other = key_name((number_of_key + 6) % 12)
    segments = (KeySegment(0, 45, tonic, mode), KeySegment(45, SECONDS, *other))
    loud = np.where(np.arange(SECONDS) < SECONDS / 2, -20.0, -10.0) - 10 * (1 - energy)
    track_id = "".join(f"{x:010x}" for x in rng.integers(2**40, size=2))
    return Analysis(
        path=f"/music/{number}.flac", track_id=track_id, duration=SECONDS, analysed=SECONDS,
        model_id="likeness", model_version="1", versions=VERSIONS, tagset=TAGSET, tags=rank_tags(TAGSET, heard),
        activations=heard,
        descriptors={
            "tempo": Rhythm(tempo, 0.9, 0.9, 0.9, (), np.arange(0, SECONDS, 60 / tempo), np.zeros(0), "4/4", 0.8),
            "key": Key(tonic, mode, 0.9, segments=segments),
            "loudness": Loudness(float(loud.mean()), 5, -1, -1, -5, -8, 10, -4, 0.9, 0, 0, tuple(loud)),
            "energy": Energy("medium", float(energy), (float(energy),) * SECONDS, float(rng.random())),
        },
        file_tags=FileTags(f"Track {number}", known.get("artist", f"Artist {number}")),
    )  # fmt: skip


def write_tracks(path: Path, tracks: list[Analysis]) -> Store:
    """A catalogue of these tracks, a file each."""
    store = Store(path, create=True)
    store.set_model(MODEL, "likeness")
    files = [FileState(x.path, 1, 1, "s", x.track_id, info=FileInfo(x.file_tags)) for x in tracks]
    store.write(tracks, files)
    return store


def ranking_of(store: Store, weights: Weights, *seeds: Seed) -> Ranking:
    """The ranking of a store for seeds."""
    songs = Songs(store, store.scanned_model().id)
    return Ranking(read_sheet(store), [portrait_of(store, songs, s) for s in seeds], [s.weight for s in seeds], weights)
