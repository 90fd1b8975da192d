"""`healthdsl test`: whether the expectations written in rulesets hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from healthdsl.cli.common.messages import FINDINGS, count, say
from healthdsl.cli.common.options import RootOption
from healthdsl.cli.common.rulesets import load_tested

if TYPE_CHECKING:
    from healthdsl.testing import Failure, TestOutcome


def test(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Rulesets; - is standard input.")],
    root: RootOption = None,  # noqa: PT028 -- a command
) -> None:
    """Run the `test` declarations of rulesets, and show every expectation that does not hold.

    A failed expectation is shown with its line and the values it reads. Exit code 0: all hold. 1: not all, or
    a ruleset has mistakes.

    \b
    Examples:
      healthdsl test saas_health.health
      healthdsl test rulesets/*.health

    \b
    A test in a ruleset:
      test "an unpaid account is never healthy"
        as of  2026-03-31
        given  seats 100
        given  overdue 90 days
        expect health up to 40
    """
    from healthdsl.testing import run_tests

    failed = total = 0
    for path in files:
        compiled = load_tested(path, root)
        outcomes = run_tests(compiled)
        total += len(outcomes)
        failed += sum(not outcome.passed for outcome in outcomes)
        say(f"{path}: {_in_words(outcomes)}")
        for outcome in outcomes:
            if not outcome.passed:
                say(_failed(path, outcome))
    if len(files) > 1:
        say(f"{count(total, 'test')} in {count(len(files), 'file')}, {failed} failed")
    if failed:
        raise typer.Exit(FINDINGS)


def _in_words(outcomes: tuple[TestOutcome, ...]) -> str:
    if not outcomes:
        return "no tests"
    failed = sum(not outcome.passed for outcome in outcomes)
    tests = count(len(outcomes), "test")
    return f"{tests}, {failed} failed" if failed else f"{tests} passed"


def _failed(path: str, outcome: TestOutcome) -> str:
    lines = [f'  failed: "{outcome.title}" ({path}:{outcome.line})']
    if outcome.problem is not None:
        lines.append(f"    {outcome.problem}")
    for failure in outcome.failures:
        lines += _expectation(path, failure)
    return "\n".join(lines)


def _expectation(path: str, failure: Failure) -> list[str]:
    verdict = "cannot be judged, since something is missing" if failure.unknown else "does not hold"
    lines = [f"    {path}:{failure.line}: {failure.text}", f"      {verdict}:"]
    width = max((len(value.name) for value in failure.values), default=0)
    return lines + [f"        {value.name:<{width}} = {value.value}" for value in failure.values]
