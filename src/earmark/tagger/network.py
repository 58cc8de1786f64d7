"""The model file: ONNX with everything that is needed to use it, and the run over a whole track.

A model file is an ONNX network with one input, ``mel`` float32 [batch, frames, n_mels], and two outputs,
``logits`` [batch, steps, n_tags] and ``embedding`` [batch, steps, dim]. Its metadata holds, under the key
``earmark``, the JSON of a `ModelInfo`. Nothing else is needed to load it.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from earmark.audio import schema
from earmark.audio.config import FeatureConfig
from earmark.errors import ModelError, one_line, printable
from earmark.tagger.session import open_session
from earmark.tagger.tagset import Tagset

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

METADATA_KEY = "earmark"
FORMAT_VERSION = 2  # 2 added `TagGroup.half`, `TagGroup.support` and `ModelInfo.backbone`
CONTRACT = "See docs/model-file.md for what a model file holds."
BATCH_PATCHES = 8  # patches given to the network at once: bounds memory, changes no result


@dataclass(frozen=True)
class ModelInfo:
    """The metadata of a model file.

    Attributes
    ----------
    id, version : vectors are stored under the id and compared only within it
    tagset : groups, calibration and thresholds
    features : the front end of the spectrograms that the network was trained on
    patch_frames : frames given to the network at once; a longer track is cut into consecutive patches
    min_frames : the shortest input the network takes; equal to patch_frames where its time axis is fixed
    training_data : sources, each a text or a dict with a ``name``
    metrics : figures on held-out data, by name
    licence, description : for people; shown by ``earmark models show`` as the two above
    backbone, backbone_version : the bundled model whose embedding the network reads in place of a spectrogram, by its
        name; "" for a network of spectrograms
    """

    id: str
    version: str
    tagset: Tagset
    features: FeatureConfig = field(default_factory=FeatureConfig)
    patch_frames: int = 1024
    min_frames: int = 64
    training_data: list = field(default_factory=list)
    metrics: dict = field(default_factory=dict)
    licence: str = ""
    description: str = ""
    backbone: str = ""
    backbone_version: str = ""

    def to_json(self) -> str:
        """The text of the metadata entry."""
        values = asdict(self) | {"tagset": self.tagset.to_dict(), "features": self.features.to_dict()}
        return json.dumps({"format": FORMAT_VERSION} | values, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str, source: str) -> "ModelInfo":
        """Read what `to_json` wrote.

        Parameters
        ----------
        source : the file that the text is from, for the error

        Raises
        ------
        ModelError : not such a text, or of a newer format
        """
        try:
            values = json.loads(text)
            if values.pop("format") > FORMAT_VERSION:
                raise ModelError(source, "made by a newer earmark", "Update earmark to use this model.")
            return cls(**INFO(values))
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise ModelError(source, f"its metadata cannot be read ({one_line(error)})", CONTRACT) from error


MAX_TAGS = 20_000
MAX_FRAMES = 65_536  # of one patch: a quarter of an hour
MAX_WORDS = 100_000  # characters of a description


def _tagset(value: object) -> Tagset:
    found = Tagset.from_dict(value)
    names = [name for group in found.groups for name in (group.name, *group.tags)]
    if len(names) > MAX_TAGS:
        raise ValueError(f"{len(names)} names, more than {MAX_TAGS}")
    for name in names:
        _name(name)
    return found


def _name(value: object) -> str:
    """A name that is shown, and that columns are called by."""
    found = schema.text(MAX_NAME)(value)
    if not found or printable(found) != found:
        raise ValueError(f"{schema.shown(value)} is no name")
    return found


MAX_NAME = 200
FRAMES = schema.whole(1, MAX_FRAMES)
REQUIRED = {"id": _name, "version": _name, "tagset": _tagset}
OPTIONAL = {
    "features": FeatureConfig.from_dict,
    "patch_frames": FRAMES,
    "min_frames": FRAMES,
    "training_data": list,
    "metrics": dict,
    "licence": schema.text(MAX_WORDS),
    "description": schema.text(MAX_WORDS),
    "backbone": schema.text(MAX_NAME),
    "backbone_version": schema.text(MAX_NAME),
}
INFO = schema.record(REQUIRED | OPTIONAL, may_lack=frozenset(OPTIONAL))
"""What the metadata of a model file may hold."""


@dataclass(frozen=True)
class Activations:
    """The network's outputs for one track, over time.

    Attributes
    ----------
    times : float32 [steps], centre of each step, seconds
    logits : float32 [steps, n_tags], not calibrated: see `Tagset.probabilities`
    embedding : float32 [steps, dim]
    tagset : of the model, which names the columns of `logits`; None where they were read from a catalogue
    margin : float [n_tags], by how much the track's logits may be wrong (one standard error) where they were estimated
        from a part of the sound; None where everything was heard
    packed : the same as a catalogue keeps it, where the process that heard it has packed it, too
    """

    times: np.ndarray
    logits: np.ndarray
    embedding: np.ndarray
    tagset: Tagset | None = None
    margin: np.ndarray | None = None
    packed: bytes | None = field(default=None, repr=False, compare=False)

    def track_logits(self) -> np.ndarray:
        """float32 [n_tags]: the mean over steps, so that the contribution of each step to a tag is exactly known."""
        return self.logits.mean(axis=0)

    def track_embedding(self) -> np.ndarray:
        """float32 [dim]: the mean over steps."""
        return self.embedding.mean(axis=0)

    def tag(self, name: str) -> float | None:
        """Probability (or value) of the tag ``group/tag`` for the track; None where the model has no such tag."""
        column = self._column(name)
        return None if column is None else float(self.tagset.probabilities(self.track_logits())[column])

    def tag_over_time(self, name: str) -> np.ndarray | None:
        """The same for each step: float32 [steps]."""
        column = self._column(name)
        return None if column is None else self.tagset.probabilities(self.logits)[:, column]

    def _column(self, name: str) -> int | None:
        names = [] if self.tagset is None else self.tagset.names()
        return names.index(name) if name in names else None


class Model:
    """A loaded model file, by `earmark.tagger.model.load_model`; this one is a single network of spectrograms.

    Attributes
    ----------
    info : the metadata of the file
    path : of the file
    """

    def __init__(self, info: ModelInfo, session: "InferenceSession", path: Path) -> None:
        self.info, self.path = info, path
        self._session = session

    @property
    def tagset(self) -> Tagset:
        """That of the metadata."""
        return self.info.tagset

    @property
    def size(self) -> int:
        """Bytes on disk."""
        return self.path.stat().st_size

    def run(self, S: np.ndarray) -> Activations:
        """Run the model over one track.

        Parameters
        ----------
        S : float32 [n_frames, n_mels] in the front end of ``info.features``, at least one frame

        Returns
        -------
        The outputs of `hear`, with the logits weighted by how much was heard: see `Tagset.temper`
        """
        heard = self.hear(S)
        seconds = len(S) / self.info.features.frame_rate
        margin = None if heard.margin is None else self.tagset.temper(heard.margin, seconds)
        return replace(heard, logits=self.tagset.temper(heard.logits, seconds), margin=margin)

    def hear(self, S: np.ndarray) -> Activations:
        """The outputs of the network for all steps of all patches, in the order of time.

        A track shorter than ``min_frames`` is repeated until it is long enough; an end shorter than that is left
        out. Patches are independent, so the result does not depend on how many run at once. Parameters as in `run`.
        """
        patches = split_patches(S, self.info.patch_frames, self.info.min_frames)
        logits, embedding = zip(*(self._run_batch(batch) for batch in _batches(patches)), strict=True)
        return Activations(self._times(patches, logits), _rows(logits), _rows(embedding), self.tagset)

    def _run_batch(self, batch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return tuple(self._session.run(["logits", "embedding"], {"mel": batch}))

    def _times(self, patches: list[np.ndarray], logits: tuple[np.ndarray, ...]) -> np.ndarray:
        """Centre of every step: the steps of a patch divide its length evenly."""
        steps = [block.shape[1] for block in logits for _ in range(block.shape[0])]
        starts = np.cumsum([0] + [len(patch) for patch in patches[:-1]])
        centres = [
            start + (np.arange(n) + 0.5) * len(patch) / n
            for start, patch, n in zip(starts, patches, steps, strict=True)
        ]
        return (np.concatenate(centres) / self.info.features.frame_rate).astype(np.float32)


def split_patches(S: np.ndarray, patch_frames: int, min_frames: int) -> list[np.ndarray]:
    """Cut a spectrogram into consecutive patches.

    Parameters
    ----------
    S : [n_frames, n_mels], at least one frame
    patch_frames : of all patches but the last, which may be shorter, down to `min_frames`

    Returns
    -------
    [patch_frames, n_mels] each; of a shorter S one of `min_frames`, in which S is repeated
    """
    if len(S) < min_frames:
        return [np.tile(S, (-(-min_frames // len(S)), 1))[:min_frames]]
    patches = [S[start : start + patch_frames] for start in range(0, len(S), patch_frames)]
    return patches if len(patches[-1]) >= min_frames else patches[:-1]


def _batches(patches: list[np.ndarray]) -> Iterator[np.ndarray]:
    """[batch, frames, n_mels]: equal patches together, at most BATCH_PATCHES; a shorter last one alone."""
    n_full = sum(len(patch) == len(patches[0]) for patch in patches)
    for start in range(0, n_full, BATCH_PATCHES):
        yield np.stack(patches[start : min(start + BATCH_PATCHES, n_full)])
    if n_full < len(patches):
        yield patches[-1][None]


def _rows(blocks: tuple[np.ndarray, ...]) -> np.ndarray:
    """[batch, steps, n] blocks -> [all steps, n] in the order of time."""
    return np.concatenate([block.reshape(-1, block.shape[-1]) for block in blocks])


def load_network(path: str | Path, threads: int = 1) -> Model:
    """Load the ONNX file of a single network; parameters and errors as `earmark.tagger.model.load_model`."""
    session, info = open_model(path, threads)
    return network_of(session, info, Path(path))


def network_of(session: "InferenceSession", info: ModelInfo, path: Path) -> Model:
    """The model of an open file; raises ModelError where it breaks the contract of model files."""
    _check_contract(session, info, path)
    return Model(info, session, path)


def open_model(path: str | Path, threads: int = 1) -> "tuple[InferenceSession, ModelInfo]":
    """The network of a file with our metadata, whatever its inputs are.

    Raises
    ------
    ModelError : missing, not ONNX, or without metadata that can be read
    """
    path = Path(path)
    if not path.is_file():
        raise ModelError(path, "no such model file", "`earmark models list` names the models at hand.")
    try:
        session = open_session(path, threads)
    except Exception as error:  # onnxruntime's errors share no base class
        raise ModelError(path, f"not a readable ONNX file ({one_line(error)})", CONTRACT) from error
    text = session.get_modelmeta().custom_metadata_map.get(METADATA_KEY)
    if text is None:
        raise ModelError(path, f"an ONNX file without {METADATA_KEY!r} metadata", CONTRACT)
    return session, ModelInfo.from_json(text, str(path))


def _check_contract(session: "InferenceSession", info: ModelInfo, path: Path) -> None:
    inputs = {entry.name: entry.shape for entry in session.get_inputs()}
    outputs = {entry.name: entry.shape for entry in session.get_outputs()}
    if list(inputs) != ["mel"] or not {"logits", "embedding"} <= set(outputs):
        raise ModelError(path, f"inputs {list(inputs)} and outputs {list(outputs)}", CONTRACT)
    n_mels, n_tags = inputs["mel"][-1], outputs["logits"][-1]
    if n_mels != info.features.n_mels or (isinstance(n_tags, int) and n_tags != len(info.tagset)):
        problem = f"{n_mels} bands and {n_tags} logits, but its metadata says"
        raise ModelError(path, f"{problem} {info.features.n_mels} and {len(info.tagset)}", CONTRACT)
    if not 0 < info.min_frames <= info.patch_frames:
        raise ModelError(path, f"min_frames {info.min_frames}, patch_frames {info.patch_frames}", CONTRACT)
