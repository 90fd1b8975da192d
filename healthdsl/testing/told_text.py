"""Results as lines of text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from healthdsl.explain.amounts import exact
from healthdsl.explain.words import join_words, plural, show_number, show_value
from healthdsl.model.types import NUMBER
from healthdsl.testing.coverage import Coverage
from healthdsl.testing.mutants.campaign import Campaign, Fate, Judged, Witness
from healthdsl.testing.mutants.lab import Difference
from healthdsl.testing.outcome import Branch, Failure, TestOutcome
from healthdsl.testing.results import FileResult

MOST_SURVIVORS = 20


def text_lines(result: FileResult) -> Iterator[str]:
    """All there is to tell about a file, without its suggestions, which are a text of their own."""
    if result.mistakes is not None:
        yield result.mistakes
        return
    yield f"{result.name}: {_in_words(result)}"
    for outcome in result.outcomes:
        if not outcome.passed:
            yield from _failed(result, outcome)
    if result.coverage is not None:
        yield from _coverage(result, result.coverage)
    if result.campaign is not None:
        yield from _mutants(result, result.campaign)


def _in_words(result: FileResult) -> str:
    if not result.outcomes:
        return "no tests"
    tests = plural(len(result.outcomes), "test")
    return f"{tests}, {result.failed} failed" if result.failed else f"{tests} passed"


def percent(share: float | None) -> str:
    """`98.2%`, rounded down, so that 100% is all of them; `nothing to count` for None."""
    if share is None:
        return "nothing to count"
    return f"{show_number(exact(int(share * 1000 + 1e-9) / 10), 1)}%"


# Failures ---------------------------------------------------------------------


def _failed(result: FileResult, outcome: TestOutcome) -> Iterator[str]:
    yield f'  failed: "{outcome.title}" ({result.place(outcome.line)})'
    if outcome.problem is not None:
        yield f"    {outcome.problem}"
    yield from failure_lines(result, outcome)


def failure_lines(result: FileResult, outcome: TestOutcome) -> Iterator[str]:
    """Each expectation that failed, with what was expected and found, the values that it reads, and how those
    came to be. What was told for one is not told again for the next.
    """
    told: set[Branch] = set()
    for failure in outcome.failures:
        yield from _failure(failure, result.place(failure.line))
        opened = [root for root in failure.tree if root.inside or root.why]
        if opened:
            yield "      because:"
        for root in opened:
            yield from _branch(root, 0, told)


def _failure(failure: Failure, place: str) -> Iterator[str]:
    yield f"    {place}: {failure.text}"
    if failure.expected is not None:
        yield f"      expected  {failure.expected}"
        yield f"      found     {failure.found}"
    verdict = "cannot be judged, since something is missing" if failure.unknown else "does not hold"
    yield f"      {verdict}:"
    width = max((len(value.name) for value in failure.values), default=0)
    yield from (f"        {value.name:<{width}} = {value.value}" for value in failure.values)


def _branch(branch: Branch, depth: int, told: set[Branch]) -> Iterator[str]:
    again = bool(branch.inside) and branch in told
    why = "  (as above)" if again else f"  ({branch.why})" if branch.why else ""
    where = f"  {branch.place}" if branch.place and not again else ""
    yield f"        {'  ' * depth}{branch.name} = {branch.value}{why}{where}"
    if not again:
        told.add(branch)
        for inner in branch.inside:
            yield from _branch(inner, depth + 1, told)


# Coverage ---------------------------------------------------------------------


def _coverage(result: FileResult, coverage: Coverage) -> Iterator[str]:
    reached = len(coverage.covered) - len(coverage.missed)
    places = plural(len(coverage.covered), "place")
    yield f"  coverage {percent(coverage.share)}: {reached} of {places} reached"
    counted = coverage.by_sort().items()
    if coverage.missed:
        said = [f"{sort.value} {has} of {of}" for sort, (has, of) in counted]
        yield f"    {', '.join(said)}"
        yield "    not reached by any test:"
    for place in coverage.missed:
        yield f"      {result.place(place.line)}: {place.sort.value} of {place.owner}: {place.text}"


# Mutants ----------------------------------------------------------------------


def _mutants(result: FileResult, campaign: Campaign) -> Iterator[str]:
    killed, survived = len(campaign.of(Fate.KILLED)), campaign.of(Fate.SURVIVED)
    equivalent = campaign.of(Fate.EQUIVALENT)
    counted = plural(killed + len(survived), "change")
    yield f"  mutation score {percent(campaign.score)}: the tests notice {killed} of {counted}"
    if equivalent:
        more = f"{len(equivalent)} more {'makes' if len(equivalent) == 1 else 'make'}"
        yield f"    {more} no difference that was found, and do not count"
    if campaign.left_out:
        yield f"    {plural(len(campaign.left_out), 'test')} that failed say nothing here"
    if survived:
        yield "    not noticed by any test:"
    for judged in survived[:MOST_SURVIVORS]:
        yield from _survivor(result, judged)
    if len(survived) > MOST_SURVIVORS:
        yield f"      and {len(survived) - MOST_SURVIVORS} more (--format json has all)"


def _survivor(result: FileResult, judged: Judged) -> Iterator[str]:
    mutant = judged.mutant
    yield f"      {result.place(mutant.line)}: {mutant.kind.value}"
    yield f"        was    {mutant.was}"
    yield f"        reads  {mutant.reads if mutant.reads is not None else '(not there)'}"
    assert judged.witness is not None
    yield f"        {hint(result, judged.witness)}"


def hint(result: FileResult, witness: Witness) -> str:
    """Which test would notice."""
    difference = clearest(witness.differences, result.ruleset.main_score if result.ruleset else None)
    said = (
        f"{_name(difference.output)} is {_value(difference.before)}, it would be {_value(difference.after)}"
    )
    if witness.test is not None:
        return f'the test "{witness.test.test.title}" would notice if it asked: {said}'
    return f"a test would notice with {_account(result, witness)}: {said}"


def clearest(differences: Sequence[Difference], main: str | None) -> Difference:
    """The difference that says most: of the main score, its band, a flag, else the last."""
    by_name = {each.output: each for each in differences}
    flags = [each for each in differences if "__" not in each.output]
    wanted = (f"{main}__points", f"{main}__band")
    return next((by_name[name] for name in wanted if name in by_name), (flags or differences)[-1])


def _name(output: str) -> str:
    owner, _, role = output.partition("__")
    return f"{role} of {owner}" if role else owner


def _value(value: object) -> str:
    return show_value(value, NUMBER, 9)


def _account(result: FileResult, witness: Witness) -> str:
    assert result.ruleset is not None
    inputs, tables = witness.case.inputs, witness.case.tables
    said = [
        f"{signal.name} {show_value(inputs[signal.name], signal.type, 9)}"
        for signal in result.ruleset.signals
        if inputs.get(signal.name) is not None
    ]
    said += [f"{plural(len(rows), 'row')} of {name}" for name, rows in tables.items() if rows is not None]
    return join_words(said) or "an account of which nothing is known"
