"""What a reader is told about files that are odd but usable, and what is refused about their columns."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from healthdsl.records.cells import printable
from healthdsl.records.errors import FileError, hint
from healthdsl.records.reading import USUAL_IDS, Reading, Record, input_columns

SHOWN = 3
REPEATED_SHOWN = 20
FIELDS_SHOWN = 12


def id_column_of(fields: list[str], reading: Reading) -> str | None:
    """The field that holds the account id; None: accounts go by their number."""
    asked = reading.id_column or reading.ruleset.account_id
    if asked is not None:
        if asked in fields:
            return asked
        option = "id_column" if reading.in_python else "--id"
        asker = option if reading.id_column else "the ruleset's `account id`"
        raise FileError(
            f"{reading.name}: no column `{asked}`, which {asker} names{hint(asked, fields)}. {_found(fields)}"
        )
    for usual in USUAL_IDS:
        if usual in fields:
            return usual
    another = "id_column=.." if reading.in_python else "--id COLUMN"
    if reading.rows:
        raise FileError(
            f"{reading.name}: no column account_id to join rows by. Name it with {another}. {_found(fields)}"
        )
    missing = f"{reading.name}: no column account_id or id"
    reading.warn(f"{missing}, so accounts go by their number, 1, 2, 3 .. ({another} names another)")
    return None


def _found(fields: list[str]) -> str:
    """The columns that are there."""
    more = f" and {len(fields) - FIELDS_SHOWN} more" if len(fields) > FIELDS_SHOWN else ""
    return f"Found: {', '.join(f'`{printable(field)}`' for field in fields[:FIELDS_SHOWN])}{more}."


def tell_absent(fields: list[str], reading: Reading) -> None:
    """Say which columns no account has; FileError when the file has none of the ruleset's columns."""
    columns = input_columns(reading.ruleset)
    absent = [column for column in columns if column not in fields]
    if not absent:
        return
    if len(absent) == len(columns) and not reading.ruleset.tables:
        wanted = ", ".join(f"`{column}`" for column in columns[:SHOWN])
        found = ", ".join(f"`{name}`" for name in fields[:SHOWN])
        raise FileError(
            f"{reading.name}: the ruleset reads {wanted} .., but found {found} .. Is it the right file?"
        )
    reading.seen.absent[:] = absent
    told = [f"  `{column}`{hint(column, fields)}" for column in absent]
    heading = f"{reading.name}: no such column, so it is missing in every account:"
    reading.warn("\n".join([heading, *told]))


def tell_at_end(joined: Mapping[str, Mapping[str, list[Record]]], reading: Reading) -> None:
    """Say what only the whole file shows; FileError when an account stands there twice."""
    seen = reading.seen
    if seen.repeated:
        raise FileError(_repeated(seen.repeated, reading.name))
    if reading.form != "csv":
        tell_absent(sorted(seen.fields), reading)
    tell_not_given(joined.keys() | (set() if reading.form == "csv" else seen.fields), reading)
    for name, rows in joined.items():
        if lost := [account for account in rows if account not in seen.places]:
            tell_lost(name, sum(len(rows[account]) for account in lost), lost[0], reading)


def tell_not_given(given: Collection[str], reading: Reading) -> None:
    """Say which tables of rows nobody gave."""
    for table in reading.ruleset.tables:
        if table.name not in given:
            option = f'rows={{"{table.name}": ..}}' if reading.in_python else f"--rows {table.name}=FILE"
            reading.warn(f"no rows `{table.name}` given, so they are missing ({option} gives them)")


def tell_lost(table: str, count: int, example: str, reading: Reading) -> None:
    """Say how many rows belong to no account of the file."""
    rows = "1 row is of an account" if count == 1 else f"{count} rows are of accounts"
    whose = f"{rows} that {reading.name} does not have, such as `{example}`"
    reading.warn(f"{reading.rows[table]}: {whose}")


def _repeated(repeated: list[str], name: str) -> str:
    told = [f"  {each}" for each in repeated[:REPEATED_SHOWN]]
    if len(repeated) > REPEATED_SHOWN:
        told.append(f"  and {len(repeated) - REPEATED_SHOWN} more")
    heading = f"{name}: an account id stands there more than once:"
    return "\n".join([heading, *told, "Give every account an id of its own, or remove what is there twice."])
