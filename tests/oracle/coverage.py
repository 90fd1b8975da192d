"""Counts which constructs, primitives and situations random rulesets and records really exercise.

`REQUIRED` is closed: whatever the model can hold is named there, so a generator that silently loses a
construct fails.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import pairwise

from healthdsl.graph.graph import Graph
from healthdsl.graph.primitives import Primitive
from healthdsl.model import expressions as e
from healthdsl.model import ruleset as r
from healthdsl.model.types import Kind
from tests.oracle.evaluate import Account
from tests.oracle.records import walk

PLAIN = (
    e.SignalValue,
    e.ColumnValue,
    e.Today,
    e.PointsOf,
    e.LevelOf,
    e.BandOf,
    e.FlagValue,
    e.Sum,
    e.Product,
    e.FirstKnown,
    e.Choice,
)
LOGIC = (e.Member, e.Contains, e.IsMissing, e.Not, e.And, e.Or, e.CountTrue)
KEYS = (r.EdgeRung, r.Keys, r.CurvePoint, r.When, r.Cell)
BODIES = (r.Table, r.Formula, r.Combination)

CONSTRUCTS: tuple[str, ...] = (
    *(f"type {kind}" for kind in Kind),
    *(f"expression {kind.__name__}" for kind in (*PLAIN, *LOGIC)),
    *(f"function {function}" for function in e.Function),
    *(f"relation {relation}" for relation in e.Relation),
    *(f"gather {gather}" for gather in e.Gather),
    *(f"window {window}" for window in ("last", "before", "next", "aged")),
    *("aggregate where", "aggregate weighted", "member ignoring case", "contains ignoring case"),
    *(
        f"signal {clause}"
        for clause in ("range", "stored", "expires", "default", "fixed", "on zero", "derived", "column")
    ),
    *("column derived", "table undated", "level without points"),
    *(f"table {kind}" for kind in r.TableKind),
    "table of ranks",
    *(f"key {kind.__name__}" for kind in KEYS),
    *("key otherwise", "key missing", "key otherwise or missing", "key two-sided", "key one value"),
    *(f"result {outcome}" for outcome in r.Outcome),
    *("result level", "result constant", "result expression"),
    *(f"body {kind.__name__}" for kind in BODIES),
    *(f"method {method}" for method in r.Method),
    *(f"word {word}" for word in ("measure", "group", "score", "flag", "play", "condition")),
    *(f"part {clause}" for clause in ("weight 0", "broken weight", "grid", "grid otherwise", "only when")),
    "part weighted by",
    *(f"action {action}" for action in r.Action),
    *(f"per {clause}" for clause in ("each", "full", "above", "limit", "condition")),
    *(
        f"node {clause}"
        for clause in (
            "variants",
            "only when",
            "unscored",
            "within",
            "round",
            "shown",
            "levels",
            "levels of parts",
            "depth 3",
        )
    ),
    *("needs share", "needs parts", "policy written", "policy points", "policy unscored"),
    *("bands", "bands when", "bands when below", "bands missing", "bands of two"),
    *("bands named", "bands titled"),
)
SITUATIONS: tuple[str, ...] = (
    *(f"exactly on {relation}" for relation in e.Relation if relation is not e.Relation.IS),
    *("missing input", "expired", "defaulted", "divided by zero", "table not supplied", "table without rows"),
    *("not applicable", "unscored", "no row fits", "policy applied", "policy kept points", "no variant"),
    *(
        "step fired",
        "step not fired",
        "step unknown",
        "outside within",
        "rounded",
        "reweighted",
        "level without points",
    ),
    *(
        "band",
        "no band",
        "flag up",
        "flag down",
        "condition unknown",
        "coverage broken",
        "row of the future",
        "row without a date",
    ),
)
REQUIRED = (*CONSTRUCTS, *(f"primitive {primitive}" for primitive in Primitive), *SITUATIONS)


def constructs(ruleset: r.Ruleset) -> Counter[str]:
    """How often a ruleset holds each construct."""
    counted: Counter[str] = Counter()
    for thing in walk(ruleset):
        counted.update(_of_thing(thing))
    counted.update(_of_nodes(ruleset))
    return counted


def primitives(graph: Graph) -> Counter[str]:
    return Counter(f"primitive {op.primitive}" for op in graph.ops)


def _of_thing(thing: object) -> Iterable[str]:
    match thing:
        case r.Signal() | r.Column():
            return _of_field(thing)
        case r.RowTable():
            return ["table undated"] if thing.dated is None else []
        case r.Level():
            return []
        case r.Table():
            ranked = ["table of ranks"] if thing.ranks_in is not None else []
            return [f"table {thing.kind}", *ranked, *_of_rows(thing.rows)]
        case r.Combination():
            return [f"method {thing.method}"]
        case r.Part():
            return _of_part(thing)
        case r.Step():
            return _of_step(thing)
        case r.Variant():
            return _of_variant(thing)
        case r.Bands():
            whens = sum(isinstance(row.key, r.When) for row in thing.rows)
            missing = sum(isinstance(row.key, r.Rest) and row.key.missing for row in thing.rows)
            below = any(
                isinstance(row.key, r.When) and isinstance(above.key, r.EdgeRung)
                for above, row in pairwise(thing.rows)
            )
            found = ["bands"] + ["bands when"] * whens + ["bands missing"] * missing
            found += ["bands named"] if thing.name is not None else []
            found += ["bands titled"] if thing.title is not None else []
            return [*found, *["bands when below"] * below]
        case r.Flag() | r.RuleNode():
            return [f"word {thing.word}"]
        case _:
            return _of_expression(thing)


def _of_field(field: r.Signal | r.Column) -> Iterator[str]:
    yield f"type {field.type.kind}"
    if isinstance(field, r.Column):
        yield from ["column derived"] if field.formula is not None else []
        yield from ["column absent"] if field.absent else []
        return
    yield from ["signal derived"] if field.formula is not None else []
    yield from ["signal range"] if field.low is not None or field.high is not None else []
    yield from ["signal stored"] if field.scale != 1 else []
    yield from ["signal absent"] if field.absent else []
    yield from ["signal expires"] if field.expiry is not None else []
    yield from ["signal default"] if field.default is not None else []
    yield from ["signal fixed"] if field.fixed else []
    yield from ["signal on zero"] if field.on_zero is not None else []
    yield from ["signal column"] if field.column != field.name else []


def _of_expression(thing: object) -> Iterator[str]:
    if isinstance(thing, PLAIN + LOGIC):
        yield f"expression {type(thing).__name__}"
    match thing:
        case e.Apply():
            yield f"function {thing.function}"
        case e.Compare():
            yield f"relation {thing.relation}"
        case e.Member(ignoring_case=True):
            yield "member ignoring case"
        case e.Contains(ignoring_case=True):
            yield "contains ignoring case"
        case e.Aggregate():
            yield f"gather {thing.gather}"
            yield from ["aggregate where"] if thing.condition is not None else []
            yield from ["aggregate weighted"] if thing.weight is not None else []
        case e.AgeWindow():
            yield f"window {_window(thing)}"
        case _:
            pass


def _window(window: e.AgeWindow) -> str:
    youngest, oldest = window.youngest or 0, window.oldest
    if youngest < 0:
        return "next"
    if oldest is not None and youngest and oldest == 2 * youngest - 1:
        return "before"
    return "last" if youngest == 0 and oldest is not None and oldest not in (1, 7, 14, 30, 60, 90) else "aged"


def _of_rows(rows: tuple[r.Row, ...]) -> Iterator[str]:
    for row in rows:
        if isinstance(row.key, r.Rest):
            words = ("otherwise" * row.key.otherwise, "missing" * row.key.missing)
            yield f"key {' or '.join(word for word in words if word)}"
        else:
            yield f"key {type(row.key).__name__}"
        if isinstance(row.key, r.EdgeRung) and row.key.low is not None and row.key.high is not None:
            yield "key one value" if row.key.low == row.key.high else "key two-sided"
        yield from _of_result(row.result)


def _of_result(result: r.Result) -> Iterator[str]:
    match result:
        case r.Outcome():
            yield f"result {result}"
        case r.ToLevel():
            yield "result level"
        case r.Points(value=e.Constant()):
            yield "result constant"
        case r.Points():
            yield "result expression"


def _of_part(part: r.Part) -> Iterator[str]:
    yield from ["part only when"] if part.only_when is not None else []
    if isinstance(part.weight, Fraction):
        yield from ["part weight 0"] if part.weight == 0 else []
        yield from ["part broken weight"] if part.weight.denominator != 1 else []
        return
    if isinstance(part.weight, r.SignalWeight):
        yield "part weighted by"
        return
    yield "part grid"
    yield from ["part grid otherwise"] if any(not case.keys for case in part.weight.cases) else []


def _of_step(step: r.Step) -> Iterator[str]:
    yield f"action {step.action}"
    if step.per is None:
        return
    yield from ["per each"] if step.per.each != 1 else []
    yield from ["per full"] if step.per.full else []
    yield from ["per above"] if step.per.above is not None else []
    yield from ["per limit"] if step.per.limit is not None else []
    yield from ["per condition"] if step.condition is not None else []


def _of_variant(variant: r.Variant) -> Iterator[str]:
    yield f"body {type(variant.body).__name__}"
    yield from ["node variants"] if variant.condition is not None else []
    yield from ["node only when"] if variant.only_when else []
    yield from ["node unscored"] if variant.unscored else []
    yield from ["node within"] if variant.within is not None else []
    yield from ["node round"] if variant.round_to is not None else []
    yield from ["node shown"] if variant.shown_to is not None else []
    if variant.needs is not None:
        yield "needs share" if variant.needs.share is not None else "needs parts"
    if variant.missing.written:
        yield "policy written"
        yield from _of_result(variant.missing.result)
    yield from ["policy points"] if isinstance(variant.missing.result, r.Points) else []
    yield from ["policy unscored"] if variant.missing.result is r.Outcome.UNSCORED else []


def _of_nodes(ruleset: r.Ruleset) -> Iterator[str]:
    depth: dict[str, int] = {}

    def deep(name: str) -> int:
        if name not in depth:
            (node,) = (node for node in ruleset.nodes if node.name == name)
            bodies = [v.body for v in node.variants if isinstance(v.body, r.Combination)]
            depth[name] = max((1 + deep(part.node) for body in bodies for part in body.parts), default=0)
        return depth[name]

    for node in ruleset.nodes:
        combines = any(isinstance(variant.body, r.Combination) for variant in node.variants)
        yield from ["node levels"] if node.levels is not None else []
        yield from ["node levels of parts"] if node.levels is not None and combines else []
        yield from ["node depth 3"] if deep(node.name) >= 3 else []
    for levels in ruleset.levels:
        yield from ["level without points" for level in levels.levels if level.points is None]
    spans = Counter(bands.span for bands in ruleset.bands)
    yield from ["bands of two" for count in spans.values() if count > 1]


# Situations ------------------------------------------------------------------


def situations(account: Account) -> Counter[str]:
    """What happened while the oracle worked out one account."""
    counted = Counter(account.happened)
    ruleset = account.ruleset
    for signal in ruleset.signals:
        known = account.known(signal.name)
        counted["missing input"] += signal.formula is None and account.inputs[signal.name] is None
        counted["expired"] += known.expired
        counted["defaulted"] += signal.default is not None and not known.supplied
    for table in ruleset.tables:
        rows = account.rows(table)
        counted["table not supplied"] += rows is None
        counted["table without rows"] += rows == ()
        days = [row[table.dated] for row in rows or () if table.dated is not None]
        counted["row without a date"] += None in days
        counted["row of the future"] += any(isinstance(d, int) and d > (account.today or 0) for d in days)
    for node in ruleset.nodes:
        counted.update(_of_state(node, account))
    for bands in ruleset.bands:
        counted["no band" if account.band(bands.node) is None else "band"] += 1
    for flag in ruleset.flags:
        counted["flag up" if account.flag(flag.name) is True else "flag down"] += 1
        counted["condition unknown"] += account.flag(flag.name) is None
    return counted


def _of_state(node: r.RuleNode, account: Account) -> Iterator[str]:
    state = account.state(node.name)
    if not state.applies:
        yield "not applicable"
        yield from ["no variant"] if state.variant < 0 else []
        return
    variant = node.variants[state.variant]
    yield from ["unscored"] if state.unscored else []
    yield from ["policy applied"] if state.by_policy else []
    yield from ["policy kept points"] if state.by_policy and state.points is not None else []
    yield from ["step fired" if fired else "step not fired" for fired in state.fired]
    yield from ["outside within"] if state.within not in (None, state.snapped) else []
    yield from (
        ["rounded"] if variant.round_to is not None and state.points not in (state.within, None) else []
    )
    yield from ["level without points"] if state.level is not None and state.points is None else []
    if isinstance(variant.body, r.Combination):
        counted = [w > 0 for w, applies in zip(state.weights, state.part_applies, strict=True) if applies]
        yield from ["reweighted"] if any(counted) and not all(counted) else []
        yield from ["coverage broken"] if 0 < state.coverage < 1 else []
    elif isinstance(variant.body, r.Table):
        yield from ["no row fits"] if state.row == -1 and not state.by_policy else []


def missing_from(counted: Counter[str], required: Iterable[str] = REQUIRED) -> list[str]:
    """What was never exercised."""
    return [name for name in required if not counted[name]]
