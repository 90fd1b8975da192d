"""The thin way of POST requests, before FastAPI: path, body, answer.

A record is checked by its ruleset's own program while it is scored, so no other validation stands in the
way. Small requests are answered at once; large ones and explanations, which take long, in a thread beside.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from healthdsl.serve.accept import Form, choose
from healthdsl.serve.body import GoneError, Receive, Scope, Send, check_media, header, read_body
from healthdsl.serve.exchange import Exchange, exchange_of
from healthdsl.serve.json_text import SMALL_BYTES
from healthdsl.serve.library import Library
from healthdsl.serve.problems import MEDIA_TYPE, Kind, Problem, problem_bytes
from healthdsl.serve.scoring import Answer, Question, explained, scored
from healthdsl.serve.settings import Settings

ASGIApp = Callable[[Scope, Receive, Send], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a path leads: its template as `path`, the ruleset it names, and whether to explain."""

    path: str
    ruleset: str | None
    explains: bool


def target_of(path: str) -> Target | None:
    """What a path of a POST request means; None for any other path."""
    match path.split("/"):
        case ["", ("score" | "explain") as act]:
            return Target(f"/{act}", None, act == "explain")
        case ["", "rulesets", name, ("score" | "explain") as act] if name:
            return Target(f"/rulesets/{{name}}/{act}", name, act == "explain")
        case _:
            return None


class Front:
    """An ASGI application: answers POST requests itself and passes all others on to `app`."""

    def __init__(self, app: ASGIApp, library: Library, settings: Settings, threads: Executor) -> None:
        self._app = app
        self._library = library
        self._settings = settings
        self._threads = threads
        self._waiting = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        target = target_of(scope["path"]) if scope["type"] == "http" else None
        if target is None:
            await self._app(scope, receive, send)
            return
        exchange = exchange_of(scope)
        exchange.route = target.path
        try:
            answer = await self._answer(scope, receive, target, exchange)
        except Problem as problem:
            await send_problem(send, problem, exchange)
        except GoneError:
            exchange.problem = "gone"
        else:
            await send_bytes(send, 200, answer.body, answer.form.header, list(answer.headers))

    async def _answer(self, scope: Scope, receive: Receive, target: Target, exchange: Exchange) -> Answer:
        # Invariant: the shelf is looked at once, so a request ends on the rulesets it began with.
        shelf = self._library.shelf
        if scope["method"] != "POST":
            raise Problem(Kind.METHOD, f"{target.path} takes POST", headers=[(b"allow", b"POST")])
        if target.ruleset is not None:
            shelf.find(target.ruleset)
        check_media(scope)
        form = Form.JSON
        if target.explains:
            accept = header(scope, b"accept")
            form = choose(None if accept is None else accept.decode("latin-1"))
        body = await read_body(scope, receive, self._settings.limits)
        question = Question(body, target.ruleset, shelf, self._settings, form)
        if target.explains:
            answer = await self._beside(explained, question)
        elif len(body) > SMALL_BYTES:
            answer = await self._beside(scored, question)
        else:
            answer = scored(question)
        exchange.ruleset, exchange.records = answer.ruleset, answer.records
        return answer

    async def _beside(self, act: Callable[[Question], Answer], question: Question) -> Answer:
        """The answer, worked out in a thread; Problem when too many wait for one, or it takes too long."""
        if self._waiting >= self._settings.limits.waiting:
            raise _busy(f"{self._waiting} requests wait already; try again")
        self._waiting += 1
        seconds = self._settings.limits.work_seconds
        try:
            # What has not begun by then never does; what has begun cannot be stopped, and is thrown away.
            async with asyncio.timeout(seconds):
                return await asyncio.get_running_loop().run_in_executor(self._threads, act, question)
        except TimeoutError:
            raise _busy(f"no answer within {seconds:g} seconds; ask for fewer records at once") from None
        finally:
            self._waiting -= 1


def _busy(detail: str) -> Problem:
    return Problem(Kind.BUSY, detail, headers=[(b"retry-after", b"1")])


async def send_problem(send: Send, problem: Problem, exchange: Exchange) -> None:
    """Answer with a problem document."""
    exchange.problem = problem.kind.word
    body = problem_bytes(problem, exchange.id)
    await send_bytes(send, problem.kind.status.value, body, MEDIA_TYPE.encode(), problem.headers)


async def send_bytes(
    send: Send, status: int, body: bytes, media_type: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    """Answer with a whole body."""
    head = [(b"content-type", media_type), (b"content-length", b"%d" % len(body)), *headers]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})
