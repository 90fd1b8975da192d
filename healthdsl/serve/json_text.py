"""JSON from strangers: bytes in, plain values out, or a Problem.

Stricter than the json module: UTF-8 alone, no key twice in an object, no NaN or Infinity, no number that a
double cannot hold, no more depth than asked for, no more lists than any request has. Nothing here recurses in
Python.

The json module's parser is one call in C, and nothing else of the process runs in it but while it calls back:
for objects and fractions always, for whole numbers where the body is large. Lists alone would stop everybody
for a second (3.9 MB of `[],`: 0.8 s; with the limit 0.1 s), so they are counted first.
"""

from __future__ import annotations

import codecs
import json
import re
from math import isinf
from typing import Any

from healthdsl.serve.problems import Kind, Problem, cut

SMALL_BYTES = 16_384
"""A body up to this size is read and scored in about a millisecond; a larger one keeps others waiting."""
MOST_LISTS = 100_000
"""A record has a list for each table: thousands of records do not have so many."""
_STRING = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_SAME = bytes.maketrans(b"{}", b"[]")
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


class _RepeatedKeyError(ValueError):
    """An object names a key twice."""


class _NumberError(ValueError):
    """A number that JSON does not have, or that is too large."""


def read_json(body: bytes, depth: int) -> Any:
    """The value a body holds; Problem when it is not JSON or nested more than `depth` levels."""
    if not body.strip():
        raise _not_json("the body is empty")
    if body.startswith(codecs.BOM_UTF8):
        raise _not_json("the body begins with a byte order mark; send it without")
    if _is_deeper(body, depth):
        raise _not_json(
            f"objects and lists stand in each other more than {depth} levels deep, or are not closed"
        )
    if body.count(b"[") > MOST_LISTS and _STRING.sub(b"", body).count(b"[") > MOST_LISTS:
        detail = f"more than {MOST_LISTS} lists in one request; send fewer records at once"
        raise Problem(Kind.TOO_LARGE, detail)
    try:
        decoder = _DECODER if len(body) <= SMALL_BYTES else _PATIENT
        return decoder.decode(body.decode("utf-8"))
    except UnicodeDecodeError as problem:
        raise _not_json(f"byte {problem.start} (0x{body[problem.start]:02x}) is not UTF-8") from None
    except json.JSONDecodeError as problem:
        where = f"line {problem.lineno}, character {problem.colno}"
        raise _not_json(f"{where}: {problem.msg}") from None
    except _RepeatedKeyError as problem:
        key = json.dumps(cut(str(problem)))
        raise _not_json(f"the key {key} is given twice in one object; keep one of them") from None
    except _NumberError as problem:
        raise _not_json(str(problem)) from None
    except ValueError:  # Python reads no whole number of more than 4300 digits
        raise _not_json("a number has too many digits") from None
    except RecursionError:
        raise _not_json("objects and lists stand in each other too deeply") from None


def _not_json(detail: str) -> Problem:
    return Problem(Kind.NOT_JSON, detail)


def _is_deeper(body: bytes, depth: int) -> bool:
    """Whether brackets stand in each other more than `depth` levels deep.

    Each round takes away the innermost pairs, all at once, in C. Brackets inside of texts are told apart
    only when pairs are left over, which no ordinary body has.
    """
    brackets = body.translate(_SAME, _NO_BRACKETS)
    if len(brackets) <= depth:
        return False
    if not _without_pairs(brackets, depth):
        return False
    return bool(_without_pairs(_STRING.sub(b"", body).translate(_SAME, _NO_BRACKETS), depth))


def _without_pairs(brackets: bytes, rounds: int) -> bytes:
    """What is left of brackets; those that have no partner leave JSON that the parser refuses."""
    for _ in range(rounds):
        if not brackets:
            break
        brackets = brackets.replace(b"[]", b"")
    return brackets


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise _RepeatedKeyError(name)
            seen.add(name)
    return found


def _real(text: str) -> float:
    value = float(text)
    if isinf(value):
        raise _NumberError(f"the number {cut(text)} is too large")
    return value


def _constant(text: str) -> Any:
    raise _NumberError(f"{text} is no JSON number; a value that is not known is null")


def _whole(text: str) -> int:
    """What `int` does, in Python: others may run between two calls of it."""
    return int(text)


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_float=_real, parse_constant=_constant)
_PATIENT = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_real, parse_int=_whole, parse_constant=_constant
)
