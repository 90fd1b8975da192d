"""The service in process, as a test uses it: a folder of rulesets, and requests without a network."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from healthdsl.serve.app import Service
from healthdsl.serve.library import take
from healthdsl.serve.settings import Settings

TINY = """\
ruleset tiny "Tiny health"
  language 1
  version  1.2.0

signal seats  count                    "Seats"
signal nps    number from -100 to 100  "NPS"
  column "NPS Score"

measure nps ladder
  below 0   -> 0    "Unhappy"
  otherwise -> 100

measure seats ladder
  below 10  -> 50
  otherwise -> 100

score health average
  60 nps
  40 seats

bands health
  below 50  -> poor red
  otherwise -> good green

flag big when seats at least 100
play call when health is poor     "Call them"
"""
DATED = """\
ruleset dated "Dated"
  language 1
  version  0.1.0

rows tickets dated opened
  priority one of low, urgent

signal urgent = count of tickets in last 30 days where priority is urgent

measure urgent ladder
  below 1   -> 100
  otherwise -> 0

score calm average
  1 urgent
"""
ACCOUNT = {"account_id": "A-2", "name": "Birch", "seats": 8, "NPS Score": -20}
"""nps 0 and seats 50: 60% of 0 and 40% of 50 is 20, which is poor."""


Parts = list[bytes]
JSON = {"content-type": "application/json"}


@dataclass
class Answer:
    """What an application sent: bytes, not yet believed to be anything. Status 0: nothing was sent."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass(frozen=True)
class Desk:
    """A service of a folder. Nothing watches the folder: a test says when it is read."""

    service: Service
    folder: Path

    @classmethod
    def of(cls, folder: Path, settings: Settings | None = None) -> Desk:
        (folder / "tiny.health").write_text(TINY, "utf-8")
        (folder / "dated.health").write_text(DATED, "utf-8")
        service = Service(settings or Settings(folder))
        service.watcher.start()
        return cls(service, folder)

    def write(self, name: str, text: str | bytes) -> None:
        """Write a file and have the folder read, without waiting for a poll."""
        data = text.encode() if isinstance(text, str) else text
        (self.folder / name).write_bytes(data)
        self.read()

    def read(self) -> None:
        self.service.library.read(take(self.folder))

    def post(self, path: str, body: object, **headers: str) -> Answer:
        """The answer to a JSON body; `_` in the name of a header is `-`."""
        return self.raw(path, [json.dumps(body).encode()], **headers)

    def raw(self, path: str, parts: Parts, **headers: str) -> Answer:
        """The answer to a body that is said to be JSON, sent in parts."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("POST", path, parts, JSON | named)

    def get(self, path: str, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.request("GET", path, [b""], named)

    def request(self, method: str, path: str, parts: Parts, headers: dict[str, str]) -> Answer:
        return asyncio.run(ask(self.service.app, f"{method} {path}", parts, headers))


async def ask(
    app: Any,
    line: str,
    parts: Parts,
    headers: dict[str, str],
    raises: type[Exception] | None = None,
) -> Answer:
    """A request by the letter of ASGI; `line` is like `POST /score`. A client that has sent all `parts` goes
    away.

    `raises`: what the application passes on, after its answer, for the server to log.
    """
    sent: list[Any] = []
    rest = list(parts)

    async def receive() -> dict[str, object]:
        if not rest:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": rest.pop(0), "more_body": bool(rest)}

    async def send(message: Any) -> None:
        sent.append(message)

    with suppress(*([] if raises is None else [raises])):
        await app(scope_of(line, headers), receive, send)
    if not sent:
        return Answer(0, {}, b"")
    head = {name.decode().lower(): value.decode("latin-1") for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], head, b"".join(message.get("body", b"") for message in sent[1:]))


def scope_of(line: str, headers: dict[str, str]) -> dict[str, Any]:
    """What a server tells an application about a request."""
    method, _, path = line.partition(" ")
    plain, _, query = path.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": plain,
        "raw_path": plain.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 80),
    }
