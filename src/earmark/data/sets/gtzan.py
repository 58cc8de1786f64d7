"""GTZAN genre collection: 1,000 clips of 30 s, ten genres.

Citation: Tzanetakis, Cook: Musical genre classification of audio signals, IEEE TSAP 10(5), 2002.
  Split: the fault-filtered, artist-clean lists of Kereliuk, Sturm, Larsen: Deep learning and music adversaries, 2015,
  after Sturm: The GTZAN dataset: its contents, its faults, 2013 (repetitions, distortions and artists in both halves).
Version: 1.0. Licence: none stated; research use by custom.
Get it from: the marsyas download page, or the copies named in mirdata's `gtzan_genre`; the lists train_filtered.txt,
  valid_filtered.txt and test_filtered.txt (443, 197 and 290 clips) from coreyker/dnn-mgr or from torchaudio's source.

Without the lists the manifest has no split, and a figure on a split by file is inflated by artists in both halves.
"""

from pathlib import Path

from earmark.data.manifest import Manifest, abbreviate
from earmark.data.sets.folders import audio_files
from earmark.errors import DataError

CITATION = "Tzanetakis & Cook, Musical genre classification of audio signals, IEEE TSAP 2002"
GENRES = ("blues", "classical", "country", "disco", "hiphop", "jazz", "metal", "pop", "reggae", "rock")
LISTS = {"train": "train_filtered.txt", "valid": "valid_filtered.txt", "test": "test_filtered.txt"}


def load(folder: str | Path, labels: str | Path | None = None) -> Manifest:
    """Read GTZAN from the folder above its genre folders (``genres/``, ``genres_original/`` or the like).

    Parameters
    ----------
    labels : folder of the three lists of the fault-filtered split; clips that are on none of them are left out

    Raises DataError where there are no GTZAN clips, or lists are missing or name clips that are not here.
    """
    folder = Path(folder)
    clips = {path.stem: path for path in audio_files(folder) if path.stem.partition(".")[0] in GENRES}
    if not clips:
        raise DataError(folder, "no file like blues/blues.00000.wav in it", "Give the folder of the genre folders.")
    split_of = _read_lists(Path(labels), clips) if labels else {}
    rows = []
    for song, path in sorted(clips.items()):
        if not labels or song in split_of:
            row = {"path": path.relative_to(folder).as_posix(), "song": song, "genre": song.partition(".")[0]}
            rows.append(row | ({"split": split_of[song]} if labels else {}))
    return Manifest(folder.resolve(), "gtzan", rows, "none stated", CITATION, "1.0")


def _read_lists(folder: Path, clips: dict[str, Path]) -> dict[str, str]:
    """Part by clip, from lines like ``blues/blues.00029.wav``."""
    part_of: dict[str, str] = {}
    for part, name in LISTS.items():
        if not (folder / name).is_file():
            raise DataError(folder / name, "no such file", "Put the three lists of the fault-filtered split here.")
        lines = (folder / name).read_text(encoding="utf-8").split()
        part_of |= {Path(line).stem: part for line in lines}
    missing = sorted(set(part_of) - set(clips))
    if missing:
        raise DataError(folder, f"{len(missing)} listed clips are not in the data: {abbreviate(missing)}",
                        "Unpack the whole set; a split with holes is not the published one.")  # fmt: skip
    return part_of
