"""The flags and plays of a plan: who gets them and who loses them, and by which edit."""

from __future__ import annotations

from itertools import pairwise

from healthdsl.batch.plan_columns import Pair
from healthdsl.batch.plan_figures import Scored
from healthdsl.batch.summary_numbers import whole
from healthdsl.batch.summary_sql import count
from healthdsl.reports.plan.model import Raised, RaisedStep

MOST_EXAMPLES = 5


def find_raised(scored: Scored) -> tuple[Raised, ...]:
    """Every flag and play of either version."""
    question = scored.question
    return tuple(
        _raised(scored, pair, [column or "FALSE" for column in columns])
        for pair, columns in zip(question.flags, question.raised, strict=True)
    )


def _raised(scored: Scored, pair: Pair, stages: list[str]) -> Raised:
    """One flag; `stages` says at each stage whether it is raised."""
    flag = pair.new or pair.old
    assert flag is not None
    old, new = stages[0], stages[-1]
    touched = [(edit, *sides) for edit, sides in enumerate(pairwise(stages), 1) if sides[0] != sides[1]]
    asked = [count(old), count(new), count(_starts(old, new)), count(_starts(new, old))]
    for _, before, after in touched:
        asked += [count(_starts(before, after)), count(_starts(after, before))]
    was, now, starts, stops, *steps = map(whole, scored.row(asked))
    edits = [
        RaisedStep(edit=edit[0], starts=come, stops=go)
        for edit, come, go in zip(touched, steps[::2], steps[1::2], strict=True)
    ]
    return Raised(
        word=flag.word,
        name=pair.name,
        title=flag.title,
        before=was,
        after=now,
        starts=starts,
        stops=stops,
        starting=_examples(scored, _starts(old, new)) if starts else (),
        stopping=_examples(scored, _starts(new, old)) if stops else (),
        edits=tuple(each for each in edits if each.starts or each.stops),
    )


def _starts(before: str, after: str) -> str:
    return f"({after} IS TRUE AND {before} IS NOT TRUE)"


def _examples(scored: Scored, where: str) -> tuple[str, ...]:
    rows = scored.ask(
        f"SELECT account_id FROM {scored.relation} WHERE {where} "  # noqa: S608 -- own names
        f"ORDER BY account_id LIMIT {MOST_EXAMPLES}"
    )
    return tuple(str(row[0]) for row in rows)
