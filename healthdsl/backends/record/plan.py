"""Which operations a function needs, which get a variable, and in which branch each is worked out.

An operation used once is written where it is used. A choice becomes an `if`, and what only one of its
branches needs is worked out inside that branch; choices over the same conditions share one `if`. So the
code does what a careful person's would: it asks each question once and computes what the answer asks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from healthdsl.graph.facts import Facts
from healthdsl.graph.graph import Graph, Op
from healthdsl.graph.primitives import Primitive

DEEPEST_BLOCK = 12
"""Python allows 100 levels of indentation; deeper branches are worked out before the `if`."""

DEEPEST_TEXT = 20
"""Nested brackets in one expression, before a part gets a variable."""

CONDITIONS = frozenset(
    {
        Primitive.LESS,
        Primitive.AT_MOST,
        Primitive.EQUAL,
        Primitive.MEMBER,
        Primitive.AND,
        Primitive.OR,
        Primitive.NOT,
        Primitive.IS_KNOWN,
        Primitive.IS_TRUE,
    }
)
_LOGIC = frozenset({Primitive.AND, Primitive.OR, Primitive.NOT, Primitive.IS_TRUE})
_TWICE = frozenset({Primitive.MINIMUM, Primitive.MAXIMUM})
_ALWAYS = frozenset({Primitive.INPUT, Primitive.COLUMN, Primitive.SELECT, Primitive.AGGREGATE})


@dataclass(slots=True, eq=False)
class Block:
    """A place for statements: the function's own, or one branch of an `if`. `given`: variables that are not
    None here.
    """

    given: frozenset[int]
    parent: Block | None = None
    depth: int = 0
    ops: list[int] = field(default_factory=list)
    branches: dict[tuple[int, int], Block] = field(default_factory=dict)

    def meet(self, other: Block) -> Block:
        """The innermost block that both stand in."""
        first, second = self, other
        while first is not second:
            if first.depth >= second.depth:
                assert first.parent is not None
                first = first.parent
            else:
                assert second.parent is not None
                second = second.parent
        return first


@dataclass(frozen=True, slots=True)
class Plan:
    """A function to write: `stored` operations have variables, `group` names the leader of each choice,
    `root` holds all.
    """

    graph: Graph
    facts: list[Facts]
    stored: frozenset[int]
    group: dict[int, int]
    root: Block
    table: str | None = None


class Planner:
    """Plans the operations behind `wanted` that belong to the account (`table` None) or to the rows of one
    table.

    `outer` operations have variables already; `wanted` is used in the root block.
    """

    def __init__(
        self, graph: Graph, facts: list[Facts], wanted: Iterable[int], table: str | None = None
    ) -> None:
        self._graph = graph
        self._facts = facts
        self._wanted = list(wanted)
        self._table = table
        self._users: dict[int, list[tuple[int, int]]] = {}
        self._stored: set[int] = set()
        self._group: dict[int, int] = {}
        self._needed = self._reach()

    def plan(self, given: frozenset[int] = frozenset()) -> Plan:
        self._choose_variables()
        self._join_choices()
        root = Block(given)
        self._place(root)
        return Plan(self._graph, self._facts, frozenset(self._stored), self._group, root, self._table)

    @property
    def needed(self) -> list[int]:
        """The operations behind what is wanted, in order, constants and outer ones left out."""
        return self._needed

    # Reach -----------------------------------------------------------------------

    def _inner(self, index: int) -> bool:
        op = self._graph.ops[index]
        return op.primitive is not Primitive.CONSTANT and op.table == self._table

    def operands(self, index: int) -> list[int]:
        """What an operation reads at its own level: an aggregate reads the account's part of its row
        operations.
        """
        op = self._graph.ops[index]
        if op.primitive is not Primitive.AGGREGATE:
            return [operand for operand in op.operands if self._inner(operand)]
        return sorted(account_operands(self._graph, op))

    def _reach(self) -> list[int]:
        waiting = {index for index in self._wanted if self._inner(index)}
        for index in waiting:
            self._users.setdefault(index, []).append((-1, 0))
        for index in range(len(self._graph.ops) - 1, -1, -1):
            if index not in waiting:
                continue
            op = self._graph.ops[index]
            slots = op.operands if op.primitive is not Primitive.AGGREGATE else self.operands(index)
            for slot, operand in enumerate(slots):
                if self._inner(operand):
                    self._users.setdefault(operand, []).append((index, slot))
                    waiting.add(operand)
        return sorted(waiting)

    # Variables -------------------------------------------------------------------

    def _choose_variables(self) -> None:
        """Operations get a variable when they are written more than once, or guarded, or too deep."""
        places: dict[int, int] = {}
        for index in reversed(self._needed):
            count = 0
            for user, slot in self._users[index]:
                times = 1 if user < 0 or user in self._stored else places[user]
                count += times * (2 if user >= 0 and self._written_twice(user, slot) else 1)
            places[index] = count
            if self._needs_variable(index, count):
                self._stored.add(index)
        self._store_deep_ones()

    def _written_twice(self, user: int, slot: int) -> bool:
        op = self._graph.ops[user]
        if op.primitive is Primitive.DIVIDE:
            low, high = self._facts[op.operands[1]].bounds
            return slot == 1 and low <= 0.0 <= high
        return op.primitive in _TWICE or (op.primitive is Primitive.COALESCE and slot < len(op.operands) - 1)

    def _needs_variable(self, index: int, count: int) -> bool:
        op, facts = self._graph.ops[index], self._facts[index]
        if op.primitive in _ALWAYS:
            return True
        if op.primitive is Primitive.TODAY:
            return False
        if any(
            user >= 0 and self._graph.ops[user].primitive is Primitive.AGGREGATE
            for user, _ in self._users[index]
        ):
            # Rows read it in a loop; for the row operations themselves this does not arise.
            return True
        if op.primitive in CONDITIONS:
            asked = all(self._asks(user, slot) for user, slot in self._users[index])
            opaque = index in facts.roots and not asked
            return opaque or (count > 1 and self._is_long(index))
        opaque = index in facts.roots and not all(
            self._passes(user, slot) for user, slot in self._users[index]
        )
        return opaque or count > 1

    def _asks(self, user: int, slot: int) -> bool:
        """Whether the user only asks if the condition is true (or false)."""
        if user < 0:
            return True
        op = self._graph.ops[user]
        return op.primitive in _LOGIC or (
            op.primitive is Primitive.SELECT and slot % 2 == 0 and slot < len(op.operands) - 1
        )

    def _passes(self, user: int, slot: int) -> bool:
        """Whether the user only hands the value on."""
        if user < 0:
            return True
        op = self._graph.ops[user]
        return op.primitive is Primitive.SELECT and (slot % 2 == 1 or slot == len(op.operands) - 1)

    def _is_long(self, index: int) -> bool:
        """Whether asking again costs more than keeping the answer."""
        op = self._graph.ops[index]
        if op.primitive in (Primitive.NOT, Primitive.IS_TRUE):
            return self._is_long(op.operands[0])
        return op.primitive in (Primitive.AND, Primitive.OR) or any(
            self._inner(operand)
            and operand not in self._stored
            and self._graph.ops[operand].primitive not in _ALWAYS
            for operand in op.operands
        )

    def _store_deep_ones(self) -> None:
        depth: dict[int, int] = {}
        for index in self._needed:
            inner = [depth.get(operand, 0) for operand in self._graph.ops[index].operands]
            depth[index] = 0 if index in self._stored else 1 + max(inner, default=0)
            if depth[index] > DEEPEST_TEXT:
                self._stored.add(index)
                depth[index] = 0

    # Choices that share an `if` --------------------------------------------------

    def _join_choices(self) -> None:
        """A choice joins an earlier one over the same conditions when all it reads could be had there."""
        leaders: dict[tuple[int, ...], int] = {}
        for index in self._needed:
            op = self._graph.ops[index]
            if op.primitive is not Primitive.SELECT:
                continue
            leader = leaders.setdefault(op.operands[:-1:2], index)
            values = (*op.operands[1::2], op.operands[-1])
            if leader != index and not all(self._had_at(leader, value) for value in values):
                leader = leaders[op.operands[:-1:2]] = index
            self._group[index] = leader

    def _had_at(self, leader: int, index: int, steps: int = 8) -> bool:
        if index < leader or not self._inner(index):
            return True
        if (
            steps == 0
            or len(self._users[index]) > 1
            or self._graph.ops[index].primitive is Primitive.AGGREGATE
        ):
            return False
        return all(self._had_at(leader, operand, steps - 1) for operand in self._graph.ops[index].operands)

    # Places ----------------------------------------------------------------------

    def _place(self, root: Block) -> None:
        """Users first: each operation goes to the innermost block that holds all its uses."""
        sites: dict[int, Block] = {}
        for index in reversed(self._needed):
            used = [self._site(user, slot, sites, root) for user, slot in self._users[index]]
            block = used[0]
            for other in used[1:]:
                block = block.meet(other)
            if self._graph.ops[index].primitive is Primitive.AGGREGATE:
                block = root
            sites[index] = block
            if index in self._stored:
                block.ops.append(index)
        _in_order(root)

    def _site(self, user: int, slot: int, sites: dict[int, Block], root: Block) -> Block:
        """The block in which a use is written; sites of operations without a variable are where their text
        goes.
        """
        if user < 0:
            return root
        op, block = self._graph.ops[user], sites[user]
        last = slot == len(op.operands) - 1
        if (
            op.primitive is not Primitive.SELECT
            or (slot % 2 == 0 and not last)
            or block.depth >= DEEPEST_BLOCK
        ):
            return block
        key = (self._group[user], slot // 2)
        if key not in block.branches:
            block.branches[key] = Block(block.given | self._reached(op, slot // 2), block, block.depth + 1)
        return block.branches[key]

    def _reached(self, op: Op, branch: int) -> frozenset[int]:
        """What is known when a branch of a choice is reached."""
        known: frozenset[int] = frozenset()
        for condition in op.operands[: 2 * branch : 2]:
            known |= self._facts[condition].if_not_true
        if 2 * branch < len(op.operands) - 1:
            known |= self._facts[op.operands[2 * branch]].if_true
        return known


def _in_order(block: Block) -> None:
    waiting = [block]
    while waiting:
        one = waiting.pop()
        one.ops.sort()
        waiting.extend(one.branches.values())


def account_operands(graph: Graph, aggregate: Op) -> set[int]:
    """The operations of the account that the row operations of an aggregate read, constants left out."""
    found: set[int] = set()
    opened: set[int] = set()
    waiting = [operand for operand in aggregate.operands if operand >= 0]
    while waiting:
        index = waiting.pop()
        if index in opened:
            continue
        opened.add(index)
        op = graph.ops[index]
        if op.table is not None:
            waiting.extend(op.operands)
        elif op.primitive is not Primitive.CONSTANT:
            found.add(index)
    return found
