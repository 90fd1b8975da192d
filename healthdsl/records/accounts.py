"""Account files as records ready to be scored.

In: a file of accounts (CSV, JSON, JSON Lines; `-` is standard input) and files of rows, joined by account id.
Out: a mapping for each account, in the order of the file, read as it is asked for. Every record has its id as
text under `id_key`, and every row table that has a file is a list. What is odd but usable goes to `warn`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING

from healthdsl.records.errors import FileError, hint
from healthdsl.records.input_file import STANDARD_INPUT
from healthdsl.records.reading import USUAL_IDS, Reading, Record, Warn, id_key, id_of, input_columns
from healthdsl.records.seen import Seen

if TYPE_CHECKING:
    from healthdsl.model.ruleset import Ruleset

Joined = Mapping[str, Mapping[str, list[Record]]]
NO_ROWS: Mapping[str, str] = MappingProxyType({})


def read_accounts(  # noqa: PLR0913 -- an option each
    path: str,
    ruleset: Ruleset,
    *,
    rows: Mapping[str, str] = NO_ROWS,
    id_column: str | None = None,
    warn: Warn = lambda _: None,
    seen: Seen | None = None,
) -> Iterator[Record]:
    """The accounts of a file. `rows` maps a row table to its file, `id_column` names the column of the id;
    `seen` is filled with where everything stands.

    Raises FileError, also while iterating, for a file that cannot be used.
    """
    from healthdsl.records.tables import read_table

    check_rows(path, ruleset, rows)
    wanted = {id_column, *USUAL_IDS, ruleset.account_id, ruleset.account_name, *input_columns(ruleset)}
    form, records = read_table(path, frozenset(column for column in wanted if column))
    seen = Seen() if seen is None else seen
    seen.form = form
    return _accounts(records, Reading(path, form, ruleset, rows, id_column, warn, seen))


def check_rows(path: str, ruleset: Ruleset, rows: Mapping[str, str]) -> None:
    """FileError for rows that the ruleset does not have, or two files on standard input."""
    declared = [table.name for table in ruleset.tables]
    for name in rows:
        if name not in declared:
            known = f"It has: {', '.join(declared)}." if declared else "It has no rows at all."
            raise FileError(
                f"--rows {name}=...: the ruleset has no rows `{name}`{hint(name, declared)}. {known}"
            )
    if [path, *rows.values()].count(STANDARD_INPUT) > 1:
        raise FileError("Only one file can be standard input (-).")


def _accounts(records: Iterator[tuple[str, dict[str, object]]], reading: Reading) -> Iterator[Record]:
    from healthdsl.records.notices import id_column_of, tell_absent, tell_at_end
    from healthdsl.records.rows import read_rows

    first = next(records, None)
    if first is None:
        raise FileError(f"{reading.name}: there is no account in this file.")
    fields = list(first[1])
    id_column = id_column_of(fields, reading)
    if reading.form == "csv":
        tell_absent(fields, reading)
    tables = {table.name: table for table in reading.ruleset.tables}
    joined = {name: read_rows(tables[name], path, id_column, reading) for name, path in reading.rows.items()}
    for number, (place, record) in enumerate(chain([first], records), start=1):
        account = str(number) if id_column is None else id_of(record, id_column, place)
        reading.seen.note(account, place, record)
        if not reading.seen.repeated:  # otherwise only the rest of the repeated ids is of interest
            yield _joined(record, account, place, joined, reading)
    tell_at_end(joined, reading)


def _joined(record: dict[str, object], account: str, place: str, joined: Joined, reading: Reading) -> Record:
    """The record with its id as text and its rows as lists."""
    for name in reading.not_columns:
        record.pop(name, None)
    for name, rows in joined.items():
        if record.get(name) is not None:
            raise FileError(
                f"{place}: `{name}` is in the record and in {reading.rows[name]}. Keep one of them."
            )
        record[name] = rows.get(account, [])
    record[id_key(reading.ruleset)] = account
    return record
