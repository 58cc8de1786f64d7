"""The command on a few composed pieces and two clips: head, and keys of clips by blends of other artists."""

import numpy as np

from earmark.descriptors.key.head import read_head
from earmark_research.key import __main__ as command
from earmark_research.music.harmony import compose
from sounds import write_sound


def test_a_head_is_trained_and_written(tmp_path, monkeypatch):
    lines = ["path,song,artist,key_lerch"]
    for number, key in enumerate(("C major", "A minor", "G major")):
        y, _ = compose(np.random.default_rng(number), key=(0, 21, 7)[number], seconds=5.0)
        write_sound(tmp_path / f"{number}.flac", y, 16_000)
        lines.append(f"{number}.flac,song {number},artist {number},{key}")
    (tmp_path / "tracks.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    head, held = tmp_path / "head.npz", tmp_path / "held.csv"
    sizes = "--songs 3 --steps 2 --nets 2".split()
    monkeypatch.setattr("sys.argv", ["key", f"--out={head}", f"--data={tmp_path}", f"--held-out={held}", *sizes])
    command.main()

    assert read_head(head).conv.shape[0] == 2
    assert [line.split(",")[0] for line in held.read_text().splitlines()] == ["path", "0.flac", "1.flac", "2.flac"]
