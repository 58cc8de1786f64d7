"""Answers: a track, lists of them, and how two are alike."""

from typing import Annotated, Any

from pydantic import BaseModel, Field

from earmark.server.replies.common import Listed, Seconds, Share


class TagReply(BaseModel):
    """How probable a tag is; `sure` where that is enough for a claim."""

    tag: str
    probability: Share
    sure: bool


class TempoCandidate(BaseModel):
    """A tempo that it may be."""

    bpm: float
    weight: Share


class TempoReply(BaseModel):
    """Tempo and metre; `corrected` where it is the user's word. Lists have no beats."""

    bpm: float | None
    confidence: Share
    stability: Share
    octave_confidence: Share | None = None
    candidates: list[TempoCandidate]
    metre: str | None
    metre_confidence: Share
    beats: list[Seconds] | None = None
    downbeats: list[Seconds] | None = None
    corrected: bool = False


class KeyReply(BaseModel):
    """The key; `corrected` where it is the user's word."""

    tonic: str | None
    mode: str | None
    name: str | None
    confidence: Share
    camelot: str | None = None
    tuning_cents: float | None = None
    candidates: list[dict[str, Any]]
    segments: list[dict[str, Any]] = []
    corrected: bool = False


class LoudnessReply(BaseModel):
    """Loudness as EBU R128 has it."""

    integrated_lufs: float | None
    range_lu: float | None = None
    true_peak_dbtp: float | None = None
    replaygain_db: float | None = None
    curve: Annotated[list[float | None], Field(description="LUFS, second by second.")] = []


class EnergyReply(BaseModel):
    """How energetic it sounds."""

    level: str
    value: float
    curve: list[float] = []
    spectral_activity: float | None = None


class FileReply(BaseModel):
    """A file of a track, with its own tags and coding."""

    path: str
    title: str | None = None
    artist: str | None = None
    album: str | None = None
    year: int | None = None
    genre: str | None = None
    codec: str | None = None
    bit_rate: int | None = None
    sample_rate: int | None = None
    n_channels: int | None = None
    size: int | None = None


class TrackSummary(BaseModel):
    """A track as lists have it; with `fields`, only these."""

    track_id: str
    path: str | None = None
    paths: list[str] = []
    duration: Seconds | None = None
    analysed: Annotated[float | None, Field(description="Seconds that were listened to.")] = None
    analysis_version: str | None = None
    model: dict[str, str] | None = None
    title: str | None = None
    artist: str | None = None
    album: str | None = None
    year: int | None = None
    tags: Annotated[dict[str, list[TagReply]], Field(description="Group -> tags, most probable first.")] = {}
    tempo: TempoReply | None = None
    key: KeyReply | None = None
    loudness: LoudnessReply | None = None
    energy: EnergyReply | None = None
    description: str | None = None
    phrases: list[dict[str, Any]] = []
    files: list[FileReply] = []
    corrections: dict[str, str] = {}
    warnings: list[str] = []
    similarity: Annotated[float | None, Field(description="Cosine of the embeddings.")] = None
    score: Annotated[float | None, Field(description="What the order is by where parts are weighted.")] = None
    parts: Annotated[dict[str, float | None], Field(description="Part -> how alike, 0 to 1.")] = {}
    passages: Annotated[list[dict[str, Any]], Field(description="What is most alike, and when.")] = []
    relevance: Annotated[float | None, Field(description="Of the words, larger is better.")] = None
    versions: Annotated[list[str], Field(description="Ids of other tracks of the same song.")] = []


class TrackReply(TrackSummary):
    """All that is known of a track: the object of `earmark show --json`, and links."""

    structure: dict[str, Any] | None = None
    course: dict[str, Any] | None = None
    links: dict[str, str]


class Resolved(BaseModel):
    """The track that a text means."""

    track_id: str


class TrackPage(Listed):
    """A page of tracks."""

    items: list[TrackSummary]
    facets: dict[str, dict[str, Any]] = {}


class Tracks(BaseModel):
    """Tracks, the best first."""

    items: list[TrackSummary]


class FoundReply(BaseModel):
    """What a text means, and the tracks."""

    understood: dict[str, Any]
    items: list[TrackSummary]


class CurvesReply(BaseModel):
    """Each tag's probability over time: a number for each of `times`."""

    times: list[Seconds]
    tags: dict[str, list[Share]]


class Passage(BaseModel):
    """A stretch in which a tag is heard."""

    start: Seconds
    end: Seconds
    probability: Share
    peak: Share


class EvidenceReply(BaseModel):
    """When a tag is heard, the strongest passage first."""

    tag: str
    line: Annotated[float, Field(description="Probability from which on it counts as heard.")]
    passages: list[Passage]


class LyricsReply(BaseModel):
    """The words of a song, and their language (ISO 639-1), null where it cannot be told."""

    track_id: str
    text: str
    language: str | None
    confidence: Share | None


class JamsReply(BaseModel):
    """JSON of a JAMS file: tempo, beats, key, tags, sections and mood as annotations in its namespaces."""

    file_metadata: dict[str, Any]
    annotations: list[dict[str, Any]]
    sandbox: dict[str, Any]


class EmbeddingReply(BaseModel):
    """The vector of a track, to be compared within its model only."""

    model: str
    dim: int
    values: list[float]


class Waveform(BaseModel):
    """The amplitude over time, 0 to 255 of its highest."""

    seconds: Seconds
    values: list[Annotated[int, Field(ge=0, le=255)]]


class PairReply(BaseModel):
    """A passage of one track and the passage of another that it is most like."""

    start: Seconds
    end: Seconds
    similarity: float
    seed: str
    seed_start: Seconds
    seed_end: Seconds


class LikeReply(BaseModel):
    """How two tracks are alike; `start` and `end` where only this window of the first was compared."""

    track_id: str
    other: str
    similarity: Annotated[float, Field(description="Cosine of the embeddings.")]
    parts: Annotated[dict[str, Share | None], Field(description="Part -> share of random pairs that are less alike.")]
    passages: list[PairReply]
    start: Seconds | None = None
    end: Seconds | None = None
