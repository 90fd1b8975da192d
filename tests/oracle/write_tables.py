"""Writes the rows of random ladders, lookups, curves, first matches and bands."""

from __future__ import annotations

from collections.abc import Callable

from tests.oracle.vocabulary import DATED, NUMERIC, Named, Vocabulary, decimal
from tests.oracle.write_conditions import OF_DATES, about, condition, size
from tests.oracle.write_numbers import number, numeric_names

Result = Callable[[], str]
REASONS = ["Too low", "Seats, mostly", 'a "reason"', "100%", "-> why # not"]


def results(v: Vocabulary, levels: list[str] | None) -> Result:
    """Makes results of rows: levels, or points, expressions and words."""

    def result() -> str:
        if v.chance(0.06):
            return v.rng.choice(["skip", "unscored"])
        if levels is not None:
            return v.rng.choice(levels)
        if v.chance(0.12):
            return number(v, 2, numeric_names(v))
        if v.nodes and v.chance(0.1):
            return f"points of {v.rng.choice(v.nodes)}"
        return v.points()

    return result


def plain_reason(v: Vocabulary) -> str:
    """A reason where no code can stand."""
    text = v.rng.choice(REASONS).replace('"', '""')
    return f'  "{text}"' if v.chance(0.3) else ""


def reason(v: Vocabulary) -> str:
    """A reason, now and then with a code."""
    text = v.rng.choice(REASONS).replace('"', '""')
    code = " code R" + str(len(v.nodes)) if len(v.nodes) % 3 == 1 else ""  # not drawn: it changes no result
    return f'  "{text}"{code}' if v.chance(0.3) else ""


def row(v: Vocabulary, test: str, result: str) -> str:
    return f"  {test} -> {result}{reason(v)}"


def when_rows(v: Vocabulary, result: Result) -> list[str]:
    """Rows that are tried before the others."""
    return [row(v, f"when {condition(v)}", result()) for _ in range(v.rng.choice([0, 0, 0, 1, 2]))]


def last_rows(v: Vocabulary, result: Result, *, extremes: bool) -> list[str]:
    """`otherwise` and `missing`, each or both or neither."""
    if v.chance(0.1):
        return [row(v, "otherwise or missing", result())]
    lines = [row(v, "otherwise", result())] if v.chance(0.75) else []
    if v.chance(0.4):
        words = ["skip", "unscored"] + (["worst", "best"] * 2 if extremes else [])
        lines.append(row(v, "missing", v.rng.choice(words) if v.chance(0.4) else result()))
    return lines


def ladder(v: Vocabulary, subject: Named, result: Result) -> list[str]:
    return [row(v, test, result()) for test in rungs(v, subject)]


def rungs(v: Vocabulary, subject: Named) -> list[str]:
    """Rungs that run one way, some of a single value, or ranges that do not touch."""
    bounds = sorted({v.literal(subject) for _ in range(v.rng.randint(1, 4))}, key=size)
    bounds = [b for i, b in enumerate(bounds) if i == 0 or size(b) != size(bounds[i - 1])]
    if len(bounds) > 2 and v.chance(0.25):
        return [f"from {a} to {b}" for a, b in zip(bounds[::2], bounds[1::2], strict=False)]
    rising = v.chance(0.6)
    words, bounds = (["below", "up to"], bounds) if rising else (["above", "at least"], bounds[::-1])
    words = [OF_DATES[word] for word in words] if subject.kind in DATED else words
    return [edge(v, words, bound) for bound in bounds]


def edge(v: Vocabulary, words: list[str], bound: str) -> str:
    """`below 3`, or `3` alone in one of its spellings."""
    if v.chance(0.2):
        return v.rng.choice([bound, f"from {bound} to {bound}"])
    return f"{v.rng.choice(words)} {bound}"


def lookup(v: Vocabulary, subject: Named, result: Result) -> list[str]:
    return [row(v, ", ".join(together), result()) for together in keys_of(v, subject, [1, 1, 2])]


def keys_of(v: Vocabulary, subject: Named, sizes: list[int]) -> list[list[str]]:
    """Keys in rows of some sizes, none twice."""
    if subject.kind == "yes/no":
        keys = ["yes", "no"]
    elif subject.kind == "one of":
        from tests.oracle.vocabulary import word

        keys = [word(choice) for choice in subject.choices]
    else:
        drawn = (
            {size(key): key for key in (v.literal(subject) for _ in range(5))}
            if subject.kind != "text"
            else {}
        )
        keys = list(drawn.values()) or ['"free"', '"Pro"', '"a, b"']
    v.rng.shuffle(keys)
    found: list[list[str]] = []
    while keys and (not found or v.chance(0.8)):
        count = min(len(keys), v.rng.choice(sizes))
        found.append(keys[:count])
        keys = keys[count:]
    return found


def curve(v: Vocabulary, subject: Named) -> list[str]:
    """Points of a curve, two or more, in strictly rising order."""
    keys: dict[tuple[float, str], str] = {}
    wanted = v.rng.randint(2, 5)
    while len(keys) < wanted:
        key = v.literal(subject)
        keys[size(key)] = key
    return [row(v, keys[at], v.points()) for at in sorted(keys)]


def ranks(v: Vocabulary, subject: Named) -> str:
    """The body of a rank in a distribution, which is declared with it."""
    name = v.fresh("dist_")
    wanted = v.rng.randint(2, 5)
    keys: dict[tuple[float, str], str] = {}
    while len(keys) < wanted:
        key = v.literal(subject)
        if subject.kind != "days" or key.endswith("days"):
            keys[size(key)] = key
    shares: set[str] = set()
    while len(shares) < wanted:
        shares.add(decimal(v.rng, 0, 100, 2))
    rising = zip(sorted(keys), sorted(shares, key=float), strict=True)
    lines = [f"distribution {name}{v.maybe_title()}"]
    lines += [f"  as of {v.day()}"] if v.chance(0.5) else []
    v.distributions.append([*lines, *(f"  {keys[at]} -> {share}%" for at, share in rising)])
    return f"percentile in {name}"


def table_body(v: Vocabulary, subject: Named, levels: list[str] | None) -> tuple[str, list[str]]:
    """A kind of table that fits the subject, and its rows."""
    result = results(v, levels)
    kinds = ["ladder"] * 3 + ["lookup"] if subject.kind in ("date", "timestamp") else ["lookup"]
    if subject.kind in NUMERIC:
        kinds = ["ladder"] * 3 + ["lookup"] + (["curve"] * 2 if levels is None else [])
    kind = v.rng.choice(kinds)
    if kind == "curve":
        lines = curve(v, subject)
        missing = (
            [row(v, "missing", v.rng.choice(["worst", "best", "skip", v.points()]))] if v.chance(0.4) else []
        )
        return kind, when_rows(v, v.points) + lines + missing
    lines = ladder(v, subject, result) if kind == "ladder" else lookup(v, subject, result)
    lines = when_rows(v, result) + lines
    return kind, lines + last_rows(v, result, extremes=any(is_fixed(line, levels) for line in lines))


def is_fixed(line: str, levels: list[str] | None) -> bool:
    """Whether a row gives points that are the same for every account."""
    result = line.partition(" -> ")[2].split("  ")[0]
    if levels is not None:
        return result in levels and not result.startswith("none")
    return result.lstrip("-").replace(".", "").replace("_", "").isdigit()


def first_match(v: Vocabulary, levels: list[str] | None) -> list[str]:
    result = results(v, levels)
    lines = [row(v, f"when {condition(v)}", result()) for _ in range(v.rng.randint(1, 4))]
    if v.chance(0.3):
        lines[0] = row(
            v, f"when {about(v, v.rng.choice(v.signals))}", v.rng.choice(levels) if levels else v.points()
        )
    return lines + last_rows(v, result, extremes=False)


def bands(v: Vocabulary, nodes: list[str]) -> list[str]:
    """Bands of one or several nodes."""
    words = v.rng.sample(["critical", "at_risk", "neutral", "healthy", "champion"], v.rng.randint(2, 4))
    colours = ["", " red", " orange", " yellow", " green", " grey"]
    bounds = sorted({float(decimal(v.rng, 0, 100, 2)) for _ in words[1:]})
    words = [*words[: len(bounds)], words[-1]]
    named = zip(words, bounds, strict=False)
    own = v.fresh("risk_") if len(nodes) == 1 and v.chance(0.2) else None
    title = v.maybe_title() if v.chance(0.2) else ""
    lines = [f"bands {own} of {nodes[0]}{title}" if own else f"bands {', '.join(nodes)}{title}"]
    lines += [
        f"  {v.rng.choice(['below', 'up to'])} {b:g} -> {w}{v.rng.choice(colours)}{v.maybe_title()}"
        for w, b in named
    ]
    for _ in range(v.rng.choice([0, 0, 1, 2])):
        at = v.rng.randint(1, len(lines))  # a band has its colour where it stands first
        above = [line.partition(" -> ")[2].split()[0] for line in lines[1:at]]
        lines.insert(at, f"  when {condition(v)} -> {v.rng.choice([words[-1], *above])}")
    lines.append(f"  otherwise -> {words[-1]}")
    if v.chance(0.3):
        lines.append('  missing -> no_data grey "No data"')
        words.append("no_data")
    for node in [*nodes, *([own] if own else [])]:
        v.banded[node] = words
    return lines
