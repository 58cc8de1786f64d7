"""Print docs/tags.md from the bundled files.

python -m earmark_research.profiles.tag_page > docs/tags.md
"""

from earmark.tagger.model import ModelInfo, load_model
from earmark.tagger.registry import bundled
from earmark.tagger.tagset import TagGroup
from earmark_research.profiles.calibrate import LIKE_FEELING
from earmark_research.profiles.vocabulary import VOCABULARY, Entry

HEAD = """# The tags

Written by `python -m earmark_research.profiles.tag_page` from the bundled files; do not edit by hand. All three
profiles have these tags; thresholds are those of `default`.

- **From**: where a tag comes from. *Listeners*: a head that was fitted to labels of people (GTZAN's genres, Emotify's
  ratings). *msd*, *mtt*: outputs of musicnn's networks, which learned from tags that listeners wrote (Last.fm tags of
  the Million Song Dataset; MagnaTagATune). *Learned from*: a head that was fitted to these outputs. *Like*: an output
  whose probability was fitted to the share of Emotify's raters who felt that.
- **Threshold**: the probability from which a tag is named; below it the answer is "unsure", as it is where the estimate
  is too uncertain (see the [model card](model-card.md)). All were fitted on tracks that no head was fitted on. Of named
  genres 70 in 100 are right; of named feelings, and of moods that are like them, 60 in 100 are felt half as much again
  as on average. The other tags have one threshold a group, and **precision** is what musicnn's networks themselves say
  of the tracks that are named here, on average, with the number of these tracks of {tracks}. It is a lower bound, since
  listeners seldom write every tag that fits. A dash: no track reached it, so the tag is ranked and hardly ever named.
- **Support**: *measured*, here, against labels of people on recordings that the tag's network never learned from (AUC:
  area under the ROC curve, .5 is chance, with the number of tracks that have the label; r: correlation with ratings);
  *published*, the mean AUC over all 50 tags that musicnn's authors give for each network (.880 and .877 for the two of
  the Million Song Dataset, .907 for MagnaTagATune's, in ``experiment.result`` beside each checkpoint of their
  repository); they give none for a single tag. A tag that has only a published figure was not checked here.
"""
TRACKS = 803  # of GTZAN and Emotify
LISTENERS = {
    "genre": "listeners: GTZAN (ten genres), Emotify (`electronic` and three more)",
    "mood": "listeners: Emotify, share of raters who chose the feeling",
    "content": "by construction: music against speech prompts, game sounds and synthetic noise",
    "scale": "listeners: Emotify's feelings",
}
CYANITE = """## Beside a commercial tagger

Cyanite names so many tags a group (its own count); what earmark has of each:

| | Cyanite | earmark |
|---|---|---|
| genres | 23 | {genre}, one of them the answer |
| subgenres | 49 | {style} styles |
| moods | 13 | {mood}: nine feelings, and {called} words that listeners use |
| instruments | 47 | {instrument} |
| vocal styles | 15 | {voice} |
| eras | yes | {era}, said with care |
| character, use | partly | {character} and {use} |

Not here: brass, winds but the flute, percussion by kind, bass; rapped, spoken or screamed voices; Latin, African, Asian
genres but Indian classical music; gospel, ska, drum and bass, trance, dubstep. None of the networks was taught them.
"""


def page(info: ModelInfo) -> str:
    """The whole page as Markdown."""
    sizes = {group.name: len(group.tags) for group in info.tagset.groups}
    called = sum(1 for entry in VOCABULARY if entry.group == "mood" and entry.positive)
    sections = [section(group, info.metrics["named_after_musicnn"]) for group in info.tagset.groups]
    return "\n".join([HEAD.format(tracks=TRACKS), *sections, CYANITE.format(**sizes, called=called)])


def section(group: TagGroup, named: dict[str, list]) -> str:
    """One group: its kind and a table; `named` as in `calibrate.expected_precision`."""
    rows = [
        f"## {group.name} ({group.kind})",
        "",
        "| tag | meaning | from | threshold | precision | support |",
        "|---|---|---|---|---|---|",
    ]
    columns = (group.tags, group.definition, group.threshold, group.support)
    for tag, meaning, threshold, support in zip(*columns, strict=True):
        shown = "" if group.kind == "share" else f"{threshold:.2f}"
        entry = next(entry for entry in VOCABULARY if (entry.group, entry.name) == (group.name, tag))
        precision = precision_of(named.get(entry.full_name))
        rows.append(f"| {tag} | {meaning} | {origin(entry)} | {shown} | {precision} | {support} |")
    return "\n".join([*rows, ""])


def precision_of(named: list | None) -> str:
    """``.41 (12)``; a dash where no track was named; empty for tags that do not follow musicnn's networks."""
    if named is None:
        return ""
    return "-" if named[0] is None else f"{named[0]:.2f} ({named[1]})"


def origin(entry: Entry) -> str:
    """Where the tag comes from."""
    if entry.positive:
        against = f" against {', '.join(entry.negative)}" if entry.negative else ""
        like = f", like {LIKE_FEELING[entry.name]}" if entry.name in LIKE_FEELING else ""
        return f"{', '.join(entry.positive)}{against}{like}"
    return f"learned from {', '.join(entry.sources)}" if entry.sources else LISTENERS[entry.group]


if __name__ == "__main__":
    print(page(load_model(bundled()).info), end="")
