"""Many rulesets that differ little, evaluated for the same accounts: what they share is worked out once.

Operations of all graphs are numbered by what they are, so that equal operations of two graphs have one
number. The values of an operation stand in a column, one value an account; a column of a row operation holds
a list for each account, None where the table was not supplied. The meaning of an operation is that of
`healthdsl.graph.evaluate`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from healthdsl.graph.evaluate import Row, apply, reduce_rows
from healthdsl.graph.graph import Graph, Op, gathering
from healthdsl.graph.primitives import Primitive
from healthdsl.testing.mutants.vector import Column, apply_all


@dataclass(frozen=True, slots=True)
class Case:
    """An account in the terms of a graph: numbers float, dates ordinals; what is not there is missing, or a
    table that was not supplied.
    """

    inputs: Mapping[str, object]
    tables: Mapping[str, Sequence[Row] | None]
    today: int | None


class Numbering:
    """The numbers of operations, over all graphs that were entered."""

    def __init__(self) -> None:
        self.ops: list[Op] = []
        self._numbers: dict[tuple[object, ...], int] = {}

    def enter(self, graph: Graph) -> dict[str, int]:
        """The number behind each output of the graph."""
        numbers = self.numbers(graph)
        return {output.name: numbers[output.op] for output in graph.outputs}

    def numbers(self, graph: Graph) -> list[int]:
        """The number of each operation of the graph."""
        numbers: list[int] = []
        known, ops = self._numbers, self.ops
        for op in graph.ops:
            operands = tuple([numbers[operand] if operand >= 0 else -1 for operand in op.operands])
            # the class of a value tells 1.0 from True
            key = (op.primitive, operands, op.value, op.value.__class__, op.table)
            number = known.get(key)
            if number is None:
                number = known[key] = len(ops)
                ops.append(Op(op.primitive, operands, op.value, op.type, op.table))
            numbers.append(number)
        return numbers


class Columns:
    """The columns of a list of accounts, each made when it is first asked for.

    Columns made while `passing` is set are forgotten when it is set again: those of one mutant among many.
    """

    def __init__(self, numbering: Numbering, cases: Sequence[Case]) -> None:
        self.cases = cases
        self._ops = numbering.ops
        self._kept: dict[int, Column] = {}
        self._passing: dict[int, Column] | None = None

    def begin_passing(self) -> None:
        """Forget what was made since the last call, and keep nothing from here on."""
        self._passing = {}

    def column(self, number: int) -> Column:
        """The values of an operation, an account after the other."""
        found = self._find(number)
        if found is not None:
            return found
        made = self._kept if self._passing is None else self._passing
        for needed in self._order(number):
            made[needed] = self._make(needed)
        return made[number]

    def kept_column(self, number: int) -> Column:
        """The same, kept although others pass: what all mutants are compared with."""
        passing, self._passing = self._passing, None
        found = self.column(number)
        self._passing = passing
        return found

    def _find(self, number: int) -> Column | None:
        found = self._kept.get(number)
        if found is None and self._passing is not None:
            found = self._passing.get(number)
        return found

    def _order(self, number: int) -> list[int]:
        """What has to be made for an operation, itself last; operands have lower numbers."""
        needed, stack = {number}, [number]
        while stack:
            for operand in self._ops[stack.pop()].operands:
                if operand >= 0 and operand not in needed and self._find(operand) is None:
                    needed.add(operand)
                    stack.append(operand)
        return sorted(needed)

    def _get(self, number: int) -> Column:
        found = self._find(number)
        assert found is not None
        return found

    def _make(self, number: int) -> Column:
        op, cases = self._ops[number], self.cases
        if op.table is not None:
            return self._of_rows(op)
        match op.primitive:
            case Primitive.CONSTANT:
                return [op.value] * len(cases)
            case Primitive.INPUT:
                name = str(op.value)
                return [case.inputs.get(name) for case in cases]
            case Primitive.TODAY:
                return [case.today for case in cases]
            case Primitive.SUPPLIED:
                table = str(op.value)
                return [case.tables.get(table) is not None for case in cases]
            case Primitive.AGGREGATE:
                return self._gathered(op)
            case _:
                return apply_all(op, [self._get(k) for k in op.operands])

    # Rows ---------------------------------------------------------------------

    def _of_rows(self, op: Op) -> Column:
        """For each account the values of an operation in its rows."""
        assert op.table is not None
        supplied = [case.tables.get(op.table) for case in self.cases]
        if op.primitive is Primitive.COLUMN:
            assert isinstance(op.value, tuple)
            name = op.value[1]
            return [None if rows is None else [row.get(name) for row in rows] for rows in supplied]
        operands = [(self._get(k), self._ops[k].table is not None) for k in op.operands]
        return [
            None
            if rows is None
            else [
                apply(op, [column[at][row] if by_row else column[at] for column, by_row in operands])
                for row in range(len(rows))
            ]
            for at, rows in enumerate(supplied)
        ]

    def _gathered(self, op: Op) -> Column:
        gather, table = gathering(op)
        operands = [
            (None, False) if k < 0 else (self._get(k), self._ops[k].table is not None) for k in op.operands
        ]
        found: Column = []
        for at, case in enumerate(self.cases):
            rows = case.tables.get(table)
            if rows is None:
                found.append(None)
                continue
            counted = []
            for row in range(len(rows)):
                value, weight, condition, day = [
                    None if column is None else column[at][row] if by_row else column[at]
                    for column, by_row in operands
                ]
                if op.operands[2] < 0 or condition is True:
                    counted.append((value, weight, day))
            found.append(reduce_rows(gather, counted, weighted=op.operands[1] >= 0))
        return found
