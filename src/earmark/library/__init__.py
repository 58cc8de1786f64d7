"""The front door: what ``import earmark`` offers, and all that the command line and other surfaces call."""

from earmark.analysis import Analysis
from earmark.audio.earprint import Earprint, read_earprint
from earmark.catalogue.backup import BackupReport
from earmark.catalogue.check import CheckReport
from earmark.catalogue.files import FileState
from earmark.catalogue.map import Map
from earmark.catalogue.repair import RepairReport
from earmark.catalogue.track import Hit, Track, Warned
from earmark.engine.report import ScanReport
from earmark.engine.scan import ScanOptions
from earmark.explore.duplicates import Group
from earmark.explore.evidence import Evidence
from earmark.explore.heard import Heard, heard_of, read_heard, write_heard
from earmark.explore.lyrics import Lyrics
from earmark.explore.meaning.finding import Answer, Found
from earmark.explore.playlists.editing import Difference
from earmark.explore.playlists.keeping import Playlist, Row
from earmark.explore.playlists.path import Step
from earmark.explore.playlists.recipe import Order, Recipe, Rules, read_recipe, recipe_from, with_changes
from earmark.explore.playlists.upkeep import Edits
from earmark.explore.seeds import Seed
from earmark.explore.teach import Asked, Lesson
from earmark.explore.weights import PART_NAMES, Weights
from earmark.explore.why import LikeReason
from earmark.interop.apply import TagReport
from earmark.interop.plan import Plan, read_plan
from earmark.interop.playlist import PlaylistReport
from earmark.interop.profile import choices as tag_choices
from earmark.interop.servers.known import (
    SERVER_KINDS,
    KnownServer,
    add_server,
    known_server,
    known_servers,
    remove_server,
)
from earmark.interop.servers.songs import MatchReport
from earmark.library.catalogue import Catalogue
from earmark.library.sound import (
    analyze,
    analyze_apart,
    bug_report,
    diagnose,
    earprint_apart,
    language_code,
    listen_live,
    load_model,
    make_earprint,
    model_files,
    read_tempo_range,
    write_flac,
)
from earmark.live import Belief
from earmark.tagger.pull import add_model, pull_musicnn
from earmark.tagger.registry import model_path

__all__ = [
    "PART_NAMES", "SERVER_KINDS", "Analysis", "Answer", "Asked", "BackupReport", "Belief", "Catalogue",
    "CheckReport", "Difference", "Earprint", "Edits", "Evidence", "FileState", "Found", "Group", "Heard", "Hit",
    "KnownServer", "Lesson", "LikeReason", "Lyrics", "Map", "MatchReport", "Order", "Plan", "Playlist",
    "PlaylistReport", "Recipe", "RepairReport", "Row", "Rules", "ScanOptions", "ScanReport", "Seed", "Step",
    "TagReport", "Track", "Warned", "Weights", "add_model", "add_server", "analyze", "analyze_apart", "bug_report",
    "diagnose", "earprint_apart", "heard_of", "known_server", "known_servers", "language_code", "listen_live",
    "load_model", "make_earprint", "model_files", "model_path", "pull_musicnn", "read_earprint", "read_heard",
    "read_plan", "read_recipe", "read_tempo_range", "recipe_from", "remove_server", "tag_choices", "with_changes",
    "write_flac", "write_heard",
]  # fmt: skip
