"""Writes a model card a profile in the form of Hugging Face from docs/model-card.md: ``python docs/models.py``."""

import re
from pathlib import Path

DOCS = Path(__file__).parent
TABLE = re.compile(r"^\| \| fast \| default \| accurate \|\n.*?(?=\n\n)", re.M | re.S)
CELL = re.compile(r"\s*\|\s*")
FIGURES = {
    "genre by its own head, ten genres, GTZAN valid": (
        "gtzan",
        "GTZAN, fault-filtered valid split",
        "accuracy",
        "Genre by its own head",
    ),
    "genre by a probe, GTZAN valid": (
        "gtzan",
        "GTZAN, fault-filtered valid split",
        "accuracy",
        "Genre by a linear probe",
    ),
    "nine feelings by a probe": (
        "emotify",
        "Emotify, folds 0-3",
        "pearsonr",
        "Nine feelings by a linear probe, mean r",
    ),
    "nine feelings by its own head": (
        "emotify",
        "Emotify, fold 3",
        "pearsonr",
        "Nine feelings by its own head, mean r",
    ),
    "four genres by a probe": ("emotify", "Emotify, folds 0-3", "accuracy", "Four genres by a linear probe"),
}  # beginning of a row -> data set, its name, metric, name of the figure
SAID = {
    "fast": "One small network, an answer every half second, trained to be like musicnn's networks.",
    "default": "The small network hears everything; musicnn's networks hear 8 places of 3 s and correct it.",
    "accurate": "The three networks of musicnn (Pons & Serra 2019), an answer every 3 seconds.",
}
TAGS = ("music", "music-tagging", "audio-classification", "music-similarity", "onnx")


def rows() -> list[list[str]]:
    """The cells of the table of the profiles, its head first."""
    found = TABLE.search((DOCS / "model-card.md").read_text(encoding="utf-8"))
    lines = [CELL.split(line.strip())[1:-1] for line in found[0].split("\n")]
    return [line for line in lines if not set("".join(line)) <= {"-"}]


def value_of(cells: list[str], profile: str) -> str:
    """The cell of a row for a profile."""
    return cells[1 + ["fast", "default", "accurate"].index(profile)]


def results(profile: str) -> str:
    """The ``results`` of the header: a task with its data set and metric for each figure."""
    found = []
    for beginning, (data, data_name, metric, name) in FIGURES.items():
        cells = next(cells for cells in rows() if cells[0].startswith(beginning))
        value = float(value_of(cells, profile))
        found.append(
            f"      - task:\n          type: audio-classification\n          name: {name}\n"
            f"        dataset:\n          type: {data}\n          name: {data_name}\n"
            f"        metrics:\n          - type: {metric}\n            value: {value}\n"
            f"            name: {cells[0]!r}\n"
        )
    return "".join(found)


def render(profile: str) -> str:
    """The page of a profile."""
    listed = "".join(f"  - {tag}\n" for tag in TAGS)
    table = "".join(f"| {cells[0]} | {value_of(cells, profile)} |\n" for cells in rows()[1:])
    return (
        "---\n"
        "license: [apache-2.0, isc]\n"
        "library_name: earmark\n"
        "pipeline_tag: audio-classification\n"
        f"tags:\n{listed}"
        "datasets:\n  - gtzan\n  - emotify\n"
        "metrics:\n  - accuracy\n  - pearsonr\n"
        f"model-index:\n  - name: earmark-{profile}\n    results:\n{results(profile)}"
        "---\n\n"
        f"# earmark `{profile}`\n\n"
        f"{SAID[profile]}\n\n"
        f"    earmark analyze song.mp3 --model {profile}\n    earmark models show {profile}\n\n"
        "16 kHz mono in, 96 mel bands; out come the [tags](../tags.md) with their probabilities and an embedding of\n"
        "192 dimensions, which all three profiles share.\n\n"
        f"## Figures\n\n| | {profile} |\n|---|---|\n{table}\n"
        "How they were measured, their errors, calibration, limits, training data and its licences, and what\n"
        "the models are not for: the [model card of all three](../model-card.md).\n"
    )


if __name__ == "__main__":
    (DOCS / "models").mkdir(exist_ok=True)
    for profile in SAID:
        (DOCS / "models" / f"{profile}.md").write_text(render(profile), encoding="utf-8")
