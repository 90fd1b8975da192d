"""Which operations a function needs, which get a variable, and in which branch each is worked out.

An operation used once is written where it is used. A choice becomes an `if`, and what only one of its
branches needs is worked out inside that branch; choices over the same conditions share one `if`. So the code
does what a careful person's would: it asks each question once and computes what the answer asks for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from healthdsl.backends.record.layout import Layout
from healthdsl.graph.facts import NOTHING, Roots
from healthdsl.graph.graph import Op
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
        Primitive.CONTAINS,
        Primitive.AND,
        Primitive.OR,
        Primitive.NOT,
        Primitive.IS_KNOWN,
        Primitive.IS_TRUE,
    }
)
_LOGIC = frozenset({Primitive.AND, Primitive.OR, Primitive.NOT, Primitive.IS_TRUE})
_TWICE = frozenset({Primitive.MINIMUM, Primitive.MAXIMUM})
SOURCES = frozenset({Primitive.INPUT, Primitive.COLUMN})
_ALWAYS = SOURCES | {Primitive.SELECT, Primitive.AGGREGATE}

Uses = list[tuple[int, int]]


@dataclass(slots=True, eq=False)
class Block:
    """A place for statements: the function's own, or one branch of an `if`.

    `given`: operations that are known to be there.
    """

    given: Roots
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

    def stands_in(self, other: Block) -> bool:
        """Whether this block is `other` or one of its branches."""
        return self.meet(other) is other


@dataclass(frozen=True, slots=True)
class Plan:
    """A function to write.

    `stored` operations have a variable, that of `shares[op]` when it is named there; `group` names the leader
    of each choice; `root` holds all. `table` is None for the account, else the table whose rows are worked
    through.
    """

    layout: Layout
    table: str | None
    stored: set[int]
    shares: dict[int, int]
    group: dict[int, int]
    root: Block


class Planner:
    """Plans the operations behind `wanted` that belong to the account (`table` None) or to one table's rows.

    `apart`: operations that are written as statements of their own, whatever their use.
    """

    def __init__(
        self,
        layout: Layout,
        wanted: Iterable[int],
        table: str | None = None,
        apart: Iterable[int] = (),
    ) -> None:
        self._layout = layout
        self._ops = layout.graph.ops
        self._table = table
        self._users: dict[int, Uses] = {}
        self._stored: set[int] = set()
        self._apart = frozenset(apart)
        self._group: dict[int, int] = {}
        self.needed = self._reach(wanted)

    def plan(self) -> Plan:
        self._choose_variables()
        self._join_choices()
        root = Block(NOTHING)
        sites = self._place(root)
        shares = self._share_variables(sites)
        return Plan(self._layout, self._table, self._stored, shares, self._group, root)

    def uses(self, index: int) -> Uses:
        """The uses of a needed operation: (user, slot), the user -1 for being wanted."""
        return self._users[index]

    # Reach -------------------------------------------------------------------

    def _inner(self, index: int) -> bool:
        op = self._ops[index]
        return op.table == self._table and op.primitive is not Primitive.CONSTANT

    def _slots(self, index: int) -> Iterable[int]:
        """What an operation reads: of an aggregate, what its row operations read of the account."""
        op = self._ops[index]
        return account_operands(self._layout, op) if op.primitive is Primitive.AGGREGATE else op.operands

    def _reach(self, wanted: Iterable[int]) -> list[int]:
        """The operations needed, in order, constants and outer ones left out."""
        waiting: list[int] = []
        for index in wanted:
            if self._inner(index):
                self._use(index, (-1, 0), waiting)
        while waiting:
            user = waiting.pop()
            for slot, operand in enumerate(self._slots(user)):
                if self._inner(operand):
                    self._use(operand, (user, slot), waiting)
        return sorted(self._users)

    def _use(self, index: int, use: tuple[int, int], waiting: list[int]) -> None:
        uses = self._users.get(index)
        if uses is None:
            self._users[index] = [use]
            waiting.append(index)
        else:
            uses.append(use)

    # Variables ---------------------------------------------------------------

    def _choose_variables(self) -> None:
        """Operations get a variable when they are written more than once, or guarded, or too deep."""
        places: dict[int, int] = {-1: 1}
        depth: dict[int, int] = {}
        for index in reversed(self.needed):
            count = 0
            deepest = 0
            for user, slot in self._users[index]:
                times = 1 if user in self._stored else places[user]
                count += times * 2 if user >= 0 and self._written_twice(user, slot) else times
                deepest = max(deepest, 0 if user in self._stored else depth.get(user, 0))
            places[index] = count
            depth[index] = deepest + 1
            if deepest >= DEEPEST_TEXT or self._needs_variable(index, count):
                self._stored.add(index)

    def _written_twice(self, user: int, slot: int) -> bool:
        op = self._ops[user]
        if op.primitive is Primitive.DIVIDE:
            low, high = self._layout.facts[op.operands[1]].bounds
            return slot == 1 and low <= 0.0 <= high
        return op.primitive in _TWICE or (op.primitive is Primitive.COALESCE and slot < len(op.operands) - 1)

    def _needs_variable(self, index: int, count: int) -> bool:
        op, uses = self._ops[index], self._users[index]
        if op.primitive in _ALWAYS or index in self._apart:
            return True
        if op.primitive is Primitive.TODAY:
            return False
        if any(user >= 0 and self._ops[user].primitive is Primitive.AGGREGATE for user, _ in uses):
            return True  # rows read it in a loop
        opaque = index in self._layout.facts[index].roots
        if op.primitive in CONDITIONS:
            asked = all(self._asks(user, slot) for user, slot in uses)
            return (opaque and not asked) or (count > 1 and self._is_long(index))
        return count > 1 or (opaque and not all(self._passes(user, slot) for user, slot in uses))

    def _asks(self, user: int, slot: int) -> bool:
        """Whether the user only asks if the condition is true, or false."""
        if user < 0:
            return True
        op = self._ops[user]
        chooses = op.primitive is Primitive.SELECT and slot % 2 == 0 and slot < len(op.operands) - 1
        return chooses or op.primitive in _LOGIC

    def _passes(self, user: int, slot: int) -> bool:
        """Whether the user only hands the value on."""
        if user < 0:
            return True
        op = self._ops[user]
        return op.primitive is Primitive.SELECT and (slot % 2 == 1 or slot == len(op.operands) - 1)

    def _is_long(self, index: int) -> bool:
        """Whether asking again costs more than keeping the answer."""
        op = self._ops[index]
        if op.primitive in (Primitive.NOT, Primitive.IS_TRUE):
            return self._is_long(op.operands[0])
        if op.primitive in (Primitive.AND, Primitive.OR):
            return True
        return any(
            self._inner(operand) and self._ops[operand].primitive not in _ALWAYS for operand in op.operands
        )

    # Choices that share an `if` ----------------------------------------------

    def _join_choices(self) -> None:
        """A choice joins an earlier one over the same conditions when all it reads could be had there."""
        leaders: dict[tuple[int, ...], int] = {}
        for index in self.needed:
            op = self._ops[index]
            if op.primitive is not Primitive.SELECT:
                continue
            conditions = op.operands[:-1:2]
            leader = leaders.setdefault(conditions, index)
            values = (*op.operands[1::2], op.operands[-1])
            if leader != index and not all(self._had_at(leader, value) for value in values):
                leader = leaders[conditions] = index
            self._group[index] = leader

    def _had_at(self, leader: int, index: int, steps: int = 8) -> bool:
        """Whether an operation can be had where the leader stands: it is there, or needed by one branch
        alone.
        """
        if index < leader or not self._inner(index):
            return True
        if steps == 0 or len(self._users[index]) > 1 or self._ops[index].primitive is Primitive.AGGREGATE:
            return False
        return all(self._had_at(leader, operand, steps - 1) for operand in self._ops[index].operands)

    # Places ------------------------------------------------------------------

    def _place(self, root: Block) -> dict[int, Block]:
        """Users first: each operation goes to the innermost block that holds all its uses."""
        sites: dict[int, Block] = {-1: root}
        for index in reversed(self.needed):
            block = None
            for user, slot in self._users[index]:
                site = self._site(user, slot, sites[user])
                block = site if block is None else block.meet(site)
            assert block is not None
            if self._ops[index].primitive is Primitive.AGGREGATE:
                block = root
            sites[index] = block
            if index in self._stored:
                block.ops.append(index)
        waiting = [root]
        while waiting:
            one = waiting.pop()
            one.ops.reverse()
            waiting.extend(one.branches.values())
        return sites

    def _site(self, user: int, slot: int, block: Block) -> Block:
        """The block in which a use is written; `block` is where its user's own text goes."""
        if user < 0 or self._ops[user].primitive is not Primitive.SELECT or block.depth >= DEEPEST_BLOCK:
            return block
        op = self._ops[user]
        if slot % 2 == 0 and slot != len(op.operands) - 1:
            return block
        key = (self._group[user], slot // 2)
        inner = block.branches.get(key)
        if inner is None:
            given = block.given | self._reached(op, slot // 2)
            inner = block.branches[key] = Block(given, block, block.depth + 1)
        return inner

    def _reached(self, op: Op, branch: int) -> Roots:
        """What is known when a branch of a choice is reached."""
        facts = self._layout.facts
        known = NOTHING
        for condition in op.operands[: 2 * branch : 2]:
            known |= facts[condition].if_not_true
        if 2 * branch < len(op.operands) - 1:
            known |= facts[op.operands[2 * branch]].if_true
        return known

    # Shared variables --------------------------------------------------------

    def _share_variables(self, sites: dict[int, Block]) -> dict[int, int]:
        """A running value changed by a choice, and read by nothing else, goes on in the same variable."""
        shares: dict[int, int] = {}
        for index in self.needed:
            op = self._ops[index]
            if op.primitive is Primitive.SELECT and self._continues(index, op.operands[-1], sites):
                shares[index] = shares.get(op.operands[-1], op.operands[-1])
        return shares

    def _continues(self, index: int, before: int, sites: dict[int, Block]) -> bool:
        facts = self._layout.facts
        if before not in self._stored or self._ops[before].primitive in SOURCES or before not in self._users:
            return False
        # One is missing exactly when the other is, so a question whether the earlier is there still has its
        # answer.
        if sites[before] is not sites[index] or facts[before].roots != facts[index].roots:
            return False
        return all(self._is_before(user, index, sites) for user, _ in self._users[before])

    def _is_before(self, user: int, index: int, sites: dict[int, Block]) -> bool:
        """Whether a use is over when the choice gets its value."""
        if user == index:
            return True
        if user < 0:
            return False
        if user in self._stored:
            return sites[user] is not sites[index] and sites[user].stands_in(sites[index]) and user < index
        return all(self._is_before(outer, index, sites) for outer, _ in self._users[user])


def account_operands(layout: Layout, aggregate: Op) -> list[int]:
    """The operations of the account that the row operations of an aggregate read, constants left out."""
    ops = layout.graph.ops
    found: set[int] = set()
    opened: set[int] = set()
    waiting = [operand for operand in aggregate.operands if operand >= 0]
    while waiting:
        index = waiting.pop()
        if index in opened:
            continue
        opened.add(index)
        op = ops[index]
        if op.table is not None:
            waiting.extend(op.operands)
        elif op.primitive is not Primitive.CONSTANT:
            found.add(index)
    return sorted(found)
