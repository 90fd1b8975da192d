"""What a change of a ruleset does to a book of accounts: both versions and a book in, a `Plan` out.

The book is read once. The old version, the new one and every stage between them are one graph, so that what
they share is worked out once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from glob import glob
from pathlib import Path

from healthdsl.batch.bad_cells import BadCells
from healthdsl.batch.frames import is_path
from healthdsl.batch.plan_bands import find_matrix, find_ranks
from healthdsl.batch.plan_columns import Question, question_of
from healthdsl.batch.plan_figures import (
    Scored,
    find_edits,
    find_money,
    find_movers,
    find_others,
    find_totals,
)
from healthdsl.batch.plan_raised import find_raised
from healthdsl.batch.plan_titles import titled_sentences
from healthdsl.batch.reading import Asked
from healthdsl.batch.scoring import Job, Limits, ScoredBook, scored_book
from healthdsl.batch.summary_scores import score_decimals
from healthdsl.diff.change import Difference
from healthdsl.diff.steps import Stages, Way
from healthdsl.explain.better import lower_is_better
from healthdsl.graph.fingerprint import fingerprint
from healthdsl.graph.versions import Versions
from healthdsl.model.ruleset import Ruleset
from healthdsl.records.reading import Warn
from healthdsl.reports.plan.model import Plan, Side, Told

LISTED = 20
LARGE = 8_000_000
"""Bytes of accounts: with more of them every stage takes its time."""
MOST_STAGES = (24, 12, 8, 6, 4, 3, 2, 1)
MOST_WORK = 1.7
"""How many operations of the new ruleset alone all versions together may have, for a large book."""


@dataclass(frozen=True, slots=True)
class Book:
    """The accounts with their rows, the day to score for, and the column of the account id."""

    accounts: object
    rows: Mapping[str, object] = field(default_factory=dict)
    as_of: date | None = None
    id_column: str | None = None
    warn: Warn = lambda _: None


@dataclass(frozen=True, slots=True)
class Planned:
    """Both versions with what changed, and how many accounts of a kind are listed."""

    old: Ruleset
    new: Ruleset
    difference: Difference
    listed: int = LISTED


def make_plan(
    planned: Planned, book: Book, limits: Limits, folder: Path, tell_bad: Callable[[BadCells], None]
) -> Plan:
    """Score the book by both versions; `folder` takes all that is written on the way, `tell_bad` is told of
    cells that could not be used. FileError for files that cannot be used.
    """
    stages, question = _asked_of(planned, is_large=_bytes_of(book.accounts) > LARGE)
    asked = Asked(question.ruleset, question.graph, book.accounts, book.rows, book.id_column, book.warn)
    job = Job(asked, question.wanted, book.as_of, limits, as_file=True)
    with scored_book(job, folder) as source:
        if source.bad.total:
            tell_bad(source.bad)
        return _plan(planned, stages, question, source, book.as_of)


def _asked_of(planned: Planned, *, is_large: bool) -> tuple[Stages, Question]:
    """The stages with what to ask; for a large book so few of them that asking takes little longer."""
    way, known = Way(planned.old, planned.new, planned.difference), Versions()
    for most in MOST_STAGES:
        stages = way.stages(most)
        question = question_of(stages, planned.new, known)
        if not is_large or len(question.graph.ops) <= MOST_WORK * question.alone:
            break
    return stages, question


def _bytes_of(accounts: object) -> int:
    """The size of the files of accounts; 0 for what is no file."""
    if not is_path(accounts):
        return 0
    named = accounts if isinstance(accounts, (list, tuple)) else [accounts]
    sizes = 0
    for name in named:
        found = glob(str(name)) or [str(name)]  # noqa: PTH207 -- a pattern of any place
        sizes += sum(Path(path).stat().st_size for path in found if Path(path).is_file())
    return sizes


def _plan(
    planned: Planned, stages: Stages, question: Question, source: ScoredBook, as_of: date | None
) -> Plan:
    new = planned.new
    decimals = max(score_decimals(stages.start), score_decimals(new))
    ranks = find_ranks(stages.start, new)
    has_names = "account_name" in source.columns
    scored = Scored(source.ask, source.relation, has_names, question, ranks, decimals, planned.listed)
    totals = find_totals(scored)
    sentence = titled_sentences(planned.old, new)
    sentences = [tuple(map(sentence, stage.changes)) for stage in stages.stages]
    return Plan(
        old=_side(planned.old),
        new=_side(new),
        as_of=as_of,
        changes=tuple(
            Told(effect=change.effect.value, sentence=sentence(change))
            for change in planned.difference.changes
        ),
        totals=totals,
        lower_is_better=new.main_score is not None and lower_is_better(new, new.main_score),
        decimals=decimals,
        matrix=find_matrix(source.ask, source.relation, ranks, question.last, len(question.money)),
        edits=find_edits(scored, sentences),
        by_declaration=stages.by_declaration,
        movers=find_movers(scored, totals),
        money=find_money(scored),
        raised=find_raised(scored),
        others=find_others(scored),
        bad_cells=source.bad.total,
    )


def _side(ruleset: Ruleset) -> Side:
    return Side(
        source=ruleset.source_name,
        name=ruleset.name,
        title=ruleset.title,
        version=ruleset.version,
        fingerprint=fingerprint(ruleset),
    )
