"""Structured logs: one JSON object a line on standard error, never a value of an account.

Everything goes through the logger `healthdsl.serve`, so a program that holds the service inside can send it
elsewhere. What uvicorn logs itself is written in the same form, an exception as its type and the lines it
passed, without its message (which may hold what a record held). A line that nobody reads any more is dropped:
the service goes on.
"""

from __future__ import annotations

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import TextIO

LOGGER = logging.getLogger("healthdsl.serve")
_encode = json.JSONEncoder(separators=(",", ":"), default=str).encode
_LEVELS = (("healthdsl.serve", logging.INFO), ("uvicorn", logging.WARNING), ("asyncio", logging.WARNING))


def tell(level: int, event: str, **fields: object) -> None:
    """Log an event with its fields; those that are None are left out."""
    if LOGGER.isEnabledFor(level):
        LOGGER.log(level, event, extra={"fields": fields})


class JsonLines(logging.Formatter):
    """A record as one line of JSON, in ASCII."""

    def format(self, record: logging.LogRecord) -> str:
        fields = getattr(record, "fields", {})
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage().strip(),
        }
        line.update((name, value) for name, value in fields.items() if value is not None)
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["passed"] = [
                f"{frame.filename}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])
            ]
        return _encode(line)


class Lines(logging.StreamHandler[TextIO]):
    """Writes lines to a stream for as long as there is one."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 -- logging's name
        """Drop the line when the stream is gone; another mistake is told as logging tells it."""
        if not isinstance(sys.exception(), OSError):
            super().handleError(record)


def log_to(stream: TextIO | None = None) -> None:
    """Write the service's logs, and uvicorn's, as JSON lines to a stream; without one to standard error, or
    nowhere when the process has none.
    """
    stream = stream or sys.stderr  # None when the process was started with it closed
    handler = logging.NullHandler() if stream is None else Lines(stream)
    handler.setFormatter(JsonLines())
    for name, level in _LEVELS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False
