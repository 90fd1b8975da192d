"""Notices that the folder has changed, and when it has come to rest, so that several files are one change.

Polling: times, sizes and inodes a few times a second, contents only when those differ. That works on network
folders and mounted volumes, where file events do not arrive.
"""

from __future__ import annotations

import asyncio
import logging
import time
from concurrent.futures import Executor

from healthdsl.serve.library import Library, Stamp, take
from healthdsl.serve.logs import tell

POLL_SECONDS = 0.5
SETTLE_SECONDS = 0.2
MOST_UNSETTLED = 25
"""A folder that changes without end is read after so many looks in a row, as it is at that moment."""
YOUNG_NANOSECONDS = 2_000_000_000
"""A file may change twice within one tick of a coarse clock: until it is older, its contents are compared."""


class Watcher:
    """Looks at the folder of a library; not for several threads at once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._read: Stamp | None = None  # what the shelf was made of
        self._seen: Stamp | None = None  # what the last look saw
        self._young = False
        self._unsettled = 0

    def start(self) -> None:
        """Read the folder as it is; OSError when it cannot be read."""
        self._take(self._library.look())

    def turn(self) -> float:
        """Look once, and read when a change has come to rest; the seconds to wait before the next turn."""
        try:
            return self._turn()
        except OSError as problem:
            self._seen = self._read = None  # when it is back, it is read
            self._library.keep(problem.strerror or str(problem))
            return POLL_SECONDS

    def _turn(self) -> float:
        stamp = self._library.look()
        if stamp == self._read and not self._young:
            self._seen, self._unsettled = stamp, 0
            return POLL_SECONDS
        at_rest = stamp in (self._seen, self._read)
        self._seen = stamp
        if (at_rest or self._unsettled >= MOST_UNSETTLED) and self._take(stamp):
            return POLL_SECONDS
        self._unsettled += 1
        return SETTLE_SECONDS

    def _take(self, stamp: Stamp) -> bool:
        """Read the folder; False when it changed meanwhile and may come to rest yet."""
        contents = take(self._library.folder, self._library.look())
        if not contents.stamp == stamp == self._library.look() and self._unsettled < MOST_UNSETTLED:
            return False
        youngest = max((max(times[1:3]) for times in contents.stamp[1]), default=0)
        self._young = time.time_ns() - youngest < YOUNG_NANOSECONDS
        self._read = self._seen = contents.stamp
        self._unsettled = 0
        self._library.read(contents)
        return True


async def watch(watcher: Watcher, thread: Executor) -> None:
    """Turn after turn, until cancelled; compiling happens in `thread`, while requests go on."""
    loop = asyncio.get_running_loop()
    while True:
        turn = loop.run_in_executor(thread, watcher.turn)
        (seconds,) = await asyncio.gather(turn, return_exceptions=True)
        if isinstance(seconds, BaseException):
            # Invariant: whatever goes wrong in a reload, what was loaded is served on, and watched.
            tell(logging.ERROR, "reload failed", detail=type(seconds).__name__)
            seconds = POLL_SECONDS
        await asyncio.sleep(seconds)
