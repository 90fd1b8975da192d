"""Writes random grids: tables of two keys."""

from __future__ import annotations

from tests.oracle.vocabulary import DATED, NUMERIC, Named, Vocabulary
from tests.oracle.write_tables import is_fixed, keys_of, last_rows, reason, results, rungs, when_rows


def two_keys(v: Vocabulary, subject: Named, levels: list[str] | None) -> tuple[str, list[str]]:
    """The body of a grid of a subject by some other signal, or the same, and its lines."""
    result = results(v, levels)
    by = v.rng.choice([signal for signal in v.signals if signal.kind != "timestamp"])
    columns = [*_side(v, by, [1])] + ["otherwise"] * v.chance(0.6)
    rows = [*_side(v, subject, [1, 1, 2])] + ["otherwise"] * v.chance(0.6)
    lines = [f"  by {by.name} {', '.join(columns)}"]
    cells: list[str] = []
    for test in rows:
        given = [result() for _ in columns]
        cells += given
        lines.append(f"  {test} -> {', '.join(given)}{reason(v)}")
    whens = when_rows(v, result)
    extremes = any(is_fixed(f"  x -> {cell}", levels) for cell in cells)
    missing = [line for line in last_rows(v, result, extremes=extremes) if line.startswith("  missing")]
    at = v.rng.choice([0, 1])
    return "grid", [*lines[:at], *whens, *lines[at:], *missing]


def _side(v: Vocabulary, subject: Named, sizes: list[int]) -> list[str]:
    """The keys of rows or columns: edges of what has an order, else values."""
    if subject.kind in NUMERIC + DATED and v.chance(0.7):
        found = rungs(v, subject)
        if any(test[0].isalpha() for test in found):
            return found
    return [", ".join(keys) for keys in keys_of(v, subject, sizes)]
