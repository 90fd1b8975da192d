"""The columns of a scored book: a written contract, the same from every engine.

    account_id, account_name
    score, band, coverage        of the main score
    NAME__points, NAME__band     of each further score
    NAME                         yes or no, for each flag and play
    bad_cells                    fields whose value could not be used, joined by `; `
  parts adds
    NAME__points, NAME__level, NAME__band, NAME__fired, NAME__row, NAME__variant   of every measure and group
    NAME                         every signal as the rules saw it; NAME__read as it was read, if that differs
    rows__K, TABLE__given        what rows came to, not rounded as a signal is; whether rows were given
  full adds every other output of the graph by its name

`NAME__fired` is a whole number with bit k (2 to the k) for the k-th line of points that fired, from 0.
A signal called as one of the first columns is NAME__value. New columns come at the end of their block.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Literal

from healthdsl.backends.sql.wanted import BadCells, Blank, Column, Gathered, Mask, Wanted
from healthdsl.graph.graph import Graph, Output
from healthdsl.graph.primitives import Primitive
from healthdsl.model.ruleset import RuleNode, Ruleset

Explain = Literal["none", "parts", "full"]

FIRST = ("account_id", "account_name", "score", "band", "coverage")
TAKEN = frozenset({*FIRST, "bad_cells", "flags", "plays"})
RAISED = ("flags", "plays")
"""Columns of text files only: the names of those raised."""

WIDEST_MASK = 52
"""So many bits are a whole number in every engine, and in a double."""

_OF_NODE = ("points", "level", "band", "row", "variant")
_LAYER = {"measure": "measures", "group": "groups", "score": "scores"}


def layer_of(ruleset: Ruleset) -> Callable[[str], str]:
    """The layer of the SQL that an output, by its name, belongs to."""
    layers = {node.name: _LAYER[node.word] for node in ruleset.nodes}
    layers |= {flag.name: "flags" for flag in ruleset.flags}

    def layer(name: str) -> str:
        owner, _, role = name.partition("__")
        return "bands" if role == "band" else layers.get(owner, "signals")

    return layer


def score_columns(ruleset: Ruleset, graph: Graph, explain: Explain) -> tuple[Wanted, ...]:
    """The columns behind account_id and account_name."""
    columns = _Columns(ruleset, graph)
    found = list(columns.brief())
    if explain != "none":
        found += columns.parts()
    if explain == "full":
        found += columns.rest(found)
    return tuple(found)


class _Columns:
    def __init__(self, ruleset: Ruleset, graph: Graph) -> None:
        self.ruleset = ruleset
        self.graph = graph
        self.outputs = {output.name: output for output in graph.outputs}
        self.main = ruleset.main_score

    def brief(self) -> Iterator[Wanted]:
        for name, role, kind in (
            ("score", "points", "DOUBLE"),
            ("band", "band", "TEXT"),
            ("coverage", "coverage", "DOUBLE"),
        ):
            output = f"{self.main}__{role}"
            yield Column(name, output) if output in self.outputs else Blank(name, kind)
        for node in self.ruleset.nodes:
            if node.word == "score" and node.name != self.main:
                yield from self._named(node, ("points", "band"))
        for flag in self.ruleset.raised:
            yield Column(column_name(flag.name), flag.name)
        yield BadCells()

    def parts(self) -> Iterator[Wanted]:
        for node in self.ruleset.nodes:
            if node.word != "score":
                yield from self._named(node, _OF_NODE)
            yield from self._fired(node)
        for signal in self.ruleset.signals:
            yield Column(column_name(signal.name), signal.name)
            yield from self._read(signal.name)
        yield from self._rows()

    def _named(self, node: RuleNode, roles: tuple[str, ...]) -> Iterator[Wanted]:
        for role in roles:
            name = f"{node.name}__{role}"
            if name in self.outputs:
                yield Column(name, name)

    def _fired(self, node: RuleNode) -> Iterator[Wanted]:
        prefix = f"{node.name}__fired_"
        fired = [output.name for output in self.graph.outputs if output.name.startswith(prefix)]
        for start in range(0, len(fired), WIDEST_MASK):
            number = f"_{start // WIDEST_MASK + 1}" if start else ""
            yield Mask(f"{node.name}__fired{number}", tuple(fired[start : start + WIDEST_MASK]))

    def _read(self, name: str) -> Iterator[Wanted]:
        """The input as it was read, where the signal is another thing: it can expire or has a default."""
        inputs = [
            index for index, op in enumerate(self.graph.ops) if _is_input(op.primitive) and op.value == name
        ]
        if inputs and inputs[0] != self.outputs[name].op:
            yield Gathered(f"{name}__read", inputs[0])

    def _rows(self) -> Iterator[Wanted]:
        signals = {output.op for output in self.graph.outputs if output.role == "value"}
        number = 0
        for index, op in enumerate(self.graph.ops):
            if op.primitive is Primitive.AGGREGATE and op.table is None:
                number += 1
                if index not in signals:
                    yield Gathered(f"rows__{number}", index)
            elif op.primitive is Primitive.SUPPLIED:
                yield Gathered(f"{op.value}__given", index)

    def rest(self, before: list[Wanted]) -> Iterator[Wanted]:
        there = {each.name for each in before}
        main = {f"{self.main}__{role}" for role in ("points", "band", "coverage")}
        for output in self.graph.outputs:
            if output.name not in there and output.name not in main and not self._is_said(output):
                yield Column(output.name, output.name)

    def _is_said(self, output: Output) -> bool:
        return output.role in ("value", "flag") and output.name in TAKEN


def _is_input(primitive: Primitive) -> bool:
    return primitive is Primitive.INPUT


def column_name(name: str) -> str:
    """The column of a signal, flag or play."""
    return f"{name}__value" if name in TAKEN else name


def text_columns(columns: Sequence[str], ruleset: Ruleset) -> list[str]:
    """The columns of a text file: `flags` and `plays` stand before the yes/no column of each."""
    at = columns.index("bad_cells") - len(ruleset.raised)
    return [*columns[:at], *RAISED, *columns[at:]]
