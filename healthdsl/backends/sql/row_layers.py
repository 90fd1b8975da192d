"""The layers of rows: what they hold, what is worked out of each, an account's totals, the join."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from healthdsl.backends.sql import build as b
from healthdsl.backends.sql import contract, rows
from healthdsl.backends.sql.emit import Emitter
from healthdsl.backends.sql.layers import Layers, all_of, same
from healthdsl.backends.sql.plan import Below, Naming, Plan, make_plan
from healthdsl.backends.sql.request import Request
from healthdsl.backends.sql.shape import Shapes
from healthdsl.graph.graph import gathering
from healthdsl.graph.primitives import Primitive

KEY = "account_key"
"""The account id in the layers of rows."""

Columns = dict[int, exp.Expression]


class RowLayers:
    """Writes the layers of all tables of rows into `layers`, as they are asked for.

    `bad` are the fields that can hold an illegal value, each with the column beside the account that is not
    NULL when one of its rows does.
    """

    def __init__(self, request: Request, layers: Layers, plan: Plan, emitter: Emitter) -> None:
        self._request = request
        self._layers = layers
        self._plan = plan
        self._emitter = emitter
        self._read: dict[str, str] = {}
        self._illegal: dict[str, dict[str, exp.Expression]] = {}
        self.bad: list[tuple[str, str]] = []

    def join(self, aggregates: Sequence[int]) -> None:
        """Append the layer that has these aggregates beside the accounts."""
        by_table: dict[str, list[int]] = {}
        for index in aggregates:
            by_table.setdefault(gathering(self._request.graph.ops[index])[1], []).append(index)
        self._join(by_table)

    def join_rest(self) -> None:
        """Append a layer that tells what is wrong in tables that no aggregate asked for."""
        if self._request.tells_bad:
            self._join({table: [] for table in self._request.source.rows if table not in self._read})

    def _join(self, by_table: Mapping[str, Sequence[int]]) -> None:
        before, columns, totals = self._layers.last, [], []
        for table, indices in by_table.items():
            if table in self._request.source.rows:
                layer, found = self._totals(table, indices, before)
                totals += [layer] if found else []
                columns += found
            else:
                columns += [b.named(self._emitter.column(each), self._plan.columns[each]) for each in indices]
        if not columns:
            return
        select = exp.select(all_of(before), *columns, copy=False).from_(exp.to_table(before), copy=False)
        for layer in totals:
            condition = same(self._request.account, before, KEY, layer)
            select = select.join(exp.to_table(layer), on=condition, join_type="left", copy=False)
        self._layers.add("rows", select)

    # A table ------------------------------------------------------------------

    def _totals(self, table: str, indices: Sequence[int], before: str) -> tuple[str, list[exp.Expression]]:
        """The layer with the totals of a table, and the columns that it gives the accounts."""
        graph, dialect = self._request.graph, self._request.dialect
        found = [
            rows.Total(self._plan.columns[index], graph.ops[index], graph.ops, self._request.facts)
            for index in indices
        ]
        is_first = table not in self._read
        base, own = self._fed(table, self._rows(table), indices, before)
        base, emitter = self._shared(table, base, own, found)
        values = [column for total in found for column in rows.row_columns(total, emitter)]
        if values:
            base = self._layers.beside(f"{table}_values", values, base)
        if ranks := [rank for total in found if (rank := rows.ranking(total, KEY, dialect)) is not None]:
            base = self._layers.beside(f"{table}_ranks", ranks, base)
        wrong = self._wrong(table) if is_first else []
        sums = [*(column for total in found for column in rows.totals(total, dialect)), *wrong]
        select = exp.select(b.column(KEY), *sums, copy=False).from_(exp.to_table(base), copy=False)
        layer = self._layers.add(f"{table}_totals", select.group_by(b.column(KEY), copy=False))
        beside = [self._beside(total, table, layer) for total in found]
        return layer, [*beside, *(b.column(column.alias, layer) for column in wrong)]

    def _rows(self, table: str) -> str:
        """The layers with the cells of the rows and their legal values, once for each table."""
        if table not in self._read:
            request = self._request
            given, dialect = request.source.rows[table], request.dialect
            typed: list[exp.Expression] = [b.named(given.account.copy(), KEY)]
            kept: list[exp.Expression] = [b.column(KEY)]
            wrong = self._illegal.setdefault(table, {})
            for field in request.tables[table].columns:
                if field.name in given.cells:
                    cell = given.cells[field.name]
                    typed += contract.typed(field, cell, dialect)
                    kept += contract.kept(field, cell, dialect, tells_bad=request.tells_bad)
                    illegal = contract.illegal(field, cell, dialect) if request.tells_bad else None
                    if illegal is not None:
                        wrong[field.name] = illegal.surely
            cells = self._layers.over(f"{table}_cells", typed, given.relation.copy())
            self._read[table] = self._layers.over(f"{table}_rows", kept, exp.to_table(cells))
        return self._read[table]

    def _wrong(self, table: str) -> list[exp.Expression]:
        """Totals that are not NULL when a row of the account holds something illegal."""
        found = []
        for field, illegal in self._illegal[table].items():
            name = f"{table}__{field}__bad"
            self.bad.append((f"{table}.{field}", name))
            found.append(b.named(exp.Max(this=b.when(illegal, exp.Literal.number("1"))), name))
        return found

    def _beside(self, total: rows.Total, table: str, layer: str) -> exp.Expression:
        value = rows.beside(total, layer, self._request.dialect)
        if self._request.source.rows[table].supplied is not None:
            value = b.when(self._request.supplied(table), value)
        return b.named(value, total.name)

    # What rows read -----------------------------------------------------------

    def _fed(self, table: str, base: str, indices: Sequence[int], before: str) -> tuple[str, Columns]:
        """The rows with what they read of their account beside them; the column of each operation."""
        own = self._own(table)
        fed = sorted({feed for index in indices for feed in self._request.reach.feeds[index]})
        if not fed:
            return base, own
        columns: list[exp.Expression] = [all_of(base)]
        for index in fed:
            name = self._emitter.columns[index].name
            own[index] = b.column(f"account__{name}")
            columns.append(b.named(b.column(name, before), f"account__{name}"))
        select = exp.select(*columns, copy=False).from_(exp.to_table(base), copy=False)
        condition = same(self._request.account, before, KEY, base)
        return self._layers.add(
            f"{table}_fed", select.join(exp.to_table(before), on=condition, copy=False)
        ), own

    def _own(self, table: str) -> Columns:
        cells = self._request.source.rows[table].cells
        return {
            index: b.column(op.value[1])
            for index, op in enumerate(self._request.graph.ops)
            if op.primitive is Primitive.COLUMN
            and isinstance(op.value, tuple)
            and op.value[0] == table
            and op.value[1] in cells
        }

    def _shared(
        self, table: str, base: str, own: Columns, found: Sequence[rows.Total]
    ) -> tuple[str, Emitter]:
        """Layers for what several values of a row share."""
        request = self._request
        wanted = [index for total in found for index in total.read()]
        below = Below({index: column.name for index, column in own.items()})
        shapes = Shapes(request.graph, request.facts, frozenset())
        plan = make_plan(shapes, wanted, Naming({}, request.known_as, lambda _: 0, table), below)
        emitter = self._emitter.over(own)
        for place in sorted(set(plan.place.values())):
            here = [index for index in plan.columns if plan.place[index] == place]
            defined = [b.named(emitter.column(index), plan.columns[index]) for index in here]
            base = self._layers.beside(f"{table}_rows", defined, base)
            own |= {index: b.column(plan.columns[index]) for index in here}
        return base, emitter
