"""What rules ask about, in words with the titles of the ruleset: `Last login: 12 days, above 8 days`.

In: expressions, and the values of an account where it is one account that is spoken of. Out: phrases for
people, never the syntax of the language. With values a condition says what was found, and of several causes
only those that are true.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import assert_never

from healthdsl.explain.judge import UNTOLD, judge
from healthdsl.explain.reading import Names, Values
from healthdsl.explain.words import GATHERED, join_words, show_number, show_value
from healthdsl.model.expressions import (
    Aggregate,
    And,
    Apply,
    BandOf,
    Choice,
    ColumnValue,
    Compare,
    Constant,
    Contains,
    CountTrue,
    Expression,
    FirstKnown,
    FlagValue,
    Function,
    IsMissing,
    LevelOf,
    Member,
    Not,
    Or,
    PointsOf,
    Product,
    Relation,
    SignalValue,
    Sum,
    Today,
)
from healthdsl.model.types import Kind, Type

MOST_CHOICES = 6


def condition_words(names: Names, condition: Expression, values: Values | None = None) -> str:
    """A condition in words; with `values` it says what this account has and which causes are true."""
    return _Speaker(names, values).condition(condition)


def quantity_words(names: Names, quantity: Expression) -> str:
    """What a number or a text is: the title of a signal, else how it is worked out."""
    return _Speaker(names, None).quantity(quantity)


def found_words(names: Names, quantity: Expression, values: Values | None) -> str:
    """`Last login: 12 days`; without the value where it is not told, or no account is spoken of."""
    return _Speaker(names, values).found(quantity)


def relation_words(relation: Relation, type_: Type) -> str:
    """`above`, of dates `after`."""
    return _OF_DATES[relation] if type_.is_date else relation.value


_OF_DATES = {
    Relation.BELOW: "before",
    Relation.UP_TO: "up to",
    Relation.ABOVE: "after",
    Relation.AT_LEAST: "from",
    Relation.IS: "is",
}
_OPPOSITE = {
    Relation.BELOW: Relation.AT_LEAST,
    Relation.UP_TO: Relation.ABOVE,
    Relation.ABOVE: Relation.UP_TO,
    Relation.AT_LEAST: Relation.BELOW,
}
_TURNED = {
    Relation.BELOW: Relation.ABOVE,
    Relation.UP_TO: Relation.AT_LEAST,
    Relation.ABOVE: Relation.BELOW,
    Relation.AT_LEAST: Relation.UP_TO,
    Relation.IS: Relation.IS,
}


@dataclass(frozen=True, slots=True)
class _Speaker:
    names: Names
    values: Values | None

    # Conditions --------------------------------------------------------------

    def condition(self, said: Expression, negated: bool = False) -> str:
        match said:
            case Not(operand=operand):
                return self.condition(operand, not negated)
            case And(operands=several):
                return self._all(several) if not negated else self._any(several, negated)
            case Or(operands=several):
                return self._any(several) if not negated else self._all(several, negated)
            case Compare():
                return self._compared(said, negated)
            case IsMissing(operand=operand):
                return f"{self.quantity(operand)} is {'known' if negated else 'not known'}"
            case Member(operand=operand, choices=choices):
                return self._member(operand, choices, negated)
            case Contains(operand=operand, text=text):
                does = "does not contain" if negated else "contains"
                return f"{self.quantity(operand)} {does} {quoted(text)}"
            case FlagValue(name=name):
                return f"not: {self._flag(name)}" if negated else self._flag(name)
            case Constant(value=bool(value)):
                return "always" if value != negated else "never"
            case _:
                return f"{self.quantity(said)}: {'no' if negated else 'yes'}"

    def _all(self, several: Sequence[Expression], negated: bool = False) -> str:
        joint = " and " if self.values is None else "; "
        return joint.join(self._phrases(several, negated))

    def _phrases(self, several: Sequence[Expression], negated: bool) -> list[str]:
        """A phrase for each, but two edges of one value stand together."""
        found, rest = list[str](), list(several)
        while rest:
            first = rest.pop(0)
            range_ = None if negated or not rest else self._range(first, rest[0])
            if range_ is not None:
                rest.pop(0)
            said = range_ or self.condition(first, negated)
            within = isinstance(first, Or | And) and (isinstance(first, Or) != negated) and len(several) > 1
            found.append(f"({said})" if within and " or " in said else said)
        return found

    def _range(self, first: Expression, second: Expression) -> str | None:
        """`Last login from 8 to 14 days` out of its two edges."""
        if not (isinstance(first, Compare) and isinstance(second, Compare) and first.left == second.left):
            return None
        edges = {Relation.AT_LEAST: first.right} if first.relation is Relation.AT_LEAST else {}
        if not edges or second.relation not in (Relation.UP_TO, Relation.BELOW):
            return None
        type_ = first.left.type
        low, high = self._shown(first.right, type_), self._shown(second.right, type_)
        low = low.split()[0] if type_.kind is Kind.DAYS and isinstance(first.right, Constant) else low
        to = "to" if second.relation is Relation.UP_TO else "to under"
        return self._tested(first.left, f"from {low} {to} {high}")

    def _any(self, several: Sequence[Expression], negated: bool = False) -> str:
        telling = several
        if self.values is not None:
            wanted = not negated
            telling = [each for each in several if judge(each, self.values) is wanted] or several
        return " or ".join(self.condition(each, negated) for each in telling)

    def _compared(self, said: Compare, negated: bool) -> str:
        left, right, relation = said.left, said.right, said.relation
        if isinstance(left, Constant) and not isinstance(right, Constant):
            left, right, relation = right, left, _TURNED[relation]
        if relation is Relation.IS:
            return self._is(left, right, negated)
        relation = _OPPOSITE[relation] if negated else relation
        if isinstance(left, CountTrue):
            return self._counted(left, f"{relation.value} {self.quantity(right)}")
        return self._tested(left, f"{relation_words(relation, left.type)} {self._shown(right, left.type)}")

    def _is(self, left: Expression, right: Expression, negated: bool) -> str:
        if isinstance(right, Constant) and isinstance(right.value, bool):
            return self.condition(left, negated == right.value)
        shown = self._shown(right, left.type, left)
        return f"{self.quantity(left)} {'is not' if negated else 'is'} {shown}"

    def _counted(self, several: CountTrue, test: str) -> str:
        """`at least 2 of these: ..`; of one account those that are true."""
        conditions = several.conditions
        if self.values is not None:
            values = self.values
            conditions = tuple(each for each in conditions if judge(each, values) is True) or conditions
        said = "; ".join(self.condition(each) for each in conditions)
        return f"{test} of these: {said}"

    def _member(self, operand: Expression, choices: Sequence[str], negated: bool) -> str:
        some = [self._label(operand, choice) for choice in choices]
        said = join_words(some, "or")
        if len(some) == 1:
            return f"{self.quantity(operand)} {'is not' if negated else 'is'} {said}"
        return f"{self.quantity(operand)} is {'none of' if negated else 'one of'} {said}"

    def _tested(self, left: Expression, test: str) -> str:
        """`Last login above 30 days`, of one account `Last login: 42 days, above 30 days`."""
        found = self.found(left)
        plain = self.quantity(left)
        return f"{plain} {test}" if found == plain else f"{found}, {test}"

    def found(self, quantity: Expression) -> str:
        plain = self.quantity(quantity)
        value = None if self.values is None else judge(quantity, self.values)
        if self.values is None or value is UNTOLD or isinstance(quantity, Constant):
            return plain
        if value is None:
            return f"{plain}: not known"
        if isinstance(value, str):
            return f"{plain}: {self._label(quantity, value)}"
        shown = value if isinstance(value, bool) else Fraction(str(value))
        return f"{plain}: {show_value(shown, quantity.type)}"

    # Quantities --------------------------------------------------------------

    def quantity(self, said: Expression) -> str:  # noqa: C901 -- a case an expression
        names = self.names
        match said:
            case Constant(value=value, type=type_):
                return show_value(value, type_)
            case SignalValue(name=name):
                return names.signals[name].title if name in names.signals else name
            case BandOf(node=node):
                titles = (each.title for each in names.ruleset.bands if each.node == node)
                return next(titles, None) or names.title(names.nodes[node])
            case PointsOf(node=node) | LevelOf(node=node):
                return names.title(names.nodes[node])
            case ColumnValue(column=column):
                return column.replace("_", " ")
            case Today():
                return "today"
            case Sum(terms=terms):
                return self._chained(terms, {"+": "+", "-": "\N{MINUS SIGN}"})
            case Product(factors=factors):
                return self._chained(factors, {"*": "\N{MULTIPLICATION SIGN}", "/": "/"})
            case Apply(function=function, operands=several):
                return self._applied(function, [self.quantity(each) for each in several])
            case FirstKnown(operands=several):
                return ", else ".join(self.quantity(each) for each in several)
            case CountTrue(conditions=conditions):
                return f"how many of {len(conditions)} hold"
            case Aggregate(gather=gather, table=table):
                title = next((each.title for each in names.ruleset.tables if each.name == table), table)
                return f"{GATHERED[gather]} {title}"
            case Choice():
                return "a value from a table"
            case FlagValue(name=name):
                return self._flag(name)
            case Compare() | Member() | Contains() | IsMissing() | Not() | And() | Or():
                return self.condition(said)
            case _:
                assert_never(said)

    def _chained(self, pairs: Sequence[tuple[str, Expression]], signs: dict[str, str]) -> str:
        first, *rest = pairs
        said = ("" if first[0] in "+*" else f"{signs[first[0]]} ") + self._operand(first[1])
        return said + "".join(f" {signs[sign]} {self._operand(each)}" for sign, each in rest)

    def _operand(self, said: Expression) -> str:
        words = self.quantity(said)
        return f"({words})" if isinstance(said, Sum | Product) else words

    def _applied(self, function: Function, several: list[str]) -> str:
        first = several[0]
        match function:
            case Function.MINIMUM:
                return f"the lowest of {join_words(several)}" if len(several) > 1 else first
            case Function.MAXIMUM:
                return f"the highest of {join_words(several)}" if len(several) > 1 else first
            case Function.ABSOLUTE:
                return f"the size of {first}"
            case Function.FLOOR | Function.CEILING | Function.ROUND:
                return f"{first}, rounded"
            case Function.LOG2 | Function.LOG10 | Function.LN:
                return f"the logarithm of {first}"
            case Function.POWER:
                return f"{first} to the power of {several[1]}"
            case Function.DAYS_BETWEEN:
                return _between("days", several)
            case Function.MONTHS_BETWEEN:
                return _between("months", several)
            case Function.CHANGE:
                return f"the change from {several[0]} to {several[1]}"

    def _shown(self, value: Expression, type_: Type, of: Expression | None = None) -> str:
        """A constant in the words of what it is compared with."""
        if not isinstance(value, Constant):
            return self.quantity(value)
        if isinstance(value.value, str):
            return self._label(of, value.value) if of is not None else value.value
        fits = type_.is_numeric or type_.is_date
        return show_value(value.value, type_ if fits else value.type)

    def _label(self, of: Expression, word: str) -> str:
        """What people read for a level or band; any other text as it is."""
        ruleset = self.names.ruleset
        if isinstance(of, LevelOf):
            wanted = self.names.nodes[of.node].levels
            levels = next((each.levels for each in ruleset.levels if each.name == wanted), ())
        elif isinstance(of, BandOf):
            levels = next((each.bands for each in ruleset.bands if each.node == of.node), ())
        else:
            return word
        return quoted(next((each.label or each.name for each in levels if each.name == word), word))

    def _flag(self, name: str) -> str:
        flag = next((each for each in self.names.ruleset.flags if each.name == name), None)
        return name.replace("_", " ") if flag is None else flag.title or name.replace("_", " ")


def _between(unit: str, ends: list[str]) -> str:
    start, end = ends
    if end == "today":
        return f"{unit} since {start}"
    return f"{unit} to {end}" if start == "today" else f"{unit} from {start} to {end}"


def quoted(text: str) -> str:
    """In quotation marks, as a reason stands in a sentence."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{text}\N{RIGHT DOUBLE QUOTATION MARK}"


def counted(number: Fraction) -> str:
    """`1 point`, `2.5 points`."""
    text = show_number(number).replace("-", "\N{MINUS SIGN}")
    return f"{text} point{'' if abs(number) == 1 else 's'}"
