"""Binding of names: what a word stands for at its place, and what to say when it stands for nothing.

Inside the rows of a table its columns come first. A signal comes before the measure of the same name.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model.expressions import (
    BandOf,
    ColumnValue,
    Constant,
    Expression,
    FlagValue,
    LevelOf,
    PointsOf,
    SignalValue,
    Today,
)
from healthdsl.model.types import DAYS, YES_NO
from healthdsl.resolve.scope import Place, TableEntry
from healthdsl.resolve.suggest import did_you_mean, listed
from healthdsl.source import Span
from healthdsl.syntax import nodes as n
from healthdsl.syntax.expressions import Name

AGE = "age"
_CELL = re.compile("[A-Z]{1,3}[0-9]{1,7}", re.ASCII)


def bind_name(place: Place, name: Name) -> Expression | None:
    """The value a word stands for; None when it is unknown (reported) or broken (silent)."""
    word = name.name
    scope = place.scope
    if place.table is not None and (word in place.table.columns or word == AGE):
        return bind_column(place, place.table, name)
    if word == "today":
        return bind_today(place, name.span)
    if word in ("yes", "no"):
        return Constant(word == "yes", YES_NO)
    if word in scope.signals:
        return bind_signal(place, word)
    if place.owner == ("node", word) and not node_values(place, word):
        _report_itself(place, name)
        return None
    if word in scope.nodes:
        if word in scope.broken and scope.nodes[word].reads_its_signal:
            return None  # the signal of this name could not be read, and it is what is meant
        place.use("node", word)
        return PointsOf(word)
    if word in scope.flags:
        place.use("flag", word)
        return FlagValue(word)
    banded = scope.banded_by(word)
    if banded is not None:
        place.use("bands", banded)
        type_ = scope.band_type(banded)
        return BandOf(banded, type_) if type_ is not None else None
    if not scope.is_silent(name):
        report_unknown(place, name)
    return None


def _report_itself(place: Place, name: Name) -> None:
    """A measure that reads a signal of its own name, which nobody has declared."""
    word = name.name
    if place.scope.is_silent(name):
        return
    message = f"there is no signal `{word}`, and `{word}` cannot be worked out from itself"
    place.scope.unknown("E201", name, message, f"declare it with `signal {word} ..`")


def bind_today(place: Place, span: Span) -> Today:
    place.ask_today(span)
    return Today()


def bind_signal(place: Place, word: str) -> SignalValue | None:
    place.use("signal", word)
    entry = place.scope.signals[word]
    return SignalValue(word, entry.type) if entry.type is not None else None


def bind_column(place: Place, table: TableEntry, name: Name) -> ColumnValue | None:
    """A column of a base table, `age` among them."""
    word = name.name
    if word in table.columns:
        place.use("column", f"{table.name}.{word}")
        type_ = table.columns[word].type
        return ColumnValue(table.name, word, type_) if type_ is not None else None
    if word == AGE and table.dated is not None:
        bind_today(place, name.span)
        return ColumnValue(table.name, AGE, DAYS)
    if word == AGE:
        advice = f"write `rows {table.name} dated COLUMN` to say which column holds the date"
        message = f"the rows of `{table.name}` have no date, so they have no `age`"
        place.problems.error("E324", name.span, message, advice)
    elif not place.scope.is_silent(name):
        known = [*table.columns, AGE] if table.dated else list(table.columns)
        hint = did_you_mean(word, known) or f"`{table.name}` has the columns {listed(known)}"
        label = Label(table.declaration.name.span, "declared here")
        message = f"`{table.name}` has no column `{word}`"
        place.scope.unknown("E202", name, message, hint, (label,))
    return None


def node_values(place: Place, word: str) -> list[BandOf | LevelOf]:
    """What a node can be asked for in words: its band, its level."""
    bands, levels = place.scope.band_type(word), place.scope.level_type(word)
    found: list[BandOf | LevelOf] = [BandOf(word, bands)] if bands else []
    return [*found, LevelOf(word, levels)] if levels else found


def use_node_value(place: Place, value: Expression) -> None:
    """Remembers that a band or level was asked for."""
    if isinstance(value, BandOf):
        place.use("bands", value.node)
    elif isinstance(value, LevelOf):
        place.use("node", value.node)


def word_of_node(place: Place, points: PointsOf, tests: Sequence[n.RowTest]) -> Expression:
    """The band or level of a node, where the keys that are asked of it are its words; else its points."""
    keys = (key for test in tests if isinstance(test, n.KeysTest) for key in test.keys)
    words = {key.name for key in keys if isinstance(key, Name)}
    for value in node_values(place, points.node):
        if words & set(value.type.choices):
            use_node_value(place, value)
            return value
    return points


def bind_points(place: Place, name: Name, *, is_part: bool = False) -> PointsOf | None:
    """`points of x`, or a part: `x` must be a measure, group or score."""
    word, scope = name.name, place.scope
    if word in scope.nodes:
        place.use("node", word)
        return PointsOf(word)
    if scope.is_silent(name):
        return None
    if word in scope.signals:
        if not scope.is_news("E223", name.span, word, "points"):
            return None
        message = f"`{word}` is a signal, only measures, groups and scores have points"
        advice = f"give it points with `measure {word} ladder`"
        if not is_part:
            advice += f", or write `{word}` for its value"
        place.problems.error("E223", name.span, message, advice, scope.label(word, "declared here"))
        return None
    message = f"there is no measure, group or score `{word}`"
    near = did_you_mean(word, place.problems.near(scope.nodes))
    scope.unknown("E204", name, message, near or _nodes_there_are(place))
    return None


def _nodes_there_are(place: Place) -> str:
    nodes = place.scope.nodes
    return f"there are {listed(nodes)}" if nodes else "declare it with `measure`, `group` or `score`"


def find_table(place: Place, name: Name) -> TableEntry | None:
    """The table a word names; None when it is unknown (reported) or broken (silent)."""
    word, scope = name.name, place.scope
    entry = scope.tables.get(word)
    if entry is not None:
        if entry.declaration.parent is not None:
            place.use("table", word)
        return entry if entry.base is not None and entry.conditions is not None else None
    if scope.is_silent(name):
        return None
    if word in scope.nodes:
        message = f"`{word}` is a {scope.nodes[word].word}, not a table of rows"
        advice = f"say what to ask of its parts, such as `at least 2 of {word} are known`"
        place.problems.error("E225", name.span, message, advice)
        return None
    near = did_you_mean(word, place.problems.near(scope.tables))
    there_are = f"there are {listed(scope.tables)}" if scope.tables else f"declare it with `rows {word}`"
    scope.unknown("E203", name, f"there is no table `{word}`", near or there_are)
    return None


def report_unknown(place: Place, name: Name) -> None:
    """An unknown word where a value is expected."""
    word, scope = name.name, place.scope
    if word in scope.tables:
        message = f"`{word}` is a table of rows, a value is needed here"
        place.problems.error(
            "E227", name.span, message, f"write `count of {word}` for the number of its rows"
        )
        return
    if word in scope.level_sets:
        message = f"`{word}` is a set of levels, a value is needed here"
        advice = f"ask a measure that is declared `as {word}`"
        place.problems.error("E227", name.span, message, advice)
        return
    kind = "column or signal" if place.table else "signal"
    if _CELL.fullmatch(word):
        cells = "a spreadsheet cell is nothing here: write the names of the signals, such as `active / seats`"
        scope.unknown("E201", name, f"unknown {kind} `{word}`", cells)
        return
    known = [
        *(place.table.columns if place.table else ()),
        *scope.signals,
        *scope.nodes,
        *scope.flags,
        *scope.named_bands,
    ]
    near = did_you_mean(word, place.problems.near(known)) or _declared_as_value(place, word)
    scope.unknown("E201", name, f"unknown {kind} `{word}`", near or f"declare it with `signal {word} ..`")


def _declared_as_value(place: Place, word: str) -> str | None:
    """A hint when the word is a value of a category, a level or a band."""
    if place.scope.value_owners is None:
        place.scope.value_owners = _value_owners(place)
    owner = place.scope.value_owners.get(word)
    if owner is None:
        return None
    what = f"a value of `{owner}`" if owner in place.scope.signals else f"what `{owner}` can be"
    return f"`{word}` is {what}: write `{owner} is {word}`"


def _value_owners(place: Place) -> dict[str, str]:
    """Which signal or node each word of a category, level or band belongs to; the first of several."""
    owners: dict[str, str] = {}
    for entry in place.scope.signals.values():
        for choice in entry.type.choices if entry.type is not None else ():
            owners.setdefault(choice, entry.name)
    for node in place.scope.nodes:
        for value in node_values(place, node):
            for choice in value.type.choices:
                owners.setdefault(choice, node)
    return owners
