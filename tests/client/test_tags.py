"""Tags of files on a server's machine, from Python elsewhere."""

import shutil

import pytest

import earmark
from earmark.errors import EarmarkError, NotFound
from earmark.library import Catalogue, ScanOptions
from live_server import LiveServer


def test_tags_are_planned_written_and_taken_back_on_the_server(prepared, tmp_path):
    music = shutil.copytree(prepared / "music", tmp_path / "music")
    here = Catalogue(tmp_path / "catalogue")
    here.scan(music, prepared / "tiny.onnx", ScanOptions(workers=1))
    server, told = LiveServer(tmp_path / "catalogue", "--write-files"), []
    song, before = music / "low.flac", (music / "low.flac").read_bytes()
    with earmark.connect(server.base, key=server.keys.create("test", ("admin",))[1]) as there:
        asked = {"words": "low", "to": "beets", "fields": ["gain", "own"]}
        plan = there.plan_tags(**asked, progress=lambda *news: told.append(news))
        ours = here.plan_tags(**asked)
        assert (plan.files, plan.refused, plan.profile) == (ours.files, ours.refused, "beets")
        assert [file.path for file in plan.files] == [str(song)]
        assert there.apply_tags(plan, skip=[str(song)]).written == []
        assert there.apply_tags(plan.id).written == [str(song)]
        assert there.tags_written() == here.tags_written() == {plan.id: 1}
        assert song.read_bytes() != before
        assert there.undo_tags().written == [str(song)]
        assert song.read_bytes() == before
        with pytest.raises(NotFound, match="no tags to be undone"):
            there.undo_tags()
        with pytest.raises(EarmarkError, match="navidrome"):
            there.plan_tags(to="serato")
    assert told
    server.kill()
