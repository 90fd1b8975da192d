"""The values worth trying for each input: at and beside what the graph compares it with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from healthdsl.explain.amounts import exact
from healthdsl.graph.graph import Graph, InputField, Op
from healthdsl.graph.primitives import Primitive
from healthdsl.model.types import NUMBER, Kind
from healthdsl.testing.mutants.columns import Case
from healthdsl.testing.mutants.steps import grid_step

COMPARISONS = frozenset({Primitive.LESS, Primitive.AT_MOST, Primitive.EQUAL})
_THROUGH = frozenset({Primitive.SNAP, Primitive.IS_TRUE, Primitive.FOLD_CASE, Primitive.COALESCE})
_PLAIN = (0.0, 1.0, 10.0, 100.0, 1000.0)
_SHARES = (0.0, 0.5, 1.0)
_DAYS = (0, 1, -1, 30, -30, 400, -400)
_OTHER = "something else"
_MOST = 24


@dataclass(frozen=True, slots=True)
class Trials:
    """Values by input, the missing one among them; values by table and column; ages and numbers of rows."""

    inputs: Mapping[str, tuple[object, ...]]
    columns: Mapping[tuple[str, str], tuple[object, ...]]
    ages: tuple[int, ...]
    counts: tuple[int, ...]


def find_trials(graph: Graph, cases: Sequence[Case], today: int) -> Trials:
    """What to try for the accounts of a graph; `cases` are accounts whose values are tried as well."""
    compared = _compared(graph.ops)
    inputs = {
        field.name: (*_of_field(field, compared.get(field.name, []), _given(cases, field.name), today), None)
        for field in graph.inputs
    }
    columns = {
        (table.name, field.name): (*_of_field(field, compared.get(field.name, []), (), today)[:8], None)
        for table in graph.tables
        for field in table.columns
        if field.name != table.dated
    }
    return Trials(inputs, columns, tuple(_ages(graph.ops)), tuple(_counts(graph.ops)))


def constants_beside(graph: Graph) -> Iterator[tuple[int, float]]:
    """The operations of accounts that are compared with numbers, each with the number."""
    for op in graph.ops:
        if op.primitive in COMPARISONS and op.table is None:
            for one, other in (op.operands, op.operands[::-1]):
                value = graph.ops[other].value
                if graph.ops[other].primitive is Primitive.CONSTANT and _is_number(value):
                    yield one, value  # type: ignore[misc]


def around(value: float, *, whole: bool) -> list[float]:
    """The value and its neighbours on the grid that it is written on, and on that of percents."""
    if whole:
        return [value, value - 1, value + 1]
    step = float(grid_step(exact(value), NUMBER))
    near = [value, value - step, value + step]
    if abs(value) <= 10 and step > 0.01:
        near += [value - 0.01, value + 0.01]
    return [float(round(exact(each), 9)) for each in near]


# Inputs -----------------------------------------------------------------------


def _compared(ops: Sequence[Op]) -> dict[str, list[object]]:
    """The constants that each input, or column of a row, is compared with, by its name."""
    found: dict[str, list[object]] = {}
    for op in ops:
        if op.primitive in COMPARISONS:
            for one, other in (op.operands, op.operands[::-1]):
                if ops[other].primitive is Primitive.CONSTANT:
                    _note(found, ops, one, [ops[other].value])
        elif op.primitive is Primitive.MEMBER and isinstance(op.value, tuple):
            _note(found, ops, op.operands[0], op.value)
        elif op.primitive is Primitive.CONTAINS:
            _note(found, ops, op.operands[0], [op.value])
    return found


def _note(found: dict[str, list[object]], ops: Sequence[Op], at: int, values: Iterable[object]) -> None:
    op = ops[at]
    while op.primitive in _THROUGH:
        op = ops[op.operands[0]]
    if op.primitive in (Primitive.INPUT, Primitive.COLUMN):
        name = op.value[1] if isinstance(op.value, tuple) else op.value
        found.setdefault(str(name), []).extend(values)


def _given(cases: Sequence[Case], name: str) -> list[object]:
    return [case.inputs[name] for case in cases if case.inputs.get(name) is not None]


def _of_field(
    field: InputField, compared: Sequence[object], given: Sequence[object], today: int
) -> tuple[object, ...]:
    kind = field.type
    if kind.is_date:
        dates = [value + by for value in compared if isinstance(value, int) for by in (0, 1, -1)]
        return tuple(dict.fromkeys([*dates, *(today + by for by in _DAYS), *given]))[:_MOST]
    if kind.kind is Kind.YES_NO:
        return True, False
    if kind.kind is Kind.CATEGORY:
        return kind.choices
    if kind.is_text:
        return tuple(dict.fromkeys([*compared, *given, _OTHER]))[:_MOST]
    numbers = [float(v) for v in compared if _is_number(v)]  # type: ignore[arg-type]
    near = [value for number in numbers for value in around(number, whole=kind.is_whole)]
    ends = [end for end in (field.low, field.high) if end is not None]
    plain = _SHARES if kind.kind is Kind.PERCENT else _PLAIN
    found = dict.fromkeys([*near, *ends, *plain, *given])
    return tuple(value for value in found if is_legal(field, value))[:_MOST]


def is_legal(field: InputField, value: object) -> bool:
    """Whether a number may stand in the record."""
    if not isinstance(value, int | float):
        return False
    low = 0.0 if field.type.kind is Kind.COUNT and field.low is None else field.low
    return (
        (low is None or low <= value)
        and (field.high is None or value <= field.high)
        and (not field.type.is_whole or float(value).is_integer())
        and abs(value) < 1e15
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


# Rows -------------------------------------------------------------------------


def _ages(ops: Sequence[Op]) -> list[int]:
    """Numbers that something of a row is compared with, and their neighbours: its age may be one of them."""
    found = {0}
    for op in ops:
        if op.primitive in COMPARISONS and op.table is not None:
            for operand in op.operands:
                value = ops[operand].value
                if ops[operand].primitive is Primitive.CONSTANT and _is_number(value):
                    assert isinstance(value, int | float)
                    if abs(value) < 4000 and float(value).is_integer():
                        found |= {int(value), int(value) - 1, int(value) + 1}
    return sorted(found, key=lambda age: (abs(age), age))[:30]


def _counts(ops: Sequence[Op]) -> list[int]:
    """Numbers of rows: what a number of the account is compared with, and its neighbours."""
    found = {1, 2}
    for op in ops:
        if op.primitive in COMPARISONS and op.table is None:
            for operand in op.operands:
                value = ops[operand].value
                if ops[operand].primitive is Primitive.CONSTANT and _is_number(value):
                    assert isinstance(value, int | float)
                    if 0 <= value <= 12 and float(value).is_integer():
                        found |= {int(value), int(value) + 1}
    return sorted(found - {0})
