"""Reading the named outputs of one evaluation.

The names are the contract in docs (`n__points`, `n__fired_1`, ..).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from healthdsl.explain.amounts import exact
from healthdsl.model.expressions import (
    Aggregate,
    And,
    Apply,
    BandOf,
    Choice,
    Compare,
    Contains,
    CountTrue,
    Expression,
    FirstKnown,
    FlagValue,
    IsMissing,
    LevelOf,
    Member,
    Not,
    Or,
    PointsOf,
    Product,
    SignalValue,
    Sum,
)
from healthdsl.model.ruleset import RuleNode, Ruleset, Signal, Variant

POLICY_ROW = -2


@dataclass(frozen=True, slots=True)
class Values:
    """Output values by name. An output that is not there reads as missing."""

    values: Mapping[str, object]

    def get(self, name: str) -> object:
        return self.values.get(name)

    def number(self, name: str) -> Fraction | None:
        value = self.values.get(name)
        return exact(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def index(self, name: str, default: int) -> int:
        value = self.values.get(name)
        return int(value) if isinstance(value, int | float) else default

    def is_true(self, name: str) -> bool:
        return self.values.get(name) is True

    def text(self, name: str) -> str | None:
        value = self.values.get(name)
        return value if isinstance(value, str) else None

    def points(self, node: str) -> Fraction | None:
        return self.number(f"{node}__points")

    def variant(self, node: RuleNode) -> Variant | None:
        """The variant that was used; None when none fits. A node without variants has no such output."""
        index = self.index(f"{node.name}__variant", 0)
        return node.variants[index] if 0 <= index < len(node.variants) else None

    def applies(self, node: str) -> bool:
        return self.values.get(f"{node}__applies") is not False


@dataclass(frozen=True, slots=True)
class Names:
    """The declarations of a ruleset by name."""

    ruleset: Ruleset
    signals: Mapping[str, Signal]
    nodes: Mapping[str, RuleNode]
    conditions: Mapping[str, Expression]

    @staticmethod
    def of(ruleset: Ruleset) -> Names:
        return Names(
            ruleset,
            {signal.name: signal for signal in ruleset.signals},
            {node.name: node for node in ruleset.nodes},
            conditions_of(ruleset),
        )

    def title(self, node: RuleNode) -> str:
        """What reports call a node: its title, else that of the signal it shares its name with."""
        signal = self.signals.get(node.name)
        return node.title or (signal.title if signal is not None else _words(node.name))

    def place(self, line: int) -> str | None:
        """`file:line`, None for what has no place in a text."""
        return self.ruleset.place(line) if line else None


def conditions_of(ruleset: Ruleset) -> dict[str, Expression]:
    """What flags, plays and named conditions say, by name."""
    return {flag.name: flag.condition for flag in ruleset.flags}


def opened(expressions: Sequence[Expression], conditions: Mapping[str, Expression]) -> tuple[Expression, ...]:
    """The expressions, and behind them what the flags and conditions say that they name, each once."""
    found = list(expressions)
    names: set[str] = set()
    for expression in found:  # which grows while it is read
        for name in (each.name for each in inside([expression]) if isinstance(each, FlagValue)):
            if name not in names and name in conditions:
                names.add(name)
                found.append(conditions[name])
    return tuple(found)


def _words(name: str) -> str:
    words = name.replace("_", " ")
    return words[:1].upper() + words[1:]


def operands(expression: Expression) -> Sequence[Expression]:
    """The expressions directly inside an expression, rows of an aggregate left out."""
    match expression:
        case Sum(terms=pairs) | Product(factors=pairs):
            return [operand for _, operand in pairs]
        case Apply(operands=inner) | And(operands=inner) | Or(operands=inner) | CountTrue(conditions=inner):
            return inner
        case FirstKnown(operands=inner):
            return inner
        case Choice(cases=cases):
            return [each for case in cases for each in case]
        case Compare(left=left, right=right):
            return (left, right)
        case (
            Member(operand=inner_one)
            | Contains(operand=inner_one)
            | IsMissing(operand=inner_one)
            | Not(operand=inner_one)
        ):
            return (inner_one,)
        case _:
            return ()


def inside(expressions: Sequence[Expression]) -> Iterator[Expression]:
    """Every expression in the trees, outermost first, in written order."""
    stack = list(reversed(expressions))
    while stack:
        expression = stack.pop()
        yield expression
        stack.extend(reversed(operands(expression)))


def signals_read(expressions: Sequence[Expression]) -> tuple[str, ...]:
    """Names of the signals read directly, each once, in written order."""
    names = (e.name for e in inside(expressions) if isinstance(e, SignalValue))
    return tuple(dict.fromkeys(names))


def nodes_read(expressions: Sequence[Expression]) -> tuple[str, ...]:
    """Names of the nodes whose points are read directly."""
    return tuple(dict.fromkeys(e.node for e in inside(expressions) if isinstance(e, PointsOf)))


def nodes_asked(expressions: Sequence[Expression]) -> tuple[str, ...]:
    """Names of the nodes whose points, level or band are read directly."""
    asked = (e.node for e in inside(expressions) if isinstance(e, PointsOf | LevelOf | BandOf))
    return tuple(dict.fromkeys(asked))


def tables_read(expressions: Sequence[Expression]) -> tuple[str, ...]:
    """Names of the row tables gathered directly."""
    return tuple(dict.fromkeys(e.table for e in inside(expressions) if isinstance(e, Aggregate)))
