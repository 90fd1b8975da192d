"""Large bodies are worked on beside the others, which are answered meanwhile."""

from __future__ import annotations

import asyncio
import json

from tests.serve.client import Connection, connect, request
from tests.serve.running import Running, get

LARGE = 4
ROUNDS = 100
"""Turns of the service's loop, in which it reads what was sent before."""


def test_health_is_answered_while_large_bodies_are_worked_on(service: Running) -> None:
    """No clock: all of the large bodies are there but for a byte; then come the last bytes, and three
    questions about health, one after the other. They are answered before the last of the large ones.
    """
    record = {f"column {number}": number / 7 for number in range(50_000)}
    message = request("/score", json.dumps({"ruleset": "tiny", "record": record}).encode())
    assert 1_500_000 < len(message) < 4_194_304

    async def crowd(port: int) -> None:
        health, *large = await connect(port, 1 + LARGE)
        answers = [asyncio.create_task(each.send(message[:-1])) for each in large]
        await asyncio.sleep(0)  # they begin to send
        for each in large:
            await each.sent()
        await ask_health(health, ROUNDS)
        for each in large:
            each.go_on(message[-1:])
        await ask_health(health, 3)
        assert not all(answer.done() for answer in answers)
        assert [status for status, _ in await asyncio.gather(*answers)] == [200] * LARGE
        for each in (health, *large):
            each.close()

    asyncio.run(crowd(service.port))


async def ask_health(connection: Connection, times: int) -> None:
    for _ in range(times):
        status, _ = await connection.send(get("/health/live"))
        assert status == 200
