"""The body of a request, read to its end or refused: too large, too slow, given up."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from healthdsl.serve.problems import Kind, Problem
from healthdsl.serve.settings import Limits

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

MOST_PASSED_OVER = 8
"""How often the largest body fits into what is read of one that is refused."""
_CLOSE = (b"connection", b"close")


class GoneError(Exception):
    """The client went away before its request was complete."""


def header(scope: Scope, name: bytes) -> bytes | None:
    """The value of a header; None when it is not there, the last when it is there twice."""
    found = None
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    for key, value in headers:
        if key == name:
            found = value
    return found


def check_media(scope: Scope) -> None:
    """Problem unless the body is said to be plain JSON in UTF-8.

    Asking for it also keeps web pages of strangers out: a browser sends this type elsewhere only after
    asking, and the service answers no such question.
    """
    stated = (header(scope, b"content-type") or b"").decode("latin-1")
    kind, *parameters = (part.strip().lower() for part in stated.split(";"))
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        found = f"found {stated!r}" if stated else "found none"
        raise Problem(Kind.MEDIA_TYPE, f"send Content-Type: application/json ({found})")
    for parameter in parameters:
        if parameter.startswith("charset=") and parameter[8:].strip('"') not in ("utf-8", "utf8"):
            raise Problem(Kind.MEDIA_TYPE, f"JSON is UTF-8, found {parameter!r}")
    encoding = (header(scope, b"content-encoding") or b"identity").decode("latin-1").lower()
    if encoding != "identity":
        raise Problem(Kind.MEDIA_TYPE, f"send the body as it is, not as {encoding!r}")


async def read_body(scope: Scope, receive: Receive, limits: Limits) -> bytes:
    """The whole body. Problem when it is too large or too slow, GoneError when the client went away."""
    stated = header(scope, b"content-length")
    too_large = stated is not None and stated.isdigit() and int(stated[:18]) > limits.body_bytes
    if too_large and header(scope, b"expect") is not None:
        raise _too_large(limits)  # the client waits for a word before it sends anything
    try:
        async with asyncio.timeout(limits.body_seconds):
            found = None if too_large else await _read(receive, limits)
            if found is None:
                await _pass_over(receive, MOST_PASSED_OVER * limits.body_bytes)
                raise _too_large(limits)
            return found
    except TimeoutError:
        detail = f"the body was not complete after {limits.body_seconds:g} seconds"
        raise Problem(Kind.TIMEOUT, detail, headers=[_CLOSE]) from None


async def _read(receive: Receive, limits: Limits) -> bytes | None:
    """The parts of the body, counted whatever length was announced; None when there are more than may be."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        part: bytes = message.get("body", b"")
        size += len(part)
        if size > limits.body_bytes:
            if message.get("more_body", False):
                return None
            raise _too_large(limits)
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


async def _pass_over(receive: Receive, most: int) -> None:
    """Read the rest of a body that is refused, up to `most` bytes: many clients listen only after they have
    sent everything, and would see a broken connection in place of the answer.
    """
    while most > 0:
        message = await receive()
        if not message.get("more_body", False):  # the end, or the client is gone
            return
        most -= len(message.get("body", b""))


def _too_large(limits: Limits) -> Problem:
    detail = f"the body may have {limits.body_bytes} bytes; send fewer records at once"
    return Problem(Kind.TOO_LARGE, detail, headers=[_CLOSE])
