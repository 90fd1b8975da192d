"""Where accounts are tried: evaluated in the graph while one is looked for, replayed as a record once found.

A search changes one input after the other and keeps what brings it nearer. It finds an account or gives up;
that it gives up tells nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from healthdsl.backends.record.errors import RecordError
from healthdsl.checks.accounts import TODAY, Account, Row, Trials, find_trials, typed
from healthdsl.checks.solve import Assignment, ExhaustedError, Solver, Wish
from healthdsl.explain.amounts import exact
from healthdsl.explain.words import show_value
from healthdsl.graph.evaluate import evaluate
from healthdsl.graph.graph import Graph, InputField
from healthdsl.graph.primitives import Primitive
from healthdsl.graph.slice import slice_graph
from healthdsl.model.expressions import BandOf, Expression, FlagValue, LevelOf, PointsOf, SignalValue
from healthdsl.model.ruleset import Ruleset
from healthdsl.model.types import Kind

if TYPE_CHECKING:
    from healthdsl.backends.record.program import RecordProgram

Outputs = Mapping[str, object]
Claim = Callable[[Outputs], bool]
"""What an account is to show, told from its outputs."""

Distance = Callable[[Outputs], float]

MOST_OPERATIONS = 300_000
"""Operations evaluated in the searches of one ruleset: some tenths of a second, where there are findings."""

_ROUNDS = 3
_HALVINGS = 50
_FAR = 1e9
_HOPELESS = 1e6
_LEAST_COST = 200


@dataclass(frozen=True, slots=True)
class Goal:
    """What is looked for: `claim` over the outputs called `names`, and how far from it an account is."""

    names: tuple[str, ...]
    claim: Claim
    distance: Distance


class Lab:
    """One ruleset with its graph; what is made of them is made once, when it is needed."""

    def __init__(self, ruleset: Ruleset, graph: Graph, solver: Solver) -> None:
        self.ruleset = ruleset
        self.graph = graph
        self.solver = solver
        self.left = MOST_OPERATIONS
        self._outputs = {output.name: output for output in graph.outputs}
        self._slices: dict[tuple[str, ...], Graph] = {}
        self._program: RecordProgram | None = None
        self._trials: Trials | None = None
        self._signals = {signal.name: signal for signal in ruleset.signals}

    @property
    def trials(self) -> Trials:
        if self._trials is None:
            self._trials = find_trials(self.ruleset, self.solver)
        return self._trials

    # Evaluating ---------------------------------------------------------------

    def replay(self, account: Account) -> Outputs | None:
        """Every output of the account by the record backend; None when it is no legal record."""
        if self._program is None:
            # most rulesets have nothing to replay
            from healthdsl.backends.record.program import compile_record

            self._program = compile_record(self.graph)
        record = {
            field.column: _stored(field, account.facts[field.name])
            for field in self.graph.inputs
            if field.name in account.facts
        }
        for table in self.graph.tables:
            if table.name in account.tables:
                columns = {field.name: field for field in table.columns}
                record[table.name] = [
                    {
                        columns[name].column: _stored(columns[name], value)
                        for name, value in row.items()
                        if name in columns
                    }
                    for row in account.tables[table.name]
                ]
        try:
            scored = self._program.run(None, record, TODAY, None)
        except RecordError:
            return None
        return self._program.full(scored.snapshot, TODAY)

    def look(self, account: Account, names: tuple[str, ...]) -> Outputs:
        """Some outputs of an account, by the graph."""
        piece = self.slice(names)
        rows = sum(map(len, account.tables.values()))
        self.left -= _LEAST_COST + len(piece.ops) * (1 + rows // 5)
        return evaluate(piece, account.facts, account.tables, TODAY)

    def slice(self, names: tuple[str, ...]) -> Graph:
        found = self._slices.get(names)
        if found is None:
            wanted = [self._outputs[name] for name in names if name in self._outputs]
            found = self._slices[names] = slice_graph(self.graph, wanted)
        return found

    # Looking for an account -----------------------------------------------------

    def blank(self) -> Account:
        return Account()

    def plain(self) -> Account:
        """An account of which everything is known, each with the first value worth trying."""
        facts = {name: typed(values[0]) for name, values in self.trials.values.items() if values}
        tables = {name: rows[0] for name, rows in self.trials.rows.items()}
        return Account(facts, tables)

    def from_terms(self, assignment: Assignment, start: Account) -> Account:
        """`start` with the inputs that an assignment settles."""
        account = start
        for term, value in assignment.items():
            if isinstance(term, SignalValue) and self._signals[term.name].formula is None:
                account = account.having(term.name, value)
                expiry = self._signals[term.name].expiry
                if expiry is not None and value is not None:
                    account = account.having(expiry.after, TODAY)
        return account

    def witness(
        self, assignment: Assignment, wishes: Sequence[Wish], names: Iterable[str], claim: Claim
    ) -> Account | None:
        """An account like the assignment that fulfils the wishes; in a replay the claim holds."""
        try:
            asked = {term: _output_of(term) for term in self.solver.terms(wishes)}
            holds = self.solver.judge(wishes)
        except ExhaustedError:
            return None
        outputs_of = {term: name for term, name in asked.items() if name in self._outputs}
        distances = [
            (name, typed(assignment[term])) for term, name in outputs_of.items() if term in assignment
        ]
        wanted = tuple(dict.fromkeys([*names, *outputs_of.values()]))

        def fulfilled(outputs: Outputs) -> bool:
            found = {term: _constant(outputs.get(name)) for term, name in outputs_of.items()}
            return claim(outputs) and holds({**assignment, **found})

        goal = Goal(wanted, fulfilled, lambda found: sum(_apart(found.get(n), v) for n, v in distances))
        fixed = frozenset(term.name for term in assignment if isinstance(term, SignalValue))
        for start in (self.blank(), self.plain()):
            account = self.from_terms(assignment, start)
            if fulfilled(self.look(account, wanted)):
                return self.confirmed(self.smaller(account, wanted, fulfilled, fixed), fulfilled)
        if not distances:
            return None
        return self.seek(goal, self.from_terms(assignment, self.plain()), fixed)

    def confirmed(self, account: Account, claim: Claim) -> Account | None:
        """The account, when the record backend says the same."""
        outputs = self.replay(account)
        return account if outputs is not None and claim(outputs) else None

    def seek(self, goal: Goal, start: Account, fixed: frozenset[str] = frozenset()) -> Account | None:
        """An account for which the claim holds; None when the search ends without."""
        best, distance = start, goal.distance(self.look(start, goal.names))
        for _ in range(_ROUNDS):
            before = distance
            for changed in self._changes(goal.names, best, fixed):
                for account in changed(best):
                    if self.left < 0:
                        return None
                    outputs = self.look(account, goal.names)
                    if goal.claim(outputs):
                        return self.confirmed(
                            self.smaller(account, goal.names, goal.claim, fixed), goal.claim
                        )
                    now = goal.distance(outputs)
                    if now < distance:
                        best, distance = account, now
            if distance >= before:
                break
        return self._refined(goal, best, fixed) if distance < _HOPELESS else None

    def extreme(self, name: str, sign: int, start: Account, fixed: frozenset[str] = frozenset()) -> Account:
        """An account with a low (`sign` 1) or high (-1) value of an output: the best found."""

        def distance(outputs: Outputs) -> float:
            value = outputs.get(name)
            return sign * value if isinstance(value, float) else _FAR

        best, reached = start, distance(self.look(start, (name,)))
        for _ in range(2):
            before = reached
            for changed in self._changes((name,), best, fixed):
                for account in changed(best):
                    if self.left < 0:
                        return best
                    now = distance(self.look(account, (name,)))
                    if now < reached:
                        best, reached = account, now
            if reached >= before:
                break
        return best

    def smaller(
        self, account: Account, names: tuple[str, ...], claim: Claim, keep: frozenset[str] = frozenset()
    ) -> Account:
        """The account without what it can do without: each input left out in turn, while the claim holds."""
        for name in [name for name in account.facts if name not in keep]:
            less = account.having(name, None)
            if self.left >= 0 and claim(self.look(less, names)):
                account = less
        for table in list(account.tables):
            less = account.with_rows(table, None)
            if self.left >= 0 and claim(self.look(less, names)):
                account = less
        return account

    def _changes(
        self, names: tuple[str, ...], _: Account, fixed: frozenset[str]
    ) -> Iterator[Callable[[Account], Iterator[Account]]]:
        """For each input that the outputs depend on, the accounts that differ in it."""
        ops = self.slice(names).ops
        inputs = dict.fromkeys(str(op.value) for op in ops if op.primitive is Primitive.INPUT)
        tables = dict.fromkeys(str(op.value) for op in ops if op.primitive is Primitive.SUPPLIED)
        gathered = dict.fromkeys(
            op.value[1] for op in ops if op.primitive is Primitive.AGGREGATE and isinstance(op.value, tuple)
        )
        for name in inputs:
            if name not in fixed:
                values = (*self.trials.values.get(name, ()), None)
                yield lambda account, name=name, values=values: (account.having(name, v) for v in values)  # type: ignore[misc]
        for name in {**tables, **gathered}:
            if name not in fixed:
                rows: tuple[Sequence[Row] | None, ...] = (*self.trials.rows.get(name, ()), None)
                yield lambda account, name=name, rows=rows: (account.with_rows(name, r) for r in rows)  # type: ignore[misc]

    def _refined(self, goal: Goal, best: Account, fixed: frozenset[str]) -> Account | None:
        """Between two neighbouring values of one number, halved towards the smaller distance."""
        for name, values in self.trials.values.items():
            numbers = sorted(v for v in values if isinstance(v, Fraction))
            if name in fixed or len(numbers) < 2:
                continue
            for low, high in pairwise(numbers):
                found = self._between(goal, best, name, (low, high))
                if found is not None:
                    return self.confirmed(found, goal.claim)
                if self.left < 0:
                    return None
        return None

    def _between(
        self, goal: Goal, best: Account, name: str, ends: tuple[Fraction, Fraction]
    ) -> Account | None:
        """The account with the value between two at which the distance is 0, where it falls towards there."""
        low, high = ends
        whole = self._signals[name].type.is_whole
        at_low, at_high = (
            goal.distance(self.look(best.having(name, end), goal.names)) for end in (low, high)
        )
        for _ in range(_HALVINGS):
            if at_low + at_high >= _FAR or self.left < 0 or at_low + at_high == 0:
                return None
            share = Fraction(at_low) / (Fraction(at_low) + Fraction(at_high))
            middle = _snapped(low + (high - low) * share, whole)
            if middle in (low, high):
                middle = _snapped((low + high) / 2, whole)
            if middle in (low, high):
                return None
            account = best.having(name, middle)
            outputs = self.look(account, goal.names)
            if goal.claim(outputs):
                return account
            distance = goal.distance(outputs)
            if at_low >= at_high:
                low, at_low = middle, distance
            else:
                high, at_high = middle, distance
        return None


def _snapped(value: Fraction, whole: bool) -> Fraction:
    grid = 1 if whole else 10**9
    return Fraction(round(value * grid), grid)


def _output_of(term: Expression) -> str | None:
    match term:
        case SignalValue(name=name) | FlagValue(name=name):
            return name
        case PointsOf(node=node):
            return f"{node}__points"
        case LevelOf(node=node):
            return f"{node}__level"
        case BandOf(node=node):
            return f"{node}__band"
        case _:
            return None


def _constant(value: object) -> object:
    """An output as the model has its constants."""
    return exact(value) if isinstance(value, float) else value


def _apart(found: object, wanted: object) -> float:
    if found == wanted:
        return 0.0
    if isinstance(found, bool) or isinstance(wanted, bool):
        return 1.0
    if isinstance(found, int | float) and isinstance(wanted, int | float):
        return abs(found - wanted)
    return _FAR if wanted is not None else 1.0


def _stored(field: InputField, value: object) -> object:
    """A value as a record holds it."""
    if value is None or isinstance(value, bool | str):
        return value
    assert isinstance(value, int | float)
    if field.type.is_date:
        return date.fromordinal(int(value)).isoformat()
    if field.type.kind is Kind.PERCENT:
        return f"{show_value(value, field.type, 9)}".replace(",", "")
    return int(value) if field.type.is_whole else value
