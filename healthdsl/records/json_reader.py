"""JSON and JSON Lines files as mappings.

JSON: a list of objects, or one object. JSON Lines: one object a line, read one at a time. A key that stands
twice in an object is refused, since one of its values would be lost.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from healthdsl.records.cells import printable
from healthdsl.records.errors import FileError

Row = dict[str, object]
_EXAMPLE = 'an object such as {"account_id": "A1", "seats": 20}'
_WORDS: dict[type, str] = {
    list: "a list",
    str: "a text",
    int: "a number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


class _RepeatedKeyError(ValueError):
    """An object names a key twice."""


def read_json(name: str, lines: Iterator[str]) -> Iterator[tuple[str, Row]]:
    """The place (`accounts.json, record 3`) and content of each object of a JSON file."""
    text = "".join(lines)
    if not text.strip():
        raise FileError(f"{name}: the file is empty. Expected a list of objects, one for each account.")
    content = _parsed(text, name)
    records = content if isinstance(content, list) else [content]
    for number, record in enumerate(records, start=1):
        place = f"{name}, record {number}"
        yield place, _object(record, place)


def read_json_lines(name: str, lines: Iterator[str]) -> Iterator[tuple[str, Row]]:
    """The place (`accounts.jsonl, line 3`) and content of each line that is not blank."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            place = f"{name}, line {number}"
            yield place, _object(_parsed(line, place), place)


def is_json(text: str) -> bool:
    """Whether `text` is JSON by itself."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _parsed(text: str, place: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_without_repeats)
    except json.JSONDecodeError as problem:
        where = place if "line" in place else f"{place}, line {problem.lineno}"
        found = f"{where}, character {problem.colno}: this is not JSON ({problem.msg})."
        raise FileError(f"{found} Expected {_EXAMPLE}.") from None
    except _RepeatedKeyError as problem:
        raise FileError(
            f"{place}: the key `{printable(str(problem))}` is given twice. Keep one of them."
        ) from None
    except RecursionError:
        raise FileError(f"{place}: the JSON is nested too deeply. Expected a list of flat objects.") from None
    except ValueError:  # a number of thousands of digits
        raise FileError(f"{place}: a number has too many digits to be read.") from None


def _without_repeats(pairs: list[tuple[str, object]]) -> Row:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        raise _RepeatedKeyError(next(name for name in names if names.count(name) > 1))
    return found


def _object(record: object, place: str) -> Row:
    if isinstance(record, dict):
        return record
    found = _WORDS.get(type(record), "something else")
    raise FileError(f"{place}: found {found}, expected {_EXAMPLE}.")
