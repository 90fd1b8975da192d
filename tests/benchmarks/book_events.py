"""A score over 20 events an account: the ruleset, and the same by hand in SQL for DuckDB and for Spark.

Windows, `where`, a sum, an average, the latest value, the number of different ones; the amounts are cents.
"""

from __future__ import annotations

from tests.benchmarks.book_accounts import AS_OF

RULESET = """\
ruleset events_of_accounts  "Health from events"
  language 1
  version  1.0.0

signal seats  count                        "Licensed seats"
signal plan   one of free, pro, enterprise

rows events dated day
  kind     one of login, export, payment
  minutes  number from 0 to 1440
  amount   money in USD

signal logins         = count of events in last 30 days where kind is login
signal logins_before  = count of events in the 30 days before where kind is login
signal exports        = count of events in last 90 days where kind is export
signal paid           = sum amount of events in last 180 days where kind is payment
signal stay           = average minutes of events in last 90 days
signal last_stay      = latest minutes of events where kind is login
signal kinds          = distinct kind of events in last 90 days

measure activity curve of logins
  0 -> 0
  2 -> 60
  6 -> 100

measure trend first match
  when logins_before is 0 and logins above 0    -> 80
  when logins at least logins_before            -> 100
  when logins at least logins_before * 0.5      -> 50
  otherwise                                     -> 0

measure spending ladder of paid
  below 1 -> 20
  below 2_000 -> 60
  otherwise -> 100

measure depth = 40
  +20 when stay above 40
  -20 when last_stay below 5
  +10 per kinds above 1, up to 20 points
  +10 when exports at least 2 and not (plan is free)
  -10 when seats above 200 and logins below 3
  within 0 to 100

score health average
  40 activity
  20 trend
  15 spending
  25 depth
  round to 1 decimal

bands health
  below 40  -> critical  red
  below 60  -> at_risk   orange
  below 75  -> neutral   yellow
  otherwise -> healthy   green
"""

AGED = """\
aged AS (
  SELECT account_id, day, kind, minutes, amount, {age} AS age
  FROM events
  WHERE day <= {today}
)"""

GATHERED = """\
gathered AS (
  SELECT
    account_id,
    count(*) FILTER (WHERE age < 30 AND kind = 'login') AS logins,
    count(*) FILTER (WHERE age BETWEEN 30 AND 59 AND kind = 'login') AS logins_before,
    count(*) FILTER (WHERE age < 90 AND kind = 'export') AS exports,
    count(*) FILTER (WHERE age < 180 AND kind = 'payment') AS payments,
    round(sum(amount) FILTER (WHERE age < 180 AND kind = 'payment'), 2) AS paid,
    round(avg(minutes) FILTER (WHERE age < 90), 9) AS stay,
    {latest} FILTER (WHERE kind = 'login' AND minutes IS NOT NULL).minutes AS last_stay,
    max(CASE WHEN age < 90 AND kind = 'login' THEN 1 ELSE 0 END)
      + max(CASE WHEN age < 90 AND kind = 'export' THEN 1 ELSE 0 END)
      + max(CASE WHEN age < 90 AND kind = 'payment' THEN 1 ELSE 0 END) AS kinds
  FROM aged
  GROUP BY account_id
)"""

JOINED = """\
joined AS (
  SELECT
    accounts.account_id,
    accounts.seats,
    accounts.plan,
    coalesce(gathered.logins, 0) AS logins,
    coalesce(gathered.logins_before, 0) AS logins_before,
    coalesce(gathered.exports, 0) AS exports,
    CASE WHEN coalesce(gathered.payments, 0) = 0 THEN 0e0 ELSE gathered.paid END AS paid,
    gathered.stay,
    gathered.last_stay,
    coalesce(gathered.kinds, 0) AS kinds
  FROM accounts LEFT JOIN gathered ON accounts.account_id = gathered.account_id
)"""

MEASURED = """\
measured AS (
  SELECT
    *,
    CASE WHEN logins < 2 THEN logins * 30e0 WHEN logins < 6 THEN 60 + (logins - 2) * 10 ELSE 100 END
      AS activity__points,
    CASE
      WHEN logins_before = 0 AND logins > 0 THEN 80e0
      WHEN logins >= logins_before THEN 100
      WHEN logins >= logins_before * 0.5 THEN 50
      ELSE 0
    END AS trend__points,
    CASE WHEN paid < 1 THEN 20e0 WHEN paid < 2000 THEN 60 WHEN paid >= 2000 THEN 100 END AS spending__points,
    greatest(0e0, least(100e0, 40e0
      + CASE WHEN stay > 40 THEN 20 ELSE 0 END
      - CASE WHEN last_stay < 5 THEN 20 ELSE 0 END
      + CASE WHEN kinds > 1 THEN least(10 * (kinds - 1), 20) ELSE 0 END
      + CASE WHEN exports >= 2 AND plan <> 'free' THEN 10 ELSE 0 END
      - CASE WHEN seats > 200 AND logins < 3 THEN 10 ELSE 0 END)) AS depth__points
  FROM joined
),
scored AS (
  SELECT
    *,
    floor((40 * activity__points + 20 * trend__points
        + coalesce(15 * spending__points, 0) + 25 * depth__points)
      / CASE WHEN spending__points IS NULL THEN 85 ELSE 100 END * 10 + 0.500000001) / 10 AS score
  FROM measured
)
SELECT
  account_id,
  score,
  CASE WHEN score < 40 THEN 'critical' WHEN score < 60 THEN 'at_risk' WHEN score < 75 THEN 'neutral'
    ELSE 'healthy' END AS band,
  activity__points,
  trend__points,
  spending__points,
  depth__points{shown}
FROM scored"""

SIGNALS = """,
  seats,
  plan,
  logins,
  logins_before,
  exports,
  paid,
  stay,
  last_stay,
  kinds"""

ROWS = """,
  (85 + CASE WHEN spending__points IS NULL THEN 0e0 ELSE 15 END) / 100 AS coverage,
  CASE WHEN logins < 2 THEN 0e0 WHEN logins < 6 THEN 1 ELSE 2 END AS activity__row,
  CASE trend__points WHEN 80 THEN 0e0 WHEN 100 THEN 1 WHEN 50 THEN 2 ELSE 3 END AS trend__row,
  CASE WHEN paid < 1 THEN 0e0 WHEN paid < 2000 THEN 1 WHEN paid >= 2000 THEN 2 ELSE -2 END AS spending__row,
  CASE WHEN stay > 40 THEN 1 ELSE 0 END
    + CASE WHEN last_stay < 5 THEN 2 ELSE 0 END
    + CASE WHEN kinds IS NOT NULL THEN 4 ELSE 0 END
    + CASE WHEN exports >= 2 AND plan <> 'free' THEN 8 ELSE 0 END
    + CASE WHEN seats > 200 AND logins < 3 THEN 16 ELSE 0 END AS depth__fired"""

SHOWN = {"points": "", "parts": SIGNALS + ROWS}
TODAY = f"DATE '{AS_OF}'"
AGE = {"duckdb": f"{TODAY} - day", "spark": f"datediff({TODAY}, day)"}
LATEST = {
    "duckdb": "max({'day': day, 'minutes': minutes})",
    "spark": "max(struct(day, minutes))",
}
"""Of several events on the last day, the one with the most minutes."""


def by_hand(level: str, dialect: str) -> str:
    """The query over tables or views `accounts` and `events`, for `duckdb` or `spark`; levels: `SHOWN`."""
    aged = AGED.format(age=AGE[dialect], today=TODAY)
    gathered = GATHERED.format(latest=LATEST[dialect])
    return "WITH " + ",\n".join([aged, gathered, JOINED, MEASURED.format(shown=SHOWN[level])])
