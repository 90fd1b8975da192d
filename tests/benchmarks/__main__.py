"""`python -m tests.benchmarks`: every ratio from one run; exit code 1 when a target is missed."""

from __future__ import annotations

import platform
import sys

from tests.benchmarks.report import table
from tests.benchmarks.speed_of_compiling import checking, compiling
from tests.benchmarks.speed_of_scoring import scoring


def main() -> int:
    lines = [*scoring(), *compiling(), *checking()]
    print(f"scorecard-12 and generated rulesets, Python {platform.python_version()}\n")
    print(table(lines))
    return 0 if all(line.met for line in lines) else 1


if __name__ == "__main__":
    sys.exit(main())
