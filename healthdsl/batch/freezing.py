"""The values of one signal in a book, each with the number of accounts that have it, counted by DuckDB."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from healthdsl.backends.sql.wanted import BadCells as BadCellsColumn
from healthdsl.backends.sql.wanted import Column
from healthdsl.batch.bad_cells import BadCells
from healthdsl.batch.frozen_points import Counted
from healthdsl.batch.reading import Asked
from healthdsl.batch.scoring import Job, scored_book

MOST_VALUES = 200_000
"""More different values are thinned to about so many that stand a two-hundred-thousandth apart."""

_COUNTS = """
WITH counts AS (
  SELECT frozen AS value, COUNT(*) AS accounts FROM {relation} WHERE frozen IS NOT NULL GROUP BY frozen
), ranks AS (
  SELECT value, accounts, COUNT(*) OVER () AS different,
    SUM(accounts) OVER (ORDER BY value) * {most} // SUM(accounts) OVER () AS step
  FROM counts
), steps AS (
  SELECT value, accounts, different, step,
    MAX(value) OVER (PARTITION BY step) AS last, SUM(accounts) OVER (PARTITION BY step) AS together
  FROM ranks
)
SELECT value, CASE WHEN different > {most} THEN together ELSE accounts END, different
FROM steps WHERE different <= {most} OR value = last ORDER BY value
"""


def values_of(
    book: Asked, signal: str, as_of: date | None, folder: Path, tell_bad: Callable[[BadCells], None]
) -> Counted:
    """The values of a signal.

    Of more than 200,000 different values only the highest of each two-hundred-thousandth of the accounts is
    kept, for all of them. FileError for files that cannot be used.
    """
    wanted = (Column("frozen", signal), BadCellsColumn())
    with scored_book(Job(book, wanted, as_of), folder) as scored:
        if scored.bad.total:
            tell_bad(scored.bad)
        found = scored.ask(_COUNTS.format(relation=scored.relation, most=MOST_VALUES))
        counts = [(float(value), int(accounts)) for value, accounts, _ in found]
        return Counted(counts, scored.accounts, int(found[0][2]) if found else 0)
