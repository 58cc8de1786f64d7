import asyncio
import threading

import httpx
import pytest

from earmark.server.pool import Pool
from earmark.server.problems import Refused


def test_questions_wait_and_too_many_are_sent_away(tmp_path):
    go, asked = threading.Event(), []

    def question(catalogue):
        asked.append(catalogue)
        return go.wait(10)

    async def act():
        pool = Pool(tmp_path, size=2, waiting=3)
        tasks = [asyncio.create_task(pool.ask(question)) for _ in range(5)]
        await asyncio.sleep(0.2)
        assert len(asked) == 2
        with pytest.raises(Refused) as refused:
            await pool.ask(question)
        assert refused.value.headers["Retry-After"]
        go.set()
        return await asyncio.gather(*tasks)

    assert asyncio.run(act()) == [True] * 5
    assert len({id(catalogue) for catalogue in asked}) == 2


def test_a_question_that_fails_frees_its_place(tmp_path):
    def fault(catalogue):
        raise KeyError("x")

    async def act():
        pool = Pool(tmp_path, size=1)
        for _ in range(3):
            with pytest.raises(KeyError):
                await pool.ask(fault)
        return await pool.ask(lambda catalogue: catalogue.path.local)

    assert asyncio.run(act()) == tmp_path


def test_a_storm_of_questions_meets_no_other_error_than_429(live, client):
    headers = dict(client.headers)

    async def act():
        async with httpx.AsyncClient(base_url=live.base, headers=headers, timeout=120) as many:
            return await asyncio.gather(*(many.get("/api/v1/tracks", params={"q": "sines"}) for _ in range(200)))

    answers = asyncio.run(act())
    assert {answer.status_code for answer in answers} <= {200, 429}
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code == 429)
    assert client.get("/api/v1/tracks").status_code == 200
