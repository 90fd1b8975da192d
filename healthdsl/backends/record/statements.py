"""Planned operations to Python statements: assignments, an `if` for each choice, a loop for the rows of each
table.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from healthdsl.backends.record.emit import Emitter, Given, name
from healthdsl.backends.record.gather import Gathering
from healthdsl.backends.record.plan import DEEPEST_BLOCK, Block, Planner, account_operands
from healthdsl.graph.facts import Facts
from healthdsl.graph.graph import Graph, gathering
from healthdsl.graph.primitives import Primitive

STEP = " "
"""One space a level: the source is for Python to read, and long rulesets make much of it."""


@dataclass(frozen=True, slots=True)
class _Branch:
    """One branch of the `if` of several choices; `given` are the variables known to be there in it."""

    block: Block
    choices: list[int]
    number: int
    given: Given


@dataclass(slots=True)
class Writer:
    """Writes one plan; `lines` are the statements so far."""

    emitter: Emitter
    lines: list[str] = field(default_factory=list)
    _done: set[int] = field(default_factory=set)

    def line(self, depth: int, text: str) -> None:
        self.lines.append(STEP * depth + text)

    def block(self, block: Block, depth: int) -> None:
        """The statements of a block, each operation after those it reads."""
        for index in block.ops:
            op = self.emitter.op(index)
            if index in self._done or op.primitive in (Primitive.INPUT, Primitive.COLUMN):
                continue
            if op.primitive is Primitive.SELECT:
                self._choice(block, index, depth)
            elif op.primitive is Primitive.AGGREGATE:
                self._rows(block, index, depth)
            else:
                self.line(depth, f"{name(index)} = {self.emitter.definition(index, block.given)}")

    # Choices ---------------------------------------------------------------------

    def _choice(self, block: Block, index: int, depth: int) -> None:
        """One `if` for all choices of the block over the same conditions."""
        group = self.emitter.plan.group
        together = [index]
        if block.depth < DEEPEST_BLOCK:
            same = [other for other in block.ops if group.get(other) == group[index]]
            together = [other for other in same if other not in self._done]
        self._done.update(together)
        word, given = "if", block.given
        conditions = self.emitter.op(index).operands[:-1:2]
        for branch, condition in enumerate(conditions):
            text = self.emitter.true(condition, given)
            reached = given | self._facts(condition).if_true
            if text == "True":
                self._branch(
                    _Branch(block, together, branch, reached), depth, "" if word == "if" else "else:"
                )
                return
            if text != "False":
                self._branch(_Branch(block, together, branch, reached), depth, f"{word} {text}:")
                word = "elif"
            given |= self._facts(condition).if_not_true
        last = _Branch(block, together, len(conditions), given)
        self._branch(last, depth, "" if word == "if" else "else:")

    def _facts(self, index: int) -> Facts:
        return self.emitter.facts(index)

    def _branch(self, branch: _Branch, depth: int, header: str) -> None:
        """What a branch alone needs, then the value of each choice; without a header it is the only one left.
        """
        if header:
            self.line(depth, header)
            depth += 1
        group = self.emitter.plan.group[branch.choices[0]]
        inner = branch.block.branches.get((group, branch.number))
        if inner is not None:
            self.block(inner, depth)
        for index in branch.choices:
            operands = self.emitter.op(index).operands
            value = operands[min(2 * branch.number + 1, len(operands) - 1)]
            self.line(depth, f"{name(index)} = {self.emitter.value(value, branch.given)}")

    # Rows ------------------------------------------------------------------------

    def _rows(self, block: Block, index: int, depth: int) -> None:
        """One loop for all aggregates of a table that can be had here."""
        graph = self.emitter.plan.graph
        _, table = gathering(self.emitter.op(index))
        together = [
            other
            for other in block.ops
            if other not in self._done and self._joins(other, table, leader=index)
        ]
        self._done.update(together)
        wanted = [k for other in together for k in self.emitter.op(other).operands if k >= 0]
        plan = Planner(graph, self.emitter.plan.facts, wanted, table).plan()
        inner = Writer(Emitter(plan))
        aggregates = [Gathering(other, self.emitter.op(other), inner.emitter) for other in together]
        rows = f"r{[each.name for each in graph.tables].index(table)}"
        self.line(depth, f"if {rows} is None:")
        self.line(depth + 1, " = ".join([*map(name, together), "None"]))
        self.line(depth, "else:")
        for aggregate in aggregates:
            self._all(depth + 1, aggregate.start())
        self.line(depth + 1, f"for {columns_text(graph, table)} in {rows}:")
        inner.block(plan.root, depth + 2)
        inner.take(aggregates, depth + 2)
        self.lines.extend(inner.lines)
        for aggregate in aggregates:
            self._all(depth + 1, aggregate.end())

    def _joins(self, index: int, table: str, leader: int) -> bool:
        op = self.emitter.op(index)
        if op.primitive is not Primitive.AGGREGATE or gathering(op)[1] != table:
            return False
        return all(operand < leader for operand in account_operands(self.emitter.plan.graph, op))

    def take(self, aggregates: list[Gathering], depth: int) -> None:
        """Add the row to each aggregate whose condition holds; aggregates with one condition share its `if`.
        """
        by_condition: dict[int, list[Gathering]] = {}
        for aggregate in aggregates:
            by_condition.setdefault(aggregate.condition, []).append(aggregate)
        for condition, sharing in by_condition.items():
            given: Given = frozenset()
            inside = depth
            if condition >= 0:
                self.line(depth, f"if {self.emitter.true(condition, given)}:")
                given, inside = self._facts(condition).if_true, depth + 1
            for aggregate in sharing:
                self._all(inside, aggregate.take(given))

    def _all(self, depth: int, lines: list[str]) -> None:
        for text in lines:
            self.line(depth, text)


def columns_text(graph: Graph, table: str) -> str:
    """The variables of a row, in the order of the table's fields; `_` for a column nothing reads."""
    at = {op.value: index for index, op in enumerate(graph.ops) if op.primitive is Primitive.COLUMN}
    fields = next(each.columns for each in graph.tables if each.name == table)
    names = [name(at[table, field.name]) if (table, field.name) in at else "_" for field in fields]
    return f"({''.join(f'{each}, ' for each in names)})" if names else "_"
