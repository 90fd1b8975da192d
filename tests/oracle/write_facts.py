"""Writes random signals, rows and derived facts, and adds them to the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator

from tests.oracle.vocabulary import DATED, NUMERIC, WORDS, Named, Table, Vocabulary, quote, word
from tests.oracle.write_conditions import about, condition, where
from tests.oracle.write_numbers import aggregate, dates, fading, interval, number, numeric_names, window
from tests.oracle.write_tables import curve, ladder, lookup

KINDS = (
    "count",
    "number",
    "number",
    "number",
    "percent",
    "days",
    "money",
    "date",
    "timestamp",
    "yes/no",
    "one of",
    "text",
)
# What stands for a missing value: within the range or beyond it.
OTHER_ABSENT = ("-1", "999", '"n/a"')
ABSENT = {
    "date": ("1900-01-01", "2026-06-15", '"0000-00-00"'),
    "timestamp": ("1900-01-01", '"n/a"'),
    "yes/no": ('"n/a"', '"unknown"'),
    "one of": ('"unknown"', '"n/a"'),
    "text": ('"unknown"', '"n/a"', '"pro"'),
}
RANGES = {"number": ["-100 100", "0 10", "0 100"], "count": ["0 50", "1 5"], "percent": ["0 100", "-50 200"]}


def input_signal(v: Vocabulary, kind: str) -> list[str]:
    """An input signal with its clauses, as lines."""
    named, type_ = fact(v, kind)
    lines = [f"signal {named.name} {type_}{v.maybe_title()}"]
    if v.chance(0.2):
        lines.append(f"  column   {quote(v.rng.choice(['Col ', 'x.', 'Größe ', '#']) + named.name)}")
    if kind == "percent" and (not v.stored or v.chance(0.4)):
        lines.append(f"  stored as {v.rng.choice(['45', '0.45'])} for 45%")
    if len(v.signals) % 4 == 2:  # not drawn, so that other rulesets stay as they are
        lines.append(f"  missing when {', '.join(ABSENT.get(kind, OTHER_ABSENT))}")
    after = [signal.name for signal in v.of_kind(*DATED) if signal.is_input]
    if after and v.chance(0.3):
        lines.append(f"  expires  {v.rng.choice([1, 30, 90, 180])} days after {v.rng.choice(after)}")
    if v.chance(0.2):
        lines.append(f"  default  {v.literal(named)}")
    if len(v.signals) % 5 == 4:  # not drawn: it changes no result
        lines.append("  fixed")
    v.signals.append(named)
    return lines


def fact(v: Vocabulary, kind: str) -> tuple[Named, str]:
    """A new name of a kind, and its type as written."""
    name = v.fresh()
    if kind == "one of":
        choices = tuple(v.rng.sample([*WORDS, "Pro plus", "a, b"], v.rng.randint(2, 4)))
        return Named(name, kind, choices), f"one of {', '.join(word(choice) for choice in choices)}"
    type_ = "money in USD" if kind == "money" else kind
    if kind in RANGES and v.chance(0.3):
        low, high = v.rng.choice(RANGES[kind]).split()
        unit = "%" if kind == "percent" else ""
        if len(v.signals) % 3 == 0:  # not drawn, so that other rulesets stay as they are
            return Named(name, kind, (), int(low)), f"{type_} from {low}{unit}"
        if len(v.signals) % 3 == 1:
            return Named(name, kind, (), None, int(high)), f"{type_} up to {high}{unit}"
        return Named(name, kind, (), int(low), int(high)), f"{type_} from {low}{unit} to {high}{unit}"
    return Named(name, kind), type_


def derived_signal(v: Vocabulary) -> list[str]:
    """A signal worked out from others, from rows or from dates."""
    makers = [_formula, _formula, _formula, _ratio, _interval, _change, _question, _date]
    if v.tables:
        makers += [_gathered] * 4
    maker = v.rng.choice(makers)
    type_, text, kind = maker(v)
    name = v.fresh()
    lines = [f"signal {name} {type_}= {text}"]
    if "where" not in text:
        lines[0] += v.maybe_title()
    if maker is _ratio and v.chance(0.6):
        lines.append(
            f"  divided by zero -> {v.rng.choice(['0', '100%' if kind == 'percent' else '1', 'missing'])}"
        )
    if type_ == "number " and v.chance(0.1):
        lines.append(f"  default {v.points()}")
    if type_ == "number " and len(v.signals) % 4 == 1:  # not drawn: it changes no result
        lines.append("  higher is better" if len(v.signals) % 8 == 1 else "  lower is better")
    v.signals.append(Named(name, kind, is_input=False))
    return lines


def _formula(v: Vocabulary) -> tuple[str, str, str]:
    days = [signal.name for signal in v.of_kind(*DATED)]
    fades = fading(v, f" since {v.rng.choice(days)}") if days and v.chance(0.15) else ""
    return v.rng.choice(["number ", "number ", ""]), f"{number(v, 3, numeric_names(v))}{fades}", "number"


def _ratio(v: Vocabulary) -> tuple[str, str, str]:
    kind = v.rng.choice(["percent", "number"])
    wanted = v.rng.choice(NUMERIC)
    names = [s.name for s in v.signals if s.kind == wanted] or numeric_names(v)
    below = v.rng.choice(names)
    if v.chance(0.3):
        below = f"({below} - {v.rng.choice(names)})"
    return f"{kind} ", f"{v.rng.choice(names)} / {below}", kind


def _interval(v: Vocabulary) -> tuple[str, str, str]:
    text = interval(v)
    return "", text, "days" if text.startswith("days") else "number"


def _change(v: Vocabulary) -> tuple[str, str, str]:
    names = numeric_names(v)
    return "percent ", f"change from {v.rng.choice(names)} to {v.rng.choice(names)}", "percent"


def _question(v: Vocabulary) -> tuple[str, str, str]:
    return "yes/no ", f"({condition(v)})", "yes/no"


def _date(v: Vocabulary) -> tuple[str, str, str]:
    return "date ", dates(v), "date"


def _gathered(v: Vocabulary) -> tuple[str, str, str]:
    table = v.rng.choice(v.tables)
    text, kind = aggregate(v, table)
    text += window(v, table)
    if v.chance(0.4):
        text += f" where {where(v, table)}"
    return v.rng.choice(["", f"{kind} "]) if kind in ("count", "number") else "", text, kind


# Rows ------------------------------------------------------------------------


def rows_table(v: Vocabulary) -> Iterator[str]:
    """Rows with typed and derived columns, most often dated; as lines."""
    name = v.fresh()
    dated = Named(v.fresh("at_"), v.rng.choice(DATED)) if v.chance(0.75) else None
    columns = [dated] if dated is not None else []
    yield f"rows {name}{f' dated {dated.name}' if dated else ''}{v.maybe_title()}"
    for kind in [*v.rng.sample(KINDS, v.rng.randint(2, 4)), "number"]:
        named, type_ = fact(v, kind)
        stored = (
            f" stored as {v.rng.choice(['45', '0.45'])} for 45%" if kind == "percent" and not v.stored else ""
        )
        if len(v.tables) % 2 == 0 and kind in ("number", "days", "one of"):  # not drawn either
            stored += f" missing when {', '.join(ABSENT.get(kind, OTHER_ABSENT))}"
        source = f'  column "{named.name.upper()} col"' if v.chance(0.15) else ""
        yield f"  {named.name} {type_}{stored}{source}"
        columns.append(named)
    if dated and v.chance(0.3):
        yield f"  {dated.name} {dated.kind}"
    if v.chance(0.5):
        derived = Named(v.fresh(), "number", is_input=False)
        names = [c.name for c in columns if c.kind in ("number", "count")]
        fades = fading(v, "") if dated and v.chance(0.3) else ""
        yield f"  {derived.name} number = {number(v, 2, names)}{fades}"
        columns.append(derived)
    if v.chance(0.4):
        worked = Named(v.fresh(), "number", is_input=False)
        yield from column_table(v, worked.name, columns)
        columns.append(worked)
    table = Table(name, dated.name if dated else None, tuple(columns))
    v.tables.append(table)


def column_table(v: Vocabulary, name: str, columns: list[Named]) -> Iterator[str]:
    """A column worked out by a table about another one."""
    subject = v.rng.choice([column for column in columns if column.kind != "timestamp"])
    names = [column.name for column in columns if column.kind in ("number", "count")]

    kinds = ["ladder"] * 3 + ["lookup"] if subject.kind == "date" else ["lookup"]
    kinds = ["ladder", "ladder", "lookup", "curve"] if subject.kind in NUMERIC else kinds
    kind = v.rng.choice(kinds)

    def value() -> str:
        return number(v, 1, names) if kind != "curve" and v.chance(0.2) else v.points()

    yield f"  {name} {kind} of {subject.name}{v.maybe_title()}"
    lines = [f"  when {about(v, v.rng.choice(columns))} -> {value()}"] if v.chance(0.3) else []
    if kind == "curve":
        lines += curve(v, subject)
    else:
        lines += ladder(v, subject, value) if kind == "ladder" else lookup(v, subject, value)
        lines += [f"  otherwise -> {value()}"] if v.chance(0.5) else []
    lines += [f"  missing -> {value()}"] if v.chance(0.4) else []
    yield from (f"  {line}" for line in lines)


def sub_table(v: Vocabulary) -> list[str]:
    """Rows cut from other rows."""
    parent = v.rng.choice(v.tables)
    name = v.fresh()
    line = f"rows {name} of {parent.name} where {where(v, parent)}"
    v.tables.append(Table(name, parent.dated, parent.columns, parent.name))
    return [line]
