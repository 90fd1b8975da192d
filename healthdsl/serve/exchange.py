"""One request and its answer, as logs and metrics see it."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass, field
from time import perf_counter

from healthdsl.serve.body import Scope, header

STATE_KEY = "exchange"
_SANE_ID = re.compile(r"[A-Za-z0-9._:/+=@-]{1,128}")
OPEN_ROUTES = ("/health", "/health/live", "/health/ready")
"""Asked by machines that hold no token; they tell nothing but whether the service works."""
METHODS = frozenset({"GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"})


@dataclass(slots=True)
class Exchange:
    """`route` is the template of the path, so that nothing a client wrote reaches logs and metrics; `problem`
    the kind of problem it ended in; `records` how many were scored or explained.
    """

    id: str
    method: str
    client: str | None
    route: str | None = None
    ruleset: str | None = None
    records: int | None = None
    problem: str | None = None
    status: int | None = None
    began: float = field(default_factory=perf_counter)


def begin(scope: Scope) -> Exchange:
    """The exchange of a request that has just arrived; its id is the client's where that is sane."""
    method = scope["method"]
    client = scope.get("client")
    exchange = Exchange(
        _request_id(scope), method if method in METHODS else "other", client[0] if client else None
    )
    scope.setdefault("state", {})[STATE_KEY] = exchange
    return exchange


def exchange_of(scope: Scope) -> Exchange:
    found = scope["state"][STATE_KEY]
    assert isinstance(found, Exchange)
    return found


def _request_id(scope: Scope) -> str:
    stated = header(scope, b"x-request-id")
    if stated is not None:
        text = stated.decode("latin-1")
        if _SANE_ID.fullmatch(text):
            return text
    return uuid.uuid4().hex
