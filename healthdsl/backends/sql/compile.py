"""From graph to query: a common table expression for each layer, each reading the one before it.

cells      what the source has, as typed values
inputs     the legal ones; what is wrong
T_cells, T_rows, T_values, T_totals    the same for the rows of table T, then a line an account
rows       the totals beside the accounts
signals, measures, groups, scores, bands, flags    as the ruleset has them, numbered when one reads another
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql import contract
from healthdsl.backends.sql.dialects import DIALECTS, Dialect
from healthdsl.backends.sql.emit import Emitter, Setting
from healthdsl.backends.sql.errors import SqlError
from healthdsl.backends.sql.layers import Layers
from healthdsl.backends.sql.plan import Below, Naming, Plan, make_plan
from healthdsl.backends.sql.reach import only_tested
from healthdsl.backends.sql.request import LAYERS, LayerOf, Request
from healthdsl.backends.sql.row_layers import RowLayers
from healthdsl.backends.sql.shape import Shapes
from healthdsl.backends.sql.sources import BadCells, Blank, Column, Gathered, Mask, Source, Wanted
from healthdsl.backends.sql.table import TABLE
from healthdsl.graph.graph import Graph
from healthdsl.graph.primitives import Primitive

Bad = list[tuple[str, contract.Illegal]]
"""Fields that can hold an illegal value, each with the conditions that it does."""


def compile_sql(  # noqa: PLR0913 -- the graph, where from, what, for which engine and day
    graph: Graph,
    source: Source,
    columns: Sequence[Wanted],
    *,
    dialect: str,
    today: date | None,
    layer_of: LayerOf = lambda _: "signals",
) -> exp.Select:
    """The query whose result has `columns`, behind account_id and account_name as far as the source has them.

    `today` None is the engine's own current date. SqlError when the dialect cannot say it.
    """
    request = Request(graph, source, columns, DIALECTS[dialect], layer_of)
    layers = Layers((table.name for table in _relations(source)), request.dialect.steps)
    bad = _read(request, layers)
    plan, emitter = _plan(request, today)
    bad += _compute(request, layers, plan, emitter)
    query = layers.query(_result(request, emitter, bad), materialized=request.dialect.materialized)
    _check_names(query, request.dialect)
    return query


def _relations(source: Source) -> list[exp.Table]:
    relations = [source.relation, *(each.relation for each in source.rows.values())]
    return [table for relation in relations for table in relation.find_all(exp.Table)]


def _read(request: Request, layers: Layers) -> Bad:
    """Write the layers `cells` and `inputs`."""
    source, dialect = request.source, request.dialect
    ids = [(request.account, source.account), (request.name, source.name)]
    typed = [b.named(value.copy(), name) for name, value in ids if value is not None]
    kept: list[exp.Expression] = [b.column(name) for name, value in ids if value is not None]
    bad: Bad = []
    for field in request.graph.inputs:
        if field.name in source.cells:
            read, cell = replace(field, name=request.read_as(field.name)), source.cells[field.name]
            typed += contract.typed(read, cell, dialect)
            kept += contract.kept(read, cell, dialect, tells_bad=request.tells_bad)
            if request.tells_bad and (illegal := contract.illegal(read, cell, dialect)) is not None:
                bad.append((field.name, illegal))
    for table, given in source.rows.items():
        if given.supplied is not None:
            typed.append(b.named(given.supplied.copy(), f"{table}__given"))
            kept.append(b.column(f"{table}__given"))
    if not typed:
        typed, kept = [b.named(b.number(1.0, dialect), "account__one")], [b.column("account__one")]
    layers.over("cells", typed, source.relation.copy())
    layers.over("inputs", kept, exp.to_table(layers.last))
    return bad


def _plan(request: Request, today: date | None) -> tuple[Plan, Emitter]:
    """Which operations get a column, and what writes them."""
    shapes = Shapes(request.graph, request.facts, frozenset(request.named))
    naming = Naming(request.named, request.known_as, lambda name: LAYERS.index(request.layer_of(name)))
    reach = request.reach
    plan = make_plan(shapes, [*request.ops, *reach.fed], naming, Below(request.given, reach.feeds))
    columns: dict[int, exp.Expression] = {at: b.column(name) for at, name in request.given.items()}
    supplied = {table: request.supplied(table) for table in request.tables}
    day = exp.CurrentDate() if today is None else request.dialect.date(today.isoformat())
    lenient = only_tested(request.graph, reach, request.not_shown)
    return plan, Emitter(shapes, Setting(TABLE, request.dialect, day, supplied, lenient), columns)


def _compute(request: Request, layers: Layers, plan: Plan, emitter: Emitter) -> Bad:
    """Write the layers of the ruleset, and those of rows where they are needed first."""
    ops, rows = request.graph.ops, RowLayers(request, layers, plan, emitter)
    places: dict[tuple[int, int], list[int]] = {}
    for index, place in plan.place.items():
        places.setdefault(place, []).append(index)
    for place in sorted(places):
        aggregates = [index for index in places[place] if ops[index].primitive is Primitive.AGGREGATE]
        rows.join(aggregates)
        computed = [index for index in places[place] if index not in aggregates]
        if computed:
            defined = [b.named(emitter.column(index), plan.columns[index]) for index in computed]
            layers.beside(LAYERS[place[0]], defined, layers.last)
        emitter.columns.update({index: b.column(plan.columns[index]) for index in places[place]})
    rows.join_rest()
    order = {f"{table.name}.{field.name}": None for table in request.graph.tables for field in table.columns}
    flags = dict(rows.bad)
    return [(name, contract.certain(b.is_known(b.column(flags[name])))) for name in order if name in flags]


# The result -------------------------------------------------------------------


def _result(request: Request, emitter: Emitter, bad: Bad) -> list[exp.Expression]:
    columns: list[exp.Expression] = []
    if request.source.account is not None:
        columns.append(_named_as(b.column(request.account), "account_id"))
    if request.source.name is not None:
        columns.append(_named_as(b.column(request.name), "account_name"))
    return columns + [_column(each, request, emitter, bad) for each in request.wanted]


def _column(each: Wanted, request: Request, emitter: Emitter, bad: Bad) -> exp.Expression:
    match each:
        case Column(name=name, output=output):
            return _named_as(emitter.result(request.outputs[output]), name)
        case Gathered(name=name, op=op):
            return _named_as(emitter.result(op), name)
        case Mask(name=name, outputs=outputs):
            return b.named(_mask([request.outputs[output] for output in outputs], emitter), name)
        case BadCells(name=name):
            return b.named(contract.listed(bad, request.dialect) if bad else b.cast(exp.Null(), "TEXT"), name)
        case Blank(name=name, kind=kind):
            return b.named(b.cast(exp.Null(), kind), name)


def _mask(conditions: Sequence[int], emitter: Emitter) -> exp.Expression:
    zero = exp.Literal.number("0")
    bits = [
        b.when(emitter.when(condition), exp.Literal.number(str(2**k)), zero.copy())
        for k, condition in enumerate(conditions)
    ]
    mask = bits[0]
    for bit in bits[1:]:
        mask = b.add(mask, bit)
    return b.cast(mask, "BIGINT")


def _named_as(value: exp.Expression, name: str) -> exp.Expression:
    is_same = isinstance(value, exp.Column) and value.name == name and not value.table
    return value if is_same else b.named(value, name)


def _check_names(query: exp.Select, dialect: Dialect) -> None:
    for identifier in query.find_all(exp.Identifier):
        if len(identifier.name.encode()) > dialect.longest_name:
            raise SqlError(
                f"the name `{identifier.name}` has more than {dialect.longest_name} bytes, "
                f"which is the most that {dialect.name} takes. Shorten it in the ruleset."
            )
