"""A track that the catalogue does not hold, as far as it can be compared with those that it holds: kept in a file."""

import json
import os
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from earmark.analysis import Analysis
from earmark.errors import AudioError
from earmark.explore.songs import Song, song_of
from earmark.files import whole_file
from earmark.tagger.model import Activations


@dataclass(frozen=True)
class Heard:
    """What `earmark.explore.similar` needs of a track.

    Attributes
    ----------
    track_id : content hash of its audio
    model_id : the model that heard it
    artist, title, duration, tempo : as in `Analysis`; seconds, beats a minute or None
    activations : the model's outputs over time
    descriptors : name -> JSON object of a descriptor; empty in files of an older earmark
    """

    track_id: str
    model_id: str
    artist: str
    title: str
    duration: float
    tempo: float | None
    activations: Activations
    descriptors: dict[str, dict] = field(default_factory=dict, repr=False)

    @property
    def song(self) -> Song:
        """What tells whether it is the same song as another."""
        return song_of(vars(self), self.vector)

    @property
    def vector(self) -> np.ndarray:
        """The embedding, float32 [dim]."""
        return self.activations.track_embedding()


ABOUT = ("track_id", "model_id", "artist", "title", "duration", "tempo", "descriptors")
ARRAYS = ("times", "logits", "embedding")


def heard_of(analysis: Analysis) -> Heard:
    """What is compared of an analysis with tags."""
    tags, tempo = analysis.file_tags, analysis.descriptors.get("tempo")
    return Heard(
        analysis.track_id, analysis.model_id, tags.artist or "", tags.title or "", analysis.duration,
        tempo.bpm if tempo else None, analysis.activations,
        {name: descriptor.to_dict() for name, descriptor in analysis.descriptors.items()},
    )  # fmt: skip


def write_heard(heard: Heard, path: str | os.PathLike) -> None:
    """Keep it in one file, which is whole or absent; errors are those of `open`."""
    about = {name: getattr(heard, name) for name in ABOUT}
    arrays = {name: getattr(heard.activations, name) for name in ARRAYS}
    with whole_file(path) as draft, open(draft, "wb") as file:
        np.savez(file, about=np.array(json.dumps(about)), **arrays)


def read_heard(path: str | os.PathLike) -> Heard:
    """What `write_heard` wrote; raises AudioError where it is not there or not whole."""
    try:
        with np.load(Path(path), allow_pickle=False) as archive:
            about = json.loads(archive["about"].item())
            return Heard(**about, activations=Activations(*(archive[name] for name in ARRAYS)))
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile) as error:
        raise AudioError(path, "what was heard of it is not kept", "Analyse it again.") from error
