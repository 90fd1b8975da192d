"""Is there an account for which these conditions hold? Exact over the cells of their terms.

Terms are taken as free of each other: the points of a score and a signal it is made of may each have any
value of their own. So NEVER is certain; a solution is a proposal, to be replayed on a real account.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from fractions import Fraction
from typing import Final

from healthdsl.checks.domains import Domains
from healthdsl.checks.terms import (
    Conditions,
    against_constant,
    atoms,
    constants_of,
    opened,
    representatives,
    term_of,
)
from healthdsl.model.expressions import (
    And,
    Compare,
    Constant,
    CountTrue,
    Expression,
    FlagValue,
    IsMissing,
    Member,
    Not,
    Or,
    Relation,
)

TRUE, FALSE, UNKNOWN = 1, 2, 4
ANYTHING = TRUE | FALSE | UNKNOWN
MOST_WORK = 150_000
"""Atoms looked at for one ruleset: some tenths of a second. What is left over then is not told."""

MOST_TERMS = 100
"""Terms decided one behind the other."""


class Outcome(Enum):
    NEVER = "never"
    UNTOLD = "untold"


NEVER: Final = Outcome.NEVER
UNTOLD: Final = Outcome.UNTOLD
Assignment = Mapping[Expression, object]
Found = Assignment | Outcome


@dataclass(slots=True)
class Work:
    """What may still be spent on one ruleset."""

    left: int = MOST_WORK

    def spend(self, amount: int) -> None:
        """ExhaustedError when there is not as much left."""
        self.left -= amount
        if self.left < 0:
            raise ExhaustedError


class ExhaustedError(Exception):
    """The work is used up."""


@dataclass(frozen=True, slots=True)
class Wish:
    """A condition that is to be true, or (`holds` False) is to be false or unknown."""

    condition: Expression
    holds: bool = True


@dataclass(frozen=True, slots=True)
class Solver:
    """Looks for values of terms; `known_only` leaves out what is missing. `raised` are the flags and plays
    among the conditions, which are never unknown.
    """

    domains: Domains
    conditions: Conditions
    raised: frozenset[str]
    work: Work = field(default_factory=Work)

    def solve(self, wishes: Sequence[Wish], *, known_only: bool = False, closed: bool = False) -> Found:
        """Values of terms that fulfil all wishes; terms that do not matter are left out.

        `closed`: a text is one of those that the wishes speak of.
        """
        try:
            cells = self._cells([wish.condition for wish in wishes], known_only, closed)
            found = _Search(self, cells).run(wishes, {})
        except ExhaustedError:
            return UNTOLD
        return NEVER if found is None else found

    def judge(self, wishes: Sequence[Wish]) -> Callable[[Assignment], bool]:
        """Tells whether values of terms fulfil all wishes, as far as those terms tell."""
        search = _Search(self, self._cells([wish.condition for wish in wishes], False, False))

        def holds(values: Assignment) -> bool:
            try:
                masks = [(wish.holds, search.mask(wish.condition, values)) for wish in wishes]
            except ExhaustedError:
                return False
            return all(mask & TRUE if holds else mask & ~TRUE for holds, mask in masks)

        return holds

    def terms(self, wishes: Sequence[Wish]) -> Iterable[Expression]:
        """What the wishes ask about."""
        return self._cells([wish.condition for wish in wishes], False, False)

    def outcomes(self, condition: Expression, *, known_only: bool = False) -> int:
        """Which of true, false and unknown an atom can be."""
        return _Search(self, self._cells([condition], known_only, False)).mask(condition, {})

    def _cells(
        self, conditions: Iterable[Expression], known_only: bool, closed: bool
    ) -> dict[Expression, tuple[object, ...]]:
        constants: dict[Expression, dict[object, None]] = {}
        for condition in conditions:
            for atom in atoms(condition, self.conditions):
                self.work.spend(1)
                constants.setdefault(term_of(atom), {}).update(dict.fromkeys(constants_of(atom)))
        cells = {}
        for term, compared in constants.items():
            if isinstance(term, Compare):
                found: tuple[object, ...] = (True, False, None)
            else:
                found = representatives(term, self.domains.domain(term), compared)
            if closed and self.domains.domain(term).open_text:
                found = tuple(value for value in found if value is None or value in compared)
            cells[term] = tuple(value for value in found if value is not None) if known_only else found
        return cells


@dataclass(frozen=True, slots=True)
class _Search:
    solver: Solver
    cells: Mapping[Expression, tuple[object, ...]]
    masks: dict[Expression, int] = field(default_factory=dict)

    def run(self, wishes: Sequence[Wish], given: dict[Expression, object]) -> dict[Expression, object] | None:
        """Values that go on from those given; None where there are none."""
        if len(given) > MOST_TERMS:
            raise ExhaustedError
        open_wishes = []
        for wish in wishes:
            mask = self.mask(wish.condition, given)
            can, cannot = (mask & TRUE, mask & ~TRUE) if wish.holds else (mask & ~TRUE, mask & TRUE)
            if not can:
                return None
            if cannot:
                open_wishes.append(wish)
        if not open_wishes:
            return given
        term = self._undecided(open_wishes[0].condition, given)
        for value in self.cells[term]:
            found = self.run(open_wishes, {**given, term: value})
            if found is not None:
                return found
        return None

    def _undecided(self, condition: Expression, given: Mapping[Expression, object]) -> Expression:
        for atom in atoms(condition, self.solver.conditions):
            term = term_of(atom)
            if term not in given and not isinstance(term, Constant):
                return term
        raise AssertionError("a condition all of whose terms are decided is decided")

    def mask(self, expression: Expression, given: Mapping[Expression, object]) -> int:
        """Which of true, false and unknown a condition may still be."""
        behind = opened(expression, self.solver.conditions)
        match expression:
            case FlagValue(name=name) if behind is not None and name in self.solver.raised:
                mask = self.mask(behind, given)
                return (TRUE if mask & TRUE else 0) | (FALSE if mask & ~TRUE else 0)
            case _ if behind is not None:
                return self.mask(behind, given)
            case Not(operand=inner):
                return _negated(self.mask(inner, given))
            case And(operands=several):
                return _all([self.mask(each, given) for each in several])
            case Or(operands=several):
                return _negated(_all([_negated(self.mask(each, given)) for each in several]))
            case _:
                return self._atom(expression, given)

    def _atom(self, atom: Expression, given: Mapping[Expression, object]) -> int:
        self.solver.work.spend(1)
        if isinstance(atom, Constant):
            return _of_truth(atom.value)
        if isinstance(atom, Compare):
            counted = against_constant(atom)
            if counted is not None and isinstance(counted[0], CountTrue):
                return self._counted(counted[0], counted[1], counted[2].value, given)
        term = term_of(atom)
        if term in given:
            return judge(atom, given[term])
        mask = self.masks.get(atom)
        if mask is None:
            self.solver.work.spend(len(self.cells[term]))
            mask = 0
            for value in self.cells[term]:
                mask |= judge(atom, value)
            self.masks[atom] = mask
        return mask

    def _counted(
        self, count: CountTrue, relation: Relation, limit: object, given: Mapping[Expression, object]
    ) -> int:
        masks = [self.mask(each, given) for each in count.conditions]
        least = sum(mask == TRUE for mask in masks)
        most = sum(bool(mask & TRUE) for mask in masks)
        assert isinstance(limit, Fraction)
        mask = 0
        for number in range(least, most + 1):
            mask |= TRUE if compared(relation, Fraction(number), limit) else FALSE
        return mask


# Atoms -----------------------------------------------------------------------


def judge(atom: Expression, value: object) -> int:
    """What an atom is where its term has this value."""
    match atom:
        case IsMissing():
            return TRUE if value is None else FALSE
        case _ if value is None:
            return UNKNOWN
        case Member(choices=choices, ignoring_case=ignoring):
            text = str(value)
            holds = text.lower() in {c.lower() for c in choices} if ignoring else text in choices
            return TRUE if holds else FALSE
        case Compare():
            found = against_constant(atom)
            return _of_truth(value) if found is None else _of_truth(compared(found[1], value, found[2].value))
        case _:
            return _of_truth(value)


def compared(relation: Relation, left: object, right: object) -> bool | None:
    """`left RELATION right`; None where a side is missing."""
    if left is None or right is None:
        return None
    if (
        relation is Relation.IS
        or not isinstance(left, Fraction | int)
        or not isinstance(right, Fraction | int)
    ):
        return left == right
    return _ORDER[relation](left, right)


_ORDER: dict[Relation, Callable[[Fraction | int, Fraction | int], bool]] = {
    Relation.BELOW: lambda a, b: a < b,
    Relation.UP_TO: lambda a, b: a <= b,
    Relation.ABOVE: lambda a, b: a > b,
    Relation.AT_LEAST: lambda a, b: a >= b,
}


def _of_truth(value: object) -> int:
    return UNKNOWN if value is None else TRUE if value is True else FALSE


def _negated(mask: int) -> int:
    return (mask & UNKNOWN) | (FALSE if mask & TRUE else 0) | (TRUE if mask & FALSE else 0)


def _all(masks: Sequence[int]) -> int:
    """Which a conjunction can be; its operands are taken as free of each other."""
    found = TRUE if all(mask & TRUE for mask in masks) else 0
    found |= FALSE if any(mask & FALSE for mask in masks) else 0
    unknown = any(mask & UNKNOWN for mask in masks) and all(mask & (TRUE | UNKNOWN) for mask in masks)
    return found | (UNKNOWN if unknown else 0)
