"""Tests for a person to accept: accounts at the edges that tell the ruleset from the mutants no test noticed.

In: a campaign with its survivors. Out: a few accounts that together tell as many of them as possible, each
reduced to the facts that matter, with expectations from the evaluator. Whether those are what was meant, the
evaluator cannot know: each says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten

from healthdsl.explain.amounts import exact
from healthdsl.graph.primitives import Primitive
from healthdsl.model.ruleset import Ruleset, Test, Value
from healthdsl.testing.mutants.campaign import Campaign, Fate, Judged
from healthdsl.testing.mutants.columns import Case
from healthdsl.testing.mutants.lab import Difference, Lab
from healthdsl.testing.runner import Ran, outputs_of
from healthdsl.testing.written import quoted, write_number, write_test

MOST = 25
CONFIRM = "suggested: these expectations are what the rules give today. Confirm that it is what you mean."
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A test as text; `kills` are the mutants that it would notice."""

    text: str
    kills: tuple[Judged, ...]


def suggest_tests(ran: Ran, campaign: Campaign, most: int = MOST) -> tuple[Suggestion, ...]:
    """At most so many tests, those first that notice most."""
    waiting = [each for each in campaign.of(Fate.SURVIVED) if each.tells]
    titles = {test.title for test in ran.ruleset.tests}
    found: list[Suggestion] = []
    while waiting and len(found) < most:
        assert campaign.pool is not None
        at = _most_telling(waiting)
        kills = [each for each in waiting if at in each.tells]
        case = _reduced(campaign.lab, campaign.pool.cases[at], kills)
        suggestion = _suggestion(ran, campaign.lab, case, (kills, titles))
        found += [] if suggestion is None else [suggestion]
        waiting = [each for each in waiting if at not in each.tells]
    return tuple(found)


def _most_telling(waiting: Sequence[Judged]) -> int:
    """The account that tells most of them; the first of several."""
    counts: dict[int, int] = {}
    for each in waiting:
        for at in each.tells:
            counts[at] = counts.get(at, 0) + 1
    return min(counts, key=lambda at: (-counts[at], at))


# The account ------------------------------------------------------------------


def _reduced(lab: Lab, case: Case, kills: Sequence[Judged]) -> Case:
    """The account without what it can do without: all mutants still tell, and the main score is the same."""
    score = _main_score(lab, case)
    for name in list(case.inputs):
        if case.inputs[name] is not None:
            less = replace(case, inputs={key: v for key, v in case.inputs.items() if key != name})
            case = less if _does(lab, less, kills, score) else case
    for table in list(case.tables):
        if case.tables[table] is not None:
            less = replace(case, tables={key: v for key, v in case.tables.items() if key != table})
            case = less if _does(lab, less, kills, score) else case
    return case


def _does(lab: Lab, case: Case, kills: Sequence[Judged], score: object) -> bool:
    columns = lab.columns([case])
    return _main_score(lab, case) == score and all(lab.tells(columns, each.changed) for each in kills)


def _main_score(lab: Lab, case: Case) -> object:
    main = lab.ruleset.main_score
    return None if main is None else lab.columns([case]).column(lab.outputs[f"{main}__points"])[0]


def made_test(ruleset: Ruleset, case: Case, title: str, dated: bool) -> Test:
    facts = tuple(
        (signal.name, _value(case.inputs[signal.name]))
        for signal in ruleset.signals
        if case.inputs.get(signal.name) is not None
    )
    tables = tuple(
        (table.name, tuple(tuple((key, _value(cell)) for key, cell in row.items()) for row in rows))
        for table in ruleset.tables
        if (rows := case.tables.get(table.name)) is not None
    )
    day = case.today if dated else None
    return Test(title=title, as_of=day, facts=facts, tables=tables, expectations=())


def _value(value: object) -> Value:
    if isinstance(value, float):
        return exact(value)
    assert value is None or isinstance(value, bool | int | str)
    return value


# The text ---------------------------------------------------------------------


def _suggestion(ran: Ran, lab: Lab, case: Case, wanted: tuple[list[Judged], set[str]]) -> Suggestion | None:
    """None where nothing could be said of what differs."""
    kills, titles = wanted
    columns = lab.columns([case])
    shown: dict[str, None] = {}
    for each in kills:
        clearest = _clearest(lab, lab.tells(columns, each.changed)[0])
        if clearest is not None:
            shown[clearest] = None
    if not shown:
        return None
    title = _title(kills, titles)
    dated = any(op.primitive is Primitive.TODAY for op in ran.program.graph.ops)
    test = made_test(ran.ruleset, case, title, dated)
    values = outputs_of(ran.program, test)
    expects = [_expect(name, values[name]) for name in lab.noticed if name in shown]
    text = write_test(ran.ruleset, test, [CONFIRM, *_remarks(ran.ruleset, kills)], expects)
    return Suggestion(text, tuple(kills))


def _clearest(lab: Lab, differences: Sequence[Difference]) -> str | None:
    """The output to expect something of: the main score or its band, a flag, else points, a band, a level."""
    main, signals = lab.ruleset.main_score, {signal.name for signal in lab.ruleset.signals}

    def rank(each: Difference) -> int:
        owner, _, role = each.output.partition("__")
        if owner == main and role in ("points", "band"):
            return 0
        return 1 if not role else 2 if role == "points" else 3

    def is_clear(each: Difference) -> bool:
        """Whether `x is ..` speaks of it: a signal of the same name would come first, and of a node with a
        level and a band `x is missing` says neither.
        """
        owner, _, role = each.output.partition("__")
        if role in ("", "points"):
            return True
        both = f"{owner}__level" in lab.outputs and f"{owner}__band" in lab.outputs
        return owner not in signals and (each.before is not None or not both)

    clear = [each for each in differences if is_clear(each)]
    return min(clear, key=rank).output if clear else None


def _title(kills: Sequence[Judged], titles: set[str]) -> str:
    rule = kills[0].mutant.was.partition('"')[0].strip()
    title = wanted = f"at the edge of: {shorten(rule, 70, placeholder=' ..')}"
    number = 1
    while title in titles:
        number += 1
        title = f"{wanted} ({number})"
    titles.add(title)
    return title


def _remarks(ruleset: Ruleset, kills: Sequence[Judged]) -> Iterator[str]:
    """Which changes it would notice."""
    for each in kills[:_NAMED]:
        mutant = each.mutant
        reads = "were not there" if mutant.reads is None else f"read: {mutant.reads}"
        yield f"notices if {ruleset.place(mutant.line)} {reads}"
    if len(kills) > _NAMED:
        yield f"and {len(kills) - _NAMED} more changes"


def _expect(name: str, value: object) -> str:
    """What is expected of an output: `health is at_risk`, `points of usage is 50`, `not busy`."""
    owner, _, role = name.partition("__")
    if not role:
        return owner if value is True else f"not {owner}"
    if role == "points":
        said = "missing" if value is None else write_number(value)  # type: ignore[arg-type]
        return f"points of {owner} is {said}"
    return f"{owner} is missing" if value is None else f"{owner} is {_word(str(value))}"


def _word(value: str) -> str:
    return value if value.replace("_", "").isalnum() else quoted(value)
