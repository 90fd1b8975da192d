"""The lowest and highest score that any account can have, and an account for each.

`low` and `high` are certain: nothing lies outside. The accounts are the furthest that a search found; where
one reaches the bound, the bound is exact.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from healthdsl.checks.accounts import Account
from healthdsl.checks.bench import Bench
from healthdsl.checks.finding import Shown
from healthdsl.explain.abstract import Numbers
from healthdsl.explain.amounts import exact
from healthdsl.explain.words import show_number


@dataclass(frozen=True, slots=True)
class Attained:
    """The range of one score; None for a bound that is not there, and where no account was found."""

    node: str
    low: float | None
    high: float | None
    lowest: Shown | None
    highest: Shown | None
    reached: tuple[float | None, float | None]


def attained(bench: Bench) -> Iterator[Attained]:
    """The range of each score, the main score first."""
    main = bench.ruleset.main_score
    scores = [node.name for node in bench.ruleset.nodes if node.word == "score"]
    for name in sorted(scores, key=lambda score: score != main):
        yield _of_score(bench, name)


def _of_score(bench: Bench, name: str) -> Attained:
    output = f"{name}__points"
    value = bench.domains.outputs[output]
    low, high = (
        (value.low, value.high) if isinstance(value, Numbers) and not value.empty else (math.nan, math.nan)
    )
    lowest, least = _furthest(bench, output, 1, low)
    highest, most = _furthest(bench, output, -1, high)
    return Attained(name, _finite(low), _finite(high), lowest, highest, (least, most))


def _starts(bench: Bench) -> Iterator[tuple[Account, frozenset[str]]]:
    """An account of which everything is known, one of which nothing is, the first with each other word."""
    plain = bench.lab.plain()
    yield plain, frozenset()
    yield bench.lab.blank(), frozenset()
    for name, values in bench.lab.trials.values.items():
        if all(isinstance(value, str | bool) for value in values):
            for value in values[1:]:
                yield plain.having(name, value), frozenset({name})


def _finite(bound: float) -> float | None:
    return bound if math.isfinite(bound) and abs(bound) < 1e12 else None


def _furthest(bench: Bench, output: str, sign: int, bound: float) -> tuple[Shown | None, float | None]:
    """The furthest account of several searches, which end where the bound is reached."""
    best: tuple[float, Account] | None = None
    for start, fixed in _starts(bench):
        account = bench.lab.extreme(output, sign, start, fixed)
        points = bench.lab.look(account, (output,)).get(output)
        if isinstance(points, float) and (best is None or sign * points < sign * best[0]):
            best = points, account
        if bench.lab.left < 0 or (best is not None and best[0] == bound):
            break
    if best is None:
        return None, None
    account = best[1]
    outputs = bench.lab.replay(account)
    points = None if outputs is None else outputs.get(output)
    if not isinstance(points, float):
        return None, None
    small = bench.lab.smaller(account, (output,), lambda found: found.get(output) == points)
    return bench.show(small, show_number(exact(points))), points
