"""Snapping and rounding in SQL: the arithmetic of healthdsl.graph.arithmetic, operation for operation."""

from __future__ import annotations

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql.build import Make
from healthdsl.backends.sql.dialects import Dialect
from healthdsl.graph.arithmetic import HALF_UP, SNAP_LIMIT
from healthdsl.graph.bounds import Bounds

LARGEST = 1.7976931348623157e308


def snap_reads(bounds: Bounds) -> int:
    """How often `snap` writes its operand."""
    low, high = bounds
    if low >= 0.0:
        return 1 if high < SNAP_LIMIT else 3
    return 3 if low > -SNAP_LIMIT and high < SNAP_LIMIT else 5


def snap(value: Make, bounds: Bounds, dialect: Dialect) -> exp.Expression:
    """The value to nine decimals; large ones as they are."""
    low, high = bounds
    if low >= 0.0 and high < SNAP_LIMIT:
        return up(value, dialect)
    if low >= 0.0:
        large = b.binary(exp.GTE, value(), b.number(SNAP_LIMIT, dialect))
        return b.when(large, value(), up(value, dialect))
    branches = [(b.binary(exp.GTE, value(), b.number(0.0, dialect)), up(value, dialect))]
    if not (low > -SNAP_LIMIT and high < SNAP_LIMIT):
        large = b.binary(exp.GTE, exp.Abs(this=value()), b.number(SNAP_LIMIT, dialect))
        branches.insert(0, (large, value()))
    return b.case(branches, down(value, dialect))


def up(value: Make, dialect: Dialect) -> exp.Expression:
    """A value of at least 0, or hardly less, to nine decimals."""
    return _kept(b.add(_scaled(value), b.number(HALF_UP, dialect)))


def down(value: Make, dialect: Dialect) -> exp.Expression:
    """A value of at most 0, or hardly more, to nine decimals."""
    return b.subtract(b.number(0.0, dialect), _kept(b.subtract(b.number(HALF_UP, dialect), _scaled(value))))


def _scaled(value: Make) -> exp.Expression:
    return b.multiply(value(), exp.Literal.number("1e9"))


def _kept(steps: exp.Expression) -> exp.Expression:
    return b.divide(exp.Floor(this=steps), exp.Literal.number("1e9"))


def grid_steps(value: Make, dialect: Dialect, largest: float) -> exp.Expression:
    """How many thousand-millionths stand behind the point, a whole number."""
    behind = b.subtract(value(), b.floor(value, dialect, largest))
    steps = b.add(b.multiply(behind, exp.Literal.number("1e9")), b.number(HALF_UP, dialect))
    return b.floor(lambda: steps, dialect, 1e9)


def round_reads(bounds: Bounds, decimals: int) -> int:
    """How often `round_to` writes its operand; 2 stands for more."""
    return 1 if bounds[0] >= 0.0 and bounds[1] * 10.0**decimals < SNAP_LIMIT else 2


def round_to(value: Make, decimals: int, bounds: Bounds, on_grid: bool, dialect: Dialect) -> exp.Expression:
    """The value to so many decimals, half away from zero."""
    low, high = bounds
    size = max(abs(low), abs(high)) * 10.0**decimals

    def rounded(size_of: Make, most: float) -> exp.Expression:
        def scaled() -> exp.Expression:
            return b.multiply(size_of(), b.number(10.0**decimals, dialect)) if decimals else size_of()

        exact = on_grid and decimals == 0
        snapped = scaled() if exact else snap(scaled, (0.0, most), dialect)
        whole = b.floor(lambda: b.add(snapped.copy(), b.number(0.5, dialect)), dialect, most)
        return b.divide(whole, b.number(10.0**decimals, dialect)) if decimals else whole

    if low >= 0.0:
        return _unless_huge(value, rounded(value, size), size, dialect)
    zero = b.number(0.0, dialect)
    below = b.subtract(zero.copy(), rounded(lambda: exp.Neg(this=b.tight(value())), size))
    signed = b.when(b.binary(exp.GTE, value(), zero), rounded(value, size), below)
    return _unless_huge(value, signed, size, dialect)


def _unless_huge(value: Make, rounded: exp.Expression, size: float, dialect: Dialect) -> exp.Expression:
    if size < 1e300:
        return rounded
    huge = b.binary(exp.GTE, exp.Abs(this=value()), b.number(1e290, dialect))
    return b.when(huge, value(), rounded)


def finite(value: Make) -> exp.Expression:
    """The value, NULL when it left the doubles."""
    inside = b.binary(exp.LTE, exp.Abs(this=value()), exp.Literal.number(repr(LARGEST).replace("e+", "e")))
    return b.when(inside, value())
