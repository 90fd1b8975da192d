"""How the service is to behave, and what a request may cost."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Literal

TODAY: Literal["today"] = "today"


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may hold, and how many there may be. Above a limit the answer is a problem.

    `body_bytes` of one body, sent in `body_seconds`; `records` in one request to score, `explanations` in one
    to explain; `rows` over all tables of all records; `depth` of objects and lists in each other; `requests`
    in work at a time, and `waiting` of those for a thread, which has to be done with one in `work_seconds`.
    """

    body_bytes: int = 4_194_304
    body_seconds: float = 15.0
    records: int = 1_000
    explanations: int = 50
    rows: int = 100_000
    depth: int = 16
    requests: int = 512
    waiting: int = 64
    work_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Settings:
    """`token` is asked of every request but health checks; None asks nothing. `as_of` is the day for requests
    that name none: a date, `today` for the computer's day at each request, None to refuse them. `root` is
    where the files may lie that rulesets use; None: in their folder. For `drain_seconds` after SIGTERM the
    service says that it is not ready, and serves on.
    """

    folder: Path
    token: str | None = field(default=None, repr=False)
    as_of: date | Literal["today"] | None = None
    limits: Limits = Limits()
    root: Path | None = None
    drain_seconds: float = 5.0

    def default_day(self) -> date | None:
        """The day for a request that names none."""
        if self.as_of == TODAY:
            return datetime.now().astimezone().date()
        return self.as_of
