"""The oracle: the outputs of a ruleset for one record, by walking the Ruleset in exact fractions.

In: a Ruleset, a record of Python values, the as-of date. Out: the named outputs of the written contract
(`Names of outputs`), numbers as `Fraction`. Nothing of `healthdsl.graph` or `healthdsl.backends` is used.
Slow and obvious on purpose: each name is worked out when it is first asked for, and remembered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from healthdsl.model import expressions as e
from healthdsl.model import ruleset as r
from tests.oracle import exact, rows
from tests.oracle.expressions import Row, Value, divisors, evaluate, is_true, number, reads
from tests.oracle.inputs import read_signals, read_tables
from tests.oracle.nodes import State, work_out
from tests.oracle.outputs import node_outputs


def outputs(ruleset: r.Ruleset, record: Mapping[str, object], as_of: date | None) -> dict[str, Value]:
    """Every named output for one record; no result is a key that is present with None."""
    return dict(Account.of(ruleset, record, as_of).outputs())


@dataclass(frozen=True)
class Known:
    """A signal's value, whether the record supplied it, and whether it was too old."""

    value: Value
    supplied: bool
    expired: bool


@dataclass
class Account:
    """One account under one ruleset: the `World` that expressions ask."""

    ruleset: r.Ruleset
    inputs: Mapping[str, Value]
    tables: Mapping[str, tuple[Row, ...] | None]
    today: int | None
    nearest_tie: Fraction = Fraction(10**6)
    happened: Counter[str] = field(default_factory=Counter)
    signals: dict[str, Known] = field(default_factory=dict)
    nodes: dict[str, State] = field(default_factory=dict)
    full_rows: dict[str, tuple[Row, ...] | None] = field(default_factory=dict)

    @classmethod
    def of(cls, ruleset: r.Ruleset, record: Mapping[str, object], as_of: date | None) -> Account:
        today = None if as_of is None else as_of.toordinal()
        return cls(ruleset, read_signals(ruleset, record), read_tables(ruleset, record), today)

    def outputs(self) -> Iterator[tuple[str, Value]]:
        for signal in self.ruleset.signals:
            known = self.known(signal.name)
            yield signal.name, known.value
            yield f"{signal.name}__supplied", known.supplied
            if signal.expiry is not None:
                yield f"{signal.name}__expired", known.expired
        for node in self.ruleset.nodes:
            yield from node_outputs(node, self.state(node.name))
        for bands in self.ruleset.bands:
            yield f"{bands.node}__band", self.band(bands.node)
        for flag in self.ruleset.flags:
            yield flag.name, self.flag(flag.name)

    # What expressions ask.

    def snap(self, x: Fraction) -> Fraction:
        """Snaps, and remembers how near a value came to the cut between two results, in its last places."""
        if exact.UNIT % x.denominator and abs(x) < exact.SNAP_BELOW:
            size = abs(x) * exact.UNIT
            cut = (size + exact.HALF_UP) % 1
            self.nearest_tie = min(self.nearest_tie, min(cut, 1 - cut) / (size * exact.LAST_PLACE))
        return exact.snap(x)

    def round_to(self, x: Fraction, decimals: int) -> Fraction:
        """Rounds; remembers how near a value that no double holds came to a half, where nothing snaps."""
        size = abs(x) * 10**decimals
        if size >= exact.SNAP_BELOW and Fraction(float(x)) != x:
            cut = (size + Fraction(1, 2)) % 1
            self.nearest_tie = min(self.nearest_tie, min(cut, 1 - cut) / (size * exact.LAST_PLACE))
        return exact.round_to(x, decimals)

    def blur(self) -> None:
        """Remembers that a double has too few places left to tell."""
        self.nearest_tie = Fraction(0)

    def note(self, situation: str) -> None:
        """Counts something that happened, for those who ask what the random records reach."""
        self.happened[situation] += 1

    def signal(self, name: str) -> Value:
        return self.known(name).value

    def points(self, node: str) -> Fraction | None:
        return self.state(node).points

    def level(self, node: str) -> str | None:
        return self.state(node).level

    def flag(self, name: str) -> Value:
        """Whether a flag or play is raised; a named condition may be unknown."""
        found = evaluate(self.flag_condition(name), self)
        (word,) = (flag.word for flag in self.ruleset.flags if flag.name == name)
        return found if word == "condition" else found is True

    def flag_condition(self, name: str) -> e.Expression:
        (flag,) = (flag for flag in self.ruleset.flags if flag.name == name)
        return flag.condition

    def band(self, node: str) -> str | None:
        """`when` rows and rungs on the final points as written, then `missing` or `otherwise`."""
        (bands,) = (bands for bands in self.ruleset.bands if bands.node == node)
        points = self.state(node).points
        for row in bands.rows:
            if not isinstance(row.key, r.Rest) and self._band_fits(row.key, points):
                return _band_name(row)
        for row in bands.rows:
            if isinstance(row.key, r.Rest) and (row.key.missing if points is None else row.key.otherwise):
                return _band_name(row)
        return None

    def _band_fits(self, key: r.Key, points: Fraction | None) -> bool:
        from tests.oracle.tables import fits

        if isinstance(key, r.When):
            return is_true(key.condition, self)
        return points is not None and fits(key, points, self)

    def level_points(self, node: r.RuleNode, level: str) -> Fraction | None:
        (level_set,) = (levels for levels in self.ruleset.levels if levels.name == node.levels)
        (found,) = (one for one in level_set.levels if one.name == level)
        return found.points

    def level_ranks(self, node: r.RuleNode) -> dict[str, Fraction] | None:
        """The levels of a node from worst to best, from 1, where none of them has points; else None."""
        levels = next((one.levels for one in self.ruleset.levels if one.name == node.levels), ())
        if not levels or any(level.points is not None for level in levels):
            return None
        return {level.name: Fraction(len(levels) - place) for place, level in enumerate(levels)}

    def gather(self, aggregate: e.Aggregate) -> Value:
        table = self.table(aggregate.table)
        return rows.gather(aggregate, self.rows(table), table.dated, self)

    def table(self, name: str) -> r.RowTable:
        (table,) = (table for table in self.ruleset.tables if table.name == name)
        return table

    def state(self, name: str) -> State:
        if name not in self.nodes:
            (node,) = (node for node in self.ruleset.nodes if node.name == name)
            self.nodes[name] = work_out(node, self)
        return self.nodes[name]

    def supplied(self, read: e.Expression) -> bool:
        """Whether something that an expression reads came from the record."""
        match read:
            case e.SignalValue():
                return self.known(read.name).supplied
            case e.Aggregate():
                return self.tables[read.table] is not None
            case e.PointsOf() | e.LevelOf() | e.BandOf():
                return self.state(read.node).known
            case _:
                raise AssertionError(read)

    def any_supplied(self, formulas: Iterable[e.Expression]) -> bool:
        """Whether anything they read came from the record; what reads nothing at all is known."""
        formulas = list(formulas)
        found = [read for formula in formulas for read in reads(formula, self)]
        found = found or [read for formula in formulas for read in reads(formula, self, asked=True)]
        return not found or any(self.supplied(read) for read in found)

    # Signals and rows.

    def known(self, name: str) -> Known:
        if name not in self.signals:
            (signal,) = (signal for signal in self.ruleset.signals if signal.name == name)
            self.signals[name] = self._work_out_signal(signal)
        return self.signals[name]

    def _work_out_signal(self, signal: r.Signal) -> Known:
        if signal.formula is None:
            value = self.inputs[signal.name]
            supplied = value is not None
        else:
            value = self._derive(signal, signal.formula)
            supplied = self.any_supplied([signal.formula])
        expired = value is not None and signal.expiry is not None and self._is_too_old(signal.expiry)
        if expired:
            value, supplied = None, False
        return Known(signal.default if value is None else value, supplied, expired)

    def _derive(self, signal: r.Signal, formula: e.Expression) -> Value:
        value = evaluate(formula, self)
        if signal.on_zero is not None:
            all_known = all(evaluate(read, self) is not None for read in reads(formula, self))
            if all_known and any(self._is_zero(divisor) for divisor in divisors(formula)):
                value = signal.on_zero
                self.note("divided by zero")
        return self.snap(value) if isinstance(value, Fraction) else value

    def _is_zero(self, divisor: e.Expression) -> bool:
        value = number(evaluate(divisor, self))
        return value is not None and exact.snap(value) == 0

    def _is_too_old(self, expiry: r.Expiry) -> bool:
        after = self.signal(expiry.after)
        if after is None:
            return True
        assert self.today is not None
        assert isinstance(after, int)
        return self.today - after > expiry.days

    def rows(self, table: r.RowTable) -> tuple[Row, ...] | None:
        """The rows with their age and their derived columns, in written order of the columns."""
        if table.name not in self.full_rows:
            supplied = self.tables[table.name]
            full = None if supplied is None else tuple(self._full_row(table, row) for row in supplied)
            self.full_rows[table.name] = full
        return self.full_rows[table.name]

    def _full_row(self, table: r.RowTable, row: Row) -> Row:
        full = dict(row)
        if table.dated is not None:
            day = full[table.dated]
            assert self.today is not None
            assert day is None or isinstance(day, int)
            full[rows.AGE] = None if day is None else Fraction(self.today - day)
        return _Columns(full, table, self)


class _Columns(dict[str, Value]):
    """The columns of one row; a derived one is worked out when asked for, since it may read a later one."""

    def __init__(self, values: dict[str, Value], table: r.RowTable, account: Account) -> None:
        super().__init__(values)
        self.table, self.account = table, account

    def __missing__(self, name: str) -> Value:
        (column,) = (column for column in self.table.columns if column.name == name)
        assert column.formula is not None
        value = evaluate(column.formula, self.account, self)
        self[name] = self.account.snap(value) if isinstance(value, Fraction) else value
        return self[name]


def _band_name(row: r.Row) -> str:
    assert isinstance(row.result, r.ToLevel)
    return row.result.name
