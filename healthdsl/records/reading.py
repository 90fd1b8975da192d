"""What one reading of accounts was asked for, and what an account is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from healthdsl.records.cells import cell_text
from healthdsl.records.errors import FileError
from healthdsl.records.input_file import shown_name
from healthdsl.records.seen import Seen

if TYPE_CHECKING:
    from healthdsl.model.ruleset import RowTable, Ruleset

Record = Mapping[str, object]
Warn = Callable[[str], None]
USUAL_IDS = ("account_id", "id")


@dataclass(frozen=True)
class Reading:
    """`form` is csv, json or jsonl; `rows` maps a row table to its file; `warn` takes one message.

    `in_python`: whoever reads the messages writes Python, not a command.
    """

    path: str
    form: str
    ruleset: Ruleset
    rows: Mapping[str, str]
    id_column: str | None
    warn: Warn
    seen: Seen
    in_python: bool = False

    @property
    def name(self) -> str:
        return shown_name(self.path)

    @cached_property
    def not_columns(self) -> tuple[str, ...]:
        """Names of tables that a CSV column may happen to have: a cell holds no rows."""
        if self.form != "csv":
            return ()
        columns = input_columns(self.ruleset)
        return tuple(table.name for table in self.ruleset.tables if table.name not in columns)


def input_columns(ruleset: Ruleset) -> list[str]:
    """The columns that the input signals are read from, in the order of the text."""
    return [signal.column for signal in ruleset.signals if signal.formula is None]


def row_columns(table: RowTable) -> list[str]:
    """The columns that are read of the rows of a table, in the order of the text."""
    return [column.column for column in table.columns if column.formula is None]


def id_key(ruleset: Ruleset) -> str:
    """The field of a record that holds the account id."""
    return ruleset.account_id or USUAL_IDS[0]


def id_text(value: object) -> str | None:
    """An account id as text, None when there is none: 12, 12.0 and ` 12 ` are one account."""
    text = "" if isinstance(value, bool | list | dict) else cell_text(value).strip()
    return text or None


def id_of(record: Record, column: str, place: str) -> str:
    """The id in a record; FileError when it has none."""
    account = id_text(record.get(column))
    if account is None:
        raise FileError(f"{place}: no account id in `{column}`. Every account needs one.")
    return account
