"""Random records for a Ruleset: thresholds hit and just missed, missing values, odd dates, no rows and many.

In: a Ruleset and a `Random`. Out: a record of Python values, all of them legal, and an as-of date. Constants
are gathered from the ruleset: those that a signal is compared with are tried on that signal and just beside.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from random import Random

from healthdsl.model import expressions as e
from healthdsl.model import ruleset as r
from healthdsl.model.types import Kind

NEAR = [
    Fraction(0),
    Fraction(0),
    Fraction(0),
    Fraction(1, 10**9),
    Fraction(-1, 10**9),
    Fraction(1, 100),
    Fraction(-1),
]
FIRST_DAY = date(2026, 1, 1).toordinal()
TEXTS = ["free", "FREE", "Pro", "pro", "a, b", "größe", "GRÖSSE", "", "x -> y"]


@dataclass(frozen=True)
class Constants:
    """The constants of a ruleset: those set against one signal or column, all numbers, ordinals, windows."""

    against: dict[str, list[Fraction | int]]
    numbers: list[Fraction]
    ordinals: list[int]
    days: list[int]


def random_record(
    ruleset: r.Ruleset, constants: Constants, rng: Random, as_of: date | None = None
) -> tuple[dict[str, object], date]:
    """A record and the date it is scored at (`as_of`, or one of its own)."""
    maker = _Maker(constants, rng, random_day(constants, rng) if as_of is None else as_of.toordinal())
    emptiness = rng.choice([0.0, 0.1, 0.1, 0.3, 0.6, 1.0])
    record: dict[str, object] = {}
    for signal in ruleset.signals:
        if signal.formula is None and rng.random() >= emptiness:
            record[signal.column] = maker.value(signal)
        elif signal.formula is None and rng.random() < 0.3:
            record[signal.column] = None
    for table in ruleset.tables:
        kind = rng.random()
        if kind < 0.75:
            record[table.name] = [maker.row(table) for _ in range(rng.choice([0, 1, 1, 2, 3, 6]))]
        elif kind < 0.85:
            record[table.name] = None
    return record, date.fromordinal(maker.today)


def random_day(constants: Constants, rng: Random) -> int:
    """A day to score at: on or beside a date the ruleset names, or any."""
    if constants.ordinals and rng.random() < 0.5:
        return rng.choice(constants.ordinals) + rng.choice([-1, 0, 0, 1])
    return FIRST_DAY + rng.randrange(364)


def gather_constants(ruleset: r.Ruleset) -> Constants:
    """Every constant of a ruleset, with the signal or column it is compared with."""
    found = Constants({}, [], [], [0, 1])
    for thing in walk(ruleset):
        match thing:
            case e.Constant(value=Fraction() as number):
                found.numbers.append(number)
            case e.Constant(value=int() as ordinal) if not isinstance(ordinal, bool):
                found.ordinals.append(ordinal)
            case e.Compare(left=left, right=e.Constant(value=Fraction() | int() as value)):
                _set_against(found, left, value)
            case r.Table():
                _of_table(found, thing)
            case e.AgeWindow():
                found.days.extend(day for day in (thing.youngest, thing.oldest) if day is not None)
            case r.Expiry():
                found.days.append(thing.days)
            case _:
                pass
    return found


def _of_table(found: Constants, table: r.Table) -> None:
    for row in table.rows:
        if isinstance(row.key, r.Cell):
            for side in (row.key.row, row.key.column):
                _of_key(found, side.subject, side.test)
        else:
            _of_key(found, table.subject, row.key)


def _of_key(found: Constants, subject: e.Expression | None, key: r.Key) -> None:
    match key:
        case r.EdgeRung():
            for bound in (key.low, key.high):
                if isinstance(bound, e.Constant) and isinstance(bound.value, Fraction | int):
                    _set_against(found, subject, bound.value)
        case r.Keys():
            for value in key.values:
                if isinstance(value, Fraction | int):
                    _set_against(found, subject, value)
        case r.CurvePoint():
            _set_against(found, subject, key.at)
        case _:
            pass


def _set_against(found: Constants, subject: e.Expression | None, value: Fraction | int) -> None:
    match subject:
        case e.SignalValue(name=name) | e.ColumnValue(column=name):
            found.against.setdefault(name, []).append(value)
        case _:
            pass


def walk(thing: object) -> Iterator[object]:
    """Everything inside a ruleset, tests left out."""
    if isinstance(thing, tuple):
        for one in thing:
            yield from walk(one)
    elif is_dataclass(thing) and not isinstance(thing, type | r.Test):
        yield thing
        for part in fields(thing):
            yield from walk(getattr(thing, part.name))


@dataclass
class _Maker:
    """Makes values for one record."""

    constants: Constants
    rng: Random
    today: int

    def row(self, table: r.RowTable) -> dict[str, object]:
        row: dict[str, object] = {}
        for column in table.columns:
            if column.formula is None and self.rng.random() < 0.88:
                row[column.column] = self.value(column)
        return row

    def value(self, field: r.Signal | r.Column) -> object:
        """A legal value, now and then one that counts as missing."""
        rng, kind = self.rng, field.type.kind
        if field.absent and rng.random() < 0.15:
            return self.absent(field)
        if field.type.is_numeric:
            if rng.random() < 0.03:
                return rng.choice([float("nan"), float("inf"), float("-inf"), Decimal("NaN"), None])
            return self.number(field)
        if field.type.is_date:
            return self.day(field.name, timestamp=kind is Kind.TIMESTAMP)
        if kind is Kind.YES_NO:
            return rng.random() < 0.5
        return rng.choice(field.type.choices or TEXTS)

    def absent(self, field: r.Signal | r.Column) -> object:
        """A value that stands for a missing one, as the record holds it."""
        match self.rng.choice(field.absent):
            case Fraction() as number:
                return self._written(number)
            case int() as ordinal:
                return self.rng.choice([date.fromordinal(ordinal), date.fromordinal(ordinal).isoformat()])
            case str() as text:
                return self.rng.choice([text, f" {text} "])

    def number(self, field: r.Signal | r.Column) -> object:
        """A legal number as it stands in the record: on or beside a constant, or a usual one."""
        rng = self.rng
        own = [value for value in self.constants.against.get(field.name, []) if isinstance(value, Fraction)]
        chosen = rng.random()
        if own and chosen < 0.5:
            number = rng.choice(own) + rng.choice(NEAR)
        elif self.constants.numbers and chosen < 0.6:
            number = rng.choice(self.constants.numbers)
        else:
            number = self._usual(field)
        if field.type.is_whole:
            number = Fraction(round(number))
        if field.type.kind is Kind.COUNT:
            number = max(number, Fraction(0))
        number = number if field.low is None else max(number, field.low)
        number = number if field.high is None else min(number, field.high)
        return self._written(number / field.scale)

    def _usual(self, field: r.Signal | r.Column) -> Fraction:
        rng = self.rng
        if field.type.kind is Kind.PERCENT:
            return Fraction(rng.randint(-200, 1500), 1000)
        if field.type.kind is Kind.MONEY and rng.random() < 0.2:
            return Fraction(rng.randint(0, 10**8), 100)
        if rng.random() < 0.02:
            return Fraction(rng.choice([10**9, 8_388_608, 123_456_789_012]))
        return Fraction(rng.randint(-200_000, 1_500_000), rng.choice([1_000, 10_000, 10_000, 100_000]))

    def _written(self, number: Fraction) -> object:
        """The same number as an int, a float or a Decimal."""
        if number.denominator == 1 and self.rng.random() < 0.7:
            return int(number)
        return Decimal(repr(float(number))) if self.rng.random() < 0.1 else float(number)

    def day(self, name: str, *, timestamp: bool) -> object:
        """A date on or beside a constant or an edge of a window, as a date, a text, or a moment."""
        rng = self.rng
        own = [value for value in self.constants.against.get(name, []) if type(value) is int]
        if own and rng.random() < 0.3:
            ordinal = rng.choice(own) + rng.choice([-1, 0, 0, 1])
        elif rng.random() < 0.7:
            ordinal = self.today - rng.choice(self.constants.days) + rng.choice([-1, 0, 0, 1])
        else:
            ordinal = self.today + rng.choice([-400, -45, -10, 5, 20, 400])
        day = date.fromordinal(ordinal)
        if not timestamp:
            return rng.choice([day, day.isoformat()])
        return self._moment(day)

    def _moment(self, day: date) -> object:
        """A moment whose UTC date is `day`, often written in a zone where it is another day."""
        rng = self.rng
        moment = datetime(
            day.year, day.month, day.day, rng.choice([0, 12, 23]), rng.choice([0, 59]), tzinfo=UTC
        )
        zone = moment.astimezone(_zone(rng.choice([-8, 0, 2, 14])))
        return rng.choice(
            [moment.isoformat().replace("+00:00", "Z"), zone.isoformat(), zone, day.isoformat()]
        )


def _zone(hours: int) -> timezone:
    return timezone(timedelta(hours=hours))
