"""The columns of a run: a written contract, the same for every ruleset, so that runs are read together.

    ruleset, version, fingerprint    which ruleset said so
    account_id, account_name
    score, band, coverage            of the main score
    scores     list of (name, points, band): every score, the main one too
    flags, plays                     lists of the names of those raised
    parts      list of (parent, name, points, level, band, share): a measure or group in its place; `share`
               times `points` is what it brings to its parent. `parent` NULL: it is no part of anything
    steps      list of (node, rule, change): each line of points that fired, and the points that it moved
    signals    list of (name, number, text): every signal as the rules saw it. Numbers stand in `number`
               (a percent is its fraction), all else in `text`: 2026-03-31, yes, no, words
    read       list of (name, number, text): what was read where the signal is another thing (expired, or a
               default), and what rows came to (`rows:KEY`, `given:TABLE`)
    bad_cells  fields whose value could not be used, joined by `; `

`as_of` is the partition, and no column of the file. Lists have the same names in the same order in every row
of a run, but for `steps`, and for the parts of a node with variants. New columns come at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from healthdsl.backends.duckdb.quoting import literal
from healthdsl.backends.sql.wanted import Blank, Column, Gathered, Mask, Wanted
from healthdsl.batch.columns import score_columns
from healthdsl.explain.reading import Names
from healthdsl.explain.say_rules import step_words
from healthdsl.graph.fingerprint import fingerprint
from healthdsl.graph.graph import Graph
from healthdsl.graph.primitives import Primitive
from healthdsl.history.gathered import gathered_names
from healthdsl.model.ruleset import Combination, Method, RuleNode, Ruleset, Variant
from healthdsl.model.types import TEXT, YES_NO, Type

VALUE = "STRUCT(name VARCHAR, number DOUBLE, text VARCHAR)[]"
TYPES = {
    "ruleset": "VARCHAR",
    "version": "VARCHAR",
    "fingerprint": "VARCHAR",
    "account_id": "VARCHAR",
    "account_name": "VARCHAR",
    "score": "DOUBLE",
    "band": "VARCHAR",
    "coverage": "DOUBLE",
    "scores": "STRUCT(name VARCHAR, points DOUBLE, band VARCHAR)[]",
    "flags": "VARCHAR[]",
    "plays": "VARCHAR[]",
    "parts": (
        "STRUCT(parent VARCHAR, name VARCHAR, points DOUBLE, level VARCHAR, band VARCHAR, share DOUBLE)[]"
    ),
    "steps": "STRUCT(node VARCHAR, rule VARCHAR, change DOUBLE)[]",
    "signals": VALUE,
    "read": VALUE,
    "bad_cells": "VARCHAR",
}
"""The columns with their types in DuckDB."""

_Lines = Callable[[RuleNode, Variant], Iterator[str]]
_ROLES = ("base", "variant", "weight_", "fired_", "after_")


def kept_columns(ruleset: Ruleset, graph: Graph) -> tuple[Wanted, ...]:
    """What must be worked out for a run to be kept."""
    found = list(score_columns(ruleset, graph, "parts"))
    there = {each.name for each in found}
    nodes = {node.name for node in ruleset.nodes}
    for output in graph.outputs:
        is_role = output.owner in nodes and output.role.startswith(_ROLES)
        if is_role and output.name not in there:
            found.append(Column(output.name, output.name))
    said = set(_column_of_op(graph, found))
    rows = [index for index in gathered_names(graph) if index not in said]
    return (*found, *(Gathered(f"rows__kept_{number}", index) for number, index in enumerate(rows, start=1)))


def type_of(wanted: Wanted, graph: Graph) -> Type | None:
    """The type of a column of what was worked out; None for a mask, which is a number."""
    match wanted:
        case Column(output=output):
            return graph.ops[graph.output(output).op].type
        case Gathered(op=op):
            return YES_NO if graph.ops[op].primitive is Primitive.SUPPLIED else graph.ops[op].type
        case Mask():
            return None
        case Blank(kind=kind):
            return TEXT if kind == "TEXT" else None
        case _:
            return TEXT


def run_query(ruleset: Ruleset, graph: Graph, relation: str, columns: Mapping[str, str]) -> str:
    """The SELECT that gives a run. `relation` holds the columns of `kept_columns`, each by the SQL that
    `columns` has for it; account_name may be left out.
    """
    run = _Run(ruleset, graph, columns, Names.of(ruleset))
    cells = {
        "ruleset": literal(ruleset.name),
        "version": literal(ruleset.version),
        "fingerprint": literal(fingerprint(ruleset)),
        "account_id": columns["account_id"],
        "account_name": columns.get("account_name", "NULL"),
        "score": columns["score"],
        "band": columns["band"],
        "coverage": columns["coverage"],
        "scores": run.scores(),
        "flags": run.raised("flag"),
        "plays": run.raised("play"),
        "parts": run.parts(),
        "steps": run.steps(),
        "signals": run.signals(),
        "read": run.read(),
        "bad_cells": columns["bad_cells"],
    }
    listed = ",\n".join(f"CAST({cells[name]} AS {kind}) AS {name}" for name, kind in TYPES.items())
    return f"SELECT {listed} FROM {relation}"  # noqa: S608 -- literals and names of our own


def _column_of_op(graph: Graph, wanted: Iterable[Wanted]) -> dict[int, str]:
    """The column that has the value of an operation, by the operation."""
    found: dict[int, str] = {}
    for each in wanted:
        if isinstance(each, Gathered):
            found[each.op] = each.name
        elif isinstance(each, Column):
            found.setdefault(graph.output(each.output).op, each.name)
    return found


@dataclass(frozen=True, slots=True)
class _Run:
    """The lists of a run as SQL."""

    ruleset: Ruleset
    graph: Graph
    columns: Mapping[str, str]
    names: Names

    def of(self, output: str) -> str:
        """The SQL of an output of the graph; NULL where there is none."""
        main, _, role = output.partition("__")
        if main == self.ruleset.main_score and role in {"points", "band", "coverage"}:
            return self.columns["score" if role == "points" else role]
        return self.columns.get(output, "NULL")

    def scores(self) -> str:
        nodes = [node.name for node in self.ruleset.nodes if node.word == "score"]
        return _list(
            _struct(name=literal(name), points=self.of(f"{name}__points"), band=self.of(f"{name}__band"))
            for name in nodes
        )

    def raised(self, word: str) -> str:
        wanted = {each.output: each.name for each in self._wanted() if isinstance(each, Column)}
        names = [flag.name for flag in self.ruleset.flags if flag.word == word]
        cases = (f"CASE WHEN {self.columns[wanted[name]]} THEN {literal(name)} END" for name in names)
        return f"list_filter(CAST({_list(cases)} AS VARCHAR[]), lambda name: name IS NOT NULL)"

    def parts(self) -> str:
        used = {
            part.node
            for node in self.ruleset.nodes
            for variant in node.variants
            if isinstance(variant.body, Combination)
            for part in variant.body.parts
        }
        alone = [node.name for node in self.ruleset.nodes if node.name not in used and node.word != "score"]
        outer = _list(self._part("NULL", name, "NULL") for name in alone)
        return self._over_nodes(outer, TYPES["parts"], self._parts_of)

    def steps(self) -> str:
        every = self._over_nodes("[]", TYPES["steps"], self._steps_of)
        return f"list_filter({every}, lambda step: step IS NOT NULL)"

    def signals(self) -> str:
        wanted = {each.output: each for each in self._wanted() if isinstance(each, Column)}
        return _list(
            self._value(signal.name, self.columns[wanted[signal.name].name], signal.type)
            for signal in self.ruleset.signals
        )

    def read(self) -> str:
        columns = _column_of_op(self.graph, self._wanted())
        values = [
            self._value(
                each.name.removesuffix("__read"), self.columns[each.name], self.graph.ops[each.op].type
            )
            for each in self._wanted()
            if isinstance(each, Gathered) and self.graph.ops[each.op].primitive is Primitive.INPUT
        ]
        for index, name in gathered_names(self.graph).items():
            kind = type_of(Gathered(name, index), self.graph)
            assert kind is not None
            values.append(self._value(name, self.columns[columns[index]], kind))
        return _list(values)

    def _wanted(self) -> Sequence[Wanted]:
        return kept_columns(self.ruleset, self.graph)

    def _value(self, name: str, sql: str, kind: Type) -> str:
        text = "NULL" if kind.is_numeric else f"CAST({sql} AS VARCHAR)"
        if kind == YES_NO:
            text = f"CASE {sql} WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END"
        return _struct(name=literal(name), number=sql if kind.is_numeric else "NULL", text=text)

    # What depends on the variant of a node ------------------------------------

    def _over_nodes(self, first: str, kind: str, lines: _Lines) -> str:
        """The lines of every node, of its variant that was used."""
        lists = [first]
        for node in self.ruleset.nodes:
            found = [list(lines(node, variant)) for variant in node.variants]
            if not any(found):
                continue
            if len(found) == 1:
                lists.append(_list(found[0]))
                continue
            cases = " ".join(f"WHEN {k} THEN {_list(each)}" for k, each in enumerate(found))
            lists.append(f"CASE {self.of(f'{node.name}__variant')} {cases} ELSE [] END")
        return " || ".join(f"CAST({each} AS {kind})" for each in lists)

    def _part(self, parent: str, name: str, share: str) -> str:
        return _struct(
            parent=parent,
            name=literal(name),
            points=self.of(f"{name}__points"),
            level=self.of(f"{name}__level"),
            band=self.of(f"{name}__band"),
            share=share,
        )

    def _parts_of(self, node: RuleNode, variant: Variant) -> Iterator[str]:
        if isinstance(variant.body, Combination):
            for part, share in zip(variant.body.parts, self._shares(node, variant.body), strict=True):
                yield self._part(literal(node.name), part.node, share)

    def _shares(self, node: RuleNode, body: Combination) -> list[str]:
        """What one point of each part brings: its weight, of all that count or as it is; of the lowest or
        highest the first of equals brings all.
        """
        weights = [f"coalesce({self.of(f'{node.name}__weight_{k + 1}')}, 0)" for k in range(len(body.parts))]
        if body.method is Method.TOTAL:
            return weights
        if body.method is Method.AVERAGE:
            whole = " + ".join(weights)
            return [f"coalesce({weight} / nullif({whole}, 0), 0)" for weight in weights]
        base = self.of(f"{node.name}__base")
        decides = [
            f"({weight} > 0 AND {self.of(f'{part.node}__points')} = {base})"
            for weight, part in zip(weights, body.parts, strict=True)
        ]
        chosen = " ".join(f"WHEN {each} THEN {k}" for k, each in enumerate(decides))
        return [f"CASE WHEN (CASE {chosen} END) = {k} THEN 1 ELSE 0 END" for k in range(len(decides))]

    def _steps_of(self, node: RuleNode, variant: Variant) -> Iterator[str]:
        before = self.of(f"{node.name}__base")
        for k, step in enumerate(variant.steps, start=1):
            after = self.of(f"{node.name}__after_{k}")
            rule = literal(step.reason or step_words(self.names, step))
            line = _struct(node=literal(node.name), rule=rule, change=f"{after} - {before}")
            yield f"CASE WHEN {self.of(f'{node.name}__fired_{k}')} AND {after} <> {before} THEN {line} END"
            before = after


def _struct(**fields: str) -> str:
    return "{" + ", ".join(f"'{name}': {sql}" for name, sql in fields.items()) + "}"


def _list(items: Iterable[str]) -> str:
    return f"[{', '.join(items)}]"
