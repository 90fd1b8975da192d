"""Random rulesets as text: type-correct by construction, over every construct of the language.

`random_ruleset(rng)` writes one; `ruleset_texts()` is the same for hypothesis: it shrinks to smaller ones.
What a line refers to was written before it: no cycles. The declarations are then put in any order.
"""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from tests.oracle.vocabulary import NUMERIC, Vocabulary, quote, word
from tests.oracle.write_conditions import condition
from tests.oracle.write_facts import KINDS, derived_signal, input_signal, rows_table, sub_table
from tests.oracle.write_nodes import combination, like, measure, several_like
from tests.oracle.write_tables import bands

COLOURS = ["green", "lightgreen", "yellow", "orange", "red", "grey", "blue", "black", "white", "purple"]


def ruleset_texts() -> st.SearchStrategy[str]:
    """Rulesets for hypothesis."""
    return st.builds(_of_seed, st.integers(0, 2**32), st.integers(1, 4))


def _of_seed(seed: int, size: int) -> str:
    return random_ruleset(Random(seed), size)


def random_ruleset(rng: Random, size: int = 4) -> str:
    """The text of a ruleset; `size` is from 1 (a few lines) to 4 (a hundred lines or so)."""
    v = Vocabulary(rng, size)
    header = _header(v)
    blocks = [*_facts(v), *_levels(v), *_measures(v), *_combinations(v), *_flags(v)]
    if v.chance(0.5):
        rng.shuffle(blocks)
    blocks += [_test(v, i) for i in range(v.some([0, 0, 1, 2]))]
    return "\n\n".join("\n".join(block) for block in [header, *blocks]) + "\n"


def _header(v: Vocabulary) -> list[str]:
    lines = [f"ruleset {v.rng.choice(['random', 'score', 'r2'])}{v.maybe_title()}", "  language 1"]
    if v.chance(0.5):
        lines.append("  version  2.1.0")
    if v.chance(0.2):
        lines += ['  owner    "CS Operations"', '  account id "customerID"', '  account name "Company"']
    if v.chance(0.25):
        policy = v.rng.choice(["skip", "unscored", "0", "50", "33.3333"])
        lines.append(f"  missing -> {policy}")
    if v.chance(0.2):
        v.stored = v.rng.choice(["45", "0.45"])
        lines.append(f"  stored as {v.stored} for 45%")
    return lines


def _facts(v: Vocabulary) -> list[list[str]]:
    kinds = ["number", "count", *v.rng.choices(KINDS, k=v.some([2, 3, 4, 5, 6, 7]))]
    v.rng.shuffle(kinds)
    blocks = [input_signal(v, kind) for kind in kinds]
    for _ in range(v.some([0, 1, 1, 2])):
        blocks.append(list(rows_table(v)))
        if v.chance(0.3):
            blocks.append(sub_table(v))
    return blocks + [derived_signal(v) for _ in range(v.some([0, 1, 2, 3, 4]))]


def _levels(v: Vocabulary) -> list[list[str]]:
    blocks: list[list[str]] = []
    for _ in range(v.some([0, 1, 1, 2])):
        name = v.fresh("set_")
        words = [f"{w}_{len(blocks)}" for w in ("good", "fair", "poor")][: v.rng.randint(2, 3)]
        lines = [f"levels {name}"]
        without, none = v.chance(0.2), " none"
        if without and v.chance(0.7):
            lines, none = [f"levels {name} without points"], ""
        for w in words:
            colour = v.rng.choice(["", f" {v.rng.choice(COLOURS)}"])
            points = none if without else f" {v.points(-20, 100)}"
            lines.append(f"  {w}{points}{colour}{v.maybe_title() if colour else ''}")
        if v.chance(0.4):
            words.append(f"none_{len(blocks)}")
            lines.append(f'  {words[-1]}{none if without else " none"} grey "No data"')
        v.levels[name] = words
        blocks.append(lines)
    return blocks


def _measures(v: Vocabulary) -> list[list[str]]:
    blocks = []
    for _ in range(v.some([1, 2, 3, 4, 5])):
        before = len(v.nodes)
        blocks.append(measure(v))
        name, kind = v.nodes[before], blocks[-1][0].split()[2]
        blocks += v.distributions
        v.distributions.clear()
        numbers = v.of_kind("number")
        own = next((s for s in v.signals if s.name == name), None)
        if kind in ("ladder", "curve", "grid") and own and own.kind == "number" and v.chance(0.5):
            free = [signal for signal in numbers if signal.name not in v.nodes]
            alike = v.chance(0.5) and len(free) > 1
            blocks.append(several_like(v, name, free[:3]) if alike else like(v, name, v.rng.choice(numbers)))
        if v.chance(0.15) and (own is None or own.kind in NUMERIC):
            blocks.append(bands(v, [name]))
        if v.chance(0.15):
            blocks.append(_flag(v))
    return blocks


def _combinations(v: Vocabulary) -> list[list[str]]:
    """Groups up to three deep, then one or two scores."""
    blocks = [combination(v, "group") for _ in range(v.some([0, 1, 2, 3]))]
    scores = v.some([1, 1, 1, 1, 0, 2])
    for _ in range(scores):
        blocks.append(combination(v, "score"))
        if v.chance(0.6):
            others = [n for n in v.groups if n not in v.banded and n != v.nodes[-1]]
            blocks.append(bands(v, [v.nodes[-1], *others[: v.rng.choice([0, 0, 1])]]))
    return blocks


def _flags(v: Vocabulary) -> list[list[str]]:
    return [_flag(v) for _ in range(v.some([0, 1, 1, 3]))]


def _flag(v: Vocabulary) -> list[str]:
    name = v.fresh("is_")
    line = f"{v.rng.choice(['flag', 'play', 'condition'])} {name} when {condition(v, 3)}{v.maybe_title()}"
    v.flags.append(name)
    return [line]


def _test(v: Vocabulary, index: int) -> list[str]:
    """A test declaration: facts, rows and expectations that need not hold; it may be like another one."""
    like = index > 0 and v.chance(0.3)
    base = f' like "case {v.rng.randrange(index)}"' if like else ""
    lines = [f'test "case {index}"{base}']
    if not like or v.chance(0.3):
        lines.append(f"  as of {v.day()}")
    inputs = [signal for signal in v.signals if signal.is_input]
    given = v.rng.sample(inputs, v.rng.randint(0, len(inputs)))
    lines += [f"  given {s.name} {'missing' if v.chance(0.1) else v.literal(s)}" for s in given]
    for table in [t for t in v.tables if t.parent is None and v.chance(0.7)]:
        columns = [column for column in table.columns if column.is_input]
        lines += [f"  given rows {table.name}", f"    {' '.join(column.name for column in columns)}"]
        for _ in range(v.rng.randint(0, 3)):
            cells = ["missing" if v.chance(0.15) else v.literal(column) for column in columns]
            lines.append(f"    {' '.join(cells)}")
    return lines + [f"  expect {condition(v)}" for _ in range(v.rng.randint(1, 2))]


__all__ = ["quote", "random_ruleset", "ruleset_texts", "word"]
