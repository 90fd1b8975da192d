"""What a whole book of accounts comes to: a scored book in, a `Book` out.

Only aggregates leave the engine: whatever the number of accounts, a page full of numbers comes back. Each
query reads the few columns it needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from healthdsl.batch.summary_lists import ends_of, without_score
from healthdsl.batch.summary_numbers import percent, points, whole
from healthdsl.batch.summary_rules import Rules, find_losses, find_reasons
from healthdsl.batch.summary_scores import Scores, badge_of, bands_of, score_figures
from healthdsl.batch.summary_sql import Scored, count, total
from healthdsl.explain.explanation import Badge, RulesetLine
from healthdsl.explain.reach import Reaches
from healthdsl.model.ruleset import Ruleset, Signal
from healthdsl.reports.book.model import (
    BandCount,
    Book,
    CoverageBin,
    CoverageFigures,
    RaisedCount,
    SignalGaps,
)

MOST_REASONS = 20


@dataclass(frozen=True, slots=True)
class Subject:
    """What was scored: the ruleset with its fingerprint, what each output can reach, and for which day."""

    ruleset: Ruleset
    fingerprint: str
    reaches: Reaches
    as_of: date | None


def summarise(subject: Subject, scored: Scored, bad: Mapping[str, int]) -> Book:
    """The numbers of a scored book. `bad` counts the cells that could not be used by signal.

    The lists are without reasons and pages: those come from single accounts.
    """
    ruleset = subject.ruleset
    (found,) = scored.row([count()])
    accounts = whole(found)
    figures = score_figures(Scores(scored, ruleset, subject.reaches)) if ruleset.main_score else None
    with_score = figures.scored if figures else 0
    rules = Rules(scored, ruleset, subject.reaches, with_score)
    reasons = find_reasons(rules) if with_score else ()
    worst, best = ends_of(scored, ruleset, with_score)
    banded_by, bands = _bands(scored, ruleset, accounts)
    signals = _signals(scored, ruleset, accounts, bad)
    raised = _raised(scored, ruleset, accounts)
    return Book(
        ruleset=_ruleset_line(subject),
        as_of=subject.as_of,
        accounts=accounts,
        scored=with_score,
        score=figures.score if figures else None,
        histogram=figures.histogram if figures else None,
        banded_by=banded_by,
        bands=bands,
        coverage=_coverage(scored),
        reasons=reasons[:MOST_REASONS],
        more_reasons=max(len(reasons) - MOST_REASONS, 0),
        losses=find_losses(rules) if with_score else (),
        worst=worst,
        best=best,
        unscored=without_score(scored, ruleset),
        signals=signals,
        bad_cells=sum(bad.values()),
        flags=tuple(each for each in raised if each.word == "flag"),
        plays=tuple(each for each in raised if each.word == "play"),
    )


def _ruleset_line(subject: Subject) -> RulesetLine:
    ruleset = subject.ruleset
    return RulesetLine(
        name=ruleset.name,
        title=ruleset.title,
        version=ruleset.version,
        owner=ruleset.owner,
        fingerprint=subject.fingerprint,
    )


# Bands -----------------------------------------------------------------------


def _bands(scored: Scored, ruleset: Ruleset, accounts: int) -> tuple[str | None, tuple[BandCount, ...]]:
    """What the accounts are sorted by (bands, or levels where there are none), and how many are in each."""
    main = ruleset.main_score
    named, role = bands_of(ruleset, main), "band"
    if not named:
        node = next((node for node in ruleset.nodes if node.name == main), None)
        levels = node.levels if node is not None else None
        named = next((each.levels for each in ruleset.levels if each.name == levels), ())
        role = "level"
    column = scored.output(f"{main}__{role}") if named else None
    if column is None:
        return None, ()
    score = scored.output(f"{main}__points") or "NULL"
    rows = scored.rows([f"{column} AS named", count(), count(f"{score} IS NULL")], "GROUP BY named")
    counts = {name: (whole(number), whole(unscored)) for name, number, unscored in rows}
    found = []
    for level in named:
        badge = badge_of(level)
        found.append(_band(badge, badge.label, counts.get(level.name, (0, 0))[0], accounts))
    without, unscored = counts.get(None, (0, 0))
    if without - unscored:
        found.append(_band(None, f"No {role}", without - unscored, accounts))
    if unscored:
        found.append(_band(None, "Not scored", unscored, accounts))
    return role, tuple(found)


def _band(badge: Badge | None, label: str, number: int, accounts: int) -> BandCount:
    return BandCount(badge=badge, label=label, accounts=number, share=percent(number, accounts))


# Coverage --------------------------------------------------------------------


def _coverage(scored: Scored) -> CoverageFigures | None:
    """Tenths of the weight, and 100% for itself; None where coverage means nothing."""
    column = scored.output(f"{scored.main}__coverage") if scored.main else None
    if column is None:
        return None
    tenth = f"LEAST(FLOOR({column} * 10 + 1e-9), 10)"
    rows = scored.rows([f"{tenth} AS tenth", count()], f"WHERE {column} IS NOT NULL\nGROUP BY tenth")
    counts = {int(index): whole(number) for index, number in rows}
    known, sum_ = scored.row([count(f"{column} IS NOT NULL"), total(column)])
    if not known:
        return None
    return CoverageFigures(
        average=points(sum_ * 100 / known, 1),
        bins=tuple(
            CoverageBin(low=10 * k, high=min(10 * k + 10, 100), accounts=counts.get(k, 0)) for k in range(11)
        ),
    )


# Signals ---------------------------------------------------------------------


def _signals(
    scored: Scored, ruleset: Ruleset, accounts: int, bad: Mapping[str, int]
) -> tuple[SignalGaps, ...]:
    """The signals with gaps, most first; then the columns of rows that had bad cells."""
    asked = [each for signal in ruleset.signals for each in _gap_counts(scored, signal)]
    found = scored.row(asked) if asked else ()
    gaps = []
    for k, signal in enumerate(ruleset.signals):
        missing_, expired_, defaulted = (whole(number) for number in found[3 * k : 3 * k + 3])
        if missing_ or bad.get(signal.name):
            gaps.append(
                SignalGaps(
                    name=signal.name,
                    title=signal.title or signal.name,
                    derived=signal.formula is not None,
                    missing=missing_,
                    share=percent(missing_, accounts),
                    expired=expired_,
                    defaulted=defaulted,
                    bad=bad.get(signal.name, 0),
                )
            )
    gaps.sort(key=lambda gap: (gap.derived, -gap.missing, -gap.bad))
    return (*gaps, *_row_columns(ruleset, bad))


def _gap_counts(scored: Scored, signal: Signal) -> list[str]:
    """Missing, expired and defaulted. A formula has a value or has none; an input is supplied or is not."""
    value, supplied = scored.output(signal.name) or "NULL", scored.output(f"{signal.name}__supplied")
    if signal.formula is not None or supplied is None:
        return [count(f"{value} IS NULL"), "0", "0"]
    expired = scored.output(f"{signal.name}__expired") or "FALSE"
    return [count(f"NOT {supplied}"), count(expired), count(f"NOT {supplied} AND {value} IS NOT NULL")]


def _row_columns(ruleset: Ruleset, bad: Mapping[str, int]) -> list[SignalGaps]:
    titles = {
        f"{table.name}.{column.name}": f"{table.title or table.name}: {column.title or column.name}"
        for table in ruleset.tables
        for column in table.columns
    }
    return [
        SignalGaps(
            name=name,
            title=title,
            derived=False,
            missing=0,
            share=percent(0, 1),
            expired=0,
            defaulted=0,
            bad=bad[name],
        )
        for name, title in titles.items()
        if name in bad
    ]


# Flags and plays -------------------------------------------------------------


def _raised(scored: Scored, ruleset: Ruleset, accounts: int) -> tuple[RaisedCount, ...]:
    """Every flag and play in the order of the text; one that nobody raises says something too."""
    if not ruleset.raised:
        return ()
    counts = scored.row([count(scored.output(flag.name)) for flag in ruleset.raised])
    return tuple(
        RaisedCount(
            word=flag.word,
            name=flag.name,
            title=flag.title,
            accounts=whole(number),
            share=percent(whole(number), accounts),
        )
        for flag, number in zip(ruleset.raised, counts, strict=True)
    )
