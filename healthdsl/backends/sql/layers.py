"""The layers of a query as they are written, each a common table expression that reads an earlier one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

from healthdsl.backends.sql import build as b


class Layers:
    """Layers in order. `taken` are names that a layer may not have: those of the relations read. `steps`: how
    many columns of one layer may read one another in a row; 1: a column reads only layers before its own.
    """

    def __init__(self, taken: Iterable[str], steps: int = 1) -> None:
        self._layers: list[tuple[str, exp.Select]] = []
        self._taken = {name.lower() for name in taken}
        self._steps = steps
        self._grown = ("", 0)

    @property
    def last(self) -> str:
        return self._layers[-1][0]

    def add(self, name: str, select: exp.Select) -> str:
        """Append a layer; its name, with a number behind it when there is one of that name."""
        own = free(name, self._taken)
        self._taken.add(own)
        self._layers.append((own, select))
        self._grown = ("", 0)
        return own

    def over(self, name: str, columns: Iterable[exp.Expression], source: exp.Expression) -> str:
        """Append a layer that reads columns from a relation."""
        return self.add(name, exp.select(*columns, copy=False).from_(source, copy=False))

    def beside(self, name: str, columns: Iterable[exp.Expression], below: str) -> str:
        """Append a layer that has more columns than the one below, or put them into that one when it has the
        name and room for one more step.
        """
        grown, steps = self._grown
        if grown == name and steps < self._steps and below == self.last:
            self._layers[-1][1].select(*columns, copy=False)
        else:
            self.over(name, [exp.Star(), *columns], exp.to_table(below))
            steps = 0
        self._grown = (name, steps + 1)
        return self.last

    def query(self, columns: Sequence[exp.Expression], *, materialized: bool) -> exp.Select:
        """The whole, with the columns of its result."""
        query = exp.select(*columns, copy=False).from_(exp.to_table(self.last), copy=False)
        for name, layer in self._layers:
            query = query.with_(name, as_=layer, materialized=materialized or None, copy=False)
        return query


def free(name: str, taken: Iterable[str]) -> str:
    """The name, with a number behind it when it is taken."""
    names, found, number = set(taken), name, 1
    while found in names:
        number += 1
        found = f"{name}_{number}"
    return found


def all_of(layer: str) -> exp.Expression:
    """`layer.*`"""
    return exp.Column(this=exp.Star(), table=exp.to_identifier(layer))


def same(column: str, layer: str, other: str, of: str) -> exp.Expression:
    """`layer.column = of.other`"""
    return exp.EQ(this=b.column(column, layer), expression=b.column(other, of))
