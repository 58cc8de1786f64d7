import os
from dataclasses import replace
from pathlib import Path

import pytest

from earmark.catalogue.files import FileState
from earmark.errors import NotFound
from earmark.server.known_files import open_known
from sounds import chord, write_sound


@pytest.fixture
def known(tmp_path):
    path = write_sound(tmp_path / "music.flac", chord(0.2))
    return FileState(str(path), (status := path.stat()).st_size, status.st_mtime_ns, "")


def test_the_file_that_was_scanned_is_opened(known):
    with open_known(known, []) as file:
        assert file.read(4) == b"fLaC"


def test_one_that_was_changed_since_must_lie_in_a_scanned_folder(known, tmp_path):
    changed = replace(known, mtime_ns=0)
    open_known(changed, [str(tmp_path)]).close()
    with pytest.raises(NotFound, match="no longer the file"):
        open_known(changed, [str(tmp_path / "other")])


def test_a_link_in_its_place_leads_nowhere(known, tmp_path):
    os.unlink(known.path)
    (tmp_path / "outside").mkdir()
    (secret := tmp_path / "outside" / "secret.txt").write_text("secret")
    os.symlink(secret, known.path)
    (tmp_path / "inside").mkdir()
    with pytest.raises(NotFound, match="no longer the file"):
        open_known(known, [str(tmp_path / "inside")])


@pytest.mark.parametrize("make", [Path.mkdir, os.mkfifo])
def test_what_is_no_file_is_not_opened(known, make):
    os.unlink(known.path)
    make(Path(known.path))
    with pytest.raises(NotFound):
        open_known(known, [str(Path(known.path).parent)])
