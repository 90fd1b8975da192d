"""What a plan asks of a book: both versions and every stage between them as one graph, and its columns.

Columns: `score_K`, `band_K` of the main score for stage K (0 the old ruleset, the last the new one);
`other_K_old`, `other_K_new` of each further score; `flag_N_K`, flag N at stage K where that is worked out
otherwise than at the stage before; `money_K`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from healthdsl.backends.sql.wanted import BadCells, Blank, Column, Wanted
from healthdsl.diff.steps import Stages
from healthdsl.graph.graph import Graph
from healthdsl.graph.versions import Version, Versions
from healthdsl.model.ruleset import Flag, RuleNode, Ruleset, Signal
from healthdsl.model.types import Kind

_KEPT = ("points", "level", "band", "flag")


@dataclass(frozen=True, slots=True)
class Pair:
    """A score or flag in both versions; None where there is none."""

    name: str
    old: RuleNode | Flag | None
    new: RuleNode | Flag | None


@dataclass(frozen=True, slots=True)
class Question:
    """The graph of all versions with the columns to ask it for. `ruleset` says how the book is read; `alone`:
    how many operations the new version has by itself; `raised`: the column of each flag at each stage, None
    where there is no such flag.
    """

    ruleset: Ruleset
    graph: Graph
    alone: int
    wanted: tuple[Wanted, ...]
    last: int
    others: tuple[Pair, ...]
    flags: tuple[Pair, ...]
    raised: tuple[tuple[str | None, ...], ...]
    money: tuple[Signal, ...]


def question_of(stages: Stages, new: Ruleset, known: Versions | None = None) -> Question:
    """What to ask of the book; `known` has what earlier questions lowered."""
    known = known or Versions()
    versions = [stages.start, *(stage.ruleset for stage in stages.stages)]
    if not stages.stages:
        versions.append(new)
    last = len(versions) - 1
    others = _pairs(_others(versions[0]), _others(new))
    flags = _pairs(versions[0].raised, new.raised)
    money = tuple(_money(versions[0], new))
    # The new version first: where versions read a field otherwise its way has the name.
    newest = known.lower(new)
    lowered = [*(known.lower(version) for version in versions[:-1]), newest]
    graph = _together(known, lowered, {signal.name for signal in money})
    outputs = {output.name for output in graph.outputs}
    wanted: list[Wanted] = []
    for place, version in enumerate(versions):
        wanted += _main_columns(version, place, last, outputs)
    for number, pair in enumerate(others):
        for side, place, there in (("old", 0, pair.old), ("new", last, pair.new)):
            column, name = f"other_{number}_{side}", _named(f"{pair.name}__points", place, last)
            wanted.append(Column(column, name) if there is not None else Blank(column, "DOUBLE"))
    raised = _raised(flags, lowered)
    for pair, columns in zip(flags, raised, strict=True):
        first = {column: place for place, column in reversed(list(enumerate(columns))) if column is not None}
        wanted += [Column(column, _named(pair.name, place, last)) for column, place in first.items()]
    for number, signal in enumerate(money):
        place = last if any(each.name == signal.name for each in new.signals) else 0
        wanted.append(Column(f"money_{number}", _named(signal.name, place, last)))
    wanted.append(BadCells())
    alone = len(known.graph([(newest, {output.name: output.name for output in newest.outputs})]).ops)
    return Question(_joint(versions[0], new), graph, alone, tuple(wanted), last, others, flags, raised, money)


def _others(ruleset: Ruleset) -> list[RuleNode]:
    return [node for node in ruleset.nodes if node.word == "score" and node.name != ruleset.main_score]


def _pairs(old: Sequence[RuleNode | Flag], new: Sequence[RuleNode | Flag]) -> tuple[Pair, ...]:
    """Those of the new version, then those that are gone."""
    before, after = {each.name: each for each in old}, {each.name: each for each in new}
    return tuple(Pair(name, before.get(name), after.get(name)) for name in {**after, **before})


def _raised(flags: Sequence[Pair], versions: Sequence[Version]) -> tuple[tuple[str | None, ...], ...]:
    """The column of each flag at each stage: that of the stage before where it is the same operation."""
    ops = [{each.name: each.op for each in one.outputs if each.role == "flag"} for one in versions]
    found = []
    for number, pair in enumerate(flags):
        columns: list[str | None] = []
        for place, known in enumerate(ops):
            op = known.get(pair.name)
            same = place > 0 and op == ops[place - 1].get(pair.name)
            columns.append(None if op is None else columns[-1] if same else f"flag_{number}_{place}")
        found.append(tuple(columns))
    return tuple(found)


def _money(old: Ruleset, new: Ruleset) -> list[Signal]:
    """The signals that are money, in the new version or else in the old one."""
    names = {signal.name for signal in new.signals}
    every = [*new.signals, *(signal for signal in old.signals if signal.name not in names)]
    return [signal for signal in every if signal.type.kind is Kind.MONEY]


def _main_columns(version: Ruleset, place: int, last: int, outputs: set[str]) -> list[Wanted]:
    """The main score of a version with its band, or its level where it has no bands."""
    main = version.main_score
    found: list[Wanted] = []
    points = _named(f"{main}__points", place, last)
    found.append(Column(f"score_{place}", points) if points in outputs else Blank(f"score_{place}", "DOUBLE"))
    bands = [_named(f"{main}__{role}", place, last) for role in ("band", "level")]
    band = next((name for name in bands if name in outputs), None)
    found.append(Column(f"band_{place}", band) if band is not None else Blank(f"band_{place}", "TEXT"))
    return found


def _named(output: str, place: int, last: int) -> str:
    """An output of a version in the whole graph: those of the new version keep their names."""
    return output if place == last else f"{output}__at_{place}"


def _together(known: Versions, lowered: Sequence[Version], money: set[str]) -> Graph:
    """The versions with what is asked of them."""
    last = len(lowered) - 1
    graphs = []
    for place in [last, *range(last)]:
        outputs = lowered[place].outputs
        kept = [output for output in outputs if output.role in _KEPT or output.name in money]
        graphs.append((lowered[place], {output.name: _named(output.name, place, last) for output in kept}))
    return known.graph(graphs)


def _joint(old: Ruleset, new: Ruleset) -> Ruleset:
    """The new ruleset with the inputs and rows that only the old one reads."""
    signals = {each.name for each in new.signals}
    nodes = {each.name for each in new.nodes}
    tables = {table.name: table for table in new.tables}
    for table in old.tables:
        known = tables.get(table.name)
        if known is None:
            tables[table.name] = table
            continue
        columns = {column.name for column in known.columns}
        more = tuple(column for column in table.columns if column.name not in columns)
        tables[table.name] = replace(known, columns=(*known.columns, *more))
    return replace(
        new,
        signals=(*new.signals, *(each for each in old.signals if each.name not in signals)),
        nodes=(*new.nodes, *(each for each in old.nodes if each.name not in nodes)),
        tables=tuple(tables.values()),
    )
