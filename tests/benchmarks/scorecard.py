"""The workload: scorecard-12, as a ruleset, as a hand-tuned function, and random records for both.

12 signals, 5% of them missing; three curves in a re-weighted average, 8 point rules with and, or, not, a
first match of six rows, a linear scale; groups without data drop out; a penalty, a cap, a clamp, rounding;
four bands.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import floor, inf, nan
from random import Random
from typing import Any

RULESET = """\
ruleset scorecard_12  "Scorecard of 12 signals"
  language 1
  version  1.0.0

signal utilisation  percent from 0% to 150%     "Seats in use"
  stored as 0.45 for 45%
signal breadth      percent from 0% to 100%     "Features in use"
  stored as 0.45 for 45%
signal logins       number from 0 to 500        "Logins a week and user"
signal nps          number from -100 to 100     "Latest NPS answer"
signal csat         number from 1 to 5          "Average CSAT"
signal tickets      count                       "Open tickets"
signal tenure       days from 0 to 36500        "Age of the contract"
signal seats        count                       "Licensed seats"
signal plan         one of free, pro, enterprise
signal has_sponsor  yes/no                      "Executive sponsor named"
signal overdue      days from 0 to 36500        "Oldest unpaid invoice"
signal renewal_in   days from -3650 to 36500    "Days to renewal"

measure utilisation curve
  20% -> 0
  60% -> 70
  90% -> 100

measure breadth curve
  10% -> 0
  50% -> 100

measure logins curve
  0  -> 0
  5  -> 60
  20 -> 100

group usage average
  3 utilisation
  2 breadth
  1 logins

measure support = 50
  +20 when csat at least 4.5
  -20 when csat below 3
  +10 when tickets is 0 and csat at least 4
  -10 when tickets above 5 or csat below 2
  -15 when tickets above 10 and not has_sponsor
  +10 when has_sponsor and tenure above 365 days
  +5 when not (plan is free) and seats at least 50
  -5 when tenure below 90 days
  within 0 to 100

measure fit first match
  when plan is enterprise and seats at least 500 -> 100
  when plan is enterprise                        -> 85
  when plan is pro and seats at least 100        -> 70
  when plan is pro                               -> 55
  when seats at least 20                         -> 35
  otherwise                                      -> 20

measure sentiment = (nps + 100) / 2

score health average within 0 to 100
  40 usage
  25 support
  15 fit
  20 sentiment
  -15 when renewal_in from 0 to 60 and not has_sponsor
  cap at 40 when overdue above 60 days
  round to whole number

bands health
  below 40  -> critical  red
  below 60  -> at_risk   orange
  below 75  -> neutral   yellow
  otherwise -> healthy   green
"""


def hand_tuned(record: Mapping[str, Any]) -> tuple[float | None, str | None]:  # noqa: C901, PLR0915
    """Score and band as a good programmer would write them for speed; nothing is checked, nothing kept."""
    get = record.get
    utilisation, breadth, logins = get("utilisation"), get("breadth"), get("logins")
    nps, csat, tickets = get("nps"), get("csat"), get("tickets")
    tenure, seats, plan = get("tenure"), get("seats"), get("plan")
    sponsor, overdue, renewal = get("has_sponsor"), get("overdue"), get("renewal_in")
    points = weight = 0.0
    part = known = 0.0
    # NaN and infinity are missing, too: only for a finite x is x - x zero.
    if csat is not None and csat - csat != 0.0:
        csat = None
    if utilisation is not None and utilisation - utilisation == 0.0:
        known = 3.0
        if utilisation >= 0.9:
            part = 300.0
        elif utilisation >= 0.6:
            part = 210.0 + (utilisation - 0.6) * 300.0
        elif utilisation > 0.2:
            part = (utilisation - 0.2) * 525.0
    if breadth is not None and breadth - breadth == 0.0:
        known += 2.0
        if breadth >= 0.5:
            part += 200.0
        elif breadth > 0.1:
            part += (breadth - 0.1) * 500.0
    if logins is not None and logins - logins == 0.0:
        known += 1.0
        if logins >= 20.0:
            part += 100.0
        elif logins >= 5.0:
            part += 60.0 + (logins - 5.0) * 2.6666666666666665
        elif logins > 0.0:
            part += logins * 12.0
    if known:
        points = 40.0 * part / known
        weight = 40.0
    if not (
        csat is None
        and tickets is None
        and sponsor is None
        and tenure is None
        and plan is None
        and seats is None
    ):
        support = 50.0
        if csat is not None:
            if csat >= 4.5:
                support += 20.0
            if csat < 3.0:
                support -= 20.0
            if csat >= 4.0 and tickets == 0:
                support += 10.0
        if (tickets is not None and tickets > 5) or (csat is not None and csat < 2.0):
            support -= 10.0
        if sponsor is False and tickets is not None and tickets > 10:
            support -= 15.0
        if tenure is not None:
            if sponsor and tenure > 365:
                support += 10.0
            if tenure < 90:
                support -= 5.0
        if plan is not None and plan != "free" and seats is not None and seats >= 50:
            support += 5.0
        points += 25.0 * (0.0 if support < 0.0 else 100.0 if support > 100.0 else support)
        weight += 25.0
    if plan is not None or seats is not None:
        if plan == "enterprise":
            fit = 100.0 if seats is not None and seats >= 500 else 85.0
        elif plan == "pro":
            fit = 70.0 if seats is not None and seats >= 100 else 55.0
        else:
            fit = 35.0 if seats is not None and seats >= 20 else 20.0
        points += 15.0 * fit
        weight += 15.0
    if nps is not None and nps - nps == 0.0:
        points += 20.0 * ((nps + 100.0) / 2.0)
        weight += 20.0
    if not weight:
        return None, None
    score = points / weight
    if renewal is not None and 0 <= renewal <= 60 and sponsor is False:
        score -= 15.0
    if overdue is not None and overdue > 60 and score > 40.0:
        score = 40.0
    score = float(floor((0.0 if score < 0.0 else 100.0 if score > 100.0 else score) + 0.500000001))
    if score < 40.0:
        return score, "critical"
    if score < 60.0:
        return score, "at_risk"
    return score, "neutral" if score < 75.0 else "healthy"


def random_records(count: int, seed: int) -> list[dict[str, object]]:
    """Records with 5% of the values missing, some of them exactly on a threshold."""
    rng = Random(seed)
    return [_record(rng, number) for number in range(count)]


def odd_records(count: int, seed: int) -> list[dict[str, object]]:
    """The same with every way of being missing: None, no key, NaN, infinity."""
    rng = Random(seed)
    records = random_records(count, seed)
    for record in records:
        for name in [name for name, value in record.items() if value is None]:
            if rng.random() < 0.3:
                del record[name]
            elif name in ("utilisation", "breadth", "logins", "nps", "csat") and rng.random() < 0.7:
                record[name] = rng.choice([nan, inf, -inf])
    return records


def _record(rng: Random, number: int) -> dict[str, object]:
    record: dict[str, object] = {
        "account_id": f"A{number}",
        "account_name": f"Account {number}",
        "utilisation": round(rng.uniform(0.0, 1.2), rng.choice([2, 4])),
        "breadth": round(rng.random(), rng.choice([1, 3])),
        "logins": round(rng.uniform(0.0, 30.0), rng.choice([0, 2])),
        "nps": float(rng.randint(-100, 100)),
        "csat": round(rng.uniform(1.0, 5.0), 1),
        "tickets": rng.choice([0, 0, 1, 2, 4, 5, 6, 11, 20]),
        "tenure": rng.randrange(1500),
        "seats": rng.choice([5, 20, 49, 50, 100, 250, 500, 2000]),
        "plan": rng.choice(["free", "pro", "enterprise"]),
        "has_sponsor": rng.random() < 0.5,
        "overdue": rng.choice([0, 0, 0, 10, 60, 61, 90]),
        "renewal_in": rng.randrange(-30, 400),
    }
    for name in list(record)[2:]:
        if rng.random() < 0.05:
            record[name] = None
    return record
