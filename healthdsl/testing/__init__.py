"""Runs the `test` declarations of a ruleset.

In: a compiled ruleset. Out: an outcome for each test, with the values under every expectation that failed.
"""

from healthdsl.testing.outcome import Failure, SubValue, TestOutcome
from healthdsl.testing.runner import run_tests

__all__ = ["Failure", "SubValue", "TestOutcome", "run_tests"]
