"""Timing that busy machines do not spoil: candidates take turns in short rounds, and each keeps its best
round.

Ratios of best rounds of one run say more than times do: what else the machine does falls on all alike.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from statistics import median
from time import perf_counter


def seconds_of(task: Callable[[], object], clock: Callable[[], float] = perf_counter) -> float:
    start = clock()
    task()
    return clock() - start


def best_of(task: Callable[[], object], rounds: int) -> float:
    """The shortest of several runs, in seconds."""
    return min(seconds_of(task) for _ in range(rounds))


def median_of(task: Callable[[], object], rounds: int) -> float:
    """The median of several runs, in seconds."""
    return median(seconds_of(task) for _ in range(rounds))


def interleaved(
    tasks: dict[str, Callable[[], object]], rounds: int, clock: Callable[[], float] = perf_counter
) -> dict[str, float]:
    """The shortest run of each task in seconds of a clock, all tasks taking turns, without the collector."""
    best = dict.fromkeys(tasks, float("inf"))
    enabled = gc.isenabled()
    gc.disable()
    try:
        for _ in range(rounds):
            for name, task in tasks.items():
                best[name] = min(best[name], seconds_of(task, clock))
    finally:
        if enabled:
            gc.enable()
    return best
