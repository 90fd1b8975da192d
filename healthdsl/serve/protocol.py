"""HTTP as uvicorn reads it with httptools, but heads and trailers end.

uvicorn 0.54 bounds neither the length nor the number of headers on this way (it does with h11, which takes
half as long again for a request): a client could fill the memory before an application is asked.
"""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MOST_HEAD_BYTES = 65_536


class BoundedProtocol(HttpToolsProtocol):
    """Closes a connection that sends much without an end of its head, a part of a body, or an end of the
    request.
    """

    _since_progress = 0

    def data_received(self, data: bytes) -> None:
        self._since_progress += len(data)
        super().data_received(data)
        if self._since_progress > MOST_HEAD_BYTES and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        self._since_progress = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._since_progress = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._since_progress = 0
        super().on_message_complete()
