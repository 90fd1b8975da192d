"""The source of a graph's functions: reading rows, `run` for the quick outputs, `full` for all of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from healthdsl.backends.record.certain import leave_out_snaps
from healthdsl.backends.record.contract import input_names, keeps_found, read_inputs, read_rows
from healthdsl.backends.record.emit import Emitter
from healthdsl.backends.record.layout import Layout
from healthdsl.backends.record.plan import Planner
from healthdsl.backends.record.relax import without_idle_snaps
from healthdsl.backends.record.statements import STEP, Writer
from healthdsl.backends.record.text import literal, name, snap_text
from healthdsl.graph.facts import NOTHING
from healthdsl.graph.primitives import Primitive


@dataclass(frozen=True, slots=True)
class Ask:
    """What `run` gives at once: two outputs by name, and the account's id and name from the first of their
    keys.
    """

    score: str | None = None
    band: str | None = None
    id_keys: tuple[str, ...] = ("account_id", "id")
    name_keys: tuple[str, ...] = ("account_name", "name")


def run_source(layout: Layout, ask: Ask, *, exactly: bool = False) -> str:
    """`run(owner, record, today, notes)`: a Scored object, with what was read of the record as its snapshot.

    Unless `exactly`, it may leave snaps out and call `again` when that could tell.
    """
    lines: list[str] = []
    for number, table in enumerate(layout.graph.tables):
        lines += read_rows(number, table)
    wanted = _wanted(layout, ask)
    writer = _quick_writer(layout, list(wanted.values()), exactly=exactly)
    emitter, names = writer.emitter, frozenset(map(name, writer.emitter.raw))
    lines.append("def run(owner, record, today, notes):")
    lines += [STEP + line for line in read_inputs(layout, names)]
    lines += [*writer.lines, " made = new(Made)", f" made.snapshot = {_kept(layout)}"]
    for slot in ("score", "band"):
        lines.append(f" made.{slot} = {_result(emitter, wanted[slot]) if slot in wanted else None}")
    lines += [" made.owner = owner", " made.today = today", " made.errors = notes"]
    lines += [*_account("id_found", ask.id_keys), *_account("name_found", ask.name_keys), " return made"]
    return "\n".join(lines)


def _wanted(layout: Layout, ask: Ask) -> dict[str, int]:
    at = {output.name: output.op for output in layout.graph.outputs}
    return {slot: at[asked] for slot, asked in (("score", ask.score), ("band", ask.band)) if asked in at}


def _quick_writer(layout: Layout, wanted: list[int], *, exactly: bool) -> Writer:
    """What `run` works out, with fewer snaps where they can be spared."""
    planner = Planner(layout, wanted)
    certain = None if exactly else leave_out_snaps(layout, planner)
    if certain is not None:
        relaxed = Planner(replace(layout, graph=certain.graph), wanted, apart=certain.distances)
        return _written(relaxed, certain.raw, certain.distances)
    graph = without_idle_snaps(layout, wanted)
    raw = unsnapped_inputs(layout, planner, wanted)
    if graph is not layout.graph:
        planner = Planner(replace(layout, graph=graph), wanted)
    return _written(planner, raw)


def _account(slot: str, keys: tuple[str, ...]) -> list[str]:
    """The account's id or name as the record has it."""
    first, *others = (f"record.get({literal(key)})" for key in keys)
    return [f" t = {first}", *(f" if t is None: t = {other}" for other in others), f" made.{slot} = t"]


def full_source(layout: Layout, wanted: list[int]) -> str:
    """`full(snapshot, today)`: the values of the operations `wanted`, as a flat tuple."""
    lines = ["def full(snapshot, today):"]
    if layout.graph.inputs or layout.graph.tables:
        lines.append(f" {_snapshot(layout)} = snapshot")
    # Whatever `run` left unsnapped is snapped here; a number snapped before stays what it is.
    for index in layout.inputs.values():
        v = name(index)
        if layout.graph.ops[index].type.is_numeric and not layout.facts[index].whole:
            lines.append(f" if {v}.__class__ is float: {v} = {snap_text(v, layout.facts[index].bounds)}")
    writer = _written(Planner(layout, wanted))
    values = "".join(f"{writer.emitter.value(index, NOTHING)}, " for index in wanted)
    return "\n".join([*lines, *writer.lines, f" return ({values})"])


def _written(
    planner: Planner, raw: frozenset[int] = NOTHING, distances: Mapping[int, float] = MappingProxyType({})
) -> Writer:
    plan = planner.plan()
    writer = Writer(Emitter(plan, raw, {}, distances))
    writer.block(plan.root, 1)
    return writer


def _result(emitter: Emitter, index: int) -> str:
    layout = emitter.plan.layout
    text = emitter.value(index, NOTHING)
    if not (layout.ints[index] and layout.graph.ops[index].type.is_numeric):
        return text
    return f"None if {text} is None else float({text})"


def _kept(layout: Layout) -> str:
    kept = _snapshot(layout)
    return f"found if found is not None else {kept}" if keeps_found(layout) else kept


def _snapshot(layout: Layout) -> str:
    names = [*input_names(layout), *(f"r{number}" for number in range(len(layout.graph.tables)))]
    return f"({''.join(f'{each}, ' for each in names)})"


def unsnapped_inputs(layout: Layout, planner: Planner, wanted: list[int]) -> frozenset[int]:
    """Inputs only compared with constants, or asked whether they are there: snapping them can wait."""
    ops = layout.graph.ops
    exact = set(wanted)
    for index in planner.needed:
        op = ops[index]
        compares = op.primitive in (Primitive.LESS, Primitive.AT_MOST) and any(
            ops[operand].primitive is Primitive.CONSTANT for operand in op.operands
        )
        if op.primitive is Primitive.AGGREGATE:
            exact.update(layout.inputs.values())  # rows may read any of them
        elif not compares and op.primitive is not Primitive.IS_KNOWN:
            exact.update(op.operands)
    numeric = (index for index in layout.inputs.values() if ops[index].type.is_numeric)
    return frozenset(index for index in numeric if index not in exact and not layout.facts[index].whole)
