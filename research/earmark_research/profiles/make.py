"""What was heard -> the map, the space, the calibrated tagsets, and the files of the three profiles."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from earmark.evaluation.calibration import reliability
from earmark.tagger.interop.musicnn import PATCH_FRAMES, Weights
from earmark.tagger.model import ModelInfo
from earmark.tagger.tagset import TagGroup, Tagset
from earmark_research.profiles import calibrate, evidence, files, labelled
from earmark_research.profiles.calibrate import Judged
from earmark_research.profiles.heads import accurate_heads, musicnn_tags, small_heads
from earmark_research.profiles.hear import Heard, starter
from earmark_research.profiles.labelled import Estimate, Maps
from earmark_research.profiles.space import Linear, audible_patches, fit_map, fit_space, standardisation
from earmark_research.profiles.vocabulary import VOCABULARY
from earmark_research.tagger.accurate_head import Head, bundled_head
from earmark_research.tagger.figures import as_lists, rounded
from earmark_research.tagger.labels import GENRES_OF
from earmark_research.tagger.metadata import training_data
from earmark_research.tagger.tags import FEELINGS, GENRES, emotion_values

VERSION = "7"
MODEL_ID = "earmark"  # one for all three: vectors of one space can be compared
PATCHES = 8  # that the accurate networks hear of a track in the default profile
LICENCE = (
    "Apache-2.0 for our part; fast.onnx began as, and accurate.onnx contains, weights of musicnn (ISC, copyright Music "
    "Technology Group, UPF: LICENSE-musicnn); what the heads were fitted to is licensed for research"
)
DESCRIPTIONS = {
    "fast": "One small network, trained to be like musicnn's; an answer every half second.",
    "accurate": "Three networks of musicnn; one answer every 3 seconds.",
    "default": f"The small network everywhere, corrected by musicnn's three at {PATCHES} places; an answer every half "
    "second.",
}


@dataclass(frozen=True)
class Sources:
    """What the profiles are made from.

    Attributes
    ----------
    weights : musicnn's
    free : free music, on which map and space are fitted
    labelled : source (``gtzan``, ``emotify``, ``tempo_songs``) -> ``source/path`` and what was heard
    rows : ``source/path`` -> row of tracks.csv
    """

    weights: dict[str, Weights]
    free: list[Heard]
    labelled: dict[str, list[tuple[str, Heard]]]
    rows: dict[str, dict[str, str]]


@dataclass(frozen=True)
class Fitted:
    """Everything that is fitted before calibration: maps of what ships, and the space of the embedding."""

    maps: Maps
    small_space: Linear
    accurate_space: Linear
    tags: tuple[Linear, Linear]


def fit_maps(weights: dict[str, Weights], free: list[Heard], head: Head) -> Fitted:
    """The maps to tags and embedding, for both networks."""
    standard = standardisation(head)
    small, accurate = (standard(part) for part in audible_patches(free))
    into, space = fit_map(small, accurate), fit_space(accurate)
    back = Linear(np.diag(head.std.astype(np.float64)), head.mean.astype(np.float64))
    known = musicnn_tags(weights)
    return Fitted(
        Maps(small_heads(weights, head, into), accurate_heads(weights, head)),
        standard.then(into).then(space), standard.then(space),
        (standard.then(into).then(back).then(known), known),
    )  # fmt: skip


def is_held(name: str, rows: dict[str, dict[str, str]]) -> bool:
    """Whether no fit sees the track: GTZAN's valid split, and fold 3 of Emotify."""
    row = rows[name]
    return row["split"] != "train" if name.startswith("gtzan/") else row["fold"] == "3"


@dataclass(frozen=True)
class Part:
    """A part of a labelled track, and what is true of it.

    Attributes
    ----------
    number : of the track
    weight : those of the parts of one track add up to 1
    truth : genre, genres to choose from, shares of feelings, what musicnn's networks say
    """

    number: int
    heard: Heard
    weight: float
    truth: tuple
    whole: bool


def parts_of(tracks: list[tuple[str, Heard]], rows: dict) -> list[Part]:
    """All parts of labelled tracks that are judged."""
    found = []
    for number, (name, track) in enumerate(tracks):
        parts = labelled.parts(track)
        for part in parts:
            known = (*truth(name, rows[name]), labelled.musicnn_says(part))
            found.append(Part(number, part, 1 / len(parts), known, part is parts[-1]))
    return found


def judge(parts: list[Part], maps: list[Maps], estimate: Estimate) -> Judged:
    """The parts as a profile estimates them, each track by its own maps."""
    found = [
        (estimate(part.heard, maps[part.number]), labelled.seconds(part.heard), part.weight, *part.truth, part.whole)
        for part in parts
    ]
    return Judged(*(np.array(column) for column in zip(*found, strict=True)))


def truth(name: str, row: dict[str, str]) -> tuple[int, list[bool], list[float]]:
    """Number of the genre, genres that the labeller could choose from, and shares of feelings (NaN but for Emotify)."""
    source = name.split("/")[0]
    felt = [float(row[feeling]) if source == "emotify" else np.nan for feeling in FEELINGS]
    return GENRES.index(row["genre"]), [genre in GENRES_OF[source] for genre in GENRES], felt


def make(sources: Sources, out: Path) -> dict:
    """Fit, calibrate, measure and write the files; returns the figures by profile."""
    head = bundled_head()
    fitted = fit_maps(sources.weights, sources.free, head)
    tracks = [pair for source in ("gtzan", "emotify") for pair in sources.labelled[source]]
    maps = maps_of(tracks, sources.rows, fitted)
    parts = parts_of(tracks, sources.rows)
    song = np.array([song_of(tracks[part.number][0], sources.rows) for part in parts])
    estimates = {"fast": labelled.fast, "accurate": labelled.accurate, "default": labelled.combination(PATCHES)}
    infos = {}
    for name, estimate in estimates.items():
        own = (starter().tagset if name == "fast" else head.info.tagset).groups
        known = {group.name: group for group in own if group.name in ("content", "scale")}
        judged = judge(parts, maps, estimate)
        tagset = calibrate.fit_tagset(judged, known)
        held = np.array([is_held(tracks[part.number][0], sources.rows) for part in parts])
        infos[name] = model_info(name, tagset, measure(tagset, judged, held, song, known))
    supported = support(sources, fitted.maps, estimates["default"], infos["default"].metrics)
    infos = {name: replace(info, tagset=with_support(info.tagset, supported)) for name, info in infos.items()}
    write(infos, sources.weights, fitted, out)
    return {name: info.metrics for name, info in infos.items()}


def maps_of(tracks: list[tuple[str, Heard]], rows: dict, fitted: Fitted) -> list[Maps]:
    """For each track maps that were not fitted on it: what ships for those that are held, else those of its fold."""
    maps = [fitted.maps] * len(tracks)
    learned = [number for number, (name, _) in enumerate(tracks) if not is_held(name, rows)]
    names, heard = zip(*(tracks[number] for number in learned), strict=True)
    for numbers, own in labelled.out_of_fold(list(heard), list(names), rows, fitted.tags):
        for number in numbers:
            maps[learned[number]] = own
    return maps


def song_of(name: str, rows: dict) -> str:
    """The recording that a track is of."""
    return f"{name.split('/')[0]}/{rows[name]['song']}"


def write(infos: dict[str, ModelInfo], weights: dict[str, Weights], fitted: Fitted, out: Path) -> None:
    """The three files."""
    maps = fitted.maps
    files.write_small((maps.small, fitted.small_space), infos["fast"], out / "fast.onnx")
    files.write_accurate(weights, (maps.accurate, fitted.accurate_space), infos["accurate"], out / "accurate.onnx")
    files.write_default(infos["default"], PATCHES, out / "default.json")


def model_info(profile: str, tagset: Tagset, metrics: dict) -> ModelInfo:
    """The metadata of one profile."""
    whole = profile == "accurate"
    return ModelInfo(
        id=MODEL_ID, version=f"{VERSION}-{profile}", tagset=tagset,
        patch_frames=PATCH_FRAMES if whole else 192, min_frames=PATCH_FRAMES if whole else 64,
        training_data=training_data(uses_labelled=False), metrics=metrics, licence=LICENCE,
        description=DESCRIPTIONS[profile],
    )  # fmt: skip


def measure(tagset: Tagset, judged: Judged, held: np.ndarray, song: np.ndarray, known: dict) -> dict:
    """Figures: quality on what is `held` bool [n] alone, calibration cross-fitted over all recordings."""
    found = calibrate.cross_fitted(judged, song, known)
    kept = calibrate.cross_fitted_on(judged, held, known)
    return quality(judged.take(held)) | rounded({
        "calibration_error": rounded(calibrate.errors(found)),
        "calibration_error_by_length": {k: rounded(v) for k, v in calibrate.by_length(found).items()},
        "calibration_error_held": rounded(calibrate.errors(kept)),
        "reliability": {name: as_lists(reliability(p, t)) for name, (p, t, _) in found.items()},
        "named_after_musicnn": calibrate.expected_precision(tagset, judged),
    })  # fmt: skip


def quality(held: Judged) -> dict:
    """Genres and feelings of whole tracks that no head was fitted on."""
    whole = held.take(held.whole)
    z = np.where(whole.offered, whole.logits[:, : len(GENRES)], -np.inf)
    right, ten = z.argmax(axis=1) == whole.genre, whole.offered.sum(axis=1) >= 10
    start = next(i for i, entry in enumerate(VOCABULARY) if entry.group == "mood")
    felt = ~np.isnan(whole.felt[:, 0])
    r = {name: _r(whole.logits[felt, start + k], whole.felt[felt, k]) for k, name in enumerate(FEELINGS)}
    return rounded({
        "genre_accuracy_gtzan": float(right[ten].mean()), "genre_accuracy_emotify": float(right[~ten].mean()),
        "mood_r": rounded(r), "mood_r_mean": float(np.mean(list(r.values()))),
    })  # fmt: skip


def _r(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.corrcoef(a, b)[0, 1])


def support(sources: Sources, maps: Maps, estimate: Estimate, metrics: dict) -> dict[str, str]:
    """Tag -> what supports it, measured with `estimate`."""
    named = [pair for part in sources.labelled.values() for pair in part]
    tracks = [(name.split("/")[0], sources.rows[name], track) for name, track in named]
    logits = np.array([estimate(track, maps) for _, _, track in tracks])
    genre = f"accuracy {evidence.short(metrics['genre_accuracy_gtzan'])} of ten genres on GTZAN's valid split"
    learned = {f"genre/{name}": genre for name in GENRES}
    r = metrics["mood_r"].items()
    learned |= {f"mood/{name}": f"r {evidence.short(value)} with listeners on fold 3 of Emotify" for name, value in r}
    learned |= {"content/music": "music against noise, speech and tones, by construction"}
    learned |= scale_figures(tracks, logits)
    return evidence.support(logits, [(source, row) for source, row, _ in tracks], learned)


def scale_figures(tracks: list, logits: np.ndarray) -> dict[str, str]:
    """r of energy and valence with those of listeners, on fold 3 of Emotify."""
    rows = [i for i, (source, row, _) in enumerate(tracks) if source == "emotify" and row["fold"] == "3"]
    shares = np.array([[float(tracks[i][1][name]) for name in FEELINGS] for i in rows])
    names = [entry.full_name for entry in VOCABULARY]
    return {
        name: f"r {evidence.short(_r(logits[rows, names.index(name)], felt))} with listeners on fold 3 of Emotify"
        for name, felt in zip(("scale/energy", "scale/valence"), emotion_values(shares), strict=True)
    }


def with_support(tagset: Tagset, supported: dict[str, str]) -> Tagset:
    """The tagset in which each tag says what supports it."""

    def add(group: TagGroup) -> TagGroup:
        return replace(group, support=tuple(supported[f"{group.name}/{tag}"] for tag in group.tags))

    return Tagset(tuple(add(group) for group in tagset.groups))
