"""A bare HTTP client for load: keep-alive connections on asyncio, requests made beforehand.

It understands what the service answers (a status line, headers, content-length) and nothing else, so that
the client costs less than what it measures.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from time import perf_counter

LOST = 0
"""The status of a request that got no answer."""


@dataclass
class Sent:
    """What came of a run: latencies in seconds from when a request was due, statuses, bodies not kept."""

    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0

    def add(self, status: int, latency: float) -> None:
        self.latencies.append(latency)
        self.statuses[status] = self.statuses.get(status, 0) + 1

    def percentile(self, share: float) -> float:
        """The latency that `share` of the requests do not exceed, in milliseconds."""
        ordered = sorted(self.latencies)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    @property
    def lost(self) -> int:
        """Requests that did not end in 200."""
        return sum(count for status, count in self.statuses.items() if status != 200)

    def line(self) -> str:
        points = ", ".join(
            f"{name} {self.percentile(share):.2f} ms"
            for name, share in (("p50", 0.5), ("p99", 0.99), ("p99.9", 0.999), ("most", 1.0))
        )
        rate = len(self.latencies) / self.seconds
        return f"{len(self.latencies)} requests, {rate:.0f} a second, {points}, {self.lost} lost"


def request(path: str, body: bytes, headers: str = "") -> bytes:
    """A POST as it goes over the wire."""
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{headers}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class Connection(asyncio.Protocol):
    """One keep-alive connection; one request at a time."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._waiting: asyncio.Future[tuple[int, bytes]] | None = None
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result((LOST, b""))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        headers = bytes(self._buffer[:head]).lower()
        at = headers.index(b"content-length:") + 15
        length = int(headers[at:].split(b"\r\n", 1)[0])
        if len(self._buffer) < head + 4 + length:
            return
        answer = int(headers[9:12]), bytes(self._buffer[head + 4 : head + 4 + length])
        del self._buffer[: head + 4 + length]
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(answer)

    async def send(self, message: bytes) -> tuple[int, bytes]:
        """Status and body of the answer; LOST when the connection was closed."""
        if self._transport is None:
            return LOST, b""
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(message)
        return await self._waiting

    def go_on(self, rest: bytes) -> None:
        """Send the rest of a request of which `send` was given the beginning."""
        assert self._transport is not None
        self._transport.write(rest)

    async def sent(self) -> None:
        """Wait until nothing is left to be sent here."""
        while self._transport is not None and self._transport.get_write_buffer_size():
            await asyncio.sleep(0.001)

    def close(self) -> None:
        if self._transport is not None:
            self._transport.close()


async def connect(port: int, count: int) -> list[Connection]:
    loop = asyncio.get_running_loop()
    return [(await loop.create_connection(Connection, "127.0.0.1", port))[1] for _ in range(count)]


async def paced(
    port: int,
    messages: Iterable[bytes],
    rate: float,
    connections: int,
    seen: Callable[[int, bytes], None] = lambda number, body: None,
) -> Sent:
    """Send `messages`, `rate` of them a second, whether or not earlier ones were answered in time.

    A latency counts from when the request was due, so that a stall of the server is not hidden by a client
    that waits politely. `seen` is given the number and the body of each answer.
    """
    sent = Sent()
    opened = await connect(port, connections)
    start = perf_counter() + 0.1
    queue = iter(enumerate(messages))

    async def work(connection: Connection) -> None:
        for number, message in queue:
            due = start + number / rate
            wait = due - perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            status, body = await connection.send(message)
            sent.add(status, perf_counter() - due)
            seen(number, body)

    await asyncio.gather(*(work(connection) for connection in opened))
    sent.seconds = perf_counter() - start
    for connection in opened:
        connection.close()
    return sent


async def unpaced(port: int, messages: Iterable[bytes], connections: int) -> Sent:
    """Send `messages` as fast as the server answers them."""
    sent = Sent()
    opened = await connect(port, connections)
    start = perf_counter()
    queue = iter(messages)

    async def work(connection: Connection) -> None:
        for message in queue:
            began = perf_counter()
            status, _ = await connection.send(message)
            sent.add(status, perf_counter() - began)

    await asyncio.gather(*(work(connection) for connection in opened))
    sent.seconds = perf_counter() - start
    for connection in opened:
        connection.close()
    return sent
