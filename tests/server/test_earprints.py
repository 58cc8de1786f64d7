import asyncio
import shutil

import pytest

from earmark.errors import AudioError, NotFound
from earmark.library import Catalogue
from earmark.server.earprints import Earprints
from earmark.server.pool import Pool
from earmark.server.problems import Refused


def test_what_is_not_kept_is_made_once_and_then_at_hand(prepared, ids, tmp_path):
    async def act():
        earprints = Earprints(prepared / "catalogue", tmp_path / "made", Pool(prepared / "catalogue"))
        return await asyncio.gather(*(earprints.of(ids["Low"]) for _ in range(3)))

    found = asyncio.run(act())
    assert {earprint.track_id for earprint in found} == {ids["Low"]}
    assert found[0].duration == pytest.approx(1.5, abs=0.01)
    assert [path.name for path in (tmp_path / "made").iterdir()] == [f"{ids['Low']}.earprint"]
    before = (tmp_path / "made" / f"{ids['Low']}.earprint").stat().st_mtime_ns
    asyncio.run(act())
    assert (tmp_path / "made" / f"{ids['Low']}.earprint").stat().st_mtime_ns == before


def test_a_track_that_is_not_there_or_whose_file_has_gone(prepared, ids, tmp_path):
    catalogue = shutil.copytree(prepared / "catalogue", tmp_path / "catalogue")
    for file in Catalogue(catalogue).show(ids["Low"]).files:
        shutil.move(file.path, file.path + ".away")

    async def act(track_id):
        await Earprints(catalogue, tmp_path / "made", Pool(catalogue)).of(track_id)

    try:
        with pytest.raises(NotFound):
            asyncio.run(act("0" * 20))
        with pytest.raises(AudioError):
            asyncio.run(act(ids["Low"]))
    finally:
        for file in Catalogue(catalogue).show(ids["Low"]).files:
            shutil.move(file.path + ".away", file.path)
    assert not list((tmp_path / "made").iterdir())


def test_who_waits_for_one_when_the_server_ends_is_told_so(prepared, ids, tmp_path):
    async def act():
        earprints = Earprints(prepared / "catalogue", tmp_path / "made", Pool(prepared / "catalogue"))
        earprints.made._make = lambda track_id: asyncio.sleep(60)
        asking = asyncio.create_task(earprints.of(ids["Low"]))
        while not earprints.made._making:
            await asyncio.sleep(0.01)
        asking.cancel()
        await asking

    with pytest.raises(Refused, match="server ends") as error:
        asyncio.run(act())
    assert error.value.http_status == 503
