"""The metadata of our model files: name, sizes, terms, and what they were trained on."""

from earmark.tagger.model import ModelInfo
from earmark.tagger.tagset import Tagset

WEIGHTS = "Apache-2.0 for the weights, which began as musicnn's (ISC, copyright Music Technology Group, UPF)"
LICENCE = f"{WEIGHTS}; recordings and labels they learned from have terms of their own"
FREE_LICENCE = f"{WEIGHTS}; what the last layer was fitted to is licensed for research"


def model_info(tagset: Tagset, version: str, uses_labelled: bool = True) -> ModelInfo:
    """The metadata of a model file; `uses_labelled` as in `stages.Stage`."""
    return ModelInfo(
        id="earmark-starter",
        version=version,
        tagset=tagset,
        patch_frames=192,  # 3.07 s: as in training
        min_frames=64,
        training_data=training_data(uses_labelled),
        licence=LICENCE if uses_labelled else FREE_LICENCE,
        description="Two networks of musicnn made small, a third predicted, and a head fitted to listeners' labels.",
    )


def training_data(uses_labelled: bool) -> list[dict[str, str]]:
    """What was learned from, and its terms."""
    used = "recordings and {}" if uses_labelled else "recordings and {}, for the last layer alone"
    rows = [
        ("Emotify", used.format("ratings"), "research use; music by Magnatune, CC BY-NC-SA"),
        ("GTZAN, fault-filtered train split", used.format("genres"), "research use"),
        ("Music of free games in Debian", "recordings", "GPL, CC BY, CC BY-SA, CC0"),
        ("Accompaniments composed by code, FluidR3 GM soundfont", "recordings", "ours; MIT"),
        ("Voices that sing over them, made of flite's", "recordings", "ours; BSD-like"),
        ("musicnn 0.1.0, three networks", "weights of two to begin with, and the outputs of all", "ISC"),
        ("Speech prompts and sounds in Debian", "recordings, as examples of no music", "free"),
    ]
    return [dict(zip(("name", "used", "terms"), row, strict=True)) for row in rows]
