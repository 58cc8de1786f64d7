"""What answers look like, for the description of the API, a file a subject.

The library makes them, and a test holds the two together. More fields may come:
whoever reads an answer passes over what it does not know.
"""

from earmark.server.replies.access import (
    AccessKey,
    AccessKeys,
    DeliveriesReply,
    DeliveryReply,
    NewAccessKey,
    NewWebhook,
    ServerReply,
    Servers,
    ServerTest,
    SessionReply,
    WebhookReply,
    Webhooks,
)
from earmark.server.replies.catalogue import (
    ColoursReply,
    FailureReply,
    Failures,
    GroupReply,
    Groups,
    LessonReply,
    Lessons,
    MapReply,
    Models,
    Overview,
    RegionReply,
    TagNames,
    Vocabulary,
    WarningReply,
    Warnings,
)
from earmark.server.replies.common import Health, Links, Listed, Problem, SignedReply, Version
from earmark.server.replies.lists import (
    DifferenceReply,
    ImportReply,
    PathReply,
    PlacesReply,
    PlaylistReply,
    Playlists,
    PlaylistSummary,
    RowReply,
    StepReply,
)
from earmark.server.replies.tracks import (
    CurvesReply,
    EmbeddingReply,
    EnergyReply,
    EvidenceReply,
    FileReply,
    FoundReply,
    JamsReply,
    KeyReply,
    LikeReply,
    LoudnessReply,
    LyricsReply,
    PairReply,
    Passage,
    Resolved,
    TagReply,
    TempoCandidate,
    TempoReply,
    TrackPage,
    TrackReply,
    Tracks,
    TrackSummary,
    Waveform,
)
from earmark.server.replies.work import JobReply, Jobs, TagChoices, TagPlanReply, TagPlans, TagPlanSummary

__all__ = [
    "AccessKey", "AccessKeys", "ColoursReply", "CurvesReply", "DeliveriesReply", "DeliveryReply", "DifferenceReply",
    "EmbeddingReply", "EnergyReply", "EvidenceReply", "FailureReply", "Failures", "FileReply", "FoundReply",
    "GroupReply", "Groups", "Health", "ImportReply", "JamsReply", "JobReply", "Jobs", "KeyReply", "LessonReply",
    "Lessons", "LikeReply", "Links", "Listed", "LoudnessReply", "LyricsReply", "MapReply", "Models", "NewAccessKey",
    "NewWebhook", "Overview", "PairReply", "Passage", "PathReply", "PlacesReply", "PlaylistReply",
    "PlaylistSummary", "Playlists", "Problem", "RegionReply", "Resolved", "RowReply", "ServerReply", "ServerTest",
    "Servers", "SessionReply", "SignedReply", "StepReply", "TagChoices", "TagNames", "TagPlanReply",
    "TagPlanSummary", "TagPlans", "TagReply", "TempoCandidate", "TempoReply", "TrackPage", "TrackReply",
    "TrackSummary", "Tracks", "Version", "Vocabulary", "WarningReply", "Warnings", "Waveform", "WebhookReply",
    "Webhooks",
]  # fmt: skip
