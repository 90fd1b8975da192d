"""Which of several causes raised a flag: the members of its `or` that are true, in words.

In: the condition of a flag that is raised, with the values of the account. Out: a phrase a cause, in written
order; none where there is only one way to raise it. What the values do not tell is no cause.
"""

from __future__ import annotations

from collections.abc import Iterator

from healthdsl.explain.judge import judge
from healthdsl.explain.reading import Names, Values
from healthdsl.explain.say import condition_words
from healthdsl.model.expressions import And, Compare, Constant, CountTrue, Expression, FlagValue, Or, Relation

_AT_MOST = 50
_MORE = frozenset((Relation.AT_LEAST, Relation.ABOVE))


def true_causes(names: Names, values: Values, condition: Expression) -> tuple[str, ...]:
    """The alternatives of a condition that hold, each said once."""
    found = (
        condition_words(names, each, values)
        for each in _alternatives(names, condition)
        if judge(each, values) is True
    )
    return tuple(dict.fromkeys(found))[:_AT_MOST]


def _alternatives(names: Names, condition: Expression) -> Iterator[Expression]:
    """What stands on both sides of `or`, also as a part of an `and`, in a list, or behind the name of a
    condition that is nothing else.
    """
    match condition:
        case Or(operands=several):
            yield from several
        case And(operands=several):
            for each in several:
                yield from _alternatives(names, each)
        case Compare(relation=relation, left=CountTrue(conditions=several), right=Constant()):
            yield from several if relation in _MORE else ()
        case FlagValue(name=name) if name in names.conditions and not _is_shown(names, name):
            yield from _alternatives(names, names.conditions[name])
        case _:
            pass


def _is_shown(names: Names, name: str) -> bool:
    return any(flag.name == name for flag in names.ruleset.raised)
