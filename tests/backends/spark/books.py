"""A scored book by the record engine and by Spark, and where they differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from healthdsl import CompiledRuleset
from healthdsl.batch.columns import Explain
from healthdsl.batch.record_rows import RecordRows

Record = Mapping[str, object]
Rows = dict[str, dict[str, object]]


def by_record(
    compiled: CompiledRuleset, records: Iterable[Record], as_of: str | None, explain: Explain = "full"
) -> Rows:
    """Rows of the scored book by account id."""
    book = RecordRows(compiled.ruleset, compiled.graph, explain)
    found: Rows = {}
    for record in records:
        result = compiled.score(dict(record), as_of=as_of, on_invalid="missing")
        row = dict(book.row(result, result.account_id, result.account_name))
        found[str(result.account_id)] = row
    return found


def by_spark(frame: Any) -> Rows:
    return {row["account_id"]: row.asDict() for row in frame.collect()}


def differences(found: Rows, expected: Rows) -> list[str]:
    """Every cell that is not the same; columns that only text files have are left out."""
    wrong = [f"account {account}" for account in found.keys() ^ expected.keys()]
    for account in sorted(found.keys() & expected.keys()):
        mine, theirs = found[account], expected[account]
        wrong += [
            f"{account}, {name}: Spark {mine[name]!r}, record {theirs[name]!r}"
            for name in mine
            if not _same(mine[name], theirs[name])
        ]
    return wrong


def _same(one: object, other: object) -> bool:
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other
    if isinstance(one, float | int) and isinstance(other, float | int):
        return float(one) == float(other)
    if isinstance(one, dt.date) and isinstance(other, str):
        return one.isoformat() == other
    return type(one) is type(other) and one == other
