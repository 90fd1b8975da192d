"""The lists of a book with what the explanations of their accounts say: the top reason, and where it lies."""

from __future__ import annotations

from collections.abc import Mapping

from healthdsl.explain.explanation import Cause, Explanation, ScoreLine
from healthdsl.reports.book.model import Book, Listed


def with_reason(listed: Listed, explanation: Explanation) -> Listed:
    """A listed account with what costs it most; without a score, with why it has none."""
    main = explanation.main
    if main is None:
        return listed
    if main.score is None:
        return listed.model_copy(update={"reason": "; ".join(main.unscored) or None})
    if not main.causes:
        return listed
    cause = main.causes[0]
    return listed.model_copy(update={"reason": _told(main, cause), "lost": cause.lost})


def _told(score: ScoreLine, cause: Cause) -> str:
    """A measure with the words of the ruleset, else with the value it read; the label of an adjustment is its
    reason.
    """
    part = next((part for part in score.parts if part.title == cause.label), None)
    if part is None:
        return cause.label
    fact = part.facts[0] if len(part.facts) == 1 else None
    if cause.reason is None or (fact is not None and cause.reason.startswith(f"{fact.title}: {fact.text}")):
        return cause.label if fact is None else f"{cause.label}: {fact.text}"
    return f"{cause.label}: {cause.reason}"


def with_accounts(book: Book, listed: Mapping[str, Listed]) -> Book:
    """The book with these accounts in the place of those of the same id."""
    return book.model_copy(
        update={
            "worst": tuple(listed.get(each.id, each) for each in book.worst),
            "best": tuple(listed.get(each.id, each) for each in book.best),
            "unscored": tuple(listed.get(each.id, each) for each in book.unscored),
        }
    )
