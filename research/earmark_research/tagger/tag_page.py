"""Print docs/tags.md from the bundled file.

python -m earmark_research.tagger.tag_page > docs/tags.md
"""

from earmark.tagger.model import ModelInfo, load_model
from earmark.tagger.registry import bundled
from earmark.tagger.tagset import TagGroup
from earmark_research.tagger.tags import DERIVED

HEAD = """# The tags of the bundled model

Written by `python -m earmark_research.tagger.tag_page` from the model file; do not edit by hand.

How to read it. **From**: where the targets of the tag come from. *Listeners* means labels given by people (GTZAN's
genres, Emotify's genres and ratings); *teachers* are the tags of musicnn's networks that were learned from, `mtt` after
MagnaTagATune, `msd` after the Million Song Dataset's Last.fm tags. Tags of teachers were not checked against labels of
people here, except where the model card says so. **Threshold**: the calibrated probability from which the tag is named;
below it the answer is "unsure". It was set on held-out tracks so that named tags are right at least 70 % of the time;
.99 means that this was not reached, so that the tag is ranked but in effect never named. **Held out**: ROC-AUC against
the teachers (or Pearson r with the listeners, for moods and values) on patches or tracks that were in no training.
"""
LISTENERS = {
    "genre": "listeners: GTZAN train split (ten genres), Emotify (`electronic` and three more)",
    "mood": "listeners: Emotify, share of raters who chose the feeling",
    "content": "by construction: music against speech prompts, game sounds and synthetic noise",
    "scale": "listeners: Emotify's feelings; `danceability`: teachers",
}


def page(info: ModelInfo) -> str:
    """The whole page as Markdown."""
    left_out = [tag for tag in DERIVED if f"{tag.group}/{tag.name}" not in info.tagset.names()]
    parts = [HEAD, *(section(group, info) for group in info.tagset.groups), missing(left_out, info)]
    return "\n".join(parts)


def section(group: TagGroup, info: ModelInfo) -> str:
    """One group: its kind and a table."""
    rows = [
        f"## {group.name} ({group.kind})",
        "",
        "| tag | meaning | from | threshold | held out |",
        "|---|---|---|---|---|",
    ]
    for tag, meaning, threshold in zip(group.tags, group.definition, group.threshold, strict=True):
        shown = "" if group.kind == "share" else f"{threshold:.2f}"
        rows.append(f"| {tag} | {meaning} | {origin(group.name, tag)} | {shown} | {held_out(group.name, tag, info)} |")
    return "\n".join([*rows, ""])


def origin(group: str, name: str) -> str:
    """Where the tag's targets come from."""
    for tag in DERIVED:
        if (tag.group, tag.name) == (group, name):
            against = f" against {', '.join(tag.negative)}" if tag.negative else ""
            return f"teachers: {', '.join(tag.positive)}{against}"
    return LISTENERS[group]


def held_out(group: str, name: str, info: ModelInfo) -> str:
    """The held-out figure of this tag in the file's metadata; empty where there is none."""
    figures = info.metrics
    if group in ("mood", "scale"):
        value = figures.get(f"{group}_r", {}).get(name)
        return "" if value is None else f"r {value:.2f}"
    if group == "content":
        return f"AUC {figures.get('music_auc', float('nan')):.3f}"
    value = figures.get("agreement_auc", {}).get(f"{group}/{name}")
    return "" if value is None else f"AUC {value:.2f}"


def missing(left_out: list, info: ModelInfo) -> str:
    """The section on tags that were tried and left out."""
    lines = [
        "## Left out",
        "",
        "The teachers are sure of them on too little held-out music, or the network does not agree with them:",
        "",
    ]
    figures = info.metrics.get("agreement_auc", {})
    for tag in left_out:
        value = figures.get(f"{tag.group}/{tag.name}")
        figure = "never sure" if value is None else f"AUC {value:.2f}"
        lines.append(f"- {tag.group}/{tag.name} ({figure})")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    print(page(load_model(bundled()).info), end="")
