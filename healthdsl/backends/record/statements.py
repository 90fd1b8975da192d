"""Planned operations to Python statements: assignments, an `if` for each choice, a loop for the rows of each
table.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from healthdsl.backends.record.conditions import Given
from healthdsl.backends.record.emit import Emitter
from healthdsl.backends.record.gather import Gathering
from healthdsl.backends.record.layout import Layout
from healthdsl.backends.record.plan import DEEPEST_BLOCK, SOURCES, Block, Planner, account_operands
from healthdsl.backends.record.text import name
from healthdsl.graph.facts import Facts
from healthdsl.graph.graph import gathering
from healthdsl.graph.narrow import Ranges, narrow
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
    _by_table: dict[str, list[int]] = field(default_factory=dict)

    def line(self, depth: int, text: str) -> None:
        self.lines.append(STEP * depth + text)

    def block(self, block: Block, depth: int) -> None:
        """The statements of a block, each operation after those it reads."""
        together = self._joined(block)
        for index in block.ops:
            op = self.emitter.op(index)
            if index in self._done or op.primitive in SOURCES:
                continue
            if op.primitive is Primitive.SELECT:
                self._choice(block, together.get(self.emitter.plan.group[index], [index]), depth)
            elif op.primitive is Primitive.AGGREGATE:
                self._rows(block, index, depth)
            elif index in self.emitter.distances:
                self._rounding(index, depth, block.given)
            else:
                text = self.emitter.definition(index, block.given)
                self.line(depth, f"{self.emitter.name(index)} = {text}")

    def _rounding(self, index: int, depth: int, given: Given) -> None:
        """A rounding that starts again, with every snap in place, when a tie is too near to be certain."""
        op, own = self.emitter.op(index), self.emitter.name(index)
        assert isinstance(op.value, int)
        missing = self.emitter.missing(op, given)
        if missing:
            self.line(depth, f"if {self.emitter.any_none(missing)}: {own} = None")
            self.line(depth, "else:")
            depth += 1
        scale, distance = 10.0**op.value, self.emitter.distances[index]
        self.line(depth, f"t = {self.emitter.value(op.operands[0], given | missing)} * {scale!r} + 0.5")
        self.line(depth, f"{own} = floor(t)")
        near = f"{distance!r} < t - {own} < {1.0 - distance!r}"
        self.line(depth, f"if not {near}: return again(owner, record, today, notes)")
        self.line(depth, f"{own} = {own} / {scale!r}")

    def _joined(self, block: Block) -> dict[int, list[int]]:
        """The choices of a block by their leader; too deep, each stands alone."""
        found: dict[int, list[int]] = {}
        if block.depth < DEEPEST_BLOCK:
            group = self.emitter.plan.group
            for index in block.ops:
                if index in group:
                    found.setdefault(group[index], []).append(index)
        return found

    # Choices -----------------------------------------------------------------

    def _choice(self, block: Block, together: list[int], depth: int) -> None:
        """One `if` for all choices of the block over the same conditions."""
        self._done.update(together)
        word, given = "if", block.given
        outside = dict(self.emitter.ranges)
        conditions = self.emitter.op(together[0]).operands[:-1:2]
        for branch, condition in enumerate(conditions):
            text = self.emitter.true(condition, given)
            reached = given | self._facts(condition).if_true
            if text != "False":
                before = dict(self.emitter.ranges)
                self._narrow(condition, reached, holds=True)
                header = f"{word} {text}:" if text != "True" else "" if word == "if" else "else:"
                self._branch(_Branch(block, together, branch, reached), depth, header)
                self._widen(before)
                if text == "True":
                    break
                word = "elif"
            given |= self._facts(condition).if_not_true
            self._narrow(condition, given, holds=False)
        else:
            last = _Branch(block, together, len(conditions), given)
            self._branch(last, depth, "" if word == "if" else "else:")
        self._widen(outside)

    def _facts(self, index: int) -> Facts:
        return self.emitter.facts(index)

    def _narrow(self, condition: int, given: Given, *, holds: bool) -> None:
        """Note what a comparison tells of its variable; nothing of one that is not snapped yet."""
        layout = self.emitter.plan.layout
        if self.emitter.raw.intersection(self.emitter.op(condition).operands):
            return
        ranges = narrow(
            condition, self.emitter.ranges, layout.facts, layout.graph.ops, given=given, holds=holds
        )
        self._widen(ranges)

    def _widen(self, ranges: Ranges) -> None:
        kept = dict(ranges)
        self.emitter.ranges.clear()
        self.emitter.ranges.update(kept)

    def _branch(self, branch: _Branch, depth: int, header: str) -> None:
        """What a branch alone needs, then the value of each choice.

        Without a header it is the only one left; an `else` with nothing to do is left out.
        """
        start = len(self.lines)
        inside = depth + 1 if header else depth
        group = self.emitter.plan.group[branch.choices[0]]
        inner = branch.block.branches.get((group, branch.number))
        if inner is not None and branch.block.depth < DEEPEST_BLOCK:
            self.block(inner, inside)
        for index in branch.choices:
            operands = self.emitter.op(index).operands
            value = self.emitter.value(operands[min(2 * branch.number + 1, len(operands) - 1)], branch.given)
            if value != self.emitter.name(index):
                self.line(inside, f"{self.emitter.name(index)} = {value}")
        if header and len(self.lines) > start:
            self.lines.insert(start, STEP * depth + header)
        elif header and header != "else:":
            self.line(depth, header)
            self.line(inside, "pass")

    # Rows ------------------------------------------------------------------------

    def _rows(self, block: Block, index: int, depth: int) -> None:
        """One loop for all aggregates of a table that can be had here."""
        layout = self.emitter.plan.layout
        _, table = gathering(self.emitter.op(index))
        together = [other for other in self._aggregates(block)[table] if self._joins(other, leader=index)]
        self._done.update(together)
        wanted = [k for other in together for k in self.emitter.op(other).operands if k >= 0]
        plan = Planner(layout, wanted, table).plan()
        inner = Writer(Emitter(plan))
        aggregates = [Gathering(other, self.emitter.op(other), inner.emitter) for other in together]
        rows = f"r{layout.tables[table]}"
        self.line(depth, f"if {rows} is None:")
        self.line(depth + 1, " = ".join([*map(name, together), "None"]))
        self.line(depth, "else:")
        for aggregate in aggregates:
            self._all(depth + 1, aggregate.start())
        self.line(depth + 1, f"for {_columns(layout, table)} in {rows}:")
        inner.block(plan.root, depth + 2)
        inner.take(aggregates, depth + 2)
        self.lines.extend(inner.lines)
        for aggregate in aggregates:
            self._all(depth + 1, aggregate.end())

    def _aggregates(self, block: Block) -> dict[str, list[int]]:
        """The aggregates of a block by table."""
        if not self._by_table:
            for index in block.ops:
                op = self.emitter.op(index)
                if op.primitive is Primitive.AGGREGATE:
                    self._by_table.setdefault(gathering(op)[1], []).append(index)
        return self._by_table

    def _joins(self, index: int, leader: int) -> bool:
        """Whether an aggregate can be gathered where the leader stands: all it reads of the account
        is there.
        """
        if index in self._done:
            return False
        read = account_operands(self.emitter.plan.layout, self.emitter.op(index))
        return all(operand < leader for operand in read)

    def take(self, aggregates: list[Gathering], depth: int) -> None:
        """Add the row to each aggregate whose condition holds; aggregates with one condition share
        its `if`.
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


def _columns(layout: Layout, table: str) -> str:
    """The variables of a row, in the order of the table's fields; `_` for a column nothing reads."""
    fields = layout.graph.tables[layout.tables[table]].columns
    read = [layout.columns.get((table, field.name)) for field in fields]
    return f"({''.join('_, ' if each is None else f'{name(each)}, ' for each in read)})" if read else "_"
