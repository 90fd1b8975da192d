"""Writes random measures, groups and scores with every clause they may have."""

from __future__ import annotations

from tests.oracle.vocabulary import NUMERIC, Named, Vocabulary, decimal, word
from tests.oracle.write_conditions import condition
from tests.oracle.write_grids import two_keys
from tests.oracle.write_numbers import number, numeric_names
from tests.oracle.write_tables import first_match, plain_reason, ranks, reason, table_body

NO_TABLE = ("=", "starts", "percentile")  # bodies without rows of their own
METHODS = ("average", "average", "average", "total", "lowest", "highest")


def clauses(v: Vocabulary, *, parts: int, table: bool) -> list[str]:
    """Clauses that any node may have, each now and then, in any order but for the steps among themselves."""
    lines = [f"  {step(v)}" for _ in range(v.rng.choice([0, 0, 1, 2, 4]))]
    some = []
    if v.chance(0.12):
        some.append(f"  only when {condition(v)}{plain_reason(v)}")
    if v.chance(0.12):
        some.append(f"  unscored when {condition(v)}{reason(v)}")
    if parts and v.chance(0.25):
        needed = v.rng.choice(["1 part", f"{parts} parts"])
        needs = v.rng.choice(["50% of weight", "75% of weight", "100% of weight", needed])
        some.append(f"  needs {needs}{plain_reason(v)}")
    if not table and v.chance(0.3):
        some.append(f"  missing -> {v.rng.choice(['skip', 'unscored', v.points(), v.points()])}{reason(v)}")
    if v.chance(0.3):
        some.append(f"  within {v.rng.choice(['0 to 100', '-10 to 50', '20 to 80.5'])}")
    if v.chance(0.3):
        places = v.rng.choice(["whole number", "0 decimals", "1 decimal", "2 decimals"])
        some.append(f"  {v.rng.choice(['round', 'round', 'shown'])} to {places}")
    v.rng.shuffle(some)
    return some[::2] + lines + some[1::2]


def step(v: Vocabulary) -> str:
    """One step of any kind."""
    when = f" when {condition(v)}" if v.chance(0.75) else ""
    kind = v.rng.choice(["points", "points", "points", "per", "per", "times", "cap", "raise", "set"])
    if kind == "points":
        return f"{v.rng.choice('+-')}{v.amount()}{when}{reason(v)}"
    if kind == "per":
        when = when if v.chance(0.4) else ""
        return f"{v.rng.choice('+-')}{decimal(v.rng, 1, 9, 1)} per {per(v)}{when}{reason(v)}"
    if kind == "times":
        return f"times {v.rng.choice(['0.5', '0', '1.5', '0.9', '2'])}{when}{reason(v)}"
    amount = v.points()
    if v.nodes and v.chance(0.15):
        amount = f"points of {v.rng.choice(v.nodes)}"
    words = {"cap": "cap at", "raise": "raise to", "set": "set to"}
    return f"{words[kind]} {amount}{when}{reason(v)}"


def per(v: Vocabulary) -> str:
    """What a step counts: `10 seats above 5, up to 20 points`, `full 10 seats`."""
    names = numeric_names(v)
    quantity = v.rng.choice(names)
    each = v.rng.choice(["", "", "10 ", "full 10 ", "full 2.5 ", "0.5 "])
    above = f" above {v.points(0, 40)}" if v.chance(0.4) else ""
    limit = f", up to {v.rng.choice(['5', '12.5', '20'])} points" if v.chance(0.5) else ""
    return f"{each}{quantity}{above}{limit}"


# Measures --------------------------------------------------------------------


def measure(v: Vocabulary) -> list[str]:
    """A measure with one body, or with variants, or like another one."""
    if v.chance(0.15):
        return variants(v)
    own = [s for s in v.signals if s.name not in v.nodes]
    subject = v.rng.choice(own) if own else v.rng.choice(v.signals)
    if own and v.chance(0.5):
        return _declared(v, subject.name, f"measure {subject.name}", subject, "")
    name = v.fresh()
    return _declared(v, name, f"measure {name}", subject, f" of {subject.name}")


def _declared(v: Vocabulary, name: str, start: str, subject: Named, of: str) -> list[str]:
    shares = name == subject.name and subject.kind not in NUMERIC  # then `name is ..` asks for the signal
    levels = v.rng.choice(list(v.levels)) if v.levels and not shares and v.chance(0.35) else None
    body, lines = _body(v, subject, of, v.levels[levels] if levels else None)
    if body.startswith(("=", "starts")):
        levels = None
    lines += clauses(v, parts=0, table=bool(levels) or not body.startswith(NO_TABLE))
    v.nodes.append(name)
    if levels:
        v.leveled[name] = v.levels[levels]
    return [f"{start} {body}{f' as {levels}' if levels else ''}{v.maybe_title()}", *lines]


def _body(v: Vocabulary, subject: Named, of: str, levels: list[str] | None) -> tuple[str, list[str]]:
    kind = v.rng.choice(["table"] * 5 + ["first match"] * 2 + ["formula"] * 2 + ["steps"])
    if kind == "table" and levels is None and subject.kind in NUMERIC and v.chance(0.2):
        return f"{ranks(v, subject)}{of}", []
    if kind == "table" and subject.kind != "timestamp" and v.chance(0.2):
        table, lines = two_keys(v, subject, levels)
        return f"{table}{of}", lines
    if kind == "table" and subject.kind != "timestamp":
        table, lines = table_body(v, subject, levels)
        return f"{table}{of}", lines
    if kind in ("table", "first match"):
        return "first match", first_match(v, levels)
    if kind == "steps":
        start = v.points()
        word = v.rng.choice(["=", "starts at"])
        return f"{word} {start}", [f"  {step(v)}" for _ in range(v.rng.randint(1, 3))]
    return f"= {number(v, 3, numeric_names(v))}", []


def variants(v: Vocabulary) -> list[str]:
    """One measure worked out in two ways, as two declarations."""
    name = v.fresh()
    lines = []
    for case in ("young", "old"):
        subject = v.rng.choice([s for s in v.signals if s.kind != "timestamp"])
        body, rows = _body(v, subject, f" of {subject.name}", None)
        lines.append(f"measure {name} {body} for {case} when {condition(v)}")
        lines += rows + clauses(v, parts=0, table=not body.startswith(NO_TABLE))
        lines.append("")
    v.nodes.append(name)
    return lines[:-1]


def like(v: Vocabulary, model: str, subject: Named) -> list[str]:
    """A measure with the table of another one on another signal."""
    name = v.fresh()
    v.nodes.append(name)
    if model in v.leveled:
        v.leveled[name] = v.leveled[model]
    word = v.rng.choice([" of", ", on"])
    return [f"measure {name} like {model}{word} {subject.name}"]


def several_like(v: Vocabulary, model: str, subjects: list[Named]) -> list[str]:
    """Measures with the table of another one, each on the signal of its name."""
    names = [subject.name for subject in subjects]
    v.nodes += names
    if model in v.leveled:
        v.leveled |= dict.fromkeys(names, v.leveled[model])
    return [f"measure {', '.join(names)} like {model}"]


# Groups and scores -----------------------------------------------------------


def combination(v: Vocabulary, keyword: str) -> list[str]:
    """A group or score over nodes that exist already."""
    name = v.fresh()
    method = v.rng.choice(METHODS)
    parts = v.rng.sample(v.nodes, min(len(v.nodes), v.rng.randint(1, 4)))
    for newest in v.nodes[-2:]:
        if newest in v.groups and newest not in parts and v.chance(0.7):
            parts.append(newest)
    plain = [s.name for s in v.of_kind("number", "count") if s.name not in v.nodes]
    inline = v.rng.choice(["", "", " within 0 to 100"])
    levels = None
    if v.leveled and v.chance(0.25):
        levels, parts = _of_one_set(v)
        method = v.rng.choice(["lowest", "highest"])
    elif plain and v.chance(0.2):  # a signal that is its own measure
        parts.append(v.rng.choice(plain))
        v.nodes.append(parts[-1])
    word = f" as {levels}" if levels else ""
    lines = [f"{keyword} {name} {method}{word}{inline}{v.maybe_title()}"]
    grids = [signal for signal in v.of_kind("one of", "yes/no") if signal.is_input]
    if grids and v.chance(0.2):
        lines += grid(v, parts, v.rng.choice(grids))
    else:
        weighted = v.chance(0.7)
        lines += [part(v, name, weighted=weighted) for name in parts]
    some = clauses(v, parts=len(parts), table=False)
    lines += [line for line in some if not (inline and line.startswith("  within"))]
    v.nodes.append(name)
    v.groups[name] = parts
    if levels:
        v.leveled[name] = v.levels[levels]
    return lines


def _of_one_set(v: Vocabulary) -> tuple[str, list[str]]:
    """A set of levels, and nodes that have its levels."""
    chosen = v.leveled[v.rng.choice(list(v.leveled))]
    levels = next(name for name, words in v.levels.items() if words is chosen)
    nodes = [name for name, words in v.leveled.items() if words is chosen]
    return levels, v.rng.sample(nodes, min(len(nodes), v.rng.randint(1, 4)))


def part(v: Vocabulary, name: str, *, weighted: bool) -> str:
    """A part with its weight, or none."""
    weight = v.rng.choice(["1 ", "40 ", "25 ", "0.3 ", "3 ", "0 ", "12.5 ", "1/3 "]) if weighted else ""
    guard = f" only when {condition(v)}" if v.chance(0.15) else ""
    signals = [s for s in v.of_kind("count", "number") if s.is_input and may_weigh(s)]
    if weighted and signals and v.chance(0.15):
        return f"  {name} weighted by {v.rng.choice(signals).name}{guard}{'' if guard else v.maybe_title()}"
    return f"  {weight}{name}{guard}{'' if guard else v.maybe_title()}"


def may_weigh(signal: Named) -> bool:
    """Whether a signal is never below 0."""
    return signal.kind == "count" or (signal.low is not None and signal.low >= 0)


def grid(v: Vocabulary, parts: list[str], by: Named) -> list[str]:
    """Weights that differ by the value of a signal."""
    keys = ["yes", "no"] if by.kind == "yes/no" else [word(choice) for choice in by.choices[:2]]
    keys += ["otherwise"] if v.chance(0.6) else []
    lines = [f"  by {by.name}  {', '.join(keys)}"]
    for name in parts:
        cells = [v.rng.choice(["40", "25", "0", "10", "0.5"]) for _ in keys]
        lines.append(f"  {name} -> {', '.join(cells)}")
    return lines
