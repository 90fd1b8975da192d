"""The score of `scorecard.py` as a good analyst would write it in SQL, for DuckDB and for Spark.

One text runs on both; `level` says how much of the explanation stands in the result, named like the columns
of `healthdsl score`: `points` (score, band, points of every part), `parts` (and which rules fired, and the
signals) and `full` (everything).
"""

from __future__ import annotations

from tests.benchmarks.book_everything import EVERYTHING

CURVES = """\
curves AS (
  SELECT
    *,
    floor(CASE
      WHEN utilisation <= 0.2 THEN 0e0
      WHEN utilisation < 0.6 THEN (utilisation - 0.2) * 175
      WHEN utilisation < 0.9 THEN 70 + (utilisation - 0.6) / 0.3 * 30
      WHEN utilisation >= 0.9 THEN 100
    END * 1e9 + 0.501) / 1e9 AS utilisation__points,
    floor(CASE
      WHEN breadth <= 0.1 THEN 0e0
      WHEN breadth < 0.5 THEN (breadth - 0.1) * 250
      WHEN breadth >= 0.5 THEN 100
    END * 1e9 + 0.501) / 1e9 AS breadth__points,
    floor(CASE
      WHEN logins <= 0 THEN 0e0
      WHEN logins < 5 THEN logins * 12
      WHEN logins < 20 THEN 60 + (logins - 5) / 15 * 40
      WHEN logins >= 20 THEN 100
    END * 1e9 + 0.501) / 1e9 AS logins__points,
    CASE WHEN utilisation IS NULL THEN 0e0 ELSE 3e0 END AS utilisation_weight,
    CASE WHEN breadth IS NULL THEN 0e0 ELSE 2e0 END AS breadth_weight,
    CASE WHEN logins IS NULL THEN 0e0 ELSE 1e0 END AS logins_weight,
    csat >= 4.5 AS very_pleased,
    csat < 3 AS not_pleased,
    tickets = 0 AND csat >= 4 AS quiet,
    tickets > 5 OR csat < 2 AS loud,
    tickets > 10 AND NOT has_sponsor AS loud_and_alone,
    has_sponsor AND tenure > 365 AS old_friend,
    plan <> 'free' AND seats >= 50 AS large,
    tenure < 90 AS new_here,
    coalesce(CAST(csat AS DOUBLE), tickets, tenure, seats) IS NOT NULL
      OR plan IS NOT NULL OR has_sponsor IS NOT NULL AS support_known,
    plan IS NOT NULL OR seats IS NOT NULL AS fit_known,
    renewal_in BETWEEN 0 AND 60 AND NOT has_sponsor AS renews_alone
  FROM accounts
)"""

PARTS = """\
parts AS (
  SELECT
    *,
    floor((coalesce(3 * utilisation__points, 0) + coalesce(2 * breadth__points, 0)
      + coalesce(logins__points, 0))
      / nullif(utilisation_weight + breadth_weight + logins_weight, 0) * 1e9 + 0.501) / 1e9 AS usage__points,
    CASE WHEN support_known THEN greatest(0e0, least(100e0, 50e0
      + CASE WHEN very_pleased THEN 20 ELSE 0 END
      - CASE WHEN not_pleased THEN 20 ELSE 0 END
      + CASE WHEN quiet THEN 10 ELSE 0 END
      - CASE WHEN loud THEN 10 ELSE 0 END
      - CASE WHEN loud_and_alone THEN 15 ELSE 0 END
      + CASE WHEN old_friend THEN 10 ELSE 0 END
      + CASE WHEN large THEN 5 ELSE 0 END
      - CASE WHEN new_here THEN 5 ELSE 0 END)) END AS support__points,
    CASE
      WHEN plan = 'enterprise' AND seats >= 500 THEN 100e0
      WHEN plan = 'enterprise' THEN 85
      WHEN plan = 'pro' AND seats >= 100 THEN 70
      WHEN plan = 'pro' THEN 55
      WHEN seats >= 20 THEN 35
      WHEN fit_known THEN 20
    END AS fit__points,
    (nps + 100) / 2 AS sentiment__points
  FROM curves
)"""

WEIGHED = """\
weighed AS (
  SELECT
    *,
    CASE WHEN usage__points IS NULL THEN 0e0 ELSE 40e0 END AS usage_weight,
    CASE WHEN support_known THEN 25e0 ELSE 0e0 END AS support_weight,
    CASE WHEN fit_known THEN 15e0 ELSE 0e0 END AS fit_weight,
    CASE WHEN nps IS NULL THEN 0e0 ELSE 20e0 END AS sentiment_weight
  FROM parts
),
bases AS (
  SELECT
    *,
    floor((coalesce(40 * usage__points, 0) + coalesce(25 * support__points, 0)
      + coalesce(15 * fit__points, 0) + coalesce(20 * sentiment__points, 0))
      / nullif(usage_weight + support_weight + fit_weight + sentiment_weight, 0) * 1e9 + 0.501) / 1e9 AS base
  FROM weighed
),
penalised AS (
  SELECT *, CASE WHEN renews_alone THEN base - 15 ELSE base END AS after_penalty
  FROM bases
),
capped AS (
  SELECT *, CASE WHEN overdue > 60 AND after_penalty > 40 THEN 40 ELSE after_penalty END AS after_cap
  FROM penalised
),
scored AS (
  SELECT *, CAST(floor(CASE WHEN after_cap < 0 THEN 0 ELSE after_cap END + 0.5000000005) AS DOUBLE) AS score
  FROM capped
)"""

SCORE = """\
  account_id,
  score,
  CASE
    WHEN score < 40 THEN 'critical'
    WHEN score < 60 THEN 'at_risk'
    WHEN score < 75 THEN 'neutral'
    WHEN score >= 75 THEN 'healthy'
  END AS band"""

COVERAGE = """\
  (40 * ((utilisation_weight + breadth_weight + logins_weight) / 6)
    + support_weight + fit_weight + sentiment_weight) / 100 AS coverage"""

POINTS = """\
  utilisation__points,
  breadth__points,
  logins__points,
  usage__points,
  support__points,
  fit__points,
  sentiment__points"""

ROWS = """\
  CASE
    WHEN utilisation < 0.6 THEN 0e0
    WHEN utilisation < 0.9 THEN 1
    WHEN utilisation >= 0.9 THEN 2
    ELSE -2
  END AS utilisation__row,
  CASE WHEN breadth < 0.5 THEN 0e0 WHEN breadth >= 0.5 THEN 1 ELSE -2 END AS breadth__row,
  CASE WHEN logins < 5 THEN 0e0 WHEN logins < 20 THEN 1 WHEN logins >= 20 THEN 2 ELSE -2 END AS logins__row,
  CASE fit__points
    WHEN 100 THEN 0e0 WHEN 85 THEN 1 WHEN 70 THEN 2 WHEN 55 THEN 3 WHEN 35 THEN 4 WHEN 20 THEN 5 ELSE -2
  END AS fit__row"""

FIRED = """\
  CASE WHEN very_pleased THEN 1 ELSE 0 END
    + CASE WHEN not_pleased THEN 2 ELSE 0 END
    + CASE WHEN quiet THEN 4 ELSE 0 END
    + CASE WHEN loud THEN 8 ELSE 0 END
    + CASE WHEN loud_and_alone THEN 16 ELSE 0 END
    + CASE WHEN old_friend THEN 32 ELSE 0 END
    + CASE WHEN large THEN 64 ELSE 0 END
    + CASE WHEN new_here THEN 128 ELSE 0 END AS support__fired,
  CASE WHEN renews_alone AND base IS NOT NULL THEN 1 ELSE 0 END
    + CASE WHEN overdue > 60 AND base IS NOT NULL THEN 2 ELSE 0 END AS health__fired"""

SIGNALS = """\
  utilisation,
  breadth,
  logins,
  nps,
  csat,
  tickets,
  tenure,
  seats,
  plan,
  has_sponsor,
  overdue,
  renewal_in"""


def by_hand(level: str) -> str:
    """The query over a table or view `accounts`, for one of `LEVELS`."""
    steps = ",\n".join([CURVES, PARTS, WEIGHED])
    columns = ",\n".join(LEVELS[level])
    return f"WITH {steps}\nSELECT\n{columns}\nFROM scored"


LEVELS = {
    "points": (SCORE, POINTS),
    "parts": (SCORE, COVERAGE, POINTS, ROWS, FIRED, SIGNALS),
    "full": (SCORE, COVERAGE, POINTS, ROWS, FIRED, SIGNALS, EVERYTHING),
}
