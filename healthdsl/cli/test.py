"""`healthdsl test`: whether the expectations written in rulesets hold, and what would go unnoticed."""

# ruff: noqa: PT028 -- `test` is a command, no test

from __future__ import annotations

from typing import Annotated

import typer

from healthdsl.cli.common.options import RootOption
from healthdsl.cli.common.testing import TestForm, TestOptions, share_of, test_files


def test(  # noqa: PLR0913, PLR0917 -- an option each
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Rulesets, or folders of them; - is standard input.")
    ],
    root: RootOption = None,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Tell which rows, steps, bands and flags no test reaches.")
    ] = False,
    min_coverage: Annotated[
        str | None, typer.Option("--min-coverage", metavar="80%", help="Fail below this coverage of a file.")
    ] = None,
    mutate: Annotated[
        bool, typer.Option("--mutate", help="Change the rules one by one, and tell what no test notices.")
    ] = False,
    min_mutation: Annotated[
        str | None, typer.Option("--min-mutation", metavar="90%", help="Fail below this mutation score.")
    ] = None,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Write tests that would notice more, for you to confirm.")
    ] = False,
    suggest_to: Annotated[
        str | None,
        typer.Option("--suggest-to", metavar="OUT", help="Put them into a new file; none is overwritten."),
    ] = None,
    form: Annotated[TestForm, typer.Option("--format", help="How the results are told.")] = TestForm.TEXT,
    junit: Annotated[
        str | None, typer.Option("--junit", metavar="OUT", help="Write JUnit XML for a CI system, too.")
    ] = None,
) -> None:
    """Run the `test` declarations of rulesets, and show every expectation that does not hold.

    A failed expectation is shown with its line, what was expected and found, and how that came to be.

    Exit code 0: all hold. 1: not all, a ruleset has mistakes, or a share is below its minimum.

    \b
    Examples:
      healthdsl test saas_health.health
      healthdsl test rulesets --coverage --min-coverage 80%
      healthdsl test saas_health.health --mutate --suggest-to more_tests.health
      healthdsl test rulesets --junit results.xml

    \b
    A test in a ruleset:
      test "an unpaid account is never healthy"
        as of  2026-03-31
        given  seats 100
        given  overdue 90 days
        expect health up to 40
    """
    options = TestOptions(
        root=root,
        form=form,
        coverage=coverage,
        mutate=mutate,
        suggest=suggest,
        min_coverage=share_of(min_coverage, "--min-coverage"),
        min_mutation=share_of(min_mutation, "--min-mutation"),
        suggest_to=suggest_to,
        junit=junit,
    )
    raise typer.Exit(test_files(files, options))
