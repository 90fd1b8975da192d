"""Small books for `score_many`, and what comes of them, whatever form it has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa

from healthdsl import loads
from tests.cli.program import RULESET

TINY = loads(RULESET)
ROWS = loads(
    RULESET.replace(
        "measure nps",
        "rows tickets\n  kind  one of bug, wish\n  hours  number\nsignal open = count of tickets\n"
        "signal spent = sum hours of tickets\n\nmeasure nps",
        1,
    )
)
# 60 * 100 + 40 * 100; A-2: 60 * 0 + 40 * 50; A-3 knows nothing.
SCORES = {"A-1": 100.0, "A-2": 20.0, "A-3": None}


def table() -> pa.Table:
    return pa.table(
        {
            "account_id": ["A-1", "A-2", "A-3"],
            "name": ["Acme", "Birch", "Cobalt"],
            "seats": pa.array([120, 8, None], pa.int32()),
            "NPS Score": [45.0, -20.0, None],
        }
    )


def lines(found: Any) -> list[dict[str, object]]:
    """The rows of any result."""
    match found:
        case pa.Table():
            return found.to_pylist()
        case pd.DataFrame():
            return [
                {key: None if pd.isna(value) else value for key, value in row.items()}  # type: ignore[misc]
                for row in found.to_dict("records")
            ]
        case pl.DataFrame():
            return found.to_dicts()
        case _:
            columns: list[str] = found.columns
            return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def scores(found: Any) -> Mapping[object, object]:
    return {line["account_id"]: line["score"] for line in lines(found)}
