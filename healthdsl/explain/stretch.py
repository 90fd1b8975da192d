"""Numbers to show for a found place on the grid: few decimals, rounded outward, and still true."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from healthdsl.explain.amounts import exact
from healthdsl.explain.freedom import Free
from healthdsl.explain.grid import Grid
from healthdsl.explain.search import Answer, Ask, Budget, CutShortError, first_from
from healthdsl.explain.words import show_value
from healthdsl.model.types import Kind

MOST_DECIMALS = 9


@dataclass(frozen=True, slots=True)
class KnownRange:
    """How to say which values do it.

    `words` with a place for the number, which is the range's lower end or upper end.
    """

    words: str
    from_below: bool


def known_range(grid: Grid, ask: Ask, first: int, last: int, budget: Budget) -> KnownRange:
    """`or more`, `or less` (of dates `or later`, `or earlier`) or `any value` where all values there do it;
    else the value alone.
    """

    def fails(low: int, high: int) -> Answer:
        answer = ask(low, high)
        if answer is Answer.SOMETIMES:
            return answer
        return Answer.NEVER if answer is Answer.ALWAYS else Answer.ALWAYS

    try:
        holes = first_from(fails, first, last, budget) is not None
    except CutShortError:
        holes = True
    if holes or (first > grid.first and last < grid.last):
        return KnownRange("{}", from_below=True)
    less, more = ("earlier", "later") if grid.is_date else ("less", "more")
    if first == grid.first:
        return KnownRange("any value" if last == grid.last else f"{{}} or {less}", from_below=False)
    return KnownRange(f"{{}} or {more}", from_below=True)


def display_index(free: Free, ask: Ask, index: int, sign: int, current: object) -> tuple[int, int]:
    """A place at `index` or beyond it (`sign` says which way) with few decimals that does it, and how many
    decimals.

    Falls back to the place itself with all its decimals.
    """
    grid = free.grid
    assert grid is not None
    if grid.whole:
        return index, 0
    percent = free.type.kind is Kind.PERCENT
    value = exact(grid.value(index))
    now = exact(current) if isinstance(current, float) else None
    for decimals in range(1 if percent else 2, MOST_DECIMALS - 1):
        place = _outward(grid, value, sign, decimals + (2 if percent else 0))
        if not grid.holds(place) or ask(place, place) is not Answer.ALWAYS:
            continue
        if now is None or show_value(grid.value(place), free.type, decimals) != show_value(
            now, free.type, decimals
        ):
            return place, decimals
    return index, MOST_DECIMALS


def _outward(grid: Grid, value: Fraction, sign: int, decimals: int) -> int:
    scaled = value * 10**decimals
    whole = -(-scaled.numerator // scaled.denominator) if sign > 0 else scaled.numerator // scaled.denominator
    return grid.index(float(Fraction(whole, 10**decimals)))
