"""Writes random conditions over a vocabulary: comparisons, counting, rows, logic."""

from __future__ import annotations

from tests.oracle.vocabulary import DATED, NUMERIC, Named, Table, Vocabulary, quote, word
from tests.oracle.write_numbers import dates, interval, number, numeric_names, window

EDGES = ("below", "up to", "above", "at least")
OF_DATES = dict(zip(EDGES, ("before", "on or before", "after", "on or after"), strict=True))


def condition(v: Vocabulary, depth: int = 2) -> str:
    """A whole condition; what ends in `where` stands last."""
    if v.tables and v.chance(0.12):
        return row_condition(v, nested=False)
    parts = [clause(v, depth - 1) for _ in range(v.rng.choice([1, 1, 1, 2, 2, 3]))]
    joined = f" {v.rng.choice(['and', 'or'])} ".join(parts)
    if len(parts) > 1 and v.tables and v.chance(0.1):
        word_between = "and" if " and " in joined or len(parts) == 1 else "or"
        return f"({joined}) {word_between} {row_condition(v, nested=False)}"
    return joined


def clause(v: Vocabulary, depth: int) -> str:
    """One operand of `and` or `or`."""
    if depth > 0 and v.chance(0.25):
        return f"not ({condition(v, depth)})" if v.chance(0.5) else f"({condition(v, depth)})"
    makers = [comparison] * 6 + [state] * 2
    if v.nodes:
        makers += [of_points] * 2
    if v.leveled or v.banded:
        makers += [of_word] * 2
    if v.flags:
        makers.append(of_flag)
    if depth > 0:
        makers += [counted] * 2
        makers += [of_group] * 2 if v.groups else []
        makers += [row_clause] * 2 if v.tables else []
        makers.append(of_formula)
    return v.rng.choice(makers)(v)


# Comparisons -----------------------------------------------------------------


def comparison(v: Vocabulary) -> str:
    named = v.rng.choice(v.signals)
    others = [other.name for other in v.signals if (other.kind, other.choices) == (named.kind, named.choices)]
    if v.chance(0.1):
        name = f"first known of ({named.name}, {v.rng.choice(others)})"
        return about(v, Named(name, named.kind, named.choices, named.low, named.high))
    return about(v, named)


def about(v: Vocabulary, named: Named) -> str:
    """A condition on one signal or column."""
    name = named.name
    if named.kind in NUMERIC or named.kind in DATED:
        return f"{name} {test(v, named)}"
    if named.kind == "yes/no":
        return v.rng.choice([name, f"not {name}", f"{name} is yes", f"{name} is not yes", f"{name} is no"])
    if named.kind == "one of":
        return f"{name} {membership(v, [word(choice) for choice in named.choices])}"
    fold = v.rng.choice(["", " ignoring case"])
    texts = [quote(t) for t in ("free", "FREE", "Pro", "pro", "a, b", "größe", "GRÖSSE")]
    if v.chance(0.4):
        part = quote(v.rng.choice(["r", "FR", "ee", "o, b", "GRÖ", "%", "r_", "'", "a"]))
        return f"{name} {v.rng.choice(['contains', 'does not contain'])} {part}{fold}"
    return f"{name} {membership(v, texts)}{fold}"


def test(v: Vocabulary, named: Named) -> str:
    """A test on a number or a date."""
    one, other = v.literal(named), v.literal(named)
    if v.chance(0.2):
        return f"{v.rng.choice(['is', 'is not'])} {one}"
    as_function = named.name == "days" and named.kind in DATED  # `days from A to B` counts days
    if v.chance(0.25) and not as_function:
        return f"from {' to '.join(sorted((one, other), key=size))}"
    if named.kind in DATED and v.chance(0.3):
        return f"{OF_DATES[v.rng.choice(EDGES)]} {dates(v)}"
    edge = v.rng.choice(EDGES)
    return f"{OF_DATES[edge] if named.kind in DATED else edge} {one}"


def size(literal: str) -> tuple[float, str]:
    """Orders literals of one kind."""
    text = literal.removesuffix("days").removesuffix("%").replace("_", "").strip()
    return (0.0, text) if text.count("-") == 2 else (float(text), "")


def membership(v: Vocabulary, choices: list[str]) -> str:
    """`is` or `is one of` with some of the choices."""
    some = v.rng.sample(choices, v.rng.randint(1, min(3, len(choices))))
    if len(some) == 1:
        return f"{v.rng.choice(['is', 'is not'])} {some[0]}"
    return f"{v.rng.choice(['is one of', 'is not one of'])} {', '.join(some)}"


def state(v: Vocabulary) -> str:
    """Whether something is there at all."""
    subject = v.rng.choice(v.signals).name
    if v.nodes and v.chance(0.25):
        subject = f"points of {v.rng.choice(v.nodes)}"
    return f"{subject} is {v.rng.choice(['', 'not '])}{v.rng.choice(['missing', 'known'])}"


def of_points(v: Vocabulary) -> str:
    return f"points of {v.rng.choice(v.nodes)} {test(v, Named('', 'number', low=0, high=100))}"


def of_word(v: Vocabulary) -> str:
    """A level or a band of a node."""
    node, words = v.rng.choice([*v.leveled.items(), *v.banded.items()])
    return f"{node} {membership(v, words)}"


def of_flag(v: Vocabulary) -> str:
    return v.rng.choice(["", "not "]) + v.rng.choice(v.flags)


def of_formula(v: Vocabulary) -> str:
    if v.chance(0.3):
        return f"{interval(v)} {v.rng.choice(EDGES)} {v.rng.randint(0, 90)}"
    return f"{number(v, 2, numeric_names(v))} {test(v, Named('', 'number'))}"


# Counting --------------------------------------------------------------------


def how_many(v: Vocabulary, members: int = 3) -> str:
    """A quantity that can be, of so many members."""
    words = v.rng.choice(["at least", "fewer than", "more than", "up to", "exactly"])
    most = members - 1 if words == "more than" else members
    return f"{words} {v.rng.randint(min(1, most), most)} of"


def counted(v: Vocabulary) -> str:
    """How many of several conditions hold, or of several things pass one test."""
    some = [member(comparison(v)) for _ in range(v.rng.randint(2, 4))]
    numbers = [signal for signal in v.signals if signal.kind == "number"]
    if v.chance(0.4):
        names = [signal.name for signal in v.rng.sample(v.signals, min(3, len(v.signals)))]
        tested = v.rng.choice(["known", "missing", "not known"])
        return f"{how_many(v, len(names))} ({', '.join(names)}) are {tested}"
    if numbers and v.chance(0.6):
        members = [signal.name for signal in v.rng.choices(numbers, k=3)]
        members += [f"points of {v.rng.choice(v.nodes)}"] if v.nodes else []
        tested = f"({', '.join(members)}) {v.rng.choice(EDGES)} {v.points()}"
        return v.rng.choice([f"{how_many(v)} {tested}", f"(count of {tested}) {v.rng.choice(EDGES)} 2"])
    if v.chance(0.4):
        return f"(count of ({', '.join(some)})) {v.rng.choice(EDGES)} {v.rng.randint(0, 3)}"
    return f"{v.rng.choice(['any of', 'all of', how_many(v, len(some))])} ({', '.join(some)})"


def member(text: str) -> str:
    """A member of a list: one with commas of its own stands in brackets."""
    return f"({text})" if "is one of" in text or "is not one of" in text else text


def of_group(v: Vocabulary) -> str:
    """How many parts of a group pass a test."""
    group, parts = v.rng.choice(list(v.groups.items()))
    words = set.intersection(*(set(v.leveled.get(part, ())) for part in parts))
    if words and v.chance(0.6):
        return f"{how_many(v, len(parts))} {group} are {v.rng.choice(sorted(words))}"
    if v.chance(0.3):
        return f"{how_many(v, len(parts))} {group} are {v.rng.choice(['known', 'missing'])}"
    return f"{how_many(v, len(parts))} {group} {v.rng.choice(EDGES)} {v.points()}"


# Rows ------------------------------------------------------------------------


def row_clause(v: Vocabulary) -> str:
    return row_condition(v, nested=True)


def row_condition(v: Vocabulary, *, nested: bool) -> str:
    """`any of tickets in last 30 days where C`; in brackets when something may follow its `where`."""
    table = v.rng.choice(v.tables)
    quantity = v.rng.choice(["any of", "no", how_many(v), how_many(v)])
    text = f"{quantity} {table.name}{window(v, table)}"
    if v.chance(0.6):
        text += f" where {where(v, table)}"
        return f"({text})" if nested else text
    return text


def where(v: Vocabulary, table: Table) -> str:
    """A condition on the columns of a table."""
    columns = list(table.columns)
    if table.dated is not None:
        columns.append(Named("age", "days", low=0, high=90))
    parts = []
    for column in v.rng.choices(columns, k=v.rng.choice([1, 1, 2])):
        if v.chance(0.2):
            parts.append(f"{column.name} is {v.rng.choice(['missing', 'known', 'not missing'])}")
        else:
            parts.append(about(v, column))
    if v.chance(0.1):
        parts.append(comparison(v))
    return f" {v.rng.choice(['and', 'or'])} ".join(parts)
