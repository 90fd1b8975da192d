"""Writes random numeric and date expressions over a vocabulary, and aggregates over its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tests.oracle.vocabulary import DATED, NUMERIC, Named, Table, Vocabulary, decimal

Where = Callable[[Vocabulary, Table], str]


def number(v: Vocabulary, depth: int, names: Sequence[str]) -> str:
    """A numeric expression; `names` are operands that mean plain numbers here."""
    if depth <= 0 or v.chance(0.35):
        return operand(v, names)
    a, b = number(v, depth - 1, names), number(v, depth - 1, names)
    forms = [
        f"{a} + {b}",
        f"{a} - ({b})",
        f"({a}) * {v.rng.choice(['2', '0.5', '0.25', '1.5', '1/3'])}",
        f"({a}) * ({b})",
        f"({a}) / {divisor(v, names)}",
        f"({a}) / {v.rng.choice(['2', '4', '3', '10', '0.5'])}",
        f"-({a})",
        f"min({a}, {b})",
        f"max({a}, {b}, {v.points()})",
        f"abs({a})",
        f"floor({a})",
        f"ceiling({a})",
        f"round({a})",
        f"round({a}, {v.rng.randint(0, 3)})",
        f"log2({a})",
        f"log10({a})",
        f"ln({a})",
        f"power({a}, {v.rng.choice(['2', '0.5', '3', '-1', '1.25'])})",
        f"(change from {operand(v, names)} to {operand(v, names)}) * 100",
        f"lowest of ({a}, {b})",
        f"highest of ({a}, {b})",
        f"first known of ({a}, {b})",
        f"({a} losing {v.rng.choice(['50%', '12.5%', '30%'])} per ({operand(v, names)}))",
    ]
    return v.rng.choice(forms)


def fading(v: Vocabulary, since: str) -> str:
    """What fades with time, behind a number; `since` says from when, or is empty in a dated table."""
    first = v.rng.randint(0, 40)
    ways = [
        f"halved every {v.rng.randint(1, 60)} days",
        f"fading from {first} to {first + v.rng.randint(1, 90)} days",
    ]
    return f" {v.rng.choice(ways)}{since}"


def divisor(v: Vocabulary, names: Sequence[str]) -> str:
    """Something to divide by that is 0 for some accounts only."""
    if not names:
        return v.rng.choice(["2", "0.3", "7"])
    name = v.rng.choice(names)
    return v.rng.choice(
        [name, f"({name} - {decimal(v.rng, 0, 9, 2)})", f"({name} - {v.rng.choice(names)} * 0.5)"]
    )


def operand(v: Vocabulary, names: Sequence[str]) -> str:
    """A single number: a literal, a name, points, days between dates, an aggregate without a window."""
    forms = [decimal(v.rng, 0, 60, 4)]
    if names:
        forms += [v.rng.choice(names) for _ in range(5)]
    if v.nodes:
        forms.append(f"points of {v.rng.choice(v.nodes)}")
    return v.rng.choice(forms)


def numeric_names(v: Vocabulary) -> list[str]:
    """Signals that may stand beside plain numbers in arithmetic."""
    return [signal.name for signal in v.of_kind("number", "count")]


def dates(v: Vocabulary) -> str:
    """A date: a signal, today, or the earlier or later of two."""
    names = [signal.name for signal in v.of_kind(*DATED)] + ["today"]
    one = v.rng.choice(names)
    if v.chance(0.2):
        return f"{v.rng.choice(['earlier', 'later'])} of ({one}, {v.rng.choice(names)})"
    return f"({one} {v.rng.choice('+-')} {v.rng.randint(1, 90)} days)" if v.chance(0.15) else one


def interval(v: Vocabulary) -> str:
    """Whole days or months between two dates."""
    return f"{v.rng.choice(['days', 'months'])} from {dates(v)} to {dates(v)}"


# Rows ------------------------------------------------------------------------


def columns_of(table: Table, *kinds: str) -> list[Named]:
    return [column for column in table.columns if column.kind in kinds]


def aggregate(v: Vocabulary, table: Table) -> tuple[str, str]:
    """An aggregate without window and where, and the kind of its value."""
    forms = [(f"count of {table.name}", "count")] * 2
    for column in columns_of(table, *NUMERIC):
        gathers = ["average", "lowest", "highest"]
        gathers += ["sum"] if column.kind != "percent" else []
        gathers += ["latest", "earliest"] if table.dated else []
        forms += [(f"{gather} {column.name} of {table.name}", column.kind) for gather in gathers]
        weights = columns_of(table, "number", "count", "money")
        if weights:
            weight = v.rng.choice(weights).name
            forms.append((f"average {column.name} of {table.name} weighted by {weight}", column.kind))
    for column in columns_of(table, *DATED):
        forms += [(f"{gather} {column.name} of {table.name}", "date") for gather in ("lowest", "highest")]
    for column in columns_of(table, "one of", "text", *DATED):
        forms.append((f"distinct {column.name} of {table.name}", "count"))
    return v.rng.choice(forms)


def window(v: Vocabulary, table: Table) -> str:
    """A window with a space before it, or nothing; only dated tables have one."""
    if table.dated is None or v.chance(0.3):
        return ""
    days = v.rng.choice([1, 7, 14, 30, 60, 90])
    forms = [
        f"in last {days} days",
        f"in the {days} days before",
        f"in next {days} days",
        f"aged up to {days} days",
        f"aged below {days} days",
        f"aged above {days} days",
        f"aged at least {days} days",
        f"aged from {days} to {days + v.rng.choice([0, 1, 30])} days",
    ]
    return " " + v.rng.choice(forms)
