"""Structured logs: one JSON object a line on standard error, never a value of an account.

Everything goes through the logger `healthdsl.serve`, so a program that holds the service inside can send it
elsewhere. What uvicorn logs itself is written in the same form, an exception as its type and the lines it
passed, without its message (which may hold what a record held).
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


def log_to(stream: TextIO | None = None) -> None:
    """Write the service's logs, and uvicorn's, as JSON lines to a stream; standard error without one."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    for name, level in _LEVELS:
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False
