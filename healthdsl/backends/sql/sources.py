"""Where a query finds the accounts: relations and, for every field of the input contract, an expression."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlglot import exp

from healthdsl.backends.sql.wanted import BadCells, Blank, Column, Gathered, Mask, Wanted

__all__ = ["BadCells", "Blank", "Cell", "Column", "Gathered", "Mask", "Rows", "Source", "Wanted"]


@dataclass(frozen=True, slots=True)
class Cell:
    """How a source gives one field.

    `value`: a DOUBLE before scale and range, a BOOLEAN, a DATE or a text; NULL is missing. `bad`: true where
    something stands that cannot be read as the type (None: that cannot be). `sound`: only range and choices
    are left to check, since no text is blank, every date is in the calendar, every number is finite and,
    where the field asks for it, whole. `whole`: a number that comes from an integer.
    """

    value: exp.Expression
    bad: exp.Expression | None = None
    sound: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one table.

    `account`: the account id of a row. `cells`: by column name; a column left out is missing in every row.
    `supplied`: a condition over the relation of accounts, whether rows were given for this account; None:
    for all.
    """

    relation: exp.Expression
    account: exp.Expression
    cells: Mapping[str, Cell]
    supplied: exp.Expression | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The accounts and their rows.

    `cells`: by the field's name; a field left out is missing in every account. `rows`: by table name; a table
    left out is not supplied.
    """

    relation: exp.Expression
    account: exp.Expression | None = None
    name: exp.Expression | None = None
    cells: Mapping[str, Cell] = field(default_factory=dict)
    rows: Mapping[str, Rows] = field(default_factory=dict)
