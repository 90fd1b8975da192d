"""A `when` row of bands that gives a band to an account without a score.

Rungs ask for points and pass such an account over; a `when` row asks for something else and does not. It is
told with an account that shows it, unless the condition speaks of the score being missing or known.
"""

from __future__ import annotations

from collections.abc import Iterator

from healthdsl.checks.bench import Bench, find
from healthdsl.checks.finding import Finding
from healthdsl.checks.lab import Outputs
from healthdsl.checks.solve import Wish
from healthdsl.checks.terms import atoms
from healthdsl.model.expressions import Expression, IsMissing, PointsOf
from healthdsl.model.ruleset import Bands, Row, ToLevel, When


def check_bands_of_none(bench: Bench) -> Iterator[Finding]:
    """One finding for each such row."""
    for bands in bench.ruleset.bands:
        for row in bands.rows:
            if isinstance(row.key, When) and not _speaks(bench, row.key.condition, bands.node):
                yield from _row(bench, bands, row, row.key.condition)


def _speaks(bench: Bench, condition: Expression, node: str) -> bool:
    """Whether a condition asks if the score is known."""
    return IsMissing(PointsOf(node)) in atoms(condition, bench.conditions)


def _row(bench: Bench, bands: Bands, row: Row, condition: Expression) -> Iterator[Finding]:
    assert isinstance(row.result, ToLevel)
    node, band = bands.node, row.result.name
    names = (f"{node}__points", f"{node}__band")

    def unscored(outputs: Outputs) -> bool:
        return outputs.get(names[0]) is None and outputs.get(names[1]) == band

    wishes = [Wish(condition), Wish(IsMissing(PointsOf(node)))]
    shown = bench.shown(wishes, names, unscored, f"has no `{node}`, and is `{band}`")
    if shown:
        message = f"this row gives the band `{band}` to accounts without a score"
        advice = f"add `and {node} is known`; where it is meant, a comment above allows it with the reason"
        yield find("W522", node, row.span, message, advice, shown=shown)
