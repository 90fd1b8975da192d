"""Books to report on, written by hand: a plain one, one of text that tries to be more, and odd ones."""

from datetime import date
from decimal import Decimal

from healthdsl.explain.explanation import Badge, RulesetLine
from healthdsl.reports.book.model import (
    BandCount,
    Bin,
    Book,
    CoverageBin,
    CoverageFigures,
    Histogram,
    Listed,
    PartLoss,
    RaisedCount,
    Reason,
    ReasonKind,
    ScoreFigures,
    SignalGaps,
    Threshold,
)
from tests.reports.pages import TRICKS

RED = Badge(name="at_risk", label="At risk", colour="red")
GREEN = Badge(name="healthy", label="Healthy", colour="green")
SCORES = ((10, RED), (22, RED), (40, GREEN), (41, GREEN), (41, GREEN), (95, GREEN), (100, GREEN))


def amount(text) -> Decimal:
    return Decimal(str(text))


def bins_of(scores, step=10):
    """Tenths from 0 to 100; 100 is in the last."""
    found = []
    for low in range(0, 100, step):
        inside = [band for score, band in scores if low <= score < low + step or (low + step == score == 100)]
        counts = (inside.count(RED), inside.count(GREEN))
        found.append(Bin(low=amount(low), high=amount(low + step), counts=counts))
    return tuple(found)


def listed(number, score, band, name="Company", **more):
    return Listed(id=f"A-{number}", name=name, score=amount(score), band=band, coverage=amount(75), **more)


BOOK = Book(
    ruleset=RulesetLine(
        name="northwind", title="Northwind health", version="1.2.0", owner="CS", fingerprint="0123456789ab"
    ),
    as_of=date(2026, 3, 31),
    accounts=8,
    scored=7,
    score=ScoreFigures(
        name="health",
        title="Health",
        lower_is_better=False,
        decimals=2,
        lowest=amount(10),
        median=amount(41),
        average=amount("49.86"),  # 349 / 7
        highest=amount(100),
        scale=(amount(0), amount(100)),
    ),
    histogram=Histogram(
        bins=bins_of(SCORES),
        bands=(RED, GREEN),
        thresholds=(Threshold(at=amount(40), included_above=True),),
        by_value=False,
    ),
    banded_by="band",
    bands=(
        BandCount(badge=RED, label="At risk", accounts=2, share=amount("25.0")),
        BandCount(badge=GREEN, label="Healthy", accounts=5, share=amount("62.5")),
        BandCount(badge=None, label="Not scored", accounts=1, share=amount("12.5")),
    ),
    coverage=CoverageFigures(
        average=amount("87.5"),
        bins=tuple(
            CoverageBin(low=low, high=min(low + 10, 100), accounts={70: 4, 100: 4}.get(low, 0))
            for low in range(0, 101, 10)
        ),
    ),
    reasons=(
        Reason(
            part="Use",
            reason=None,
            rule="",
            kind=ReasonKind.CURVE,
            accounts=6,
            share=amount("85.7"),
            points=amount("-120.5"),
            place="northwind.health:12",
        ),
        Reason(
            part="Tickets",
            reason="Three or more urgent tickets",
            rule="otherwise -> 0",
            kind=ReasonKind.RULE,
            accounts=2,
            share=amount("28.6"),
            points=amount("-50"),
        ),
        Reason(
            part=None,
            reason="A sponsor is named",
            rule="+5 when has_sponsor",
            kind=ReasonKind.STEP,
            accounts=1,
            share=amount("14.3"),
            points=amount("5"),
        ),
    ),
    more_reasons=0,
    losses=(
        PartLoss(
            name="use", title="Use", average=amount("17.21"), total=amount("120.5"), accounts=6, unknown=0
        ),
        PartLoss(
            name="tickets", title="Tickets", average=amount("7.14"), total=amount("50"), accounts=2, unknown=1
        ),
    ),
    worst=(
        listed(1, 10, RED, reason="Use: 3%", lost=amount("60.25"), page="book/a-1-00.html"),
        listed(2, 22, RED, reason="Use: 11%", lost=amount(51), page="book/a-2-00.html"),
        listed(3, 40, GREEN),
        listed(4, 41, GREEN),
    ),
    best=(listed(7, 100, GREEN), listed(6, 95, GREEN), listed(5, 41, GREEN)),
    signals=(
        SignalGaps(
            name="nps",
            title="NPS",
            derived=False,
            missing=4,
            share=amount("50.0"),
            expired=1,
            defaulted=0,
            bad=2,
        ),
        SignalGaps(
            name="trend",
            title="Trend",
            derived=True,
            missing=1,
            share=amount("12.5"),
            expired=0,
            defaulted=0,
            bad=0,
        ),
    ),
    bad_cells=2,
    flags=(RaisedCount(word="flag", name="grow", title="Room to grow", accounts=2, share=amount("25.0")),),
    plays=(RaisedCount(word="play", name="call", title="Call them", accounts=0, share=amount("0.0")),),
)

assert BOOK.histogram is not None
assert BOOK.score is not None
LONG = "x" * 300
_TRICKY_BADGE = Badge(name="at_risk", label=TRICKS, colour="<red>")
TRICKY = BOOK.model_copy(
    update={
        "ruleset": BOOK.ruleset.model_copy(update={"title": TRICKS, "owner": TRICKS}),
        "histogram": BOOK.histogram.model_copy(update={"bands": (_TRICKY_BADGE, None)}),
        "bands": (BandCount(badge=_TRICKY_BADGE, label=TRICKS, accounts=8, share=amount(100)),),
        "reasons": tuple(
            each.model_copy(update={"part": TRICKS, "reason": TRICKS, "rule": TRICKS, "place": TRICKS})
            for each in BOOK.reasons
        ),
        "losses": tuple(each.model_copy(update={"title": TRICKS}) for each in BOOK.losses),
        "worst": (
            listed(1, 10, _TRICKY_BADGE, name=TRICKS, reason=TRICKS, lost=amount(1), page="book/a-1-00.html"),
            listed(2, 11, None, name=LONG, reason=LONG),
            listed(3, 12, None, name="שלום עולם"),
        ),
        "signals": tuple(each.model_copy(update={"title": TRICKS}) for each in BOOK.signals),
        "flags": tuple(each.model_copy(update={"title": TRICKS}) for each in BOOK.flags),
    }
)


def nothing_in(**update: object) -> Book:
    """The book without scores."""
    empty = dict.fromkeys(("bands", "reasons", "losses", "worst", "best", "signals", "flags", "plays"), ())
    nothing = {"score": None, "histogram": None, "coverage": None, "banded_by": None, "as_of": None}
    return BOOK.model_copy(update={**empty, **nothing, "scored": 0, "bad_cells": 0, **update})


BY_VALUE = BOOK.model_copy(
    update={
        "histogram": Histogram(
            bins=(
                Bin(low=None, high=amount(0), counts=(1,)),
                *(Bin(low=amount(k), high=amount(k), counts=(1,)) for k in range(5)),
                Bin(low=amount(5), high=None, counts=(1,)),
            ),
            bands=(None,),
            thresholds=(),
            by_value=True,
        )
    }
)

BOOKS = {
    "plain": BOOK,
    "tricky": TRICKY,
    "no_accounts": nothing_in(accounts=0),
    "no_scores": nothing_in(score=BOOK.score.model_copy(update={"lowest": None, "median": None})),
    "flags_only": nothing_in(flags=BOOK.flags),
    "by_value": BY_VALUE,
    "risk": BOOK.model_copy(update={"score": BOOK.score.model_copy(update={"lower_is_better": True})}),
}
