"""Accounts made from a graph's own constants: thresholds hit and just missed, missing and illegal values.

In: a graph and a seed; the same accounts every time. Out: records of plain values (float, bool, str, date,
datetime in UTC, None), with a list of rows for every table. Numbers have few digits, so that each database
reads them as the same double.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from random import Random

from healthdsl.graph.graph import Graph, InputField, gathering
from healthdsl.graph.primitives import Primitive
from healthdsl.model.types import Kind

Record = dict[str, object]
Key = tuple[str | None, str]
"""A field: its table (None: of the account) and its name."""

_COMPARISONS = frozenset({Primitive.LESS, Primitive.AT_MOST, Primitive.EQUAL})
_THROUGH = frozenset(
    {
        Primitive.COALESCE,
        Primitive.SNAP,
        Primitive.ROUND,
        Primitive.FLOOR,
        Primitive.CEILING,
        Primitive.MINIMUM,
        Primitive.MAXIMUM,
        Primitive.FOLD_CASE,
    }
)
"""What hands a field's value on, more or less."""

_NEAR = (0.0, 0.0, 0.0, 1e-9, -1e-9, 0.01, -0.01, 1.0, -1.0)
_EXTREME = (0.0, 1e-12, 1.0000000000001, 4194303.5, 4194304.0, 1e9, 1e15, -1e15)
_ILLEGAL = (1e16, -1e16, 1e300)
_TEXTS = ("free", "Pro", "a, b", "it's", "größe", "back\\slash", "", "  ", "x -> y", "日本")
_NOT_LISTED = ("no such choice", " ", "")


@dataclass(frozen=True, slots=True)
class Constants:
    """What the graph sets values against: constants by field, days by which dates differ, all numbers."""

    against: dict[Key, list[object]] = field(default_factory=dict)
    days: list[int] = field(default_factory=lambda: [0, 1])
    numbers: list[float] = field(default_factory=lambda: [0.0, 1.0, 2.0, 10.0, 100.0])
    ordinals: list[int] = field(default_factory=list)


def made_accounts(graph: Graph, as_of: date, number: int, seed: str) -> Iterator[Record]:
    """So many records, without ids."""
    rng = Random(seed)  # noqa: S311 -- the same accounts every time are the purpose
    maker = _Maker(gather(graph), rng, as_of)
    for _ in range(number):
        emptiness = rng.choice([0.0, 0.0, 0.1, 0.1, 0.3, 0.7, 1.0])
        record = maker.cells(graph.inputs, None, emptiness)
        for table in graph.tables:
            count = rng.choice([0, 1, 1, 2, 3, 6])
            record[table.name] = [maker.cells(table.columns, table.name, 0.1) for _ in range(count)]
        yield record


def gather(graph: Graph) -> Constants:
    """The constants of a graph."""
    found = Constants()
    for op in graph.ops:
        if op.primitive is Primitive.CONSTANT and isinstance(op.value, float) and abs(op.value) < 1e9:
            found.numbers.append(op.value)
        if op.primitive is Primitive.MEMBER and isinstance(op.value, tuple):
            for key in _fields(graph, op.operands[0]):
                found.against.setdefault(key, []).extend(op.value)
        if op.primitive is Primitive.CONTAINS and isinstance(op.value, str):
            around = [op.value, f"is {op.value}.", op.value[:-1], f"{op.value[0]}{op.value[1:].upper()}s"]
            for key in _fields(graph, op.operands[0]):
                found.against.setdefault(key, []).extend(around)
        if op.primitive in _COMPARISONS:
            for subject, other in (op.operands, op.operands[::-1]):
                constant = graph.ops[other]
                if constant.primitive is Primitive.CONSTANT and constant.value is not None:
                    _set_against(graph, found, subject, constant.value)
    return found


def _set_against(graph: Graph, found: Constants, subject: int, value: object) -> None:
    op = graph.ops[subject]
    if op.primitive is Primitive.DAYS_BETWEEN and isinstance(value, float | int):
        found.days.append(int(max(-99_999.0, min(value, 99_999.0))))
    if op.type.is_date and isinstance(value, int):
        found.ordinals.append(value)
    for key in _fields(graph, subject):
        found.against.setdefault(key, []).append(value)


def _fields(graph: Graph, index: int) -> Iterator[Key]:
    """The fields whose value an operation hands on."""
    waiting = [index]
    seen: set[int] = set()
    while waiting:
        at = waiting.pop()
        if at < 0 or at in seen:
            continue
        seen.add(at)
        op = graph.ops[at]
        if op.primitive is Primitive.INPUT:
            yield None, str(op.value)
        elif op.primitive is Primitive.COLUMN:
            yield op.table, str(op.value)
        elif op.primitive is Primitive.SELECT:
            waiting += [*op.operands[1::2], op.operands[-1]]
        elif op.primitive is Primitive.AGGREGATE and gathering(op):
            waiting.append(op.operands[0])
        elif op.primitive in _THROUGH:
            waiting += op.operands


@dataclass(frozen=True, slots=True)
class _Maker:
    constants: Constants
    rng: Random
    as_of: date

    def cells(self, fields: tuple[InputField, ...], table: str | None, emptiness: float) -> Record:
        """A value for every column, None where there is none."""
        made: Record = {}
        for each in fields:
            if each.column not in made:
                is_empty = self.rng.random() < emptiness
                made[each.column] = None if is_empty else self.value(each, (table, each.name))
        return made

    def value(self, field: InputField, key: Key) -> object:
        own = self.constants.against.get(key, [])
        match field.type.kind:
            case Kind.YES_NO:
                return self.rng.random() < 0.5
            case Kind.DATE:
                return self._day(own)
            case Kind.TIMESTAMP:
                return self._moment(own)
            case Kind.CATEGORY:
                return self.rng.choice(_NOT_LISTED if self.rng.random() < 0.03 else field.type.choices)
            case Kind.TEXT:
                return self._text([each for each in own if isinstance(each, str)])
            case _:
                return self._number(field, [each for each in own if isinstance(each, float)])

    def _text(self, own: list[str]) -> str:
        text = self.rng.choice(own) if own and self.rng.random() < 0.7 else self.rng.choice(_TEXTS)
        return self.rng.choice([text, text, text.upper()])

    def _number(self, field: InputField, own: list[float]) -> float:
        """A number as it is stored: most legal, on or beside a constant; some large, some not legal."""
        rng, chosen = self.rng, self.rng.random()
        if chosen < 0.02:
            return rng.choice(_ILLEGAL)
        if chosen < 0.04:
            return rng.choice(_EXTREME)
        if own and chosen < 0.6:
            number = rng.choice(own) + rng.choice(_NEAR)
        elif chosen < 0.75:
            number = rng.choice(self.constants.numbers)
        else:
            number = self._usual(field)
        if field.type.is_whole and rng.random() < 0.98:
            number = float(round(number))
        if rng.random() < 0.98:
            floor = 0.0 if field.type.kind is Kind.COUNT else number
            number = max(number, floor if field.low is None else max(field.low, floor))
            number = number if field.high is None else min(number, field.high)
        return float(f"{float(Fraction(number) / field.scale):.12g}")

    def _usual(self, field: InputField) -> float:
        low, high = field.low, field.high
        if low is not None and high is not None and high - low < 1e6:
            return round(self.rng.uniform(low, high), self.rng.choice([0, 1, 2, 4]))
        if field.type.kind is Kind.PERCENT:
            return self.rng.randrange(-200, 1500) / 1000
        return self.rng.choice(
            [float(self.rng.randrange(0, 50)), self.rng.randrange(0, 10**6) / 100, self.rng.random()]
        )

    def _day(self, own: list[object]) -> date:
        chosen = self.rng.random()
        if chosen < 0.01:
            return self.rng.choice([date(1, 1, 1), date(9999, 12, 31), date(1970, 1, 1)])
        return self._usual_day(own)

    def _usual_day(self, own: list[object]) -> date:
        rng = self.rng
        ordinals = [each for each in own if type(each) is int] or self.constants.ordinals
        if ordinals and rng.random() < 0.3:
            ordinal = rng.choice(ordinals) + rng.choice([-1, 0, 0, 1])
        elif rng.random() < 0.7:
            away = rng.choice(self.constants.days) * rng.choice([1, 1, -1])
            ordinal = self.as_of.toordinal() - away + rng.choice([-1, 0, 0, 1])
        else:
            ordinal = self.as_of.toordinal() + rng.choice([-400, -45, -10, 5, 20, 400])
        return date.fromordinal(max(1, min(ordinal, date.max.toordinal())))

    def _moment(self, own: list[object]) -> datetime:
        day = self._usual_day(own)
        moment = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return moment + timedelta(minutes=self.rng.choice([0, 1, 719, 1380, 1439]))
