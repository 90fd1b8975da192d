"""From graph to query: a common table expression for each layer, each reading the one before it.

cells      what the source has, as typed values
inputs     the legal ones; what is wrong
T_cells, T_rows, T_values, T_totals    the same for the rows of table T, then a line an account
rows       the totals beside the accounts
signals, measures, groups, scores, bands, flags    as the ruleset has them, numbered when one reads another
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql import contract, rows
from healthdsl.backends.sql.dialects import DIALECTS, Dialect
from healthdsl.backends.sql.emit import Emitter
from healthdsl.backends.sql.errors import SqlError
from healthdsl.backends.sql.plan import Below, Naming, Plan, make_plan
from healthdsl.backends.sql.reach import Reach, only_tested, reach_of
from healthdsl.backends.sql.shape import Shapes
from healthdsl.backends.sql.sources import BadCells, Blank, Cell, Column, Gathered, Mask, Source, Wanted
from healthdsl.graph.facts import graph_facts
from healthdsl.graph.graph import Graph, InputField, gathering
from healthdsl.graph.primitives import Primitive

LAYERS = ("signals", "measures", "groups", "scores", "bands", "flags")

ALWAYS = ("value", "points", "level", "band", "flag")
"""What has a column wherever it is worked out, whether it is asked for or not."""

LayerOf = Callable[[str], str]
"""The layer, of LAYERS, of an output by its name."""


def compile_sql(
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
    return _Assembly(graph, source, columns, DIALECTS[dialect], today, layer_of).query()


class _Assembly:
    def __init__(
        self,
        graph: Graph,
        source: Source,
        columns: Sequence[Wanted],
        dialect: Dialect,
        today: date | None,
        layer_of: LayerOf,
    ) -> None:
        self.graph = graph
        self.source = source
        self.wanted = columns
        self.dialect = dialect
        self.facts = graph_facts(graph)
        self.outputs = {output.name: output.op for output in graph.outputs}
        self.tables = {table.name: table for table in graph.tables}
        self.layer_of = layer_of
        self.layers: list[tuple[str, exp.Select]] = []
        self.tells_bad = any(isinstance(each, BadCells) for each in columns)
        self.bad: list[tuple[str, str]] = []
        self.row_layers: dict[str, str] = {}
        self.taken = {table.name.lower() for table in _relations(source)}
        taken = {field.name for field in graph.inputs} | set(self.outputs)
        self.account = _free("account_id", taken)
        self.name = _free("account_name", taken)
        self.today = dialect.date(today.isoformat()) if today is not None else exp.CurrentDate()

    # The whole ----------------------------------------------------------------

    def query(self) -> exp.Select:
        reach = reach_of(self.graph, self._wanted_ops())
        named = self._named(reach)
        shapes = Shapes(self.graph, self.facts, frozenset(named))
        given = self._given()
        naming = Naming(named, self._known_as(), lambda name: LAYERS.index(self.layer_of(name)))
        wanted = [*self._wanted_ops(), *reach.fed]
        plan = make_plan(shapes, wanted, naming, Below(given, reach.feeds))
        supplied = {table: self._supplied(table) for table in self.tables}
        columns: dict[int, exp.Expression] = {at: b.column(name) for at, name in given.items()}
        lenient = only_tested(self.graph, reach, self._only_masked())
        emitter = Emitter(shapes, self.dialect, columns, self.today, supplied, lenient)
        self._contract()
        self._compute(plan, emitter, reach)
        return self._select(plan, emitter)

    def _wanted_ops(self) -> list[int]:
        found = []
        for each in self.wanted:
            match each:
                case Column(output=output):
                    found.append(self.outputs[output])
                case Mask(outputs=outputs):
                    found += [self.outputs[output] for output in outputs]
                case Gathered(op=op):
                    found.append(op)
                case BadCells() | Blank():
                    pass
        return found

    def _only_masked(self) -> set[int]:
        """The conditions that a mask asks for and no column of the result."""
        masks = [output for each in self.wanted if isinstance(each, Mask) for output in each.outputs]
        columns = {self.outputs[each.output] for each in self.wanted if isinstance(each, Column)}
        return {self.outputs[output] for output in masks} - columns

    def _named(self, reach: Reach) -> dict[int, str]:
        """The operations that get a column, by the name that is wanted for them."""
        known_as = self._known_as()
        named: dict[int, str] = {}
        for each in self.wanted:
            if isinstance(each, Column):
                op = self.outputs[each.output]
                named.setdefault(op, known_as[op] if op in known_as else each.output)
            elif isinstance(each, Gathered):
                named.setdefault(each.op, known_as.get(each.op, each.name))
        for output in self.graph.outputs:
            if output.role in ALWAYS:
                named.setdefault(output.op, known_as[output.op])
        for index in reach.fed:
            named.setdefault(index, known_as.get(index, f"account__x{index}"))
        for index in reach.feeds:
            named.setdefault(index, known_as.get(index, f"rows__x{index}"))
        plain = (Primitive.INPUT, Primitive.CONSTANT, Primitive.TODAY, Primitive.SUPPLIED)
        return {index: name for index, name in named.items() if self.graph.ops[index].primitive not in plain}

    def _known_as(self) -> dict[int, str]:
        """The output name of each operation; the points of a node before its other names."""
        names: dict[int, str] = {}
        for output in sorted(self.graph.outputs, key=lambda each: each.role not in ("points", "value")):
            names.setdefault(output.op, output.name)
        return names

    def _given(self) -> dict[int, str]:
        cells = self.source.cells
        return {
            index: self._read_as(str(op.value))
            for index, op in enumerate(self.graph.ops)
            if op.primitive is Primitive.INPUT and op.value in cells
        }

    def _read_as(self, name: str) -> str:
        """The column of an input as read; the signal itself is another one when it can expire."""
        op = self.graph.ops[self.outputs[name]] if name in self.outputs else None
        return name if op is None or op.primitive is Primitive.INPUT else f"{name}__read"

    def _supplied(self, table: str) -> exp.Expression:
        if table not in self.source.rows:
            return b.truth(False)
        return b.truth(True) if self.source.rows[table].supplied is None else b.column(f"{table}__given")

    # Layers -------------------------------------------------------------------

    def _layer(self, name: str, columns: Iterable[exp.Expression], source: exp.Expression) -> str:
        """Append a layer; its name, changed when a relation has it."""
        free = _free(name, self.taken)
        self.taken.add(free)
        self.layers.append((free, exp.select(*columns, copy=False).from_(source, copy=False)))
        return free

    @property
    def _last(self) -> str:
        return self.layers[-1][0]

    def _contract(self) -> None:
        """The layers `cells` and `inputs`."""
        source, fields = self.source, self.graph.inputs
        ids = [(self.account, source.account), (self.name, source.name)]
        columns = [b.named(value.copy(), name) for name, value in ids if value is not None]
        kept: list[exp.Expression] = [b.column(name) for name, value in ids if value is not None]
        for field in fields:
            if field.name in source.cells:
                read, cell = replace(field, name=self._read_as(field.name)), source.cells[field.name]
                columns += contract.typed(read, cell, self.dialect)
                kept += self._kept(read, cell, field.name)
        for table, given in source.rows.items():
            if given.supplied is not None:
                columns.append(b.named(given.supplied.copy(), f"{table}__given"))
                kept.append(b.column(f"{table}__given"))
        if not columns:
            columns = kept = [b.named(exp.Literal.number("1"), "account__one")]
        self._layer("cells", columns, source.relation.copy())
        self._layer("inputs", [each.copy() for each in kept], exp.to_table(self._last))

    def _kept(self, field: InputField, cell: Cell, name: str) -> list[exp.Expression]:
        """The columns of a field in the second layer; what tells of a bad one is noted."""
        columns = contract.kept(field, cell, self.dialect, tells_bad=self.tells_bad)
        if len(columns) > 1:
            self.bad.append((name, columns[1].alias))
        return columns

    def _compute(self, plan: Plan, emitter: Emitter, reach: Reach) -> None:
        places: dict[tuple[int, int], list[int]] = {}
        for index, place in plan.place.items():
            places.setdefault(place, []).append(index)
        if self.tells_bad:
            self._join_rows([], emitter, reach, plan)
        for place in sorted(places):
            gathered = [index for index in places[place] if self._is_aggregate(index)]
            if gathered:
                self._join_rows(gathered, emitter, reach, plan)
            computed = [index for index in places[place] if not self._is_aggregate(index)]
            if computed:
                defined = [b.named(emitter.column(index), plan.columns[index]) for index in computed]
                self._layer(LAYERS[place[0]], [exp.Star(), *defined], exp.to_table(self._last))
            for index in places[place]:
                emitter.columns[index] = b.column(plan.columns[index])  # type: ignore[index]

    def _is_aggregate(self, index: int) -> bool:
        return self.graph.ops[index].primitive is Primitive.AGGREGATE

    # Rows ---------------------------------------------------------------------

    def _join_rows(self, gathered: Sequence[int], emitter: Emitter, reach: Reach, plan: Plan) -> None:
        """Join the totals of aggregates, or the first time, with none, what is wrong in the rows."""
        by_table: dict[str, list[int]] = {}
        for index in gathered:
            by_table.setdefault(gathering(self.graph.ops[index])[1], []).append(index)
        if not gathered:
            by_table = {table: [] for table in self.source.rows}
        before = self._last
        joined: list[tuple[str, list[exp.Expression]]] = []
        for table, indices in by_table.items():
            if table not in self.source.rows:
                missing = [b.named(emitter.column(index), plan.columns[index]) for index in indices]
                joined.append(("", missing))
                continue
            joined.append(self._totals(table, indices, emitter, reach, plan, before))
        if not joined:
            return
        columns = [column for _, found in joined for column in found]
        layer = exp.select(exp.Column(this=exp.Star(), table=exp.to_identifier(before)), *columns, copy=False)
        layer = layer.from_(exp.to_table(before), copy=False)
        for totals, _ in joined:
            if totals:
                same = exp.EQ(this=b.column(self.account, before), expression=b.column("account_key", totals))
                layer = layer.join(exp.to_table(totals), on=same, join_type="left", copy=False)
        name = _free("rows", self.taken)
        self.taken.add(name)
        self.layers.append((name, layer))

    def _read_rows(self, table: str) -> str:
        """The layers with the cells of the rows and their legal values, once for each table."""
        if table in self.row_layers:
            return self.row_layers[table]
        given, fields = self.source.rows[table], self.tables[table].columns
        columns: list[exp.Expression] = [b.named(given.account.copy(), "account_key")]
        kept: list[exp.Expression] = [b.column("account_key")]
        for field in fields:
            if field.name in given.cells:
                columns += contract.typed(field, given.cells[field.name], self.dialect)
                kept += self._kept(field, given.cells[field.name], f"{table}.{field.name}")
        cells = self._layer(f"{table}_cells", columns, given.relation.copy())
        self.row_layers[table] = self._layer(f"{table}_rows", kept, exp.to_table(cells))
        return self.row_layers[table]

    def _totals(
        self,
        table: str,
        indices: Sequence[int],
        emitter: Emitter,
        reach: Reach,
        plan: Plan,
        before: str,
    ) -> tuple[str, list[exp.Expression]]:
        """The layer of totals of one table, and the columns it gives the accounts."""
        found = [rows.Total(plan.columns[index], self.graph.ops[index], self.facts) for index in indices]
        base = self._read_rows(table)
        own = self._row_columns(table)
        fed = sorted({feed for index in indices for feed in reach.feeds[index]})
        if fed:
            base, own = self._feed(table, base, own, {feed: emitter.columns[feed] for feed in fed}, before)
        base, row_emitter = self._row_plan(table, base, own, found, emitter)
        columns = [column for total in found for column in rows.row_columns(total, row_emitter)]
        if columns:
            base = self._layer(f"{table}_values", [exp.Star(), *columns], exp.to_table(base))
        if ranks := [rank for total in found if (rank := rows.ranking(total, "account_key")) is not None]:
            base = self._layer(f"{table}_ranks", [exp.Star(), *ranks], exp.to_table(base))
        sums = [column for total in found for column in rows.totals(total, self.dialect)]
        if not indices:
            sums = [
                self._bad_total(table, column) for name, column in self.bad if name.startswith(f"{table}.")
            ]
        totals = self._layer(f"{table}_totals", [b.column("account_key"), *sums], exp.to_table(base))
        self.layers[-1] = (totals, self.layers[-1][1].group_by(b.column("account_key"), copy=False))
        if not indices:
            return totals, [b.column(column.alias, totals) for column in sums]
        return totals, [self._beside(total, table, totals) for total in found]

    def _bad_total(self, table: str, column: str) -> exp.Expression:
        flag = b.when(b.column(column), exp.Literal.number("1"))
        return b.named(exp.Max(this=flag), f"{table}__{column}")

    def _beside(self, total: rows.Total, table: str, totals: str) -> exp.Expression:
        value = rows.beside(total, totals, self.dialect)
        if self.source.rows[table].supplied is not None:
            value = b.when(self._supplied(table), value)
        return b.named(value, total.name)

    def _row_columns(self, table: str) -> dict[int, exp.Expression]:
        cells = self.source.rows[table].cells
        return {
            index: b.column(op.value[1])
            for index, op in enumerate(self.graph.ops)
            if op.primitive is Primitive.COLUMN
            and isinstance(op.value, tuple)
            and op.value[0] == table
            and op.value[1] in cells
        }

    def _feed(
        self,
        table: str,
        base: str,
        own: dict[int, exp.Expression],
        fed: Mapping[int, exp.Expression],
        before: str,
    ) -> tuple[str, dict[int, exp.Expression]]:
        """The rows with what they read of their account beside them."""
        columns: list[exp.Expression] = [exp.Column(this=exp.Star(), table=exp.to_identifier(base))]
        names = {}
        for index, column in fed.items():
            names[index] = f"account__{column.name}"
            columns.append(b.named(b.column(column.name, before), names[index]))
        same = exp.EQ(this=b.column(self.account, before), expression=b.column("account_key", base))
        name = self._layer(f"{table}_fed", columns, exp.to_table(base))
        self.layers[-1] = (name, self.layers[-1][1].join(exp.to_table(before), on=same, copy=False))
        return name, {**own, **{index: b.column(called) for index, called in names.items()}}

    def _row_plan(
        self,
        table: str,
        base: str,
        own: dict[int, exp.Expression],
        found: Sequence[rows.Total],
        emitter: Emitter,
    ) -> tuple[str, Emitter]:
        """Layers for what several values of a row share."""
        naming = Naming({}, self._known_as(), lambda _: 0)
        wanted = [index for total in found for index in total.read()]
        given = {index: column.name for index, column in own.items()}
        plan = make_plan(Shapes(self.graph, self.facts, frozenset()), wanted, naming, Below(given))
        row_emitter = emitter.over(dict(own))
        for place in sorted(set(plan.place.values())):
            here = [index for index in plan.columns if plan.place[index] == place]
            defined = [b.named(row_emitter.column(index), plan.columns[index]) for index in here]
            base = self._layer(f"{table}_rows", [exp.Star(), *defined], exp.to_table(base))
            for index in here:
                row_emitter.columns[index] = b.column(plan.columns[index])  # type: ignore[index]
        return base, row_emitter

    # The result ---------------------------------------------------------------

    def _select(self, plan: Plan, emitter: Emitter) -> exp.Select:
        columns: list[exp.Expression] = []
        if self.source.account is not None:
            columns.append(_named_as(b.column(self.account), "account_id"))
        if self.source.name is not None:
            columns.append(_named_as(b.column(self.name), "account_name"))
        columns += [self._result(each, emitter) for each in self.wanted]
        query = exp.select(*columns, copy=False).from_(exp.to_table(self._last), copy=False)
        for name, layer in self.layers:
            materialized = True if self.dialect.materialized else None
            query = query.with_(name, as_=layer, materialized=materialized, copy=False)
        self._check_names(query)
        return query

    def _result(self, each: Wanted, emitter: Emitter) -> exp.Expression:
        match each:
            case Column(name=name, output=output):
                return _named_as(emitter.result(self.outputs[output]), name)
            case Gathered(name=name, op=op):
                return _named_as(emitter.result(op), name)
            case Mask(name=name, outputs=outputs):
                bits = [
                    b.when(
                        emitter.when(self.outputs[output]),
                        exp.Literal.number(str(2**k)),
                        b.number(0.0, self.dialect),
                    )
                    for k, output in enumerate(outputs)
                ]
                mask = bits[0]
                for bit in bits[1:]:
                    mask = b.add(mask, bit)
                return b.named(b.cast(mask, "BIGINT"), name)
            case BadCells(name=name):
                return b.named(self._bad_cells(), name)
            case Blank(name=name, kind=kind):
                return b.named(b.cast(exp.Null(), kind), name)

    def _bad_cells(self) -> exp.Expression:
        names: list[tuple[str, exp.Expression]] = []
        for name, column in self.bad:
            table, is_row, _ = name.partition(".")
            condition = b.is_known(b.column(f"{table}__{column}")) if is_row else b.column(column)
            names.append((name, condition))
        return contract.listed(names) if names else b.cast(exp.Null(), "TEXT")

    def _check_names(self, query: exp.Select) -> None:
        for identifier in query.find_all(exp.Identifier):
            if len(identifier.name.encode()) > self.dialect.longest_name:
                raise SqlError(
                    f"the name `{identifier.name}` has more than {self.dialect.longest_name} bytes, "
                    f"which is the most that {self.dialect.name} takes. Shorten it in the ruleset."
                )


def _named_as(value: exp.Expression, name: str) -> exp.Expression:
    is_same = isinstance(value, exp.Column) and value.name == name and not value.table
    return value if is_same else b.named(value, name)


def _free(name: str, taken: Iterable[str]) -> str:
    """The name, with a number behind it when it is taken."""
    names, found, number = set(taken), name, 1
    while found in names:
        number += 1
        found = f"{name}_{number}"
    return found


def _relations(source: Source) -> list[exp.Table]:
    relations = [source.relation, *(each.relation for each in source.rows.values())]
    return [table for relation in relations for table in relation.find_all(exp.Table)]
