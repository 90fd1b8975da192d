"""The wording of a book that its reports share."""

from __future__ import annotations

from decimal import Decimal

from healthdsl.explain.amounts import DECIMALS
from healthdsl.explain.explanation import Badge
from healthdsl.reports.book.model import (
    Bin,
    Book,
    CoverageBin,
    Histogram,
    Listed,
    Reason,
    ReasonKind,
    ScoreFigures,
)
from healthdsl.reports.clean import clean, cut
from healthdsl.reports.figures import figure, percent, signed

LONGEST_LABEL = 28
"""In columns of text."""


def number(count: int, word: str) -> str:
    """`1 account`, `12,000 accounts`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def subject(book: Book) -> list[str]:
    """What was scored when by which ruleset, piece by piece."""
    pieces = [number(book.accounts, "account")]
    pieces += [f"as of {book.as_of.isoformat()}"] if book.as_of is not None else []
    return [*pieces, f"version {book.ruleset.version}", f"fingerprint {book.ruleset.fingerprint}"]


def tiles(book: Book) -> list[tuple[str, str, str]]:
    """The figures at the top: what it is, the figure, and what it is of."""
    found = [("Accounts", f"{book.accounts:,}", "")]
    score = book.score
    if score is not None and book.accounts:
        found.append(("With a score", f"{book.scored:,}", percent(_share(book.scored, book.accounts))))
    if score is not None and book.scored:
        places = _places(score)
        ends = f"{brief(score.lowest, places)} to {brief(score.highest, places)}"
        found += [
            ("Median score", brief(score.median, places), ends),
            ("Average score", brief(score.average, places), ""),
        ]
    if book.coverage is not None:
        found.append(("Known", percent(book.coverage.average), "on average"))
    return found


def _places(score: ScoreFigures) -> int:
    """Where the ruleset says with how few decimals scores are shown, all of them have those; else each has
    its own.
    """
    if score.decimals >= DECIMALS:
        return 0
    return decimals_of([score.lowest, score.median, score.average, score.highest])


def brief(amount: Decimal | None, decimals: int = 0) -> str:
    """A figure with the decimals that its size deserves, of a small one at least `decimals`."""
    if amount is None or abs(amount) < 100:
        return figure(amount, decimals)
    return figure(round(amount, 1 if abs(amount) < 1000 else 0))


def _share(part: int, whole: int) -> Decimal:
    return round(Decimal(part * 100) / Decimal(whole), 1)


def bin_words(histogram: Histogram, each: Bin) -> str:
    """`40 to 45`, `7`, `below 0`, `from 100 on`."""
    if each.low is None:
        return f"below {figure(each.high)}"
    if each.high is None:
        return f"from {figure(each.low)} on"
    return figure(each.low) if histogram.by_value else f"{figure(each.low)} to {figure(each.high)}"


def coverage_words(each: CoverageBin) -> str:
    return "100%" if each.low == each.high else f"{each.low} to under {each.high}%"


def band_label(band: Badge | None) -> str:
    return "no band" if band is None else band.label


def worst_first(book: Book) -> bool:
    """Whether the two lists together are all accounts with a score: then they are one list."""
    return 0 < book.scored == len(book.worst) + len(book.best)


def listed_as(book: Book) -> list[tuple[str, tuple[Listed, ...]]]:
    """The lists with their titles."""
    lists = [("Worst accounts", book.worst), ("Best accounts", book.best)]
    if worst_first(book):
        lists = [("All accounts with a score, worst first", (*book.worst, *reversed(book.best)))]
    without, listed = book.accounts - book.scored, len(book.unscored)
    first = f", the first {listed:,} of {without:,}" if without > listed else ""
    lists.append((f"Without a score{first}", book.unscored))
    return [(title, found) for title, found in lists if found]


def why(book: Book, listed: Listed, decimals: int = 0) -> str:
    """The top reason with what it did to the score."""
    if listed.reason is None or listed.lost is None:
        return listed.reason or ""
    lower = book.score is not None and book.score.lower_is_better
    return f"{listed.reason} ({signed(listed.lost if lower else -listed.lost, decimals)})"


def short(label: str) -> str:
    """A label that fits beside others; the table of bands has it in full."""
    return cut(clean(label), LONGEST_LABEL)


def reason_head(reason: Reason) -> str:
    """What a reason is called: its own words, else what it belongs to."""
    return reason.reason or reason.part or reason.rule


def reason_detail(reason: Reason) -> str:
    """What stands below it."""
    if reason.kind is ReasonKind.CURVE:
        return "by its value"
    if reason.reason:
        return reason.part or ""
    return reason.rule if reason.part else ""


def per_account(book: Book, reason: Reason) -> str:
    """The points in each of the accounts concerned, on average; with the decimals that the column needs."""
    places = decimals_of([_each(book, one) for one in book.reasons])
    found = _each(book, reason)
    return "" if found is None else signed(found, places)


def _each(book: Book, reason: Reason) -> Decimal | None:
    places = DECIMALS if book.score is None else min(book.score.decimals, DECIMALS)
    return round(reason.points / reason.accounts, places) if reason.accounts else None


def decimals_of(amounts: list[Decimal | None], most: int = 2) -> int:
    """The decimals that a column of amounts needs."""
    places = [len(f"{amount:f}".partition(".")[2].rstrip("0")) for amount in amounts if amount is not None]
    return min(max(places, default=0), most)


def book_foot(book: Book) -> str:
    """Ruleset, version, owner and fingerprint, for the foot of the page."""
    ruleset = book.ruleset
    pieces = [f"{ruleset.title} ({ruleset.name})", f"version {ruleset.version}"]
    pieces += [f"owner {ruleset.owner}"] if ruleset.owner else []
    pieces += [f"fingerprint {ruleset.fingerprint}"] if ruleset.fingerprint else []
    return ", ".join(pieces)
