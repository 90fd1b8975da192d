"""Lines of a ruleset in its own words: rows of tables, parts with their weights, steps, policies, types."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import assert_never

from healthdsl.diff.say_expressions import say, say_constant, say_number
from healthdsl.explain.words import join_words, plural
from healthdsl.model.expressions import Constant, Expression, Relation, relation_word
from healthdsl.model.ruleset import (
    Action,
    Cell,
    CurvePoint,
    EdgeRung,
    Formula,
    GridWeight,
    Key,
    Keys,
    Needs,
    Outcome,
    Part,
    Per,
    Points,
    Rest,
    Result,
    Row,
    Side,
    SignalWeight,
    Step,
    Table,
    ToLevel,
    Weight,
    WeightCase,
    When,
)
from healthdsl.model.types import NUMBER, Kind, Type


def say_key(key: Key, kind: Type = NUMBER) -> str:
    """What a row asks; `kind` is the type of what its table is about."""
    match key:
        case EdgeRung():
            return _edges(key)
        case Keys(values=values):
            return ", ".join(say_constant(value, kind) for value in values)
        case CurvePoint(at=at):
            return say_constant(at, kind)
        case When(condition=condition):
            return f"when {say(condition)}"
        case Rest(otherwise=otherwise, missing=missing):
            return " or ".join([*["otherwise"] * otherwise, *["missing"] * missing])
        case Cell(row=row, column=column):
            return f"{_side(row)}, {_side(column)}"
        case _:
            assert_never(key)


def _side(side: Side) -> str:
    """`plan pro or team`, `seats below 100`, `any other plan`."""
    about = say(side.subject)
    match side.test:
        case Rest():
            return f"any other {about}"
        case Keys(values=values):
            return f"{about} {' or '.join(say_constant(value, side.subject.type) for value in values)}"
        case EdgeRung():
            return f"{about} {_edges(side.test)}"
        case _:
            assert_never(side.test)


def _edges(rung: EdgeRung) -> str:
    low, high = rung.low, rung.high
    if low is not None and high is not None and rung.low_included and rung.high_included:
        return say(low) if low == high else f"from {say(low)} to {say(high)}"
    said = []
    if low is not None:
        relation = Relation.AT_LEAST if rung.low_included else Relation.ABOVE
        said.append(f"{relation_word(relation, low.type)} {say(low)}")
    if high is not None:
        relation = Relation.UP_TO if rung.high_included else Relation.BELOW
        said.append(f"{relation_word(relation, high.type)} {say(high)}")
    return " and ".join(said)


def say_result(result: Result) -> str:
    """What a row gives."""
    match result:
        case Points(value=value):
            return say(value)
        case ToLevel(name=name):
            return name
        case Outcome():
            return result.value
        case _:
            assert_never(result)


def say_row(row: Row, kind: Type = NUMBER) -> str:
    return f"{say_key(row.key, kind)} -> {say_result(row.result)}"


def subject_type(table: Table) -> Type:
    """The type of what a table is about."""
    return NUMBER if table.subject is None else table.subject.type


def say_body(body: Table | Formula | object) -> str:
    """How a variant is worked out, in a few words."""
    if isinstance(body, Table):
        of = " by ".join(say(subject) for subject in body.subjects)
        of = f" of {of}" if of else ""
        return f"a {body.kind.value}{of}"
    return f"the formula `{say(body.value)}`" if isinstance(body, Formula) else "a combination of parts"


# Parts -----------------------------------------------------------------------


def say_weight(weight: Weight) -> str:
    match weight:
        case Fraction():
            return say_number(weight)
        case SignalWeight(signal=signal):
            return f"that of {signal}"
        case GridWeight(signal=signal, cases=cases):
            said = [f"{say_number(case.weight)} {say_case(case)}" for case in cases]
            return f"those by {signal} ({', '.join(said)})"
        case _:
            assert_never(weight)


def say_case(case: WeightCase) -> str:
    return f"for {_keys(case.keys)}" if case.keys else "otherwise"


def _keys(values: Sequence[Fraction | int | str | bool]) -> str:
    return join_words([say_constant(value, NUMBER) for value in values], "or")


def say_part(part: Part) -> str:
    only = f" only when {say(part.only_when)}" if part.only_when is not None else ""
    return f"{part.node}{only}"


# Steps and clauses -----------------------------------------------------------


def say_step(step: Step) -> str:
    """`+10 when C`, `-5 per X above 2, up to 20 points`, `cap at 40 when C`."""
    condition = f" when {say(step.condition)}" if step.condition is not None else ""
    return f"{_action(step.action, step.amount)}{_per(step.per)}{condition}"


def _action(action: Action, amount: Expression) -> str:
    said = say(amount)
    match action:
        case Action.ADD:
            is_negative = isinstance(amount, Constant) and said.startswith("-")
            return said if is_negative else f"+{said}" if isinstance(amount, Constant) else f"+({said})"
        case Action.TIMES:
            return f"times {said}"
        case Action.CAP:
            return f"cap at {said}"
        case Action.RAISE:
            return f"raise to {said}"
        case Action.SET:
            return f"set to {said}"
        case _:
            assert_never(action)


def _per(per: Per | None) -> str:
    if per is None:
        return ""
    each = "" if per.each == 1 else f"{say_number(per.each)} "
    above = f" above {say(per.above)}" if per.above is not None else ""
    limit = f", up to {say_number(per.limit)} points" if per.limit is not None else ""
    return f" per {'full ' if per.full else ''}{each}{say(per.quantity)}{above}{limit}"


def say_share(share: Fraction | None) -> str:
    return "none" if share is None else f"{say_number(share * 100)}%"


def say_needs(needs: Needs | None) -> str:
    if needs is None:
        return "nothing"
    if needs.share is not None:
        return f"{say_share(needs.share)} of weight"
    return plural(needs.parts or 0, "part")


def say_within(within: tuple[Fraction, Fraction] | None) -> str:
    return "any range" if within is None else f"{say_number(within[0])} to {say_number(within[1])}"


def say_rounding(decimals: int | None) -> str:
    if decimals is None:
        return "not rounded"
    return "rounded to a whole number" if decimals == 0 else f"rounded to {plural(decimals, 'decimal')}"


def say_type(kind: Type) -> str:
    """`count`, `one of free, pro`, `money in USD`."""
    if kind.kind is Kind.CATEGORY:
        return f"one of {', '.join(say_constant(choice, kind) for choice in kind.choices)}"
    return f"money in {kind.currency}" if kind.currency else kind.kind.value
