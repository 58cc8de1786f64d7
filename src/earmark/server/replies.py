"""What answers look like, for the description of the API; the library makes them, and a test holds the two together.

More fields may come: whoever reads an answer passes over what it does not know.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

Seconds = Annotated[float, Field(description="Seconds from the beginning.")]
Moment = Annotated[float, Field(description="Seconds since 1970.")]
Share = Annotated[float, Field(ge=0, le=1)]


class Links(BaseModel):
    """Where things are: name -> address."""

    name: str
    links: dict[str, str]


class Health(BaseModel):
    """Whether the server answers."""

    status: Literal["ok"]


class Version(BaseModel):
    """The version of earmark."""

    earmark: str


class Listed(BaseModel):
    """A page of a list."""

    next: Annotated[str | None, Field(description="The cursor of the page that follows; null on the last one.")]


class Problem(BaseModel):
    """Every error, see RFC 9457."""

    type: str
    title: str
    status: int
    detail: Annotated[str, Field(description="What is wrong.")]
    source: Annotated[str, Field(description="With what.")]
    remedy: Annotated[str, Field(description="What to do about it.")]
    instance: str | None = None
    errors: Annotated[list[dict[str, str]] | None, Field(description="Each with `pointer` and `message`.")] = None


# -- a track ----------------------------------------------------------------------------------------------------------


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


# -- the catalogue ----------------------------------------------------------------------------------------------------


class SignedReply(BaseModel):
    """An address that needs no key until it ends; it may be read, and nothing else."""

    url: str
    expires_at: Moment


class Overview(BaseModel):
    """The catalogue as a whole."""

    tracks: int
    hours: float
    model: dict[str, str] | None
    roots: list[str]
    fields: Annotated[dict[str, str], Field(description="Field that can be filtered -> its kind.")]
    facets: dict[str, dict[str, Any]] = {}


class FailureReply(BaseModel):
    """A file that could not be analysed."""

    path: str
    problem: str
    remedy: str


class Failures(Listed):
    """All failures."""

    items: list[FailureReply]


class WarningReply(BaseModel):
    """A file that was heard, but not as it should be."""

    path: str
    track_id: str
    warnings: list[str]


class Warnings(Listed):
    """All warnings."""

    items: list[WarningReply]


class GroupReply(BaseModel):
    """A song that is there more than once, the better file first."""

    kind: str
    files: list[dict[str, Any]]


class Groups(Listed):
    """All songs that are there more than once."""

    items: list[GroupReply]


class TagNames(BaseModel):
    """A group of tags of the model."""

    group: str
    kind: str
    tags: list[dict[str, Any]]


class Vocabulary(BaseModel):
    """The tags of the catalogue's model."""

    model: str | None
    groups: list[TagNames]


class Models(BaseModel):
    """The models at hand."""

    items: list[dict[str, Any]]


# -- work -------------------------------------------------------------------------------------------------------------


class JobReply(BaseModel):
    """A job: what was asked, how far it is, what came of it."""

    id: str
    kind: str
    spec: dict[str, Any]
    owner: str
    state: Literal["receiving", "queued", "running", "paused", "interrupted", "succeeded", "failed", "cancelled"]
    created_at: Moment
    started_at: Moment | None
    finished_at: Moment | None
    progress: dict[str, Any] | None
    result: dict[str, Any] | None
    error: dict[str, Any] | None
    seq: Annotated[int, Field(description="Grows with every change; the id of its newest event.")]
    links: dict[str, str]


class Jobs(Listed):
    """All jobs, the newest first."""

    items: list[JobReply]


class TagChoices(BaseModel):
    """All that a plan of tags may be asked with; `writes`: whether this server writes into files."""

    profiles: list[dict[str, Any]]
    fields: list[dict[str, str]]
    modes: list[str]
    notations: list[str]
    gates: Annotated[dict[str, float], Field(description="What an estimate must reach to be written.")]
    writes: bool


class TagPlanSummary(BaseModel):
    """A plan of tags in numbers."""

    id: str
    made: str
    profile: str
    mode: str
    asked: dict[str, Any]
    files: Annotated[int, Field(description="That would change.")]
    same: Annotated[int, Field(description="That have all of it.")]
    refused: Annotated[int, Field(description="That are left as they are.")]
    values: Annotated[dict[str, int], Field(description="Field -> files in which it would change.")]
    written: Annotated[int, Field(description="Files that it has changed and that were not changed back.")]
    links: dict[str, str]


class TagPlans(Listed):
    """All plans of tags, the newest first."""

    items: list[TagPlanSummary]


class TagPlanReply(TagPlanSummary):
    """A page of a plan: files with `changes` (field, name, old, new), or refused ones with `problem` and `remedy`."""

    items: list[dict[str, Any]]
    next: str | None


class AccessKey(BaseModel):
    """A key, without anything that could be used as one."""

    id: str
    name: str
    scopes: list[str]
    created_at: Moment
    expires_at: Moment | None
    last_used_at: Moment | None
    valid: bool


class AccessKeys(Listed):
    """All keys."""

    items: list[AccessKey]


class NewAccessKey(AccessKey):
    """A key that was made; `key` is shown this once."""

    key: str


class SessionReply(BaseModel):
    """Who asks, and what they may do."""

    name: str
    scopes: list[str]


class WebhookReply(BaseModel):
    """A webhook, without its secrets."""

    id: str
    url: str
    types: list[str]
    created_at: Moment
    former_until: Annotated[float | None, Field(description="Until then the former secret signs too.")]
    enabled: bool
    reason: Annotated[str | None, Field(description="Why it is told nothing any more.")]
    failing_since: Moment | None


class Webhooks(Listed):
    """All webhooks."""

    items: list[WebhookReply]


class NewWebhook(WebhookReply):
    """A webhook with its secret, which is shown this once."""

    secret: str


class DeliveryReply(BaseModel):
    """A message, and every try to deliver it."""

    id: str
    webhook: str
    type: str
    body: dict[str, Any]
    created_at: Moment
    next_at: Moment | None
    state: Literal["pending", "delivered", "failed"]
    attempts: list[dict[str, Any]]


class DeliveriesReply(Listed):
    """What a webhook was told, the newest first."""

    items: list[DeliveryReply]


class ServerReply(BaseModel):
    """A media server, without its secret; `public`: it must lie in the internet."""

    id: str
    name: str
    kind: str
    url: str
    user: str
    roots: list[str]
    public: bool


class Servers(Listed):
    """All media servers that are known."""

    items: list[ServerReply]


class ServerTest(BaseModel):
    """Whether a media server lets us in: what it calls itself, or what is wrong."""

    ok: bool
    says: str | None
    problem: str | None
    remedy: str | None


# -- search by meaning, playlists, the map ----------------------------------------------------------------------------


class FoundReply(BaseModel):
    """What a text means, and the tracks."""

    understood: dict[str, Any]
    items: list[TrackSummary]


class RowReply(BaseModel):
    """A track of a list."""

    track_id: str
    title: str
    artist: str
    duration: float
    bpm: float | None = None
    key: str | None = None
    camelot: str | None = None
    energy: float | None = None
    locked: bool = False


class StepReply(RowReply):
    """A track on the way: how like the one before, and which share of the way it is."""

    similarity: float | None
    along: float


class PathReply(BaseModel):
    """From the first track to the last."""

    items: list[StepReply]


class PlaylistSummary(BaseModel):
    """A playlist without its rows."""

    id: str
    name: str
    tracks: int
    duration: float
    recipe: dict[str, Any] | None
    created: str
    changed: str
    revision: Annotated[int, Field(description="Raised by each change.")]
    undo: Annotated[list[str], Field(description="Changes that can be taken back, the last one last.")]


class PlaylistReply(PlaylistSummary):
    """A playlist."""

    compatible: Annotated[float | None, Field(description="Share of neighbours whose keys and tempi mix.")]
    missing: Annotated[int, Field(description="Rows whose track is gone.")]
    rows: list[RowReply]


class Playlists(Listed):
    """All playlists."""

    items: list[PlaylistSummary]


class ImportReply(BaseModel):
    """A list that was read, and its entries of which the catalogue has no track."""

    playlist: PlaylistReply
    missing: list[str]


class PlacesReply(BaseModel):
    """Whether the files of a list are where its export says."""

    tracks: int
    found: int
    missing: list[str]


class DifferenceReply(BaseModel):
    """What a refresh changes; rows with their positions."""

    added: list[RowReply]
    removed: list[RowReply]
    moved: list[RowReply]
    compatible: dict[str, float | None]
    playlist: PlaylistReply


class RegionReply(BaseModel):
    """A dense region of the map, by the tags that stand out there."""

    text: str
    x: float
    y: float
    tracks: int


class MapReply(BaseModel):
    """The map as it was last built."""

    version: str
    model: Annotated[str, Field(description="Of the embeddings.")]
    tracks: int
    missing: Annotated[int, Field(description="Tracks of the catalogue that are not on it.")]
    placed: Annotated[int, Field(description="Tracks that came after it was made.")]
    kept: Annotated[float, Field(description="Share of the ten true neighbours that are near on the map.")]
    by_chance: float
    built_at: str
    labels: list[RegionReply]


class ColoursReply(BaseModel):
    """What the points are coloured by."""

    field: str
    kind: Literal["number", "text"]
    low: float | None
    high: float | None
    names: list[str]
    values: Annotated[str, Field(description="A byte for every point, in base64.")]


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


class LessonReply(BaseModel):
    """A tag of your own, or a group of them: its examples, and what it is worth."""

    name: str
    group: str | None
    version: int | str | None
    tags: dict[str, dict[str, Any]]
    estimate: dict[str, Any] | None
    examples: Annotated[dict[str, str], Field(description="Track -> the tag that it has; empty: it has none of them.")]


class Lessons(Listed):
    """All tags of your own."""

    items: list[LessonReply]
