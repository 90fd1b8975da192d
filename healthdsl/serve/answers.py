"""Scores and explanations as the JSON objects that are sent back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from healthdsl.api import Result
from healthdsl.backends.record.errors import RecordError, shown
from healthdsl.serve.asked import Asked
from healthdsl.serve.problems import MOST_ERRORS, Kind, Problem, Wrong, in_json

if TYPE_CHECKING:
    from healthdsl.explain.explanation import Explanation

encode = json.JSONEncoder(separators=(",", ":"), allow_nan=False).encode
"""Compact JSON in ASCII, so that any text of a record can be sent back."""
_NAMES = ("account_id", "account_name")
_NO_NAMES = (bool, list, dict)


def results_of(asked: Asked) -> list[Result]:
    """The result of every record; Problem with all that is wrong when values may not be taken as missing."""
    found: list[Result] = []
    wrong: list[Wrong] = []
    count = 0
    for index, record in enumerate(asked.records):
        try:
            result = asked.compiled.score(record, as_of=asked.as_of, on_invalid=asked.on_invalid)
            _check_names(result)
        except RecordError as error:
            place = index if asked.batch else None
            every = _wrongs(asked, place, error)
            count += len(every)
            wrong += every[: MOST_ERRORS - len(wrong)]
        else:
            if not wrong:
                found.append(result)
    if wrong:
        raise Problem(Kind.INVALID_RECORD, _detail(wrong[0], count), wrong, count)
    return found


def score_answer(asked: Asked, results: list[Result]) -> dict[str, Any]:
    """The answer of /score."""
    if not asked.batch:
        return {**_row(results[0]), **_head(asked)}
    return {**_head(asked), "results": [_row(result) for result in results]}


def explain_answer(asked: Asked, results: list[Result]) -> dict[str, Any]:
    """The answer of /explain as JSON: the Explanation, or a list of them."""
    pages = [explanation_of(result).model_dump(mode="json") for result in results]
    return {**_head(asked), "explanations": pages} if asked.batch else pages[0]


def explanation_of(result: Result) -> Explanation:
    """The explanation; of very many notes the first, and how many more there are."""
    whole = result.explain()
    return whole.model_copy(update={"notes": _first(whole.notes)})


def _wrongs(asked: Asked, index: int | None, first: RecordError) -> list[Wrong]:
    """Every illegal value of a record; only the first where the record cannot be read at all."""
    record = asked.records[index or 0]
    if record.__class__ is not dict:
        return [Wrong(index, None, "record", in_json(first.found), "an object of values by column name")]
    errors: list[RecordError] = []
    if first.signal not in _NAMES:
        try:
            lenient = asked.compiled.score(record, as_of=asked.as_of, on_invalid="missing")
        except RecordError:
            pass
        else:
            errors = list(lenient.errors or ())
    return [Wrong.of(index, first.account, error) for error in errors or [first]]


def _check_names(result: Result) -> None:
    """RecordError when id or name of the account are of a kind that nothing is called by."""
    for what, found in zip(_NAMES, (result.id_found, result.name_found), strict=True):
        if found.__class__ in _NO_NAMES:
            raise RecordError(None, what, shown(found), "a text or a number")


def _first(notes: tuple[str, ...]) -> tuple[str, ...]:
    """The notes; of very many the first, and how many more there are."""
    more = len(notes) - MOST_ERRORS
    return notes if more <= 0 else (*notes[:MOST_ERRORS], f"{more} more notes are not shown")


def _detail(first: Wrong, count: int) -> str:
    account = "" if first.account is None else f"account {first.account}: "
    more = "" if count == 1 else f"; {count - 1} more"
    return f"{account}`{first.signal}` is {first.found}, expected {first.expected}{more}"


def _head(asked: Asked) -> dict[str, Any]:
    compiled = asked.compiled
    return {
        "ruleset": {
            "name": compiled.name,
            "version": compiled.version,
            "fingerprint": compiled.fingerprint,
        },
        "as_of": None if asked.as_of is None else asked.as_of.isoformat(),
    }


def _row(result: Result) -> dict[str, Any]:
    return {
        "account_id": result.account_id,
        "account_name": result.account_name,
        "score": result.score,
        "band": result.band,
        "coverage": result.coverage,
        "parts": result.parts,
        "levels": result.levels,
        "bands": result.bands,
        "flags": result.flags,
        "plays": result.plays,
        "notes": _first(result.notes),
    }
