"""Checking rulesets: mistakes and findings, without typer, so that `healthdsl check` starts quickly."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from healthdsl.cli.common.folders import rulesets_in
from healthdsl.cli.common.messages import FINDINGS, FINE, count, say, say_painted, wants_colour
from healthdsl.cli.common.rulesets import read_ruleset, root_for

if TYPE_CHECKING:
    from healthdsl.checks.attain import Attained
    from healthdsl.checks.finding import Finding
    from healthdsl.checks.report import FileReport, Spot


class CheckForm(StrEnum):
    """The form in which findings are told."""

    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """How to check, and how to tell it. `root` is the folder that used files come from; None: each from its
    own.
    """

    root: str | None = None
    form: CheckForm = CheckForm.TEXT
    verbose: bool = False
    fix: bool = False


def check_files(files: Sequence[str], options: CheckOptions = CheckOptions()) -> int:
    """Show what is wrong with each ruleset; the exit code. A folder stands for all rulesets in it.

    FileError when a file cannot be read, MisuseError for a folder without rulesets.
    """
    paths = list(rulesets_in(files))
    reports = _told_once(_checked(path, options) for path in paths)
    match options.form:
        case CheckForm.TEXT:
            found = _tell(reports, options)
        case CheckForm.JSON:
            from healthdsl.cli.common.check_json import as_json

            found = _put(list(reports), as_json)
        case CheckForm.SARIF:
            from healthdsl.cli.common.check_sarif import as_sarif

            found = _put(list(reports), as_sarif)
        case CheckForm.GITHUB:
            from healthdsl.cli.common.check_github import as_github

            found = _put(list(reports), as_github)
        case _:
            assert_never(options.form)
    if options.form is CheckForm.TEXT and found:
        say(f"{count(found, 'finding')} in {count(len(paths), 'file')}")
    return FINDINGS if found else FINE


# One file ---------------------------------------------------------------------


def _checked(path: str, options: CheckOptions) -> FileReport:
    report = check_one(path, options)
    if options.fix:
        from healthdsl.cli.common.fixing import fix_file

        told = sys.stdout if options.form is CheckForm.TEXT else sys.stderr
        if fix_file(path, report, told):
            return check_one(path, options)
    return report


def check_one(path: str, options: CheckOptions) -> FileReport:
    """Mistakes of the compiler, or else all findings about the ruleset."""
    from healthdsl.checks.finding import Finding
    from healthdsl.checks.report import FileReport
    from healthdsl.pipeline import collector_paused, compile_source

    data, name = read_ruleset(path)
    compilation = compile_source(data, name, root_for(path, options.root))
    ruleset, graph, file = compilation.ruleset, compilation.graph, compilation.file
    if ruleset is None or graph is None or file is None:
        findings = tuple(Finding(diagnostic, "") for diagnostic in compilation.diagnostics)
        return FileReport(name, compilation.source, findings)
    from healthdsl.checks.run import check_ruleset

    with collector_paused():
        checked = check_ruleset(
            ruleset,
            graph,
            compilation.source,
            compilation.diagnostics,
            dictionary=file.is_dictionary,
        )
        wanted = options.verbose or options.form is CheckForm.JSON
        scores = checked.scores() if wanted and not file.is_dictionary else ()
    return FileReport(name, compilation.source, checked.found.left, checked.found.allowed, scores)


def _told_once(reports: Iterator[FileReport]) -> Iterator[FileReport]:
    """The reports without what an earlier one tells: what is found or allowed in a file that several rulesets
    use.
    """
    told: set[tuple[Spot, str, str]] = set()

    def is_new(report: FileReport, finding: Finding) -> bool:
        spot = report.spot(finding.span)
        spot = replace(spot, file=os.path.normpath(spot.file))
        place = (spot, finding.code, finding.diagnostic.message)
        known = place in told
        told.add(place)
        return not known

    for report in reports:
        new = tuple(finding for finding in report.findings if is_new(report, finding))
        allowed = tuple(each for each in report.allowed if is_new(report, each[0]))
        yield replace(report, findings=new, allowed=allowed, told_before=len(report.findings) - len(new))


# As text ----------------------------------------------------------------------


def _put(reports: list[FileReport], write: Callable[[Sequence[FileReport]], str]) -> int:
    sys.stdout.write(write(reports))
    return sum(len(report.findings) for report in reports)


def _tell(reports: Iterator[FileReport], options: CheckOptions) -> int:
    from healthdsl.diagnostics.render import render_diagnostics

    colour = wants_colour(sys.stdout)
    found = 0
    for report in reports:
        found += len(report.findings)
        if report.findings:
            diagnostics = [finding.diagnostic for finding in report.findings]
            say_painted(render_diagnostics(report.source, diagnostics, colour))
        elif report.told_before:
            say(f"{report.name}: {count(report.told_before, 'finding')}, told above")
        else:
            say(f"{report.name}: no mistakes found")
        if options.verbose:
            _tell_more(report)
    return found


def _tell_more(report: FileReport) -> None:
    for finding, reason in report.allowed:
        spot = report.spot(finding.span)
        say(f"{spot.file}:{spot.line}: {finding.code} is allowed: {reason}")
    for score in report.scores:
        say(f"{report.name}: {said_range(score)}")


def said_range(score: Attained) -> str:
    """`health is from 0 to 100 (0: nps -100; 100: nps 100)`."""
    from healthdsl.explain.amounts import exact
    from healthdsl.explain.words import show_number

    ends = [None if end is None else show_number(exact(end)) for end in (score.low, score.high)]
    if ends == [None, None]:
        words = "has no bound"
    elif None in ends:
        words = f"is {'at least' if ends[0] is not None else 'at most'} {ends[0] or ends[1]}"
    else:
        words = f"is from {ends[0]} to {ends[1]}"
    ends_found = (score.lowest, score.highest) if score.reached[0] != score.reached[1] else ()
    shown = "; ".join(f"{each.outcome}: {each.told}" for each in ends_found if each is not None)
    return f"{score.node} {words}" + (f" ({shown})" if shown else "")
