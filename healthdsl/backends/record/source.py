"""The source of a graph's functions: reading rows, `run` for the quick outputs, `full` for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from healthdsl.backends.record.contract import input_names, read_inputs, read_rows
from healthdsl.backends.record.emit import Emitter, literal, name, snap_text
from healthdsl.backends.record.layout import Layout
from healthdsl.backends.record.plan import Planner
from healthdsl.backends.record.relax import without_idle_snaps
from healthdsl.backends.record.statements import STEP, Writer
from healthdsl.graph.facts import NOTHING
from healthdsl.graph.primitives import Primitive


@dataclass(frozen=True, slots=True)
class Ask:
    """What `run` gives at once: two outputs by name, and the account's id and name from the first of their keys."""

    score: str | None = None
    band: str | None = None
    id_keys: tuple[str, ...] = ("account_id", "id")
    name_keys: tuple[str, ...] = ("account_name", "name")


def run_source(layout: Layout, ask: Ask) -> str:
    """`run(owner, record, today, notes)`: a Scored object, with what was read of the record as its snapshot."""
    lines: list[str] = []
    for number, table in enumerate(layout.graph.tables):
        lines += read_rows(number, table)
    at = {output.name: output.op for output in layout.graph.outputs}
    wanted = {slot: at[asked] for slot, asked in (("score", ask.score), ("band", ask.band)) if asked in at}
    raw = unsnapped_inputs(layout, wanted.values())
    relaxed = replace(layout, graph=without_idle_snaps(layout, wanted.values()))
    body, emitter = _body(relaxed, wanted.values(), raw)
    names = frozenset(name(index) for index in raw)
    lines.append("def run(owner, record, today, notes):")
    lines += [STEP + line for line in read_inputs(layout, names)]
    lines += [*body, " made = new(Made)", f" made.snapshot = {_snapshot(layout)}"]
    for slot in ("score", "band"):
        lines.append(f" made.{slot} = {_result(emitter, wanted[slot]) if slot in wanted else None}")
    lines += [" made.owner = owner", " made.today = today", " made.errors = notes"]
    lines += [*_account("account_id", ask.id_keys), *_account("account_name", ask.name_keys), " return made"]
    return "\n".join(lines)


def _account(slot: str, keys: tuple[str, ...]) -> list[str]:
    lines = [f" made.{slot} = t = record.get({literal(keys[0])})"]
    lines += [f" if t is None: made.{slot} = t = record.get({literal(key)})" for key in keys[1:]]
    return [*lines, f" if t.__class__ is not str and t is not None: made.{slot} = str(t)"]


def full_source(layout: Layout, wanted: list[int], ask: Ask) -> str:
    """`full(snapshot, today)`: the values of the operations `wanted`, as a flat tuple."""
    lines = ["def full(snapshot, today):"]
    if layout.graph.inputs or layout.graph.tables:
        lines.append(f" {_snapshot(layout)} = snapshot")
    at = {output.name: output.op for output in layout.graph.outputs}
    raw = unsnapped_inputs(layout, [at[asked] for asked in (ask.score, ask.band) if asked in at])
    for index in sorted(raw):
        v = name(index)
        lines.append(f" if {v}.__class__ is float: {v} = {snap_text(v, layout.facts[index].bounds)}")
    body, emitter = _body(layout, wanted, frozenset())
    values = "".join(f"{emitter.value(index, NOTHING)}, " for index in wanted)
    return "\n".join([*lines, *body, f" return ({values})"])


def _body(layout: Layout, wanted: Iterable[int], raw: frozenset[int]) -> tuple[list[str], Emitter]:
    plan = Planner(layout, wanted).plan()
    writer = Writer(Emitter(plan, raw))
    writer.block(plan.root, 1)
    return writer.lines, writer.emitter


def _result(emitter: Emitter, index: int) -> str:
    layout = emitter.plan.layout
    text = emitter.value(index, NOTHING)
    if not (layout.ints[index] and layout.graph.ops[index].type.is_numeric):
        return text
    return f"None if {text} is None else float({text})"


def _snapshot(layout: Layout) -> str:
    names = [*input_names(layout), *(f"r{number}" for number in range(len(layout.graph.tables)))]
    return f"({''.join(f'{each}, ' for each in names)})"


def unsnapped_inputs(layout: Layout, wanted: Iterable[int]) -> frozenset[int]:
    """Inputs that `wanted` only compare with constants, or ask whether they are there: snapping them can wait."""
    ops = layout.graph.ops
    wanted = list(wanted)
    exact = set(wanted)
    for index in Planner(layout, wanted).needed:
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
