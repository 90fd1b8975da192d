"""Operations to Python text: a table from primitive to emitter, and how conditions are asked.

Every text is made of variables v0, v1, .., numbers and escaped strings: nothing of a ruleset's own words
is pasted. `given` are the variables that are not None where the text stands; guards against missing values
are written only for the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from healthdsl.backends.record.layout import EXACT
from healthdsl.backends.record.plan import CONDITIONS, Plan
from healthdsl.backends.record.relax import rounds_freely
from healthdsl.backends.record.threshold import first_above, first_at_least
from healthdsl.graph.arithmetic import HALF_UP, SNAP_LIMIT
from healthdsl.graph.bounds import Bounds
from healthdsl.graph.facts import Facts, Ranges, bounds_within
from healthdsl.graph.graph import Op
from healthdsl.graph.primitives import Primitive

Given = frozenset[int]
_NONE: Given = frozenset()
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
            return _TRUE[op.primitive](self, index, given)
        if op.primitive in _COMPARE:
            missing = self.missing(op, given)
            compared = _COMPARE[op.primitive](self, index, given | missing, True)
            return f"(None if {self.any_none(missing)} else {compared})"
        true, false = (asked[op.primitive](self, index, given) for asked in (_TRUE, _FALSE))
        return f"(True if {true} else False if {false} else None)"

    # Conditions ------------------------------------------------------------------

    def true(self, index: int, given: Given) -> str:
        """A Python condition: whether the operation is true."""
        if self.is_variable(index):
            own = self.name(index)
            return f"{own} is True" if self.facts(index).roots - given else own
        return _TRUE.get(self.op(index).primitive, _value_is_true)(self, index, given)

    def false(self, index: int, given: Given) -> str:
        """A Python condition: whether the operation is false."""
        if self.is_variable(index):
            own = self.name(index)
            return f"{own} is False" if self.facts(index).roots - given else f"not {own}"
        return _FALSE.get(self.op(index).primitive, _value_is_false)(self, index, given)


def name(index: int) -> str:
    return f"v{index}"


# Sources and constants -------------------------------------------------------


def _variable(emitter: Emitter, index: int, given: Given) -> str:  # noqa: ARG001
    return emitter.name(index)


def _today(emitter: Emitter, index: int, given: Given) -> str:  # noqa: ARG001
    return "today"


def _supplied(emitter: Emitter, index: int, given: Given) -> str:  # noqa: ARG001
    return f"(r{emitter.plan.layout.tables[str(emitter.op(index).value)]} is not None)"


def _constant(emitter: Emitter, index: int, given: Given) -> str:  # noqa: ARG001
    return literal(emitter.op(index).value)


def literal(value: object) -> str:
    """Python text for a checked constant: number, ASCII-escaped text, truth, None or a tuple of texts."""
    if isinstance(value, tuple):
        return f"({''.join(f'{literal(item)}, ' for item in value)})"
    if isinstance(value, str):
        return ascii(str(value))
    assert value is None or isinstance(value, bool | int | float)
    return f"({value!r})" if isinstance(value, int | float) and value < 0 else repr(value)


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


def snap_text(text: str, bounds: tuple[float, float]) -> str:
    """Snapping written out where the sign is known; `t` is a variable for this alone."""
    low, high = bounds
    if low >= 0.0 and high < SNAP_LIMIT:
        return f"(floor({text} * 1e9 + {HALF_UP}) / 1e9)"
    if low > -SNAP_LIMIT and high < SNAP_LIMIT:
        below = f"-floor({HALF_UP} - t * 1e9) / 1e9"
        return f"(floor(t * 1e9 + {HALF_UP}) / 1e9 if (t := {text}) >= 0.0 else {below})"
    return f"(floor(t * 1e9 + {HALF_UP}) / 1e9 if 0.0 <= (t := {text}) < {SNAP_LIMIT!r} else snap(t))"


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


# Comparisons -----------------------------------------------------------------


def _less(emitter: Emitter, index: int, given: Given, positive: bool) -> str:
    return _ordered(emitter, emitter.op(index).operands, given, "<" if positive else ">=")


def _at_most(emitter: Emitter, index: int, given: Given, positive: bool) -> str:
    return _ordered(emitter, emitter.op(index).operands, given, "<=" if positive else ">")


_MIRRORED = {"<": ">", ">=": "<=", "<=": ">=", ">": "<"}


def _ordered(emitter: Emitter, operands: tuple[int, ...], given: Given, sign: str) -> str:
    left, right = operands
    if emitter.op(left).primitive is Primitive.CONSTANT:
        left, right, sign = right, left, _MIRRORED[sign]
    bound = emitter.op(right).value
    if emitter.op(right).primitive is not Primitive.CONSTANT or not isinstance(bound, float):
        return f"{emitter.value(left, given)} {sign} {emitter.value(right, given)}"
    unsnapped = _unsnapped(emitter, left, given)
    if unsnapped is not None:
        # Snapping keeps order, so a snapped value is below the bound exactly when the plain one is below the
        # first
        # double that snaps to it: the snap itself can be left out.
        edge = first_at_least(bound) if sign in ("<", ">=") else first_above(bound)
        return f"{unsnapped} {'<' if sign in ('<', '<=') else '>='} {literal(edge)}"
    whole = emitter.facts(left).whole and bound.is_integer() and abs(bound) < EXACT
    return f"{emitter.value(left, given)} {sign} {literal(int(bound) if whole else bound)}"


def _unsnapped(emitter: Emitter, index: int, given: Given) -> str | None:
    """The text of a value before it is snapped, where the snapped one is not at hand."""
    if index in emitter.raw:
        return emitter.name(index)
    if emitter.is_variable(index) or emitter.op(index).primitive is not Primitive.SNAP:
        return None
    return emitter.value(emitter.op(index).operands[0], given)


def _equal(emitter: Emitter, index: int, given: Given, positive: bool) -> str:
    left, right = emitter.op(index).operands
    return f"{emitter.value(left, given)} {'==' if positive else '!='} {emitter.value(right, given)}"


def _member(emitter: Emitter, index: int, given: Given, positive: bool) -> str:
    op = emitter.op(index)
    choices = literal(op.value)
    return f"{emitter.value(op.operands[0], given)} {'in' if positive else 'not in'} {{{choices[1:-1]}}}"


_COMPARE: dict[Primitive, Callable[[Emitter, int, Given, bool], str]] = {
    Primitive.LESS: _less,
    Primitive.AT_MOST: _at_most,
    Primitive.EQUAL: _equal,
    Primitive.MEMBER: _member,
}


# Asking ----------------------------------------------------------------------


def _is_false_of_none(emitter: Emitter, op: Op) -> bool:
    """Whether the Python comparison is False by itself for a variable that is None: `==` a constant
    and `in`.
    """
    if op.primitive is Primitive.MEMBER:
        return emitter.is_variable(op.operands[0])
    if op.primitive is not Primitive.EQUAL:
        return False
    left, right = op.operands
    for one, other in ((left, right), (right, left)):
        if emitter.op(one).primitive is Primitive.CONSTANT and emitter.is_variable(other):
            return True
    return False


def _compare_is(positive: bool) -> Callable[[Emitter, int, Given], str]:
    def ask(emitter: Emitter, index: int, given: Given) -> str:
        op = emitter.op(index)
        missing = emitter.missing(op, given)
        if positive and _is_false_of_none(emitter, op):
            given, missing = given | missing, _NONE
        parts = [
            *emitter.none_none(missing),
            _COMPARE[op.primitive](emitter, index, given | missing, positive),
        ]
        return _joined(" and ", parts)

    return ask


def _joined(word: str, parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"({word.join(parts)})"


def _all_of(positive: bool) -> Callable[[Emitter, int, Given], str]:
    """AND is true, or OR false, when each operand is: what one shows to be known holds for the next."""

    def ask(emitter: Emitter, index: int, given: Given) -> str:
        parts: list[str] = []
        for operand in emitter.op(index).operands:
            text = emitter.true(operand, given) if positive else emitter.false(operand, given)
            if text == "False":
                return text
            if text != "True":
                parts.append(text)
            given |= emitter.facts(operand).if_true if positive else emitter.facts(operand).if_not_true
        return _joined(" and ", parts) if parts else "True"

    return ask


def _any_of(positive: bool) -> Callable[[Emitter, int, Given], str]:
    """OR is true, or AND false, when one operand is."""

    def ask(emitter: Emitter, index: int, given: Given) -> str:
        parts: list[str] = []
        for operand in emitter.op(index).operands:
            text = emitter.true(operand, given) if positive else emitter.false(operand, given)
            if text == "True":
                return text
            if text != "False":
                parts.append(text)
            if positive:
                given |= emitter.facts(operand).if_not_true
        return _joined(" or ", parts) if parts else "False"

    return ask


def _known(emitter: Emitter, index: int, given: Given) -> str:
    missing = emitter.missing(emitter.op(index), given)
    return _joined(" and ", emitter.none_none(missing)) if missing else "True"


def _unknown(emitter: Emitter, index: int, given: Given) -> str:
    missing = emitter.missing(emitter.op(index), given)
    return (
        _joined(" or ", [f"{emitter.name(root)} is None" for root in sorted(missing)]) if missing else "False"
    )


def _operand_is_true(emitter: Emitter, index: int, given: Given) -> str:
    return emitter.true(emitter.op(index).operands[0], given)


def _operand_is_false(emitter: Emitter, index: int, given: Given) -> str:
    return emitter.false(emitter.op(index).operands[0], given)


def _operand_is_not_true(emitter: Emitter, index: int, given: Given) -> str:
    return denied(emitter.true(emitter.op(index).operands[0], given))


def denied(text: str) -> str:
    return {"True": "False", "False": "True"}.get(text, f"not ({text})")


def _value_is_true(emitter: Emitter, index: int, given: Given) -> str:
    text = emitter.value(index, given)
    return text if text in ("True", "False") else f"{text} is True"


def _value_is_false(emitter: Emitter, index: int, given: Given) -> str:
    text = emitter.value(index, given)
    return denied(text) if text in ("True", "False") else f"{text} is False"


_TRUE: dict[Primitive, Callable[[Emitter, int, Given], str]] = {
    **dict.fromkeys(_COMPARE, _compare_is(True)),
    Primitive.AND: _all_of(True),
    Primitive.OR: _any_of(True),
    Primitive.NOT: _operand_is_false,
    Primitive.IS_TRUE: _operand_is_true,
    Primitive.IS_KNOWN: _known,
    Primitive.SUPPLIED: _supplied,
}
_FALSE: dict[Primitive, Callable[[Emitter, int, Given], str]] = {
    **dict.fromkeys(_COMPARE, _compare_is(False)),
    Primitive.AND: _any_of(False),
    Primitive.OR: _all_of(False),
    Primitive.NOT: _operand_is_true,
    Primitive.IS_TRUE: _operand_is_not_true,
    Primitive.IS_KNOWN: _unknown,
}
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
