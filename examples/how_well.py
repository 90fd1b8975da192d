"""How well the bands of a ruleset separate customers who left from those who stayed.

    python examples/how_well.py RULESET TABLE OUTCOME LEFT

OUTCOME is the column that says what happened, LEFT its value for customers who left. Prints the share that
left in each band, and the area under the ROC curve: the chance that someone who left scores lower than
someone who stayed (0.5 is guessing, 1 is perfect). Customers without a score are a line of their own.
"""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path

import healthdsl
from healthdsl.records.accounts import read_accounts

Scored = tuple[float | None, str | None, bool]


def scored_accounts(ruleset: Path, table: Path, outcome: str, left: str) -> Iterator[Scored]:
    """Score, band and whether the customer left, for each row of the table."""
    compiled = healthdsl.load(ruleset)
    for record in read_accounts(str(table), compiled.ruleset):
        result = compiled.score(record)
        yield result.score, result.band, record[outcome] == left


def area_under_curve(scored: Iterable[Scored]) -> float:
    """The chance that one who left scores lower than one who stayed; ties count half."""
    known = [(score, left) for score, _, left in scored if score is not None]
    stayed = sorted(score for score, left in known if not left)
    gone = [score for score, left in known if left]
    lower = sum(bisect_left(stayed, score) + bisect_right(stayed, score) for score in gone) / 2
    return 1 - lower / (len(stayed) * len(gone))


def share_left_by_band(scored: Iterable[Scored]) -> dict[str | None, tuple[int, int]]:
    """For each band how many customers it has and how many of them left."""
    bands: dict[str | None, tuple[int, int]] = {}
    for _, band, left in scored:
        customers, gone = bands.get(band, (0, 0))
        bands[band] = (customers + 1, gone + left)
    return bands


def main() -> None:
    ruleset, table, outcome, left = sys.argv[1:]
    scored = list(scored_accounts(Path(ruleset), Path(table), outcome, left))
    print(f"{'band':<12} {'customers':>9} {'left':>6} {'share left':>11}")
    bands = share_left_by_band(scored)
    for band, (customers, gone) in sorted(bands.items(), key=lambda item: -item[1][1] / item[1][0]):
        print(f"{band or 'no score':<12} {customers:>9} {gone:>6} {gone / customers:>11.1%}")
    print(f"area under the ROC curve: {area_under_curve(scored):.3f}")


if __name__ == "__main__":
    main()
