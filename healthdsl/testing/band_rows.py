"""Which row of some bands an account falls into: the outputs tell the band, and rows may share one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, assert_never

from healthdsl.model.expressions import And, Compare, Expression, PointsOf, Relation
from healthdsl.model.ruleset import Bands, Cell, CurvePoint, EdgeRung, Keys, Rest, Row, When

if TYPE_CHECKING:
    from healthdsl.testing.places import Account


class BandRows:
    """The rows of some bands as they are tried: in written order, `otherwise` and `missing` last."""

    def __init__(self, bands: Bands) -> None:
        self._node = bands.node
        self._points = PointsOf(bands.node)
        self._rows = sorted(bands.rows, key=lambda row: isinstance(row.key, Rest))

    @property
    def conditions(self) -> Iterator[Expression]:
        """What is asked of an account to tell its row."""
        for row in self._rows:
            condition = self._condition(row)
            if condition is not None:
                yield condition

    def reaches(self, row: Row) -> Callable[[Account], bool]:
        return lambda account: self._row_of(account) is row

    def _row_of(self, account: Account) -> Row | None:
        absent = account.values.points(self._node) is None
        for row in self._rows:
            if isinstance(row.key, Rest):
                if row.key.missing if absent else row.key.otherwise:
                    return row
            else:
                condition = self._condition(row)
                if condition is not None and account.asked(condition) is True:
                    return row
        return None

    def _condition(self, row: Row) -> Expression | None:
        match row.key:
            case When(condition=condition):
                return condition
            case EdgeRung() as rung:
                return self._edges(rung)
            case Keys() | CurvePoint() | Rest() | Cell():
                return None  # no rows of bands that ask for points
            case _:
                assert_never(row.key)

    def _edges(self, rung: EdgeRung) -> Expression | None:
        tests: list[Expression] = []
        if rung.low is not None:
            relation = Relation.AT_LEAST if rung.low_included else Relation.ABOVE
            tests.append(Compare(relation, self._points, rung.low))
        if rung.high is not None:
            relation = Relation.UP_TO if rung.high_included else Relation.BELOW
            tests.append(Compare(relation, self._points, rung.high))
        return And(tuple(tests)) if len(tests) > 1 else tests[0] if tests else None
