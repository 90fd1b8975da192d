"""Numbers from a query as the numbers of a report: exact decimals, shares in percent."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from healthdsl.explain.amounts import DECIMALS, exact, rounded


def points(value: object, decimals: int = DECIMALS) -> Decimal:
    """Points as shown."""
    assert isinstance(value, int | float)
    return rounded(exact(value), decimals)


def maybe_points(value: object, decimals: int = DECIMALS) -> Decimal | None:
    return None if value is None else points(value, decimals)


def whole(value: object) -> int:
    """A count."""
    assert isinstance(value, int)
    return value


def percent(part: int, of: int) -> Decimal:
    """What part of all accounts, in percent; of none it is 0."""
    return rounded(Fraction(part * 100, of) if of else Fraction(0), 1)
