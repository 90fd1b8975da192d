"""What a request asks for: which records, for which day, what becomes of bad values.

    {"ruleset": "saas", "version": "1.2.0", "as_of": "2026-03-31", "on_invalid": "raise", "record": {...}}
    {"ruleset": "saas", "records": [{...}, {...}]}

The ruleset is not named where the path names it. The records themselves are left to the ruleset.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from healthdsl.api import CompiledRuleset
from healthdsl.backends.record.errors import shown
from healthdsl.serve.problems import Kind, Problem, in_json
from healthdsl.serve.settings import Limits, Settings
from healthdsl.serve.shelf import Shelf

OnInvalid = Literal["raise", "missing"]
Record = dict[str, object]
_KEYS = ("ruleset", "version", "as_of", "on_invalid", "record", "records")


@dataclass(frozen=True, slots=True)
class Asked:
    """A request understood. `batch`: it had `records`, and the answer is a list too."""

    compiled: CompiledRuleset
    records: list[Record]
    batch: bool
    as_of: date | None
    on_invalid: OnInvalid


def understand(content: Any, name: str | None, shelf: Shelf, settings: Settings) -> Asked:
    """The request that a body makes; `name` is the ruleset of the path, if it has one. Problem when it cannot
    be understood.
    """
    if content.__class__ is not dict:
        raise _unusable(f"the body is {_kind(content)}, expected an object with `record` or `records`")
    compiled = shelf.find(_name(content, name), _text(content, "version"))
    for key in content:
        if key not in _KEYS:
            raise _unusable(f"the body has {shown(key)}, expected only {', '.join(_KEYS)}")
    on_invalid = content.get("on_invalid", "raise")
    if on_invalid != "raise" and on_invalid != "missing":  # noqa: PLR1714 -- a list has no hash
        raise _unusable(f'`on_invalid` is {in_json(shown(on_invalid))}, expected "raise" or "missing"')
    records, batch = _records(content)
    day = _day(content.get("as_of"), compiled, settings)
    return Asked(compiled, records, batch, day, on_invalid)


def check_size(asked: Asked, most: int, limits: Limits) -> None:
    """Problem when there are more than `most` records, or too many rows in them."""
    if len(asked.records) > most:
        found = f"{len(asked.records)} records in one request; {most} may be asked for at once"
        raise Problem(Kind.TOO_LARGE, found)
    rows = count_rows(asked)
    if rows > limits.rows:
        raise Problem(Kind.TOO_LARGE, f"{rows} rows in one request; {limits.rows} may be sent at once")


def count_rows(asked: Asked) -> int:
    """The rows of all tables of all records."""
    total = 0
    for table in asked.compiled.graph.tables:
        for record in asked.records:
            rows = record.get(table.name) if record.__class__ is dict else None
            total += len(rows) if rows.__class__ is list else 0
    return total


def _name(content: Record, name: str | None) -> str:
    found = _text(content, "ruleset")
    if name is None:
        if found is None:
            raise _unusable('`ruleset` is missing, expected the name of a ruleset, "ruleset": "NAME"')
        return found
    if found is not None and found != name:
        raise _unusable(f"`ruleset` is {shown(found)}, and the path names {shown(name)}")
    return name


def _records(content: Record) -> tuple[list[Record], bool]:
    """The records, each still to be looked at, and whether they came as a list."""
    if ("record" in content) == ("records" in content):
        found = "both `record` and" if "record" in content else "neither `record` nor"
        raise _unusable(f"the body has {found} `records`, expected one of the two")
    if "record" in content:
        return [content["record"]], False  # type: ignore[list-item]
    records = content["records"]
    if not isinstance(records, list):
        raise _unusable(f"`records` is {_kind(records)}, expected a list of records")
    return records, True


def _day(found: object, compiled: CompiledRuleset, settings: Settings) -> date | None:
    """The day of the request, else the service's; Problem when the ruleset needs one and there is none."""
    if found is None:
        day = settings.default_day()
        if day is None and compiled.needs_as_of:
            detail = f'{compiled.name} looks at dates: say for which day, "as_of": "2026-03-31"'
            raise Problem(Kind.NEEDS_AS_OF, detail)
        return day if compiled.needs_as_of else None
    try:
        if isinstance(found, str) and len(found) == 10 and found[4] == found[7] == "-":
            return date.fromisoformat(found)
    except ValueError:
        pass
    raise _unusable(f"`as_of` is {in_json(shown(found))}, expected a date such as 2026-03-31")


def _text(content: Record, key: str) -> str | None:
    found = content.get(key)
    if found is None or isinstance(found, str):
        return found
    raise _unusable(f"`{key}` is {_kind(found)}, expected a text")


def _kind(found: object) -> str:
    """What a value is in JSON's words."""
    match found:
        case None:
            return "null"
        case bool():
            return "true or false"
        case int() | float():
            return "a number"
        case str():
            return "a text"
        case list():
            return "a list"
        case _:
            return "an object"


def _unusable(detail: str) -> Problem:
    return Problem(Kind.INVALID_REQUEST, detail)
