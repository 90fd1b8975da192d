"""A line of a scored book as Python gives it, in the graph's terms.

A line comes out of pandas, polars, Arrow, DuckDB or a file that was read again. None, NaN, NaT, NA and blank
text are missing; a number may be of numpy, a day a time of pandas, all of them text.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from healthdsl.backends.record.errors import shown
from healthdsl.graph.graph import Op
from healthdsl.records.cells import cell_text

_YES_NO = {"yes": True, "true": True, "no": False, "false": False}


class RowError(ValueError):
    """A line that no explanation can be made of; the message says what it lacks."""


def line_of(given: object) -> dict[str, Any]:
    """The line as a mapping of columns to values; TypeError for what is none."""
    if isinstance(given, Mapping):
        return dict(given)
    pandas = sys.modules.get("pandas")
    if pandas is not None and isinstance(given, pandas.Series):
        return dict(given.items())
    raise TypeError(
        f"line: found {type(given).__name__}, expected a line of a scored book: a mapping of column names to "
        "values, or a row of pandas. Of a frame take one line: frame.iloc[0] in pandas, "
        "frame.row(0, named=True) in polars, table.to_pylist()[0] in Arrow."
    )


def text_in(line: Mapping[str, Any], column: str) -> str | None:
    """A text of the line, such as the account's id: 12 for 12.0; None when it is missing or not there."""
    found = plain(line.get(column))
    return None if found is None else cell_text(found)


def names_in(line: Mapping[str, Any], column: str) -> list[str]:
    """The names that are joined by `; ` in a column."""
    found = plain(line.get(column))
    if found is not None and not isinstance(found, str):
        raise RowError(f"the line has {shown(found)} in `{column}`, expected a text.")
    return found.split("; ") if found else []


def value_in(line: Mapping[str, Any], column: str, op: Op) -> object:
    """The value of an operation. RowError when its column is not there or holds something else."""
    if column not in line:
        raise RowError(f"the line has no column `{column}`. Score with --explain parts or full.")
    value = plain(line[column])
    if value is None:
        return None
    found, expected = _read(op, value)
    if found is None:
        raise RowError(f"the line has {shown(value)} in `{column}`, expected {expected}.")
    return found


def _read(op: Op, value: object) -> tuple[object, str]:
    """The value, None when it is none of its type; and what is expected."""
    if op.type.is_numeric:
        return _number(value), "a number"
    if op.type.is_date:
        return _day(value), "a date"
    return (_text(value), "a text") if op.type.is_text else (_yes_no(value), "yes or no")


def plain(value: Any) -> Any:
    """A value in Python's own terms; None when it is missing."""
    home, kind = type(value).__module__.partition(".")[0], type(value).__name__
    if home == "numpy":
        if kind == "datetime64":
            return None if str(value) == "NaT" else str(value)
        value = value if kind == "ndarray" else value.item()
    elif home == "pandas" and kind in {"NAType", "NaTType"}:
        return None
    elif home == "pyarrow" and kind.endswith("Scalar"):
        value = value.as_py()
    if isinstance(value, str):
        return value if value.strip() else None
    return None if isinstance(value, float | Decimal) and not math.isfinite(value) else value


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) else None


def _day(value: object) -> int | None:
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value[:10])
        except ValueError:
            return None
    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.astimezone(UTC)
    return value.toordinal() if isinstance(value, date) else None


def _text(value: object) -> str | None:
    is_text = isinstance(value, str | int | float) and not isinstance(value, bool)
    return cell_text(value) if is_text else None


def _yes_no(value: object) -> bool | None:
    if isinstance(value, str):
        return _YES_NO.get(value.strip().lower())
    return bool(value) if isinstance(value, int | float) and value in {0, 1} else None
