"""HTTP as uvicorn reads it with httptools, but heads and trailers end, and what is no HTTP gets a problem.

uvicorn 0.54 bounds neither the length nor the number of headers on this way (it does with h11, which takes
half as long again for a request): a client could fill the memory before an application is asked.
"""

from __future__ import annotations

import logging
import uuid

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from healthdsl.serve.logs import tell
from healthdsl.serve.problems import MEDIA_TYPE, Kind, Problem, problem_bytes

MOST_HEAD_BYTES = 65_536
_OF_A_LINE = 4
"""A colon, a space and the end of the line."""


class BoundedProtocol(HttpToolsProtocol):
    """Closes a connection whose head is longer than it may be, or that sends as much without an end of its
    head, a part of a body, or an end of the request.
    """

    _head = 0
    _since_progress = 0

    def data_received(self, data: bytes) -> None:
        """As uvicorn's, which answers by a plain text and warns of missing libraries for WebSockets."""
        self._since_progress += len(data)
        self._unset_keepalive_if_required()
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # it is answered as HTTP
        except httptools.HttpParserError:
            long = self._head > MOST_HEAD_BYTES
            self._refuse(
                _too_long() if long else Problem(Kind.MALFORMED, "this is no HTTP that is read here")
            )
            return
        if self._since_progress > MOST_HEAD_BYTES and not self.transport.is_closing():
            self._refuse(_too_long())

    def on_message_begin(self) -> None:
        self._head = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        self._head += len(url)
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._head += len(name) + len(value) + _OF_A_LINE
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._since_progress = 0
        if self._head > MOST_HEAD_BYTES:
            raise _too_long()  # which feed_data makes a HttpParserError
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._since_progress = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._since_progress = 0
        super().on_message_complete()

    def _refuse(self, problem: Problem) -> None:
        """Answer with a problem, log it, and close: nobody can say where the next request would begin."""
        request_id, status = uuid.uuid4().hex, problem.kind.status
        body = problem_bytes(problem, request_id)
        lines = (
            f"HTTP/1.1 {status.value} {status.phrase}",
            f"content-type: {MEDIA_TYPE}",
            f"content-length: {len(body)}",
            f"x-request-id: {request_id}",
            "connection: close",
        )
        tell(
            logging.INFO,
            "request",
            request_id=request_id,
            status=status.value,
            problem=problem.kind.word,
            client=self.client[0] if self.client else None,
        )
        self.transport.write("\r\n".join((*lines, "", "")).encode("ascii") + body)
        self.transport.close()


def _too_long() -> Problem:
    return Problem(Kind.LONG_HEAD, f"the head of a request may have {MOST_HEAD_BYTES} bytes")
