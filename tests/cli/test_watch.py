import json
import signal
import subprocess
import sys

import pytest

from catalogues import write_music
from sounds import tune, write_sound
from told_to_end import HEARS_SIGNALS

pytest.importorskip("watchfiles")
COMMAND = [sys.executable, "-c", f"{HEARS_SIGNALS}\nfrom earmark.cli import main; main()", "watch"]


def test_it_tells_of_every_scan_and_ends_with_ctrl_c(tmp_path):
    music = write_music(tmp_path / "music")
    command = [*COMMAND, str(music), "--catalogue", str(tmp_path / "cat")]
    command += ["--model", "fast", "--workers", "1", "--settle", "0.3", "--json"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        first = json.loads(process.stdout.readline())
        assert first["analysed"] == first["found"] - len(first["failed"]) - first["recognised"] > 0
        write_sound(music / "new.flac", tune(9, 4.0))
        assert json.loads(process.stdout.readline())["analysed"] == 1
        process.send_signal(signal.SIGINT)
        out, errors = process.communicate(timeout=30)
    assert (process.returncode, out, errors) == (0, "", "")


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    command = [*COMMAND, str(tmp_path / "none"), "--catalogue", str(tmp_path / "cat")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    assert "no such folder" in done.stderr
    assert not (tmp_path / "cat").exists()
