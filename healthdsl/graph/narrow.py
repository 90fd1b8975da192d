"""What a comparison with a constant tells of the range of what is compared, in the branch it leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from healthdsl.graph.bounds import Bounds, bounds_of
from healthdsl.graph.graph import Op
from healthdsl.graph.primitives import Primitive

if TYPE_CHECKING:
    from healthdsl.graph.facts import Facts, Roots

NARROWED = frozenset(
    {
        Primitive.ADD,
        Primitive.SUBTRACT,
        Primitive.MULTIPLY,
        Primitive.DIVIDE,
        Primitive.MINIMUM,
        Primitive.MAXIMUM,
        Primitive.SNAP,
    }
)

Ranges = dict[int, Bounds]


def narrow(  # noqa: PLR0913  the ranges, the place they are for, and what is known of it
    condition: int, ranges: Ranges, known: list[Facts], ops: Sequence[Op], *, given: Roots, holds: bool = True
) -> Ranges:
    """`ranges` with what a comparison of an operation with a constant tells of it; not when it may be
    unknown.
    """
    op = ops[condition]
    if op.primitive is not Primitive.LESS and op.primitive is not Primitive.AT_MOST:
        return ranges
    left, right = op.operands
    for compared, bound in ((left, right), (right, left)):
        limit = ops[bound].value
        if ops[bound].primitive is not Primitive.CONSTANT or not isinstance(limit, float):
            continue
        if known[compared].roots - given:
            continue
        low, high = ranges.get(compared, known[compared].bounds)
        below = (compared == left) is holds
        low, high = (low, min(high, limit)) if below else (max(low, limit), high)
        if low <= high:  # else the conditions exclude each other, and nothing is worked out there
            ranges = {**ranges, compared: (low, high)}
    return ranges


def bounds_within(
    index: int, ranges: Ranges, known: list[Facts], ops: Sequence[Op], steps: int = 5
) -> Bounds:
    """Bounds of a result where some operations are known to lie in narrower ranges."""
    found = ranges.get(index)
    if found is not None:
        return found
    op, facts = ops[index], known[index]
    if steps == 0 or op.primitive not in NARROWED:
        return facts.bounds
    inner = [known[k]._replace(bounds=bounds_within(k, ranges, known, ops, steps - 1)) for k in op.operands]
    narrowed, overflows = bounds_of(op, inner)
    return facts.bounds if overflows else narrowed
