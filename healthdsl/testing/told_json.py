"""Results as data: what `healthdsl test --format json` writes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from healthdsl.testing.coverage import Coverage
from healthdsl.testing.mutants.campaign import Campaign, Fate, Judged
from healthdsl.testing.outcome import Branch, Failure, TestOutcome
from healthdsl.testing.results import FileResult
from healthdsl.testing.told_text import hint

VERSION = 1
Json = dict[str, object]


def json_text(results: Sequence[FileResult]) -> str:
    """`{"version": 1, "tests": n, "failed": n, "files": [..]}`; shares are 0 to 1, null: nothing counts."""
    whole = {
        "version": VERSION,
        "tests": sum(len(result.outcomes) for result in results),
        "failed": sum(result.failed for result in results),
        "files": [_file(result) for result in results],
    }
    return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"


def _file(result: FileResult) -> Json:
    return {
        "file": result.name,
        "ruleset": None if result.ruleset is None else result.ruleset.name,
        "mistakes": result.mistakes,
        "tests": [_test(result, outcome) for outcome in result.outcomes],
        "coverage": None if result.coverage is None else _coverage(result, result.coverage),
        "mutation": None if result.campaign is None else _mutation(result, result.campaign),
        "suggestions": [suggestion.text for suggestion in result.suggestions],
    }


def _test(result: FileResult, outcome: TestOutcome) -> Json:
    return {
        "title": outcome.title,
        "place": result.place(outcome.line),
        "passed": outcome.passed,
        "problem": outcome.problem,
        "failures": [_failure(result, failure) for failure in outcome.failures],
    }


def _failure(result: FileResult, failure: Failure) -> Json:
    return {
        "place": result.place(failure.line),
        "text": failure.text,
        "unknown": failure.unknown,
        "expected": failure.expected,
        "found": failure.found,
        "values": [asdict(value) for value in failure.values],
        "because": [_branch(branch) for branch in failure.tree],
    }


def _branch(branch: Branch) -> Json:
    return {
        "name": branch.name,
        "value": branch.value,
        "why": branch.why,
        "place": branch.place,
        "inside": [_branch(each) for each in branch.inside],
    }


def _coverage(result: FileResult, coverage: Coverage) -> Json:
    return {
        "share": coverage.share,
        "places": len(coverage.covered),
        "by_sort": {
            sort.value: {"reached": reached, "of": of} for sort, (reached, of) in coverage.by_sort().items()
        },
        "not_reached": [
            {
                "place": result.place(place.line),
                "sort": place.sort.value,
                "owner": place.owner,
                "text": place.text,
            }
            for place in coverage.missed
        ],
    }


def _mutation(result: FileResult, campaign: Campaign) -> Json:
    return {
        "score": campaign.score,
        **{fate.value: len(campaign.of(fate)) for fate in Fate},
        "tests_left_out": [each.test.title for each in campaign.left_out],
        "survivors": [_survivor(result, judged) for judged in campaign.of(Fate.SURVIVED)],
        "equivalents": [_mutant(result, judged) for judged in campaign.of(Fate.EQUIVALENT)],
    }


def _mutant(result: FileResult, judged: Judged) -> Json:
    mutant = judged.mutant
    return {
        "place": result.place(mutant.line),
        "kind": mutant.kind.value,
        "was": mutant.was,
        "reads": mutant.reads,
    }


def _survivor(result: FileResult, judged: Judged) -> Json:
    assert judged.witness is not None
    return {**_mutant(result, judged), "hint": hint(result, judged.witness)}
