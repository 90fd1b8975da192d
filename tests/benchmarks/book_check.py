"""Holds a scored book against the record engine: every column, every account, to the last bit.

In: a ruleset, the Parquet files of accounts and rows it was scored from, and that of the results. Out: how
many accounts differ in each column; nothing when all is well.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from healthdsl import CompiledRuleset, Result

ID = "account_id"
Record = dict[str, object]


def differences(
    compiled: CompiledRuleset,
    accounts: Path,
    rows: Mapping[str, str],
    result: Path,
    as_of: date | None = None,
) -> Counter[str]:
    """Accounts that differ, by column; `(missing)` and `(unknown)` for accounts that only one side has."""
    found = {str(row[ID]): row for row in _read(result)}
    wrong: Counter[str] = Counter()
    for account in _records(accounts, rows):
        row = found.pop(str(account[ID]), None)
        if row is None:
            wrong["(missing)"] += 1
            continue
        expected = compiled.score(account, as_of=as_of)
        wrong.update(name for name, value in row.items() if value != _expected(expected, name))
    return wrong + Counter({"(unknown)": len(found)})


def _records(accounts: Path, rows: Mapping[str, str]) -> Iterator[Record]:
    """The accounts with their rows under the name of the table; an account without rows has an empty list."""
    tables: dict[str, defaultdict[str, list[Record]]] = {}
    for name, path in rows.items():
        tables[name] = defaultdict(list)
        for row in _read(Path(path)):
            tables[name][str(row.pop(ID))].append(row)
    for account in _read(accounts):
        yield {**account, **{name: of.get(str(account[ID]), []) for name, of in tables.items()}}


def _read(path: Path) -> Iterator[Record]:
    """Rows of a Parquet file or of a folder of them, without the columns that nobody filled."""
    for batch in pq.ParquetDataset(path).read().to_batches(10_000):
        yield from batch.to_pylist()


def _expected(result: Result, column: str) -> object:
    """What the record engine says of a column of a scored book."""
    values = result.values
    match column:
        case "account_id":
            return result.account_id
        case "score":
            return result.score
        case "band":
            return result.band
        case "coverage":
            return result.coverage
        case "bad_cells":
            return None
        case _ if column.endswith("__fired"):
            fired = (values[name] for name in values if name.startswith(f"{column}_"))
            return sum(2**k for k, each in enumerate(fired) if each)
        case _:
            return values[column]
