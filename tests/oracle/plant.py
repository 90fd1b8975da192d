"""Faults to plant in the engine, each a mistake that somebody building such an engine has made.

A fault is made in the graph, between lowering and the backend, or in the Ruleset before lowering. The oracle
never sees it: it reads the Ruleset as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from healthdsl.graph.graph import Graph, Op
from healthdsl.graph.lower import lower_ruleset
from healthdsl.graph.primitives import Primitive
from healthdsl.model import ruleset as r
from healthdsl.model.expressions import Gather
from healthdsl.model.types import TEXT
from tests.oracle.splice import Patch, splice

GraphChange = Callable[[Graph], Graph]
RulesetChange = Callable[[r.Ruleset], r.Ruleset]


@dataclass(frozen=True)
class Fault:
    """A named mistake; what it does not change stays as it is."""

    name: str
    in_graph: GraphChange = lambda graph: graph
    in_ruleset: RulesetChange = lambda ruleset: ruleset

    def planted(self, ruleset: r.Ruleset) -> Graph:
        return self.in_graph(lower_ruleset(self.in_ruleset(ruleset)))


# In the graph ----------------------------------------------------------------


def is_a(*primitives: Primitive) -> Callable[[Op], bool]:
    return lambda op: op.primitive in primitives


def swapped(one: Primitive, other: Primitive) -> GraphChange:
    """One primitive in place of another."""
    return lambda graph: replace(
        graph, ops=tuple(replace(op, primitive=other) if op.primitive is one else op for op in graph.ops)
    )


def at_once(write: Callable[[Patch], object], *primitives: Primitive) -> GraphChange:
    """Every operation of these primitives written anew."""
    return lambda graph: splice(graph, is_a(*primitives), write)


def _whole_text(patch: Patch) -> None:
    """The whole text is compared, as if nothing could stand around it."""
    wanted = patch.make(Primitive.CONSTANT, value=patch.op.value, kind=TEXT)
    patch.condition(Primitive.EQUAL, patch.op.operands[0], wanted)


def _zero_for_missing(patch: Patch) -> None:
    """A missing number is 0."""
    original = patch.original()
    if patch.op.type.is_numeric:
        patch.make(Primitive.COALESCE, original, patch.number(0.0))


def _not_of_unknown(patch: Patch) -> None:
    """`not` of something unknown is true."""
    (operand,) = patch.op.operands
    patch.condition(Primitive.NOT, patch.condition(Primitive.IS_TRUE, operand))


def _all_known(primitive: Primitive) -> Callable[[Patch], None]:
    """An unknown operand makes `and` or `or` unknown, whatever the others are."""

    def write(patch: Patch) -> None:
        known = [patch.condition(Primitive.IS_KNOWN, operand) for operand in patch.op.operands]
        unknown = patch.make(Primitive.CONSTANT, kind=patch.op.type)
        original = patch.original()
        patch.make(
            Primitive.SELECT, patch.condition(Primitive.AND, *known), original, unknown, kind=patch.op.type
        )

    return write


def _to_even(patch: Patch) -> None:
    """Rounds halves to the even neighbour."""
    decimals = patch.op.value
    assert isinstance(decimals, int)
    scale, half = patch.number(10.0**decimals), patch.number(0.5)
    scaled = patch.make(Primitive.SNAP, patch.make(Primitive.MULTIPLY, patch.op.operands[0], scale))
    floor = patch.make(Primitive.FLOOR, scaled)
    halved = patch.make(Primitive.DIVIDE, floor, patch.number(2.0))
    even = patch.condition(Primitive.EQUAL, halved, patch.make(Primitive.FLOOR, halved))
    tie = patch.condition(Primitive.EQUAL, patch.make(Primitive.SUBTRACT, scaled, floor), half)
    nearest = patch.make(Primitive.FLOOR, patch.make(Primitive.ADD, scaled, half))
    chosen = patch.make(Primitive.SELECT, patch.condition(Primitive.AND, tie, even), floor, nearest)
    patch.make(Primitive.DIVIDE, chosen, scale)


def _as_it_is(patch: Patch) -> None:
    """The first operand, and nothing done to it."""
    patch.make(Primitive.COALESCE, patch.op.operands[0], kind=patch.op.type)


def _of_gather(*gathers: Gather) -> Callable[[Op], bool]:
    def wanted(op: Op) -> bool:
        return op.primitive is Primitive.AGGREGATE and isinstance(op.value, tuple) and op.value[0] in gathers

    return wanted


def _any_row(patch: Patch) -> None:
    """Every row counts, whatever is asked of it."""
    value, weight, condition, day = patch.op.operands
    patch.ops.append(
        replace(patch.op, operands=(value, weight, -1, day) if condition >= 0 else patch.op.operands)
    )


def _full_weights(graph: Graph) -> Graph:
    """A part without points keeps its weight: it counts as 0 points in the average."""
    ops = list(graph.ops)
    for output in graph.outputs:
        op = ops[output.op]
        if output.role.startswith("weight_") and op.primitive is Primitive.SELECT:
            ops[output.op] = ops[op.operands[1]]
    return replace(graph, ops=tuple(ops))


def _row_window(graph: Graph) -> Graph:
    """A window ends a day early."""
    return splice(graph, lambda op: op.table is not None and op.primitive is Primitive.AT_MOST, _less)


def _less(patch: Patch) -> None:
    patch.ops.append(replace(patch.op, primitive=Primitive.LESS))


# In the ruleset --------------------------------------------------------------


def each_variant(change: Callable[[r.Variant], r.Variant]) -> RulesetChange:
    def changed(ruleset: r.Ruleset) -> r.Ruleset:
        nodes = tuple(replace(n, variants=tuple(change(v) for v in n.variants)) for n in ruleset.nodes)
        return replace(ruleset, nodes=nodes)

    return changed


def _otherwise_catches_missing(variant: r.Variant) -> r.Variant:
    if not isinstance(variant.body, r.Table):
        return variant
    rows = variant.body.rows
    if any(isinstance(row.key, r.Rest) and row.key.missing for row in rows):
        return variant
    both = tuple(replace(row, key=r.Rest(True, True)) if isinstance(row.key, r.Rest) else row for row in rows)
    return replace(variant, body=replace(variant.body, rows=both))


def _caps_first(variant: r.Variant) -> r.Variant:
    return replace(
        variant, steps=tuple(sorted(variant.steps, key=lambda step: step.action is not r.Action.CAP))
    )


def _within_dropped(variant: r.Variant) -> r.Variant:
    return replace(variant, within=None) if variant.round_to is not None else variant


def _needs_dropped(variant: r.Variant) -> r.Variant:
    return replace(variant, needs=None)


def _expires_late(ruleset: r.Ruleset) -> r.Ruleset:
    signals = tuple(
        replace(s, expiry=replace(s.expiry, days=s.expiry.days + 1)) if s.expiry is not None else s
        for s in ruleset.signals
    )
    return replace(ruleset, signals=signals)


def _whens_first(ruleset: r.Ruleset) -> r.Ruleset:
    def turned(bands: r.Bands) -> r.Bands:
        return replace(bands, rows=tuple(sorted(bands.rows, key=lambda row: not isinstance(row.key, r.When))))

    return replace(ruleset, bands=tuple(turned(bands) for bands in ruleset.bands))


FAULTS = (
    Fault("`up to` read as `below`", swapped(Primitive.AT_MOST, Primitive.LESS)),
    Fault("`below` read as `up to`", swapped(Primitive.LESS, Primitive.AT_MOST)),
    Fault("lowest and highest mixed up", swapped(Primitive.MINIMUM, Primitive.MAXIMUM)),
    Fault("floor in place of ceiling", swapped(Primitive.CEILING, Primitive.FLOOR)),
    Fault("`and` read as `or`", swapped(Primitive.AND, Primitive.OR)),
    Fault("a missing number is 0", at_once(_zero_for_missing, Primitive.INPUT)),
    Fault("a part without points counts as 0 in an average", _full_weights),
    Fault("division by zero is 0", at_once(_zero_for_missing, Primitive.DIVIDE)),
    Fault("`not` of unknown is true", at_once(_not_of_unknown, Primitive.NOT)),
    Fault("unknown spoils `and`", at_once(_all_known(Primitive.AND), Primitive.AND)),
    Fault("unknown spoils `or`", at_once(_all_known(Primitive.OR), Primitive.OR)),
    Fault("rounding of halves to even", at_once(_to_even, Primitive.ROUND)),
    Fault("nothing is snapped", at_once(_as_it_is, Primitive.SNAP)),
    Fault("no value stands in for a missing one", at_once(_as_it_is, Primitive.COALESCE)),
    Fault("`contains` read as `is`", at_once(_whole_text, Primitive.CONTAINS)),
    Fault("capitals matter where case is ignored", at_once(_as_it_is, Primitive.FOLD_CASE)),
    Fault(
        "rows that are not supplied count as none",
        lambda g: splice(g, _of_gather(Gather.COUNT), _zero_for_missing),
    ),
    Fault("a sum of nothing known is 0", lambda g: splice(g, _of_gather(Gather.SUM), _zero_for_missing)),
    Fault("windows and `where` are forgotten", at_once(_any_row, Primitive.AGGREGATE)),
    Fault("a window ends a day early", _row_window),
    Fault("the cap stands before the penalty", in_ruleset=each_variant(_caps_first)),
    Fault("`otherwise` catches a missing value", in_ruleset=each_variant(_otherwise_catches_missing)),
    Fault("`within` is forgotten where there is rounding", in_ruleset=each_variant(_within_dropped)),
    Fault("`needs` is forgotten", in_ruleset=each_variant(_needs_dropped)),
    Fault("in bands `when` rows are tried first", in_ruleset=_whens_first),
    Fault("a signal lives a day too long", in_ruleset=_expires_late),
)
