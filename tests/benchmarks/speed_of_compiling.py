"""Compiling rulesets of 200 and 2,000 lines, and `healthdsl check` from a cold start."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import healthdsl
from tests.benchmarks.generated import ruleset_of
from tests.benchmarks.report import Line
from tests.benchmarks.timing import best_of, median_of

CHECK_ROUNDS = 9


def compiling() -> Iterator[Line]:
    for lines, most, rounds in ((200, 0.060, 15), (2_000, 0.600, 5)):
        text = ruleset_of(lines)
        seconds = best_of(lambda text=text: healthdsl.loads(text), rounds)  # type: ignore[misc]
        measured = f"{seconds * 1000:.0f} ms"
        yield Line(f"loads() of {lines:,} lines", measured, f"under {most * 1000:.0f} ms", seconds < most)


def checking() -> Iterator[Line]:
    """The command in a process of its own, Python's start-up in it."""
    for lines, most in ((200, 0.350), (1_000, 1.0)):
        with TemporaryDirectory() as folder:
            path = Path(folder, "bench.health")
            path.write_text(ruleset_of(lines), encoding="utf-8")
            command = [sys.executable, "-m", "healthdsl", "check", str(path)]
            run = partial(subprocess.run, command, check=True, capture_output=True)
            run()  # compiles the bytecode
            seconds = median_of(run, CHECK_ROUNDS)
        name = f"healthdsl check of {lines:,} lines, cold"
        yield Line(name, f"{seconds * 1000:.0f} ms", f"under {most * 1000:.0f} ms", seconds < most)
