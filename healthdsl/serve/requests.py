"""What every request passes on its way in and out: an id, the token, a place among those in work; log and
metrics.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable
from time import perf_counter

from healthdsl.serve.body import Message, Receive, Scope, Send, header
from healthdsl.serve.exchange import OPEN_ROUTES, Exchange, begin
from healthdsl.serve.front import ASGIApp, send_problem, target_of
from healthdsl.serve.logs import tell
from healthdsl.serve.metrics import Metrics
from healthdsl.serve.problems import Kind, Problem
from healthdsl.serve.settings import Settings

_CLOSE = (b"connection", b"close")
_CHALLENGE = (b"www-authenticate", b'Bearer realm="healthdsl"')


class Requests:
    """An ASGI application around `app`; while it is `draining`, each answer is the last of its connection."""

    def __init__(
        self, app: ASGIApp, settings: Settings, metrics: Metrics, draining: Callable[[], bool]
    ) -> None:
        self._app = app
        self._token = None if settings.token is None else settings.token.encode()
        self._most = settings.limits.requests
        self._metrics = metrics
        self._draining = draining
        self._in_work = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange = begin(scope)
        request_id = (b"x-request-id", exchange.id.encode("ascii"))

        async def send_named(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                message["headers"] = [*message["headers"], request_id]
                if self._draining():
                    message["headers"].append(_CLOSE)
            await send(message)

        ended = False
        self._in_work += 1
        self._metrics.in_work.inc()
        try:
            problem = self._refusal(scope)
            if problem is None:
                await self._app(scope, receive, send_named)
            else:
                await send_problem(send_named, problem, exchange)
            ended = True
        finally:
            if not ended:  # the error middleware around this one answers
                exchange.status, exchange.problem = Kind.INTERNAL.status.value, Kind.INTERNAL.word
            self._in_work -= 1
            self._metrics.in_work.dec()
            self._end(scope, exchange)

    def _refusal(self, scope: Scope) -> Problem | None:
        """Why a request is not looked at any further."""
        if scope["path"] in OPEN_ROUTES:
            return None
        if self._token is not None and not _holds(scope, self._token):
            detail = "send the header Authorization: Bearer TOKEN, with the token of this service"
            return Problem(Kind.UNAUTHORIZED, detail, headers=[_CHALLENGE])
        if self._in_work > self._most:
            detail = f"{self._most} requests are in work already; try again"
            return Problem(Kind.BUSY, detail, headers=[(b"retry-after", b"1")])
        return None

    def _end(self, scope: Scope, exchange: Exchange) -> None:
        """Log and count a request that has ended, however it did."""
        if exchange.route is None:
            route = scope.get("route")
            if route is None:  # it was refused before it got there
                route = target_of(scope["path"])
            exchange.route = None if route is None else route.path
        self._metrics.count(exchange)
        tell(
            logging.INFO,
            "request",
            request_id=exchange.id,
            method=exchange.method,
            route=exchange.route,
            ruleset=exchange.ruleset,
            records=exchange.records,
            status=exchange.status,
            problem=exchange.problem,
            ms=round(1000 * (perf_counter() - exchange.began), 2),
            client=exchange.client,
        )


def _holds(scope: Scope, token: bytes) -> bool:
    """Whether the request holds the token; takes as long for a wrong one as for the right one."""
    scheme, _, given = (header(scope, b"authorization") or b"").partition(b" ")
    return scheme.lower() == b"bearer" and hmac.compare_digest(given.strip(), token)
