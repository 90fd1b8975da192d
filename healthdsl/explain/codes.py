"""Codes of reasons: which rules with a code spoke, and what each of them cost.

In: tallies, and the causes of a score. Out: the codes of a score, each once. They are ranked by the points
they cost; what cost the same stands in written order, and so do the codes of an account that is not scored.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from healthdsl.explain.explanation import Cause, Code
from healthdsl.explain.judge import judge
from healthdsl.explain.reading import Values
from healthdsl.explain.tally import Tally, fired_row
from healthdsl.explain.tree import Branch
from healthdsl.model.ruleset import Guarded, Missing, Row, Step


def part_codes(values: Values, node: Tally) -> tuple[Code, ...]:
    """The codes of the rules that decided a node's points: its row or policy, then its steps."""
    row = fired_row(values, node.node, node.variant)
    found: list[Row | Missing | Step] = []
    if row is not None:
        found.append(row)
    elif node.by_policy:
        found.append(node.variant.missing)
    moved = (change for change in node.changes if change.step is not None and change.after != change.before)
    found += [node.variant.steps[change.step] for change in moved if change.step is not None]
    return coded(*found)


def coded(*rules: Row | Missing | Step | Guarded) -> tuple[Code, ...]:
    """The codes of those that have one."""
    return tuple(Code(code=rule.code, text=rule.reason or "") for rule in rules if rule.code is not None)


def ranked(causes: Sequence[Cause], branch: Branch, values: Values) -> tuple[Code, ...]:
    """The codes of a score: of its causes, else of all rules that spoke."""
    found: dict[str, Code] = {}
    for cause in causes:
        for one in cause.codes:
            before = found.get(one.code)
            lost = cause.lost + (before.lost or Decimal(0) if before is not None else Decimal(0))
            found[one.code] = Code(code=one.code, text=before.text if before else one.text, lost=lost)
    if branch.tally is not None and branch.tally.points is not None and found:
        return tuple(sorted(found.values(), key=lambda one: -(one.lost or 0)))
    if branch.tally is None or branch.tally.points is None:
        for one in _spoken(branch, values):
            found.setdefault(one.code, one)
    return tuple(found.values())


def _spoken(branch: Branch, values: Values) -> Iterator[Code]:
    """The codes of a node that is not scored and of all below it, in written order."""
    node = branch.tally
    if node is None:
        return
    guards = [guard for guard in node.variant.unscored if judge(guard.condition, values) is True]
    yield from coded(*guards)
    yield from part_codes(values, node)
    for child in branch.children:
        yield from _spoken(child, values)
