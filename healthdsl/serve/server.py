"""Runs the service: a socket, uvicorn on it, and a clean end at SIGINT and SIGTERM."""

from __future__ import annotations

import gc
import ipaddress
import logging
import os
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn

from healthdsl.serve.app import Service
from healthdsl.serve.logs import tell
from healthdsl.serve.protocol import BoundedProtocol

KEEP_ALIVE_SECONDS = 75
"""Longer than the 60 seconds that proxies commonly keep a connection, so that the proxy closes it, and no
request is sent to a connection that is just being closed.
"""
GRACE_SECONDS = 20
"""Longer than a body may take to arrive, so that whatever has begun gets its answer."""
BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; OSError when the address cannot be had. Port 0 takes any free one.

    It is made as a TCP socket by name (asyncio, Python 3.11): only then are those it accepts sent from
    without delay. Otherwise every answer of two parts waits 40 ms for an acknowledgement.
    """
    family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":  # elsewhere it would share a port that is taken
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(BACKLOG)
    except OSError:
        listening.close()
        raise
    return listening


def url_of(listening: socket.socket) -> str:
    """Where a socket listens, as people write it."""
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def is_loopback(listening: socket.socket) -> bool:
    """Whether only this computer can reach the socket."""
    return ipaddress.ip_address(listening.getsockname()[0].partition("%")[0]).is_loopback


def serve(service: Service, listening: socket.socket) -> None:
    """Serve until the process is told to end; then answer what has begun, for a while, and return.

    `service.watcher` has read the folder. Sets signal handlers: to be called in the main thread.
    """
    config = uvicorn.Config(
        service.app,
        http=BoundedProtocol,
        log_config=None,
        access_log=False,
        lifespan="on",
        ws="none",
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    if service.settings.token is None and not is_loopback(listening):
        detail = "everybody who reaches this address can score and read the rulesets; set a token"
        tell(logging.WARNING, "open to the network without a token", address=url_of(listening), detail=detail)
    # What is loaded stays: the collector need not walk it again and again between requests.
    gc.collect()
    gc.freeze()
    server = DrainingServer(config, service)
    with _ended_by_signals(server):
        server.run(sockets=[listening])
    tell(logging.INFO, "stopped")


class DrainingServer(uvicorn.Server):
    """Ends at SIGTERM in two steps: first it is not ready any more, but serves on, so that whoever sends
    requests can turn to another; then it ends. SIGINT, and a second SIGTERM, end it without the first step.
    """

    def __init__(self, config: uvicorn.Config, service: Service) -> None:
        super().__init__(config)
        self._service = service
        self._drained_at: float | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        for listening in sockets or ():
            tell(logging.INFO, "serving", address=url_of(listening))

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """What a signal does. Nothing is logged in here: it may come in the middle of a line."""
        if sig == signal.SIGTERM and not self._service.draining:
            self._service.draining = True
        else:
            super().handle_exit(sig, frame)

    async def on_tick(self, counter: int) -> bool:
        """Called ten times a second; True ends the service."""
        if self._service.draining and self._drained_at is None:
            seconds = self._service.settings.drain_seconds
            self._drained_at = time.monotonic() + seconds
            tell(logging.INFO, "draining", seconds=seconds)
        if self._drained_at is not None and time.monotonic() >= self._drained_at:
            self.should_exit = True
        return await super().on_tick(counter)


@contextmanager
def _ended_by_signals(server: DrainingServer) -> Iterator[None]:
    """uvicorn listens to SIGINT and SIGTERM once it runs, and at its end raises them again for whoever
    listened before. One that comes earlier ends it too; one that comes again does nothing.
    """
    before = {number: signal.signal(number, server.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
