"""What the bodies of requests look like; a field that is not named here is refused."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

from earmark.library import SERVER_KINDS, tag_choices
from earmark.server.keys import SCOPES
from earmark.server.webhooks import TYPES

Text = Annotated[str, Field(max_length=4096)]


def worded(form: str, description: str) -> Any:
    """What a text is, for people, and by a name of ours, `form`, for programs that make up texts of that kind."""
    return Field(description=description, json_schema_extra={"format": form})


def names_in(text: str) -> list[str] | None:
    """Names that are joined by commas; None where there are none."""
    return [name.strip() for name in text.split(",") if name.strip()] or None


Where = Annotated[Text, worded("earmark-where", "A filter as text: genre = 'jazz' AND year < 1970.")]
Tree = Annotated[dict[str, Any], WithJsonSchema({"$ref": "#/components/schemas/Filter"})]
KeyText = Annotated[Text, worded("earmark-key", "Only keys that mix with this one: Am, 8A ...")]
Sort = Annotated[Text, worded("earmark-sort", "A field, -tempo for the largest first; not with words.")]
Cursor = Annotated[Text, worded("earmark-cursor", "`next` of the page before.")]
FieldName = Annotated[Text, worded("earmark-field", "A field of the catalogue.")]
Folder = Annotated[Text, worded("earmark-folder", "A folder of the machine that serves.")]
TRACK_ID = r"^[0-9a-f]{20}$"
TrackId = Annotated[str, Field(pattern=TRACK_ID)]


def _whole(value: object) -> object:
    """1.0 is a whole number in JSON."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


MOST_LISTED = 500  # entries of one page
Limit = Annotated[int, Field(ge=1, le=MOST_LISTED), BeforeValidator(_whole)]
Count = Annotated[int, Field(ge=1), BeforeValidator(_whole)]
Workers = Annotated[int, Field(ge=1, le=256), BeforeValidator(_whole)]


class Shape(BaseModel):
    """A body without room for anything else."""

    model_config = ConfigDict(extra="forbid", strict=True)


Fields = Annotated[list[Text] | None, Field(max_length=100, description="Only these of a track.")]


class Chosen(Shape):
    """Which tracks, and how different from each other."""

    filter: Tree | None = None
    where: Where | None = None
    compatible: KeyText | None = None
    limit: Limit = 50
    versions: Annotated[bool, Field(description="Show every file and version of a song.")] = False
    per_artist: Annotated[Count | None, Field(description="Tracks of one artist at most.")] = None
    per_album: Annotated[Count | None, Field(description="Tracks of one album at most.")] = None


class Listing(Chosen):
    """A list of tracks: those that fit a filter in an order, or words, the best fit first."""

    q: Annotated[Text, Field(description="Words of title, artist, album or tags; in quotes a phrase.")] = ""
    sort: Sort | None = None
    cursor: Cursor | None = None
    fields: Fields = None
    songs: Annotated[bool, Field(description="A song once also without words, as `earmark search` has it.")] = False
    facets: Annotated[list[FieldName], Field(max_length=20, description="Count the values of these fields.")] = []


PartWeight = Annotated[float, Field(ge=-100, le=100)]


class LessonShape(Shape):
    """Examples of a tag of your own."""

    yes: Annotated[list[TrackId], Field(max_length=1000)] = []
    no: Annotated[list[TrackId], Field(max_length=1000)] = []
    drop: Annotated[list[TrackId], Field(max_length=1000, description="Examples that are taken back.")] = []
    group: Annotated[str | None, Field(max_length=64, description="Of which a track has one tag at most.")] = None


class SeedShape(Shape):
    """What answers shall sound like: a track, or a finished analysis of an upload."""

    model_config = ConfigDict(json_schema_extra={"oneOf": [{"required": ["track"]}, {"required": ["analysis"]}]})

    track: TrackId = ""
    analysis: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$", description="Id of the job.")] = ""
    weight: Annotated[float, Field(ge=-100, le=100, description="Below 0: the answers shall not sound so.")] = 1.0

    start: Annotated[float | None, Field(ge=0, description="Seconds: only this window of it counts.")] = None
    end: Annotated[float | None, Field(gt=0)] = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "SeedShape":
        if bool(self.track) == bool(self.analysis):
            raise ValueError("give either `track` or `analysis`")
        return self


class WeightsShape(Shape):
    """How much each part of likeness counts against the others; below 0: unlike in this part."""

    sound: PartWeight = 0.0
    rhythm: PartWeight = 0.0
    harmony: PartWeight = 0.0
    mood: PartWeight = 0.0
    instruments: PartWeight = 0.0
    energy: PartWeight = 0.0
    lyrics: PartWeight = 0.0


class SimilarTo(Chosen):
    """A question for what sounds alike."""

    seeds: Annotated[list[SeedShape], Field(min_length=1, max_length=20)]
    limit: Limit = 10
    weights: Annotated[WeightsShape | None, Field(description="Of the parts of likeness; the sound alone.")] = None
    diversity: Annotated[float, Field(ge=0, le=1, description="How unlike each other the answers shall be.")] = 0.0
    explain: Annotated[bool, Field(description="Tell `parts` and `passages` of every answer.")] = False
    fields: Fields = None


class Corrections(Shape):
    """Your word on a track; null takes it back, what is left out stays."""

    tempo: Annotated[int | float | None, Field(description="Beats a minute, 30 to 300.")] = None
    key: Annotated[Text | None, Field(description="A minor, Am, 8A, es-Moll ...")] = None
    metre: Annotated[Text | None, Field(description="3/4, 4/4, 6/8 ...")] = None
    tags: Annotated[
        dict[Text, bool | None], Field(max_length=100, description='{"genre/jazz": true, "mood/sadness": false}')
    ] = {}


class ScanOptionsShape(Shape):
    """As the options of `earmark scan`."""

    workers: Workers | None = None
    prune: bool | Literal["force"] = False
    retry: bool = False
    reread: bool = False
    reanalyze: bool = False
    keep_earprints: bool = False
    exclude: Annotated[list[Text], Field(max_length=100)] = []
    include_video: bool = False
    max_seconds: Annotated[float, Field(ge=1, le=86_400)] = 1800.0
    time_limit: Annotated[float, Field(ge=1, le=86_400)] = 300.0


class AgainShape(Shape):
    """Tracks that are heard again."""

    tracks: Annotated[list[TrackId], Field(min_length=1, max_length=1000)]
    options: ScanOptionsShape = ScanOptionsShape()


class ScanShape(Shape):
    """Folders to scan: those of the catalogue by default; other ones take the scope `admin`."""

    folders: Annotated[list[Folder], Field(max_length=100)] = []
    model: Annotated[Text | None, Field(description="A name of /models; that of the last scan by default.")] = None
    options: ScanOptionsShape = ScanOptionsShape()
    watch: Annotated[
        bool, Field(description="Go on with all folders of the catalogue as their files come, change and go.")
    ] = False
    settle: Annotated[
        float, Field(ge=0, le=3600, description="Of a watch: seconds that files are left alone before they are heard.")
    ] = 5.0
    poll: Annotated[
        bool, Field(description="Of a watch: look at all files again and again, for drives of other machines.")
    ] = False


class ExportShape(Shape):
    """Tracks to be written into a file."""

    format: Annotated[
        Literal["csv", "jsonl", "parquet", "xlsx", "jams"], Field(description="jams: a zip of a file a track.")
    ] = "csv"
    filter: Tree | None = None
    where: Where | None = None
    fields: Annotated[list[FieldName], Field(max_length=500, description="Columns of csv, parquet and xlsx.")] = []


PathText = Annotated[Text, Field(description="As the plan has it.")]


CHOICES = tag_choices()


def _named(name: str) -> list[str]:
    return [one["name"] for one in CHOICES[name]]


class GatesShape(Shape):
    """What an estimate must reach to be written; by default what /tag-profiles says."""

    tempo_confidence: Annotated[float | None, Field(ge=0, le=1)] = None
    tempo_octave_confidence: Annotated[float | None, Field(ge=0, le=1)] = None
    key_confidence: Annotated[float | None, Field(ge=0, le=1)] = None


class TagPlanShape(Shape):
    """What shall be written into which files; without a choice of tracks, into all."""

    q: Annotated[Text, Field(description="Words of title, artist, album or tags.")] = ""
    filter: Tree | None = None
    where: Where | None = None
    tracks: Annotated[list[TrackId] | None, Field(max_length=5000, description="In place of words and filters.")] = None
    profile: Annotated[
        Literal[*_named("profiles")], Field(description="The program that reads it, see /tag-profiles.")
    ] = "navidrome"
    fields: Annotated[
        list[Literal[*_named("fields")]], Field(max_length=50, description="In place of the profile's.")
    ] = []
    notation: Annotated[
        Literal[*CHOICES["notations"]] | None, Field(description="Of keys: Am, 8A or 1m; that of the profile.")
    ] = None
    mode: Annotated[
        Literal[*CHOICES["modes"]], Field(description="Leave values that there are, add to them, or replace them.")
    ] = "fill-empty"
    gates: GatesShape = GatesShape()


class ApplyShape(Shape):
    """How a plan of tags is done."""

    skip: Annotated[list[PathText], Field(max_length=10_000, description="Files that are left out.")] = []
    keep_times: Annotated[bool, Field(description="Leave the files' times of change.")] = False


class JobChange(Shape):
    """What shall become of a job."""

    state: Literal["paused", "queued"]


Types = Annotated[list[Literal[*TYPES]], Field(min_length=1, max_length=20, description="What it is told.")]
Url = Annotated[str, worded("earmark-url", "Where it is told: http or https."), Field(min_length=1, max_length=2048)]


class WebhookShape(Shape):
    """A new webhook."""

    url: Url
    types: Types


class WebhookChange(Shape):
    """What shall become of a webhook; what is left out stays."""

    url: Url = ""
    types: Types = []
    enabled: bool = True


ServerUrl = Annotated[str, worded("earmark-url", "Such as http://nas:4533."), Field(min_length=1, max_length=2048)]
ServerUser = Annotated[str, Field(max_length=200, description="Whose lists are written; empty: the secret's.")]
Secret = Annotated[str, Field(min_length=1, max_length=4096, description="Password, key or token; never told again.")]
Maps = Annotated[
    list[Annotated[Text, worded("earmark-root", "/music=/data/music")]],
    Field(max_length=20, description="Where the server has folders of this machine."),
]


class ServerShape(Shape):
    """A media server."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]
    kind: Literal[*sorted(SERVER_KINDS)]
    url: ServerUrl
    secret: Secret
    user: ServerUser = ""
    roots: Maps = []


class ServerChange(Shape):
    """What shall be different of a media server; what is left out stays. Another address needs the secret again."""

    url: ServerUrl | None = None
    secret: Secret | None = None
    user: ServerUser | None = None
    roots: Maps | None = None


class PushShape(Shape):
    """Which playlist."""

    playlist: Annotated[Text, Field(min_length=1, description="Its id or its name.")]


class SignShape(Shape):
    """How long an address shall hold."""

    seconds: Annotated[float, Field(gt=0, le=86_400)] = 3600.0


class KeyShape(Shape):
    """A new key."""

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]
    scopes: Annotated[list[Literal[*SCOPES]], Field(min_length=1, max_length=20)]
    days: Annotated[float | None, Field(gt=0, lt=36_500, description="Until it expires; never by default.")] = None


class SearchShape(Chosen):
    """A question in words by meaning; weighted tags may be beside it, or in its place."""

    text: Annotated[str, Field(max_length=500, description="rainy night jazz, no vocals, 80 to 100 bpm")] = ""
    tags: Annotated[dict[Text, PartWeight], Field(max_length=50, description="genre/jazz: 2, mood/sadness: -1")] = {}
    by: Literal["both", "sound", "words"] = "both"
    limit: Limit = 10
    passages: Annotated[bool, Field(description="Tell the passage of each hit that fits best.")] = True
    fields: Fields = None


class PathShape(Shape):
    """From where to where, and how."""

    start: TrackId
    end: TrackId
    count: Annotated[int, Field(ge=2, le=500), BeforeValidator(_whole)] = 12
    filter: Tree | None = None
    where: Where | None = None
    per_artist: Count | None = None
    versions: bool = False


Recipe = Annotated[dict[str, Any], Field(description="See docs/playlists.md: like, text, where, rules, order ...")]
RowOf = Annotated[int | Text, Field(description="A position as shown (from 1), or the id of a track.")]
Pair = Annotated[tuple[RowOf, int], Field(strict=False)]  # JSON has no tuples, only lists
Name = Annotated[str, Field(min_length=1, max_length=200)]


NOT_BOTH = {
    "properties": {"recipe": {"type": "object"}, "tracks": {"type": "array", "minItems": 1}},
    "required": ["recipe", "tracks"],
}  # fmt: skip


class PlaylistShape(Shape):
    """A new playlist: by a recipe, or of tracks."""

    model_config = ConfigDict(json_schema_extra={"not": NOT_BOTH})

    name: Name
    recipe: Recipe | None = None
    tracks: Annotated[list[TrackId], Field(max_length=5000)] = []
    replace: Annotated[bool, Field(description="A list of that name becomes it, which can be undone.")] = False
    dry_run: bool = False

    @model_validator(mode="after")
    def _one_of_both(self) -> "PlaylistShape":
        if bool(self.tracks) and self.recipe is not None:
            raise ValueError("give either `recipe` or `tracks`")
        return self


class PlaylistChange(Shape):
    """Changes by hand."""

    add: Annotated[list[TrackId], Field(max_length=500)] = []
    at: Annotated[Count | None, Field(description="The position before which they come; at the end.")] = None
    remove: list[RowOf] = []
    move: Annotated[list[Pair], Field(description="Pairs of a row and its new position.")] = []
    lock: list[RowOf] = []
    unlock: list[RowOf] = []
    rename: Name | None = None
    undo: Annotated[bool, Field(description="Take the last change back; alone.")] = False
    revision: Annotated[Count | None, Field(description="Only if the list has this revision still.")] = None


class RefreshShape(Shape):
    """How a playlist is made again."""

    recipe: Recipe | None = None
    dry_run: bool = False
    revision: Count | None = None


class MapShape(Shape):
    """How the map is made."""

    anew: Annotated[bool, Field(description="Do not keep the places of the tracks that are on it.")] = False
