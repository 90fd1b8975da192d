"""Files of rows (tickets, logins ..) gathered by account id."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from healthdsl.records.errors import FileError, hint
from healthdsl.records.input_file import shown_name
from healthdsl.records.reading import USUAL_IDS, Record, Warn, id_text
from healthdsl.records.tables import read_table

if TYPE_CHECKING:
    from healthdsl.model.ruleset import RowTable


def read_rows(table: RowTable, path: str, id_column: str | None, warn: Warn) -> dict[str, list[Record]]:
    """The rows of `table` by account id. `id_column` is how the accounts' file calls the id."""
    columns = [column.column for column in table.columns if column.formula is None]
    form, records = read_table(path, frozenset([*columns, *USUAL_IDS, *([id_column] if id_column else [])]))
    by_account: dict[str, list[Record]] = {}
    first = next(records, None)
    if first is None:
        warn(f"{shown_name(path)}: there is no row in this file, so no account has {table.name}")
        return by_account
    key = _join_column(list(first[1]), id_column, path)
    if form == "csv":
        _check_columns(table, columns, list(first[1]), path, warn)
    without = 0
    for _, row in chain([first], records):
        account = id_text(row.get(key))
        if account is None:
            without += 1
        else:
            by_account.setdefault(account, []).append(row)
    if without:
        warn(f"{shown_name(path)}: {without} rows have no `{key}` and belong to no account")
    return by_account


def _join_column(fields: list[str], id_column: str | None, path: str) -> str:
    """The column that names the account. A plain `id` would be the row's own."""
    candidates = [name for name in dict.fromkeys((id_column, USUAL_IDS[0])) if name and name != "id"]
    for name in candidates:
        if name in fields:
            return name
    expected = " or ".join(f"`{name}`" for name in candidates)
    found = ", ".join(f"`{field}`" for field in fields[:8])
    raise FileError(
        f"{shown_name(path)}: no column {expected} to join the rows to their accounts. Found: {found}."
    )


def _check_columns(table: RowTable, columns: list[str], fields: list[str], path: str, warn: Warn) -> None:
    name = shown_name(path)
    dates = [
        column.column for column in table.columns if column.name == table.dated and column.formula is None
    ]
    for column in columns:
        if column in fields:
            continue
        if column in dates:
            why = f"which dates the rows `{table.name}`{hint(column, fields)}"
            raise FileError(f"{name}: there is no column `{column}`, {why}.")
        warn(f"{name}: no column `{column}`, so it is missing in every row{hint(column, fields)}")
