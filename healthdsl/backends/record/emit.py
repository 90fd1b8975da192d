"""Operations to Python text: a table from primitive to emitter, and how conditions are asked.

Every text is made of variables v0, v1, .., numbers and escaped strings: nothing of a ruleset's own words
is pasted. `given` are the variables that are not None where the text stands; guards against missing values
are written only for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from healthdsl.backends.record.conditions import (
    COMPARE,
    FALSE,
    TRUE,
    Given,
    value_is_false,
    value_is_true,
)
from healthdsl.backends.record.layout import EXACT
from healthdsl.backends.record.plan import CONDITIONS, Plan
from healthdsl.backends.record.relax import rounds_freely
from healthdsl.backends.record.text import literal, name, snap_text
from healthdsl.graph.bounds import Bounds
from healthdsl.graph.facts import Facts
from healthdsl.graph.graph import Op
from healthdsl.graph.narrow import Ranges, bounds_within
from healthdsl.graph.primitives import Primitive

_WRITTEN_ANYWHERE = frozenset({Primitive.CONSTANT, Primitive.TODAY})


@dataclass(frozen=True, slots=True)
class Emitter:
    """Writes the operations of one plan.

    `raw` inputs are not snapped yet: they are only compared with constants. `ranges` are narrower bounds of
    variables that hold in the branch being written. `distances`: roundings that ask how near a tie is.
    """

    plan: Plan
    raw: frozenset[int] = frozenset()
    ranges: Ranges = field(default_factory=dict)
    distances: Mapping[int, float] = field(default_factory=dict)

    def op(self, index: int) -> Op:
        return self.plan.layout.graph.ops[index]

    def facts(self, index: int) -> Facts:
        return self.plan.layout.facts[index]

    def is_variable(self, index: int) -> bool:
        """Operations of the account are variables to the rows of a table, whatever their own plan says."""
        plan = self.plan
        if plan.table is None:
            return index in plan.stored
        op = self.op(index)
        return index in plan.stored or (op.table is None and op.primitive not in _WRITTEN_ANYWHERE)

    def name(self, index: int) -> str:
        """The variable of an operation."""
        return name(self.plan.shares.get(index, index))

    def bounds(self, index: int) -> Bounds:
        """Bounds of a result where it is written."""
        layout = self.plan.layout
        return bounds_within(index, self.ranges, layout.facts, layout.graph.ops)

    # Values ----------------------------------------------------------------------

    def value(self, index: int, given: Given) -> str:
        """The value; None when it is missing."""
        if self.is_variable(index):
            return self.name(index)
        text = self.definition(index, given)
        return f"({text})" if self.op(index).primitive in CONDITIONS else text

    def definition(self, index: int, given: Given) -> str:
        """The value, written out even if it has a variable."""
        op = self.op(index)
        if op.primitive in CONDITIONS:
            return self._condition(index, given)
        if op.primitive in _LENIENT:
            return _EMIT[op.primitive](self, index, given)
        missing = self.missing(op, given)
        text = _EMIT[op.primitive](self, index, given | missing)
        return f"(None if {self.any_none(missing)} else {text})" if missing else text

    def any_none(self, missing: Given) -> str:
        return " or ".join(f"{self.name(root)} is None" for root in sorted(missing))

    def none_none(self, missing: Given) -> list[str]:
        return [f"{self.name(root)} is not None" for root in sorted(missing)]

    def missing(self, op: Op, given: Given) -> Given:
        """What may be missing among the operands."""
        found: Given = frozenset()
        for operand in op.operands:
            found |= self.facts(operand).roots
        return found - given

    def _condition(self, index: int, given: Given) -> str:
        op = self.op(index)
        if not self.facts(index).roots - given:
            return TRUE[op.primitive](self, index, given)
        if op.primitive in COMPARE:
            missing = self.missing(op, given)
            compared = COMPARE[op.primitive](self, index, given | missing, True)
            return f"(None if {self.any_none(missing)} else {compared})"
        true, false = (asked[op.primitive](self, index, given) for asked in (TRUE, FALSE))
        return f"(True if {true} else False if {false} else None)"

    # Conditions ------------------------------------------------------------------

    def true(self, index: int, given: Given) -> str:
        """A Python condition: whether the operation is true."""
        if self.is_variable(index):
            own = self.name(index)
            return f"{own} is True" if self.facts(index).roots - given else own
        return TRUE.get(self.op(index).primitive, value_is_true)(self, index, given)

    def false(self, index: int, given: Given) -> str:
        """A Python condition: whether the operation is false."""
        if self.is_variable(index):
            own = self.name(index)
            return f"{own} is False" if self.facts(index).roots - given else f"not {own}"
        return FALSE.get(self.op(index).primitive, value_is_false)(self, index, given)


# Sources and constants -------------------------------------------------------


def _variable(emitter: Emitter, index: int, given: Given) -> str:  # noqa: ARG001
    return emitter.name(index)


def _today(emitter: Emitter, index: int, given: Given) -> str:  # noqa: ARG001
    return "today"


def _supplied(emitter: Emitter, index: int, given: Given) -> str:  # noqa: ARG001
    return f"(r{emitter.plan.layout.tables[str(emitter.op(index).value)]} is not None)"


def _constant(emitter: Emitter, index: int, given: Given) -> str:  # noqa: ARG001
    return literal(emitter.op(index).value)


# Arithmetic ------------------------------------------------------------------


def _two(emitter: Emitter, index: int, given: Given) -> tuple[str, str]:
    left, right = emitter.op(index).operands
    return emitter.value(left, given), emitter.value(right, given)


def _finite(emitter: Emitter, index: int, text: str) -> str:
    return f"finite{text}" if emitter.facts(index).overflows else text


def _add(emitter: Emitter, index: int, given: Given) -> str:
    return _sum(emitter, index, given, "+")


def _subtract(emitter: Emitter, index: int, given: Given) -> str:
    return _sum(emitter, index, given, "-")


def _sum(emitter: Emitter, index: int, given: Given, sign: str) -> str:
    left, right = _two(emitter, index, given)
    whole = all(emitter.plan.layout.ints[operand] for operand in emitter.op(index).operands)
    as_double = "1.0 * " if whole and not emitter.plan.layout.ints[index] else ""
    return _finite(emitter, index, f"({as_double}{left} {sign} {right})")


def _multiply(emitter: Emitter, index: int, given: Given) -> str:
    left, right = _two(emitter, index, given)
    whole = all(emitter.plan.layout.ints[operand] for operand in emitter.op(index).operands)
    return _finite(emitter, index, f"({'1.0 * ' if whole else ''}{left} * {right})")


def _divide(emitter: Emitter, index: int, given: Given) -> str:
    left, right = _two(emitter, index, given)
    low, high = emitter.facts(emitter.op(index).operands[1]).bounds
    text = _finite(emitter, index, f"({left} / {right})")
    return text if low > 0.0 or high < 0.0 else f"({text} if {right} else None)"


def _minimum(emitter: Emitter, index: int, given: Given) -> str:
    left, right = _two(emitter, index, given)
    return f"({right} if {left} > {right} else {left})"


def _maximum(emitter: Emitter, index: int, given: Given) -> str:
    left, right = _two(emitter, index, given)
    return f"({right} if {left} < {right} else {left})"


def _floor(emitter: Emitter, index: int, given: Given) -> str:
    return _to_whole(emitter, index, given, "floor")


def _ceiling(emitter: Emitter, index: int, given: Given) -> str:
    return _to_whole(emitter, index, given, "ceil")


def _to_whole(emitter: Emitter, index: int, given: Given, function: str) -> str:
    text = f"{function}({emitter.value(emitter.op(index).operands[0], given)})"
    return text if max(map(abs, emitter.facts(index).bounds)) < EXACT else f"float({text})"


def _snap(emitter: Emitter, index: int, given: Given) -> str:
    (operand,) = emitter.op(index).operands
    return snap_text(emitter.value(operand, given), emitter.bounds(operand))


def _round(emitter: Emitter, index: int, given: Given) -> str:
    op = emitter.op(index)
    (operand,) = op.operands
    text, facts = emitter.value(operand, given), emitter.facts(operand)
    assert isinstance(op.value, int)
    if facts.bounds[0] >= 0.0 and rounds_freely(op, facts.bounds, facts.slack):
        # Half a step of the grid is room for every rounding error: a number near it lands where its neighbour
        # does.
        scale = 10.0**op.value
        return f"(floor({text} * {scale!r} + 0.5000000005) / {scale!r})"
    return f"round_to({text}, {op.value})"


def _call(function: str) -> Callable[[Emitter, int, Given], str]:
    def emit(emitter: Emitter, index: int, given: Given) -> str:
        operands = (emitter.value(operand, given) for operand in emitter.op(index).operands)
        return f"{function}({', '.join(operands)})"

    return emit


def _days_between(emitter: Emitter, index: int, given: Given) -> str:
    start, end = _two(emitter, index, given)
    return f"({end} - {start})"


# Choice ----------------------------------------------------------------------


def _coalesce(emitter: Emitter, index: int, given: Given) -> str:
    *first, last = emitter.op(index).operands
    text = emitter.value(last, given)
    for operand in reversed(first):
        asked = emitter.value(operand, given)
        text = f"({asked} if {asked} is not None else {text})"
    return text


_LENIENT = frozenset({Primitive.SELECT, Primitive.COALESCE, Primitive.AGGREGATE, Primitive.SUPPLIED})


def _by_condition(emitter: Emitter, index: int, given: Given) -> str:
    return emitter._condition(index, given)


_EMIT: dict[Primitive, Callable[[Emitter, int, Given], str]] = {
    # Written by the reader of records, by `if` statements and by loops over rows: their text is their
    # variable.
    Primitive.INPUT: _variable,
    Primitive.COLUMN: _variable,
    Primitive.SELECT: _variable,
    Primitive.AGGREGATE: _variable,
    Primitive.SUPPLIED: _supplied,
    Primitive.TODAY: _today,
    Primitive.CONSTANT: _constant,
    Primitive.ADD: _add,
    Primitive.SUBTRACT: _subtract,
    Primitive.MULTIPLY: _multiply,
    Primitive.DIVIDE: _divide,
    Primitive.MINIMUM: _minimum,
    Primitive.MAXIMUM: _maximum,
    Primitive.FLOOR: _floor,
    Primitive.CEILING: _ceiling,
    Primitive.SNAP: _snap,
    Primitive.ROUND: _round,
    Primitive.LN: _call("natural_log"),
    Primitive.LOG2: _call("log_2"),
    Primitive.LOG10: _call("log_10"),
    Primitive.POWER: _call("power"),
    Primitive.DAYS_BETWEEN: _days_between,
    Primitive.MONTHS_BETWEEN: _call("months_between"),
    Primitive.ADD_DAYS: _call("add_days"),
    Primitive.FOLD_CASE: _call("fold_case"),
    Primitive.COALESCE: _coalesce,
    **dict.fromkeys(sorted(CONDITIONS), _by_condition),
}
EMITTED = frozenset(_EMIT)
