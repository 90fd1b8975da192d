"""A ruleset and output values made by hand, for tests of explaining that must not depend on any earlier
stage.
"""

from fractions import Fraction

from healthdsl.model.expressions import Compare, Constant, Expression, Relation, SignalValue
from healthdsl.model.ruleset import (
    Action,
    Bands,
    Combination,
    EdgeRung,
    Flag,
    Level,
    Method,
    Missing,
    Outcome,
    Part,
    Points,
    Rest,
    Row,
    RuleNode,
    Ruleset,
    Signal,
    Step,
    Table,
    TableKind,
    ToLevel,
    Variant,
)
from healthdsl.model.types import COUNT, DAYS, NUMBER, PERCENT, YES_NO, Type
from healthdsl.source import Span

SKIP = Missing(Outcome.SKIP, written=False)


def number(value: int | str, type_: Type = NUMBER) -> Constant:
    return Constant(Fraction(value), type_)


def place(line: int) -> Span:
    return Span(line * 10, line * 10 + 5, line)


def signal(name: str, type_: Type, title: str, line: int) -> Signal:
    return Signal(name=name, type=type_, title=title, column=name, span=place(line))


def below(limit: int | str, points: int, line: int, reason: str | None = None) -> Row:
    key = EdgeRung(None, False, number(limit), False)
    text = f"below {limit} -> {points}"
    return Row(key=key, result=Points(number(points)), reason=reason, text=text, span=place(line))


def otherwise(points: int, line: int, reason: str | None = None) -> Row:
    key, result = Rest(True, False), Points(number(points))
    return Row(key=key, result=result, reason=reason, text=f"otherwise -> {points}", span=place(line))


def ladder(subject: SignalValue, line: int, *rows: Row, title: str = "") -> RuleNode:
    body = Table(TableKind.LADDER, subject, rows)
    variant = Variant(body=body, missing=SKIP, span=place(line))
    return RuleNode(
        word="measure", name=subject.name, title=title, levels=None, variants=(variant,), span=place(line)
    )


def combination(word: str, name: str, method: Method, parts: dict[str, int], line: int, **rest) -> RuleNode:
    rows = tuple(
        Part(node=part, weight=Fraction(weight), span=place(line + k), text=f"{weight} {part}")
        for k, (part, weight) in enumerate(parts.items(), 1)
    )
    variant = Variant(body=Combination(method, rows), missing=SKIP, span=place(line), **rest)
    return RuleNode(word=word, name=name, title="", levels=None, variants=(variant,), span=place(line))


def band(limit: int | None, name: str, colour: str, line: int) -> tuple[Row, Level]:
    key = Rest(True, False) if limit is None else EdgeRung(None, False, number(limit), False)
    level = Level(name=name, label=name.replace("_", " ").capitalize(), colour=colour, span=place(line))
    return Row(key=key, result=ToLevel(name), span=place(line)), level


def bands(node: str, line: int, *rows: tuple[Row, Level]) -> Bands:
    return Bands(
        node=node,
        rows=tuple(row for row, _ in rows),
        bands=tuple(level for _, level in rows),
        span=place(line),
    )


def above(left: Expression, limit: int | str, type_: Type = NUMBER) -> Compare:
    return Compare(Relation.ABOVE, left, number(limit, type_))


SEATS = SignalValue("seats_in_use", PERCENT)
TICKETS = SignalValue("urgent_tickets", COUNT)
NPS = SignalValue("nps", NUMBER)
OVERDUE = SignalValue("overdue", DAYS)
SPONSOR = SignalValue("has_sponsor", YES_NO)

RULESET = Ruleset(
    name="saas_health",
    title="SaaS account health",
    version="2.1.0",
    owner="CS Operations",
    account_id=None,
    account_name=None,
    signals=(
        signal("seats_in_use", PERCENT, "Seats in use", 5),
        signal("urgent_tickets", COUNT, "Urgent tickets", 6),
        signal("nps", NUMBER, "Latest NPS answer", 7),
        signal("overdue", DAYS, "Age of the oldest unpaid invoice", 8),
        signal("has_sponsor", YES_NO, "Executive sponsor named", 9),
    ),
    tables=(),
    levels=(),
    nodes=(
        ladder(SEATS, 12, below("1/2", 20, 13, "Half of the seats stand empty"), otherwise(100, 14)),
        ladder(
            TICKETS, 16, below(1, 100, 17), below(3, 60, 18), otherwise(0, 19, "Three or more urgent tickets")
        ),
        ladder(NPS, 21, below(0, 0, 22), below(30, 50, 23), otherwise(100, 24)),
        combination("group", "usage", Method.AVERAGE, {"seats_in_use": 3, "urgent_tickets": 1}, 26),
        combination(
            "score",
            "health",
            Method.AVERAGE,
            {"usage": 60, "nps": 40},
            30,
            steps=(
                Step(
                    action=Action.ADD,
                    amount=number(-10),
                    condition=above(OVERDUE, 60, DAYS),
                    reason="Invoices over 60 days late",
                    text="-10 when overdue above 60 days",
                    span=place(34),
                ),
                Step(
                    action=Action.ADD,
                    amount=number(5),
                    condition=SPONSOR,
                    reason="A sponsor is named",
                    text="+5 when has_sponsor",
                    span=place(35),
                ),
            ),
            within=(Fraction(0), Fraction(100)),
            round_to=0,
        ),
    ),
    bands=(
        bands(
            "health",
            40,
            band(40, "critical", "red", 41),
            band(75, "at_risk", "orange", 42),
            band(None, "healthy", "green", 43),
        ),
    ),
    flags=(
        Flag(
            word="play",
            name="save_plan",
            title="Start the save plan today",
            condition=above(OVERDUE, 60, DAYS),
            span=place(46),
        ),
    ),
    main_score="health",
    source_name="saas.health",
)

# Seats 92% -> 100, tickets 2 -> 60: usage (3*100 + 60)/4 = 90. NPS unknown: health = 90, -10 = 80, no +5: 80.
VALUES: dict[str, object] = {
    "seats_in_use": 0.92,
    "seats_in_use__supplied": True,
    "urgent_tickets": 2.0,
    "urgent_tickets__supplied": True,
    "nps": None,
    "nps__supplied": False,
    "overdue": 75.0,
    "overdue__supplied": True,
    "has_sponsor": None,
    "has_sponsor__supplied": False,
    "seats_in_use__points": 100.0,
    "seats_in_use__applies": True,
    "seats_in_use__unscored": False,
    "seats_in_use__known": True,
    "seats_in_use__row": 1,
    "seats_in_use__base": 100.0,
    "urgent_tickets__points": 60.0,
    "urgent_tickets__applies": True,
    "urgent_tickets__unscored": False,
    "urgent_tickets__known": True,
    "urgent_tickets__row": 1,
    "urgent_tickets__base": 60.0,
    "nps__points": None,
    "nps__applies": True,
    "nps__unscored": False,
    "nps__known": False,
    "nps__row": -1,
    "nps__base": None,
    "usage__points": 90.0,
    "usage__applies": True,
    "usage__unscored": False,
    "usage__known": True,
    "usage__coverage": 1.0,
    "usage__base": 90.0,
    "usage__weight_1": 3.0,
    "usage__weight_2": 1.0,
    "usage__part_applies_1": True,
    "usage__part_applies_2": True,
    "health__points": 80.0,
    "health__applies": True,
    "health__unscored": False,
    "health__known": True,
    "health__coverage": 0.6,
    "health__base": 90.0,
    "health__weight_1": 60.0,
    "health__weight_2": 0.0,
    "health__part_applies_1": True,
    "health__part_applies_2": True,
    "health__fired_1": True,
    "health__after_1": 80.0,
    "health__fired_2": False,
    "health__after_2": 80.0,
    "health__snapped": 80.0,
    "health__within": 80.0,
    "health__band": "healthy",
    "save_plan": True,
}
