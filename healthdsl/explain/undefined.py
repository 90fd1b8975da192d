"""Why a value that has all it needs cannot be worked out: a division by 0, or rows of which none counts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from healthdsl.explain.judge import judge
from healthdsl.explain.reading import Names, Values, inside
from healthdsl.explain.say import quantity_words
from healthdsl.model.expressions import Aggregate, Apply, Expression, Function, Gather, Product, SignalValue

_LOGARITHMS = (Function.LOG2, Function.LOG10, Function.LN)
_OF_NO_ROWS = (Gather.COUNT, Gather.SUM, Gather.DISTINCT)  # these are 0 then


def why_undefined(names: Names, values: Values, expressions: Sequence[Expression]) -> str | None:
    """`Pipelines is 0`, `no row of Meetings counts`; None where neither is the cause."""
    asked = list(_opened(names, values, expressions))
    zero = next((said for each in asked for said in _zeros(names, values, each)), None)
    if zero is not None:
        return f"{zero} is 0"
    tables = {table.name: table.title for table in names.ruleset.tables}
    for each in asked:
        if isinstance(each, Aggregate) and each.gather not in _OF_NO_ROWS:
            return f"no row of {tables.get(each.table, each.table)} counts"
    return None


def _opened(names: Names, values: Values, expressions: Sequence[Expression]) -> Iterator[Expression]:
    """Every expression inside, with the formulas of the signals that have no value."""
    seen: set[str] = set()
    stack = list(expressions)
    while stack:
        for each in inside([stack.pop()]):
            yield each
            if isinstance(each, SignalValue) and each.name not in seen and values.get(each.name) is None:
                seen.add(each.name)
                formula = names.signals[each.name].formula
                stack += [] if formula is None else [formula]


def _zeros(names: Names, values: Values, asked: Expression) -> Iterator[str]:
    """What is divided by, or taken the logarithm of, and is 0."""
    match asked:
        case Product(factors=factors):
            divisors = [each for sign, each in factors if sign == "/"]
        case Apply(function=function, operands=operands):
            divisors = list(operands[:1]) if function in (Function.CHANGE, *_LOGARITHMS) else []
        case _:
            divisors = []
    for each in divisors:
        if judge(each, values) == 0:
            yield quantity_words(names, each)
