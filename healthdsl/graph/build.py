"""Making operations: each is simplified, then stored once.

Afterwards: operands stand before their operation and equal operations are one, by construction.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from healthdsl.graph.facts import Facts, field_facts, op_facts
from healthdsl.graph.graph import NAMED_ALONE, Graph, InputField, Op, Output, TableField
from healthdsl.graph.primitives import Primitive
from healthdsl.graph.simplify import simplify
from healthdsl.graph.slice import slice_graph
from healthdsl.model.types import DATE, NUMBER, TEXT, YES_NO, Type

_CONDITIONS = frozenset(
    {
        Primitive.LESS,
        Primitive.AT_MOST,
        Primitive.EQUAL,
        Primitive.MEMBER,
        Primitive.CONTAINS,
        Primitive.AND,
        Primitive.OR,
        Primitive.NOT,
        Primitive.IS_KNOWN,
        Primitive.IS_TRUE,
        Primitive.SUPPLIED,
    }
)


class GraphBuilder:
    """Operations so far (`ops`) with their facts, and the outputs named so far."""

    def __init__(self, inputs: tuple[InputField, ...], tables: tuple[TableField, ...]) -> None:
        self.ops: list[Op] = []
        self.facts: list[Facts] = []
        self._inputs = inputs
        self._tables = tables
        self._fields = {field.name: field for field in inputs}
        self._columns = {(table.name, column.name): column for table in tables for column in table.columns}
        self._made: dict[tuple[object, ...], int] = {}
        self._constants: dict[tuple[object, object], int] = {}
        self._outputs: dict[str, Output] = {}

    # Making ------------------------------------------------------------------

    def make(
        self,
        primitive: Primitive,
        operands: Iterable[int] = (),
        value: object = None,
        *,
        kind: Type | None = None,
    ) -> int:
        """The index of an operation equal to this one. `kind` is that of the first operand unless given."""
        operands = tuple(operands)
        key = (primitive, operands, value)
        found = self._made.get(key)
        if found is None:
            kind = kind or self._type_of(primitive, operands)
            op = Op(primitive, operands, value, kind, self._table_of(primitive, operands, value))
            simpler = simplify(self, op)
            found = self._store(op) if simpler is None else simpler
            self._made[key] = found
        return found

    def _store(self, op: Op) -> int:
        index = len(self.ops)
        self.ops.append(op)
        if op.primitive is Primitive.INPUT:
            self.facts.append(field_facts(index, self._fields[str(op.value)]))
        elif op.primitive is Primitive.COLUMN:
            self.facts.append(field_facts(index, self._columns[op.value]))  # type: ignore[index]
        else:
            self.facts.append(op_facts(index, op, self.facts, self.ops))
        return index

    def _constant(self, value: object, kind: Type) -> int:
        """A constant is told from its equals (0, 0.0, False) by its type."""
        key = (kind.kind, value)
        found = self._constants.get(key)
        if found is None:
            found = self._constants[key] = self._store(Op(Primitive.CONSTANT, (), value, kind))
        return found

    def _type_of(self, primitive: Primitive, operands: tuple[int, ...]) -> Type:
        return YES_NO if primitive in _CONDITIONS else self.ops[operands[0]].type

    def _table_of(self, primitive: Primitive, operands: tuple[int, ...], value: object) -> str | None:
        if primitive is Primitive.AGGREGATE:
            return None
        if primitive is Primitive.COLUMN:
            return value[0]  # type: ignore[index, no-any-return]
        for operand in operands:
            table = self.ops[operand].table
            if table is not None:
                return table
        return None

    def constant(self, value: object, kind: Type) -> int:
        """A constant; its type tells a date from a number and False from 0, and nothing more."""
        if isinstance(value, bool):
            kind = YES_NO
        elif isinstance(value, str) or kind.is_text:
            kind = TEXT
        elif kind.is_numeric or kind.is_date:
            kind = NUMBER if kind.is_numeric else DATE
        return self._constant(value, kind)

    def number(self, value: Fraction | float) -> int:
        """A constant number; one too large for a double is missing, like any overflow."""
        try:
            return self._constant(float(value), NUMBER)
        except OverflowError:
            return self._constant(None, NUMBER)

    def text(self, value: str) -> int:
        return self._constant(value, TEXT)

    def truth(self, value: bool) -> int:
        return self._constant(value, YES_NO)

    def missing(self, kind: Type = NUMBER) -> int:
        return self.constant(None, kind)

    # Conditions and choice ---------------------------------------------------

    def known(self, operand: int) -> int:
        return self.make(Primitive.IS_KNOWN, (operand,))

    def is_true(self, operand: int) -> int:
        return self.make(Primitive.IS_TRUE, (operand,))

    def negate(self, operand: int) -> int:
        if self.ops[operand].primitive is Primitive.CONSTANT and self.ops[operand].value is not None:
            return self.truth(not self.ops[operand].value)
        return self.make(Primitive.NOT, (operand,))

    def logic(self, primitive: Primitive, *operands: int) -> int:
        """AND or OR of any number of conditions; none: true and false."""
        idle = primitive is Primitive.AND
        kept = [operand for operand in operands if not self.is_truth(operand, idle)]
        if len(kept) > 1:
            return self.make(primitive, kept)
        return kept[0] if kept else self.truth(idle)

    def both(self, *operands: int) -> int:
        return self.logic(Primitive.AND, *operands)

    def either(self, *operands: int) -> int:
        return self.logic(Primitive.OR, *operands)

    def select(self, pairs: Iterable[tuple[int, int]], rest: int) -> int:
        """The value of the first pair whose condition is true, else `rest`."""
        flat: list[int] = []
        for condition, value in pairs:
            asked = self.ops[condition]
            if asked.primitive is not Primitive.CONSTANT:
                flat += (condition, value)
            elif asked.value is True:
                rest = value
                break
        if not flat:
            return rest
        kind = self.ops[rest].type
        if self.facts[rest].missing:
            for index in flat[1::2]:
                if not self.facts[index].missing:
                    kind = self.ops[index].type
                    break
        flat.append(rest)
        return self.make(Primitive.SELECT, flat, kind=kind)

    def snap(self, operand: int) -> int:
        """Numbers are snapped, anything else is left alone."""
        if self.facts[operand].grid:
            return operand
        return self.make(Primitive.SNAP, (operand,)) if self.ops[operand].type.is_numeric else operand

    # Asking ------------------------------------------------------------------

    def is_constant(self, index: int) -> bool:
        return self.ops[index].primitive is Primitive.CONSTANT

    def is_number(self, index: int, value: float) -> bool:
        op = self.ops[index]
        return op.primitive is Primitive.CONSTANT and isinstance(op.value, float) and op.value == value

    def is_truth(self, index: int, value: bool) -> bool:
        return self.ops[index].primitive is Primitive.CONSTANT and self.ops[index].value is value

    def has_column(self, table: str, name: str) -> bool:
        return (table, name) in self._columns

    def is_yes_no(self, index: int) -> bool:
        return self.ops[index].type == YES_NO

    # Ending ------------------------------------------------------------------

    def output(self, owner: str, role: str, op: int) -> None:
        """Name a result: `owner` alone for values, flags and conditions, `owner__role` otherwise."""
        name = owner if role in NAMED_ALONE else f"{owner}__{role}"
        self._outputs[name] = Output(name, op, role, owner)

    @property
    def outputs(self) -> dict[str, Output]:
        """The results named so far, by name."""
        return self._outputs

    def graph(self) -> Graph:
        """The operations that some output needs, renumbered in the same order."""
        outputs = tuple(self._outputs.values())
        return slice_graph(Graph(tuple(self.ops), self._inputs, self._tables, outputs), outputs)
