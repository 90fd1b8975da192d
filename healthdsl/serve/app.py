"""The service as an ASGI application.

    Requests (id, token, log, metrics)  ->  Front (POST)  ->  FastAPI (GET pages)

The order of the middlewares is that order. What nobody foresaw ends in FastAPI's own error middleware, around
all of them: a problem document without a word of the exception.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Annotated, Any

from fastapi import FastAPI, Path, Query, Request
from fastapi.exceptions import HTTPException, RequestValidationError
from fastapi.responses import PlainTextResponse, Response

from healthdsl import __version__
from healthdsl.serve.describe import RulesetList, ServedRulesetPage, describe_all, describe_one
from healthdsl.serve.exchange import exchange_of
from healthdsl.serve.front import Front
from healthdsl.serve.library import Library
from healthdsl.serve.metrics import MEDIA_TYPE as METRICS_TYPE
from healthdsl.serve.metrics import Metrics
from healthdsl.serve.openapi import make_openapi
from healthdsl.serve.problems import MEDIA_TYPE, Kind, Problem, problem_bytes
from healthdsl.serve.requests import Requests
from healthdsl.serve.settings import Settings
from healthdsl.serve.watch import Watcher, watch

THREADS = 2
"""For long work. Python runs one at a time; the second keeps a batch from waiting for an explanation."""
_ANY_OBJECT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/json": {"schema": {"type": "object", "additionalProperties": True}}}}
}


class Service:
    """A folder of rulesets and the application that serves it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.library = Library(settings.folder, settings.root)
        self.watcher = Watcher(self.library)
        self.metrics = Metrics(self.library)
        self.draining = False  # set when the service is told to end
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="healthdsl")
        self._openapi: tuple[int, bytes] | None = None
        self.app = self._app()

    def openapi(self) -> bytes:
        """The OpenAPI document of what is served now, as JSON; made again after a reload."""
        shelf = self.library.shelf
        if self._openapi is None or self._openapi[0] != shelf.revision:
            document = make_openapi(self.app, shelf, self.settings, __version__)
            self._openapi = shelf.revision, json.dumps(document).encode("ascii")
        return self._openapi[1]

    @asynccontextmanager
    async def _watched(self, _: FastAPI) -> AsyncIterator[None]:
        """Watch the folder while the application runs."""
        with ThreadPoolExecutor(1, thread_name_prefix="healthdsl-reload") as reloads:
            watching = asyncio.create_task(watch(self.watcher, reloads))
            try:
                yield
            finally:
                watching.cancel()
                with suppress(asyncio.CancelledError):
                    await watching
        self._threads.shutdown(cancel_futures=True)

    def _app(self) -> FastAPI:
        app = FastAPI(
            title="healthdsl",
            version=__version__,
            lifespan=self._watched,
            openapi_url=None,
            docs_url=None,  # its page asks another site for scripts
            redoc_url=None,
            redirect_slashes=False,
        )
        # The last added is the first that a request meets.
        app.add_middleware(Front, self.library, self.settings, self._threads)
        app.add_middleware(Requests, self.settings, self.metrics, lambda: self.draining)
        _answer_problems(app)
        self._add_pages(app)
        return app

    def _add_pages(self, app: FastAPI) -> None:
        """The GET pages."""

        @app.get(
            "/rulesets",
            operation_id="list_rulesets",
            summary="The rulesets that are served, and files that are not",
        )
        async def rulesets() -> RulesetList:
            return describe_all(self.library.shelf)

        @app.get(
            "/rulesets/{name}",
            operation_id="show_ruleset",
            summary="One ruleset: what it reads and gives",
        )
        async def ruleset(
            name: Annotated[str, Path()], version: Annotated[str | None, Query()] = None
        ) -> ServedRulesetPage:
            return describe_one(self.library.shelf, name, version)

        @app.head("/health/live", include_in_schema=False)
        @app.get("/health/live", operation_id="live", summary="Whether the process works")
        async def live() -> dict[str, str]:
            return {"status": "live"}

        @app.head("/health", include_in_schema=False)
        @app.head("/health/ready", include_in_schema=False)
        @app.get("/health", operation_id="health", summary="Whether it can score")
        @app.get("/health/ready", operation_id="ready", summary="Whether it can score")
        async def ready() -> dict[str, str]:
            if self.draining:
                raise Problem(Kind.NOT_READY, "the service is about to end")
            if not self.library.shelf.rulesets:
                raise Problem(Kind.NOT_READY, "no ruleset could be loaded")
            return {"status": "ready"}

        @app.get(
            "/metrics",
            operation_id="metrics",
            summary="Counts and times for Prometheus",
            response_class=PlainTextResponse,
        )
        async def metrics() -> Response:
            return Response(self.metrics.text(), media_type=METRICS_TYPE)

        @app.get("/openapi.json", operation_id="openapi", summary="This document", responses=_ANY_OBJECT)
        def openapi() -> Response:  # in a thread: for many rulesets it takes a tenth of a second
            return Response(self.openapi(), media_type="application/json")


def _answer_problems(app: FastAPI) -> None:
    """Whatever goes wrong in a page is answered as a problem."""

    @app.exception_handler(Problem)
    async def problem(request: Request, found: Problem) -> Response:
        return _response(request, found)

    @app.exception_handler(404)
    async def unknown(request: Request, _: HTTPException) -> Response:
        return _response(
            request, Problem(Kind.NOT_FOUND, "no page has this path; GET /openapi.json has them all")
        )

    @app.exception_handler(405)
    async def method(request: Request, found: HTTPException) -> Response:
        allowed = dict(found.headers or {}).get("Allow", "GET")
        headers = [(b"allow", allowed.encode("latin-1"))]
        return _response(request, Problem(Kind.METHOD, f"this page takes {allowed}", headers=headers))

    @app.exception_handler(RequestValidationError)
    async def malformed(request: Request, _: RequestValidationError) -> Response:
        return _response(request, Problem(Kind.MALFORMED, "the path or the query cannot be used"))

    @app.exception_handler(Exception)
    async def unforeseen(request: Request, _: Exception) -> Response:
        answer = _response(request, Problem(Kind.INTERNAL, "the log has more under this request id"))
        # This one is sent from outside of Requests, which would have added it.
        answer.headers["x-request-id"] = exchange_of(request.scope).id
        return answer


def _response(request: Request, problem: Problem) -> Response:
    exchange = exchange_of(request.scope)
    exchange.problem = problem.kind.word
    body = problem_bytes(problem, exchange.id)
    headers = {key.decode(): value.decode("latin-1") for key, value in problem.headers}
    return Response(body, problem.kind.status.value, headers, MEDIA_TYPE)
