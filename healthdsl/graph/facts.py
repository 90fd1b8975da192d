"""What is known of an operation's result before any account is seen: when it is missing, its bounds, its
grid.

In: an operation and the facts of its operands. Out: `Facts`. Folding drops what facts show to be idle, and
backends drop guards, checks for overflow and snaps that cannot change anything.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass

from healthdsl.graph.arithmetic import INPUT_LIMIT, LAST_DAY, round_to, snap
from healthdsl.graph.graph import Graph, InputField, Op, gathering
from healthdsl.graph.primitives import Primitive
from healthdsl.model.expressions import Gather
from healthdsl.model.types import Kind

MAX = sys.float_info.max
ROOTS_LIMIT = 8
"""An operation missing for more reasons than this becomes a reason of its own, which keeps the sets small."""

Bounds = tuple[float, float]
ANY: Bounds = (-MAX, MAX)


@dataclass(frozen=True, slots=True)
class Facts:
    """`roots`: the result is missing exactly when one of these operations is (none: never missing).

    `bounds`: no number lies outside. `grid`: a number already snapped. `whole`: a whole number. `overflows`:
    the plain operation can leave the doubles. `missing`: the constant None. `if_true`, `if_not_true`:
    operations known to be known when a condition (does not) hold.
    `present`: a condition that holds exactly when all of these are known; `absent`: when one of them is
    missing.
    """

    roots: frozenset[int]
    bounds: Bounds = ANY
    grid: bool = False
    whole: bool = False
    overflows: bool = False
    missing: bool = False
    if_true: frozenset[int] = frozenset()
    if_not_true: frozenset[int] = frozenset()
    present: frozenset[int] | None = None
    absent: frozenset[int] | None = None


NOTHING: frozenset[int] = frozenset()
_COMPARING = frozenset({Primitive.LESS, Primitive.AT_MOST, Primitive.EQUAL, Primitive.MEMBER})
_STRICT = _COMPARING | {
    Primitive.ADD,
    Primitive.SUBTRACT,
    Primitive.MULTIPLY,
    Primitive.MINIMUM,
    Primitive.MAXIMUM,
    Primitive.FLOOR,
    Primitive.CEILING,
    Primitive.SNAP,
    Primitive.ROUND,
}
_STRICT |= {Primitive.DAYS_BETWEEN, Primitive.MONTHS_BETWEEN, Primitive.FOLD_CASE, Primitive.NOT}


def field_facts(index: int, field: InputField) -> Facts:
    """Facts of an INPUT or COLUMN operation, from its row in the input contract."""
    roots = frozenset({index})
    if field.type.is_date:
        return Facts(roots, (1, LAST_DAY), grid=True, whole=True)
    if not field.type.is_numeric:
        return Facts(roots, if_true=roots)
    floor = 0.0 if field.type.kind is Kind.COUNT else -INPUT_LIMIT
    low = floor if field.low is None else max(field.low, floor)
    high = INPUT_LIMIT if field.high is None else min(field.high, INPUT_LIMIT)
    return Facts(roots, (low, high), grid=True, whole=field.type.is_whole)


def op_facts(index: int, op: Op, known: list[Facts]) -> Facts:
    """Facts of any other operation; `known` holds those of all operations before it."""
    operands = [known[operand] for operand in op.operands if operand >= 0]
    match op.primitive:
        case Primitive.CONSTANT:
            return _constant(index, op.value)
        case Primitive.TODAY:
            return Facts(NOTHING, (1, LAST_DAY), grid=True, whole=True)
        case (
            Primitive.SUPPLIED
            | Primitive.IS_KNOWN
            | Primitive.IS_TRUE
            | Primitive.AND
            | Primitive.OR
            | Primitive.NOT
            | Primitive.LESS
            | Primitive.AT_MOST
            | Primitive.EQUAL
            | Primitive.MEMBER
        ):
            return _condition(index, op, operands)
        case Primitive.SELECT:
            return _select(index, op, known)
        case Primitive.COALESCE:
            never = any(not facts.roots for facts in operands)
            return _joined(operands, NOTHING if never else frozenset({index}))
        case Primitive.AGGREGATE:
            return _aggregate(index, op, known)
        case _:
            return _arithmetic(index, op, operands)


def _constant(index: int, value: object) -> Facts:
    if value is None:
        return Facts(frozenset({index}), missing=True)
    if isinstance(value, bool) or not isinstance(value, float | int):
        return Facts(NOTHING)
    number = float(value)
    return Facts(NOTHING, (number, number), grid=snap(number) == number, whole=number.is_integer())


def _cut(index: int, roots: frozenset[int]) -> frozenset[int]:
    return roots if len(roots) <= ROOTS_LIMIT else frozenset({index})


def _all_roots(index: int, operands: list[Facts]) -> frozenset[int]:
    return _cut(index, frozenset[int]().union(*(facts.roots for facts in operands)))


# Conditions ------------------------------------------------------------------


def _condition(index: int, op: Op, operands: list[Facts]) -> Facts:
    match op.primitive:
        case Primitive.SUPPLIED:
            return Facts(NOTHING)
        case Primitive.IS_KNOWN:
            roots = operands[0].roots
            return Facts(NOTHING, if_true=roots, present=roots)
        case Primitive.IS_TRUE:
            return Facts(NOTHING, if_true=operands[0].if_true, if_not_true=operands[0].if_not_true)
        case Primitive.NOT:
            held = operands[0]
            # Only where "not true" means "false" does the denial of the one tell of the other.
            never = not held.roots
            given, denied = held.roots | held.if_not_true, held.if_true if never else NOTHING
            return Facts(
                held.roots, if_true=given, if_not_true=denied, present=held.absent, absent=held.present
            )
        case Primitive.AND:
            given = _union([facts.if_true for facts in operands])
            present = _joint([facts.present for facts in operands])
            return Facts(_logic_roots(index, operands), if_true=given, present=present)
        case Primitive.OR:
            shared = frozenset.intersection(*(facts.if_true for facts in operands))
            denied = _union([facts.if_not_true for facts in operands])
            absent = _joint([facts.absent for facts in operands])
            return Facts(_logic_roots(index, operands), if_true=shared, if_not_true=denied, absent=absent)
        case _:
            roots = _all_roots(index, operands)
            return Facts(roots, if_true=_union([facts.roots for facts in operands]))


def _logic_roots(index: int, operands: list[Facts]) -> frozenset[int]:
    return frozenset({index}) if any(facts.roots for facts in operands) else NOTHING


def _union(sets: list[frozenset[int]]) -> frozenset[int]:
    return frozenset[int]().union(*sets)


def _joint(sets: list[frozenset[int] | None]) -> frozenset[int] | None:
    """The union, or None unless every condition is of this form."""
    found = [each for each in sets if each is not None]
    return _union(found) if len(found) == len(sets) else None


# Choice ----------------------------------------------------------------------


def _joined(values: list[Facts], roots: frozenset[int]) -> Facts:
    low = min(facts.bounds[0] for facts in values)
    high = max(facts.bounds[1] for facts in values)
    grid, whole = all(facts.grid for facts in values), all(facts.whole for facts in values)
    return Facts(roots, (low, high), grid=grid, whole=whole, if_true=roots)


def branches(op: Op, known: list[Facts]) -> list[tuple[int, frozenset[int]]]:
    """The value of each branch of a SELECT with the operations known to be known when it is reached."""
    found: list[tuple[int, frozenset[int]]] = []
    denied = NOTHING
    for condition, value in zip(op.operands[:-1:2], op.operands[1::2], strict=True):
        found.append((value, denied | known[condition].if_true))
        denied |= known[condition].if_not_true
    return [*found, (op.operands[-1], denied)]


def _select(index: int, op: Op, known: list[Facts]) -> Facts:
    reached = branches(op, known)
    roots = frozenset[int]().union(*(known[value].roots - given for value, given in reached))
    if any(roots - known[value].roots - given for value, given in reached):
        # Some branch has a value although one of these is missing: they do not tell.
        roots = _first_missing(index, op, reached, known)
    values = [known[value] for value, _ in reached if not known[value].missing]
    return _joined(values, roots) if values else Facts(roots)


def _first_missing(
    index: int, op: Op, reached: list[tuple[int, frozenset[int]]], known: list[Facts]
) -> frozenset[int]:
    """Roots of `SELECT(x is missing, None, ..)` with other branches never missing: those of x. Else the
    operation itself.
    """
    absent = known[op.operands[0]].absent
    settled = all(not known[value].roots - given for value, given in reached[1:])
    if absent is not None and known[op.operands[1]].missing and settled:
        return absent
    return frozenset({index})


# Rows ------------------------------------------------------------------------


def _aggregate(index: int, op: Op, known: list[Facts]) -> Facts:
    gather, _ = gathering(op)
    roots = frozenset({index})
    if gather in (Gather.COUNT, Gather.DISTINCT):
        return Facts(roots, (0.0, INPUT_LIMIT), grid=True, whole=True)
    value = known[op.operands[0]]
    if gather in (Gather.SUM, Gather.AVERAGE):
        plain = gather is Gather.AVERAGE and op.operands[1] < 0
        whole = gather is Gather.SUM and value.whole
        return Facts(roots, value.bounds if plain else _sum_bounds(gather, value), grid=whole, whole=whole)
    return Facts(roots, value.bounds, grid=value.grid, whole=value.whole, if_true=roots)


def _sum_bounds(gather: Gather, value: Facts) -> Bounds:
    """A sum over at most a thousand million rows; a weighted average can be anything, since weights may be
    negative.
    """
    low, high = min(value.bounds[0], 0.0) * 1e9, max(value.bounds[1], 0.0) * 1e9
    return (low, high) if gather is Gather.SUM and math.isfinite(high - low) else ANY


# Arithmetic ------------------------------------------------------------------


def _arithmetic(index: int, op: Op, operands: list[Facts]) -> Facts:
    bounds, overflows = _bounds(op, operands)
    whole = all(facts.whole for facts in operands)
    match op.primitive:
        case (
            Primitive.FLOOR
            | Primitive.CEILING
            | Primitive.DAYS_BETWEEN
            | Primitive.MONTHS_BETWEEN
            | Primitive.ADD_DAYS
        ):
            grid = whole = True
        case Primitive.ADD | Primitive.SUBTRACT | Primitive.MULTIPLY:
            # Whole numbers stay whole, and the grid holds them all.
            grid = whole
        case Primitive.MINIMUM | Primitive.MAXIMUM:
            grid = all(facts.grid for facts in operands)
        case Primitive.SNAP:
            grid = True
        case Primitive.ROUND:
            grid = isinstance(op.value, int) and op.value <= 9
            whole = whole or op.value == 0
        case _:
            grid = whole = False
    exact = op.primitive in _STRICT or _divides_by_nonzero(op, operands)
    roots = _all_roots(index, operands) if exact and not overflows else frozenset({index})
    return Facts(roots, bounds, grid=grid, whole=whole, overflows=overflows)


def _divides_by_nonzero(op: Op, operands: list[Facts]) -> bool:
    if op.primitive is not Primitive.DIVIDE:
        return False
    low, high = operands[1].bounds
    return low > 0.0 or high < 0.0


def _bounds(op: Op, operands: list[Facts]) -> tuple[Bounds, bool]:
    """Bounds of the result, and whether the plain operation can overflow (rounding keeps order, so ends
    suffice).
    """
    (a, b), (c, d) = operands[0].bounds, operands[-1].bounds
    match op.primitive:
        case Primitive.ADD:
            ends = [a + c, b + d]
        case Primitive.SUBTRACT:
            ends = [a - d, b - c]
        case Primitive.MULTIPLY:
            ends = [a * c, a * d, b * c, b * d]
        case Primitive.DIVIDE:
            ends = _quotients(operands)
        case Primitive.MINIMUM:
            ends = [min(a, c), min(b, d)]
        case Primitive.MAXIMUM:
            ends = [max(a, c), max(b, d)]
        case Primitive.SNAP:
            ends = [snap(a), snap(b)]
        case Primitive.ROUND:
            decimals = op.value if isinstance(op.value, int) else 0
            ends = [end for end in (round_to(a, decimals), round_to(b, decimals)) if end is not None]
        case Primitive.FLOOR | Primitive.CEILING:
            ends = [a - 1.0, b + 1.0]
        case Primitive.DAYS_BETWEEN | Primitive.MONTHS_BETWEEN | Primitive.ADD_DAYS:
            ends = [-LAST_DAY, LAST_DAY]
        case Primitive.LN | Primitive.LOG2 | Primitive.LOG10:
            ends = [-1100.0, 1100.0]
        case _:
            return ANY, False
    if all(math.isfinite(end) for end in ends):
        return (min(ends), max(ends)), False
    return ANY, True


def _quotients(operands: list[Facts]) -> list[float]:
    (a, b), (c, d) = operands[0].bounds, operands[1].bounds
    if c <= 0.0 <= d:
        # A snapped divisor that is not 0 is at least one step of the grid; another may be as small as a
        # double gets.
        least = 1e-9 if operands[1].grid else 5e-324
        size = max(abs(a), abs(b))
        return [-size / least, size / least] if least > 1e-300 or size == 0.0 else [-math.inf, math.inf]
    return [a / c, a / d, b / c, b / d]


def graph_facts(graph: Graph) -> list[Facts]:
    """The facts of every operation of a finished graph."""
    inputs = {field.name: field for field in graph.inputs}
    columns = {(table.name, column.name): column for table in graph.tables for column in table.columns}
    known: list[Facts] = []
    for index, op in enumerate(graph.ops):
        if op.primitive is Primitive.INPUT:
            known.append(field_facts(index, inputs[str(op.value)]))
        elif op.primitive is Primitive.COLUMN:
            known.append(field_facts(index, columns[op.value]))  # type: ignore[index]
        else:
            known.append(op_facts(index, op, known))
    return known
