"""A missing answer that earns more than most known ones.

What a node gives an account of which nothing is known is compared with the points it can give when all is
known. It is told where that is nearer to the best than to the worst: above the middle, or below it where
fewer points are better. A neutral policy (the middle of the range) is fine, and so is `skip`.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from healthdsl.checks.bench import Bench, find
from healthdsl.checks.finding import Finding
from healthdsl.checks.lab import Outputs
from healthdsl.explain.abstract import Numbers
from healthdsl.explain.amounts import exact
from healthdsl.explain.better import lower_is_better
from healthdsl.explain.intervals import interpret
from healthdsl.explain.words import show_number
from healthdsl.graph.reading import variant_expressions, walk
from healthdsl.model.expressions import Aggregate, SignalValue
from healthdsl.model.ruleset import Combination, Rest, Row, RuleNode, Table
from healthdsl.source import Span


def check_silence(bench: Bench) -> Iterator[Finding]:
    """One finding for each measure that rewards a missing answer."""
    nodes = [node for node in bench.ruleset.nodes if not _combines(node) and _asks(node)]
    names = tuple(f"{node.name}__points" for node in nodes)
    blank = bench.lab.look(bench.lab.blank(), names)
    asked = [node for node in nodes if isinstance(blank.get(f"{node.name}__points"), float)]
    if not asked:
        return
    ranges = _known_ranges(bench, tuple(f"{node.name}__points" for node in asked))
    falling = _falls(bench)
    for node in asked:
        points = blank[f"{node.name}__points"]
        assert isinstance(points, float)
        low, high = ranges.get(f"{node.name}__points", (math.inf, -math.inf))
        if (
            low < high
            and math.isfinite(low)
            and math.isfinite(high)
            and _rewards(points, (low, high), falling)
        ):
            yield from _finding(bench, node, points, (low, high), falling=falling)


def _combines(node: RuleNode) -> bool:
    return any(isinstance(variant.body, Combination) for variant in node.variants)


def _asks(node: RuleNode) -> bool:
    """Whether it reads facts, and not only the points of other nodes."""
    expressions = walk(e for variant in node.variants for e in variant_expressions(variant))
    return any(isinstance(expression, SignalValue | Aggregate) for expression in expressions)


def _falls(bench: Bench) -> bool:
    main = bench.ruleset.main_score
    return main is not None and lower_is_better(bench.ruleset, main)


def _rewards(points: float, known: tuple[float, float], falling: bool) -> bool:
    middle = (known[0] + known[1]) / 2
    return points < middle if falling else points > middle


def _known_ranges(bench: Bench, names: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    """The points of each node over accounts of which everything is known; only nodes that read something."""
    piece = bench.lab.slice(names)
    values = interpret(piece, open_ended=True, all_known=True)
    found = {}
    for output in piece.outputs:
        value = values[output.op]
        if isinstance(value, Numbers) and not value.empty:
            found[output.name] = (value.low, value.high)
    return found


def _finding(
    bench: Bench, node: RuleNode, points: float, known: tuple[float, float], *, falling: bool
) -> Iterator[Finding]:
    name = f"{node.name}__points"
    worst, best = (known[1], known[0]) if falling else known

    def worse(outputs: Outputs) -> bool:
        value = outputs.get(name)
        return isinstance(value, float) and (value > points if falling else value < points)

    blank = bench.lab.confirmed(bench.lab.blank(), lambda outputs: outputs.get(name) == points)
    account = bench.lab.extreme(name, -1 if falling else 1, bench.lab.plain())
    account = bench.lab.smaller(account, (name,), worse)
    known_worse = bench.lab.confirmed(account, worse)
    if blank is None or known_worse is None:
        return
    outputs = bench.lab.look(known_worse, (name,))
    shown = (
        bench.show(blank, f"`{node.name}` gives {_points(points)}"),
        bench.show(known_worse, f"`{node.name}` gives {_points(outputs[name])}"),
    )
    amount = "the best there is" if points == best else f"between {_points(worst)} and {_points(best)}"
    message = f"`{node.name}` rewards silence: nothing known gives {_points(points)} points, {amount}"
    advice = "write `missing -> skip`, or a result in the lower half; a `default` that is worst, not best"
    yield find("W515", node.name, _place(node), message, advice, shown=shown)


def _points(value: object) -> str:
    assert isinstance(value, float)
    return show_number(exact(value))


def _place(node: RuleNode) -> Span:
    """The row `missing`, else where the node begins."""
    for variant in node.variants:
        rows: tuple[Row, ...] = variant.body.rows if isinstance(variant.body, Table) else ()
        for row in rows:
            if isinstance(row.key, Rest) and row.key.missing:
                return row.span
    return node.span
