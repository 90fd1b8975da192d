"""Testing rulesets: each file tested, then told as text, JSON or JUnit XML."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from healthdsl.cli.common.folders import rulesets_in
from healthdsl.cli.common.messages import FINDINGS, FINE, FoundError, MisuseError, count, say, tell
from healthdsl.cli.common.output import output
from healthdsl.cli.common.rulesets import load_tested
from healthdsl.records.input_file import STANDARD_INPUT

if TYPE_CHECKING:
    from healthdsl.testing.results import FileResult, Wanted

_PERCENT = re.compile(r"(\d{1,3}(?:\.\d+)?)\s*%?")


class TestForm(StrEnum):
    """The form in which results are told."""

    __test__ = False  # not a class of tests, whatever its name

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class TestOptions:
    """What to find out, and how to tell it; shares are 0 to 1, None: none is asked for."""

    __test__ = False

    root: str | None = None
    form: TestForm = TestForm.TEXT
    coverage: bool = False
    mutate: bool = False
    suggest: bool = False
    min_coverage: float | None = None
    min_mutation: float | None = None
    suggest_to: str | None = None
    junit: str | None = None


def share_of(text: str | None, option: str) -> float | None:
    """A share such as `80%` or `80` as 0.8; MisuseError for anything else."""
    if text is None:
        return None
    found = _PERCENT.fullmatch(text.strip())
    share = float(found[1]) / 100 if found else -1.0
    if not 0 <= share <= 1:
        raise MisuseError(f"{option} is {text}, expected a share such as 80%.")
    return share


def test_files(files: Sequence[str], options: TestOptions) -> int:
    """Test every ruleset; the exit code. A folder stands for all rulesets in it.

    FileError when a file cannot be read or `suggest_to` is there already, MisuseError for options that do not
    go together.
    """
    paths = list(rulesets_in(files))
    if options.suggest_to is not None and len(paths) > 1:
        raise MisuseError(
            f"--suggest-to takes the tests of one ruleset, found {len(paths)}. Name one ruleset."
        )
    results: list[FileResult] = []
    for path in paths:
        results.append(_tested(path, options))
        if options.form is TestForm.TEXT:
            _tell(results[-1], options)
    below = list(_below(results, options))
    match options.form:
        case TestForm.TEXT:
            _tell_all(results, below)
        case TestForm.JSON:
            from healthdsl.testing.told_json import json_text

            say(json_text(results), end="")
            for sentence in below:
                tell(sentence)
        case _:
            assert_never(options.form)
    _write(results, below, options, paths)
    found = below or any(result.failed or result.mistakes is not None for result in results)
    return FINDINGS if found else FINE


def _tested(path: str, options: TestOptions) -> FileResult:
    from healthdsl.testing.results import FileResult, find_results

    try:
        tested = load_tested(path, options.root)
    except FoundError as mistakes:
        return FileResult("<stdin>" if path == STANDARD_INPUT else path, str(mistakes))
    return find_results(tested.name, tested.ruleset, tested.source, _wanted(options))


def _wanted(options: TestOptions) -> Wanted:
    from healthdsl.testing.results import Wanted

    return Wanted(
        coverage=options.coverage or options.min_coverage is not None,
        mutants=options.mutate or options.min_mutation is not None,
        suggestions=options.suggest or options.suggest_to is not None,
    )


# Telling ----------------------------------------------------------------------


def _tell(result: FileResult, options: TestOptions) -> None:
    from healthdsl.testing.told_text import text_lines

    if result.mistakes is not None:
        tell(result.mistakes)
        return
    say("\n".join(text_lines(result)))
    if options.suggest and options.suggest_to is None:
        say(_suggested(result), end="")


def _suggested(result: FileResult) -> str:
    if not result.suggestions:
        return "  no test to suggest: every change that makes a difference is noticed\n"
    return "\n" + "\n".join(suggestion.text for suggestion in result.suggestions)


def _tell_all(results: Sequence[FileResult], below: Sequence[str]) -> None:
    if len(results) > 1:
        total = sum(len(result.outcomes) for result in results)
        failed = sum(result.failed for result in results)
        broken = sum(result.mistakes is not None for result in results)
        more = f", {count(broken, 'file')} with mistakes" if broken else ""
        say(f"{count(total, 'test')} in {count(len(results), 'file')}, {failed} failed{more}")
    for sentence in below:
        say(sentence)


def _below(results: Sequence[FileResult], options: TestOptions) -> Iterator[str]:
    """A sentence for each file with a share that is less than was asked for."""
    from healthdsl.testing.told_text import percent

    for result in results:
        coverage = None if result.coverage is None else result.coverage.share
        score = None if result.campaign is None else result.campaign.score
        for word, share, least in (
            ("coverage", coverage, options.min_coverage),
            ("mutation score", score, options.min_mutation),
        ):
            if least is not None and share is not None and share < least:
                yield f"{result.name}: {word} {percent(share)} is below {percent(least)}"


def _write(
    results: Sequence[FileResult], below: Sequence[str], options: TestOptions, paths: Sequence[str]
) -> None:
    """The files asked for."""
    if options.junit is not None:
        from healthdsl.testing.junit import junit_xml

        with output(options.junit, paths) as stream:
            stream.write(junit_xml(results, below))
    if options.suggest_to is not None and results[0].mistakes is None:
        from healthdsl.records.whole_file import whole_file

        text = "\n".join(suggestion.text for suggestion in results[0].suggestions)
        if not text:
            tell("no test to suggest: every change that makes a difference is noticed")
            return
        with whole_file(options.suggest_to, replace=False) as stream:
            stream.write(text)
        tell(f"{count(len(results[0].suggestions), 'test')} suggested in {options.suggest_to}")
