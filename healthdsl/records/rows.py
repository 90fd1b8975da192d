"""Files of rows (tickets, logins ..) gathered by account id."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING

from healthdsl.records.errors import FileError, hint
from healthdsl.records.input_file import shown_name
from healthdsl.records.reading import USUAL_IDS, Reading, Record, Warn, id_text, row_columns
from healthdsl.records.tables import read_table

if TYPE_CHECKING:
    from healthdsl.model.ruleset import RowTable


BLANK = (None, "")


def read_rows(table: RowTable, path: str, id_column: str | None, reading: Reading) -> dict[str, list[Record]]:
    """The rows of `table` by account id. `id_column` is how the accounts' file calls the id."""
    warn = reading.warn
    columns = row_columns(table)
    form, records = read_table(path, frozenset([*columns, *USUAL_IDS, *([id_column] if id_column else [])]))
    first = next(records, None)
    if first is None:
        warn(f"{shown_name(path)}: there is no row in this file, so no account has {table.name}")
        return {}
    key = join_column(list(first[1]), id_column, path)
    if form == "csv":
        check_columns(table, columns, list(first[1]), path, warn)
    return _gathered(chain([first], records), table, key, reading)


def _gathered(
    records: Iterator[tuple[str, Record]], table: RowTable, key: str, reading: Reading
) -> dict[str, list[Record]]:
    """The rows by account; what no score can use is told."""
    by_account: dict[str, list[Record]] = {}
    places = reading.seen.rows.setdefault(table.name, {})
    dated = next(iter(date_columns(table)), None)
    unowned: list[str] = []
    undated: list[str] = []
    for place, row in records:
        account = id_text(row.get(key))
        if account is None:
            unowned.append(place)
            continue
        by_account.setdefault(account, []).append(row)
        places.setdefault(account, []).append(place)
        if dated is not None and row.get(dated) in BLANK:
            undated.append(place)
    if unowned:
        reading.warn(f"{counted(len(unowned))} no `{key}` and no account to belong to: {_first(unowned)}")
    if undated:
        reading.warn(
            f"{counted(len(undated))} no date in `{dated}` and no part in the score: {_first(undated)}"
        )
    return by_account


def counted(number: int) -> str:
    return "1 row has" if number == 1 else f"{number} rows have"


def _first(places: list[str]) -> str:
    return places[0] if len(places) == 1 else f"the first is {places[0]}"


def join_column(fields: list[str], id_column: str | None, path: str) -> str:
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


def date_columns(table: RowTable) -> list[str]:
    """The column of the file that dates the rows, if any."""
    return [column.column for column in table.columns if column.name == table.dated and not column.formula]


def check_columns(table: RowTable, columns: list[str], fields: list[str], path: str, warn: Warn) -> None:
    name = shown_name(path)
    dates = date_columns(table)
    for column in columns:
        if column in fields:
            continue
        if column in dates:
            why = f"which dates the rows `{table.name}`{hint(column, fields)}"
            raise FileError(f"{name}: there is no column `{column}`, {why}.")
        warn(f"{name}: no column `{column}`, so it is missing in every row{hint(column, fields)}")
