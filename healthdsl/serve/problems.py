"""Everything that can be wrong with a request, as RFC 9457 problem documents.

In: a `Problem`, raised wherever it is found. Out: its JSON. Texts come from strangers, so they are cut to a
bounded length and written in ASCII.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum
from http import HTTPStatus
from typing import Any

from healthdsl.backends.record.errors import RecordError

MEDIA_TYPE = "application/problem+json"
LONGEST_TEXT = 300
MOST_ERRORS = 100
_JSON_WORDS = {"None": "null", "True": "true", "False": "false"}
_TYPE = "urn:problem-type:healthdsl:"


class Kind(Enum):
    """The kinds of problems: the last part of `type`, status and title."""

    NOT_JSON = ("not-json", HTTPStatus.BAD_REQUEST, "The body is not JSON")
    MALFORMED = ("malformed-request", HTTPStatus.BAD_REQUEST, "The request is malformed")
    UNAUTHORIZED = ("unauthorized", HTTPStatus.UNAUTHORIZED, "A bearer token is needed")
    NOT_FOUND = ("not-found", HTTPStatus.NOT_FOUND, "There is no such thing here")
    UNKNOWN_RULESET = ("unknown-ruleset", HTTPStatus.NOT_FOUND, "There is no such ruleset")
    METHOD = ("method-not-allowed", HTTPStatus.METHOD_NOT_ALLOWED, "This is not done here")
    NOT_ACCEPTABLE = ("not-acceptable", HTTPStatus.NOT_ACCEPTABLE, "Nothing here is what you accept")
    TIMEOUT = ("timeout", HTTPStatus.REQUEST_TIMEOUT, "The body did not arrive in time")
    TOO_LARGE = ("too-large", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The request is too large")
    LONG_HEAD = (
        "head-too-long",
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "The head of the request is too long",
    )
    MEDIA_TYPE = ("unsupported-media-type", HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body must be JSON")
    INVALID_REQUEST = ("invalid-request", HTTPStatus.UNPROCESSABLE_ENTITY, "The request cannot be used")
    NEEDS_AS_OF = ("needs-as-of", HTTPStatus.UNPROCESSABLE_ENTITY, "The request must say for which day")
    INVALID_RECORD = ("invalid-record", HTTPStatus.UNPROCESSABLE_ENTITY, "Records hold illegal values")
    BUSY = ("busy", HTTPStatus.SERVICE_UNAVAILABLE, "Too much work at once")
    NOT_READY = ("not-ready", HTTPStatus.SERVICE_UNAVAILABLE, "The service is not ready")
    INTERNAL = ("internal", HTTPStatus.INTERNAL_SERVER_ERROR, "The service failed")

    def __init__(self, word: str, status: HTTPStatus, title: str) -> None:
        self.word = word
        self.status = status
        self.title = title


@dataclass(frozen=True, slots=True)
class Wrong:
    """One value that is not legal; `index` is the place of its record among `records`, None for `record`."""

    index: int | None
    account: str | None
    signal: str | None
    found: str
    expected: str

    @classmethod
    def of(cls, index: int | None, account: str | None, error: RecordError) -> Wrong:
        return cls(index, account, error.signal, in_json(error.found), error.expected)


@dataclass(eq=False)
class Problem(Exception):  # noqa: N818 -- RFC 9457 calls it so
    """A request that cannot be done. `errors` of them are shown, `count` were found."""

    kind: Kind
    detail: str
    errors: Sequence[Wrong] = ()
    count: int = 0
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)

    def document(self, request_id: str) -> dict[str, Any]:
        """The problem as its JSON object."""
        found: dict[str, Any] = {
            "type": f"{_TYPE}{self.kind.word}",
            "title": self.kind.title,
            "status": self.kind.status.value,
            "detail": cut(self.detail),
            "request_id": request_id,
        }
        if self.errors:
            found["errors"] = [_wrong(each) for each in self.errors[:MOST_ERRORS]]
            found["error_count"] = max(self.count, len(self.errors))
        return found


def problem_bytes(problem: Problem, request_id: str) -> bytes:
    """The problem's JSON: ASCII alone, so that any text can be written."""
    return json.dumps(problem.document(request_id), separators=(",", ":")).encode("ascii")


def in_json(shown: str) -> str:
    """A value as messages show it, in the words of JSON where Python has others."""
    return _JSON_WORDS.get(shown, shown)


def cut(text: str) -> str:
    """`text` in a length that is decent to send back."""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 3]}..."


def _wrong(wrong: Wrong) -> dict[str, Any]:
    place = {} if wrong.index is None else {"index": wrong.index}
    account = None if wrong.account is None else cut(wrong.account)
    signal = None if wrong.signal is None else cut(wrong.signal)
    told = {"account": account, "signal": signal, "found": cut(wrong.found), "expected": cut(wrong.expected)}
    return place | told
