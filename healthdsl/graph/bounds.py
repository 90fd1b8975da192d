"""How far a number can go: bounds of arithmetic, whether it can overflow, how small it can be without being
0.

Rounding keeps order, so the ends of a result's range come from the ends of its operands'.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from healthdsl.graph.arithmetic import LAST_DAY, round_to, snap
from healthdsl.graph.graph import Op
from healthdsl.graph.primitives import Primitive

if TYPE_CHECKING:
    from healthdsl.graph.facts import Facts

MAX = sys.float_info.max
TINY = 5e-324
GRID_STEP = 1e-9
ROWS_LIMIT = 1e9
"""No list holds more rows than this, which bounds every sum over rows."""

Bounds = tuple[float, float]
ANY: Bounds = (-MAX, MAX)


def bounds_of(op: Op, operands: list[Facts]) -> tuple[Bounds, bool]:
    """Bounds of the result of an arithmetic operation, and whether the plain operation can overflow."""
    ends = _ENDS.get(op.primitive, _unbounded)(op, operands)
    low, high = min(ends), max(ends)
    return ((low, high), False) if -math.inf < low <= high < math.inf else (ANY, True)


def least_of(op: Op, operands: list[Facts], grid: bool, whole: bool) -> float:
    """The smallest size the result can have if it is not 0."""
    if op.primitive is Primitive.ADD and operands[0].bounds[0] >= 0.0 and operands[1].bounds[0] >= 0.0:
        return min(operands[0].least, operands[1].least)
    return 1.0 if whole else GRID_STEP if grid else TINY


def _unbounded(op: Op, operands: list[Facts]) -> list[float]:  # noqa: ARG001
    return [-MAX, MAX]


def _add(op: Op, operands: list[Facts]) -> list[float]:  # noqa: ARG001
    (a, b), (c, d) = operands[0].bounds, operands[1].bounds
    return [a + c, b + d]


def _subtract(op: Op, operands: list[Facts]) -> list[float]:  # noqa: ARG001
    (a, b), (c, d) = operands[0].bounds, operands[1].bounds
    return [a - d, b - c]


def _multiply(op: Op, operands: list[Facts]) -> list[float]:  # noqa: ARG001
    (a, b), (c, d) = operands[0].bounds, operands[1].bounds
    return [a * c, a * d, b * c, b * d]


def _divide(op: Op, operands: list[Facts]) -> list[float]:  # noqa: ARG001
    (a, b), (c, d) = operands[0].bounds, operands[1].bounds
    if c > 0.0 or d < 0.0:
        return [a / c, a / d, b / c, b / d]
    least = operands[1].least
    if least < GRID_STEP:
        return [-math.inf, math.inf]
    # 0 is missing, so the divisor is at least `least` in size.
    ends = [a / least, b / least] if d > 0.0 else []
    return [*ends, -a / least, -b / least] if c < 0.0 else [*ends, min(a, 0.0), max(b, 0.0)]


def _minimum(op: Op, operands: list[Facts]) -> list[float]:  # noqa: ARG001
    (a, b), (c, d) = operands[0].bounds, operands[1].bounds
    return [min(a, c), min(b, d)]


def _maximum(op: Op, operands: list[Facts]) -> list[float]:  # noqa: ARG001
    (a, b), (c, d) = operands[0].bounds, operands[1].bounds
    return [max(a, c), max(b, d)]


def _snap(op: Op, operands: list[Facts]) -> list[float]:  # noqa: ARG001
    a, b = operands[0].bounds
    return [snap(a), snap(b)]


def _round(op: Op, operands: list[Facts]) -> list[float]:
    assert isinstance(op.value, int)
    ends = [round_to(end, op.value) for end in operands[0].bounds]
    return [end for end in ends if end is not None]


def _whole(op: Op, operands: list[Facts]) -> list[float]:  # noqa: ARG001
    a, b = operands[0].bounds
    return [float(math.floor(a)), float(math.ceil(b))]


def _days(op: Op, operands: list[Facts]) -> list[float]:  # noqa: ARG001
    return [-LAST_DAY, LAST_DAY]


def _log(op: Op, operands: list[Facts]) -> list[float]:  # noqa: ARG001
    return [-1100.0, 1100.0]


_ENDS: dict[Primitive, Callable[[Op, list[Facts]], list[float]]] = {
    Primitive.ADD: _add,
    Primitive.SUBTRACT: _subtract,
    Primitive.MULTIPLY: _multiply,
    Primitive.DIVIDE: _divide,
    Primitive.MINIMUM: _minimum,
    Primitive.MAXIMUM: _maximum,
    Primitive.SNAP: _snap,
    Primitive.ROUND: _round,
    Primitive.FLOOR: _whole,
    Primitive.CEILING: _whole,
    Primitive.DAYS_BETWEEN: _days,
    Primitive.MONTHS_BETWEEN: _days,
    Primitive.ADD_DAYS: _days,
    Primitive.LN: _log,
    Primitive.LOG2: _log,
    Primitive.LOG10: _log,
}
