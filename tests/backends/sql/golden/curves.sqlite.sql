-- Dates, logarithms and powers (curves), version 0.0.0, fingerprint be122713e430
-- SQL for SQLite, written by healthdsl. Change the ruleset, not this text.
--
-- Reads
--   crm.accounts  a line for every account, known by account_id
--     started_on  date: First day
--     renewal_on  date: Renewal
--     seen_at     timestamp: Last seen
--     mrr         money in USD: Monthly revenue
--     rate        number from 0 up to 5: Growth
-- Gives a line for every account
--   account_id      as it is read
--   score           points of score Health
--   band            band of score Health
--   coverage        share of its weight that is known, 0 to 1
--   call            play: Call
--   bad_cells       signals whose value could not be used and counts as missing, joined by `; `
--   tenure__points  points of measure Months as a customer
--   tenure__row     row of measure Months as a customer that decided, from 0 (-1: none, -2: the rule for a missing value)
--   size__points    points of measure Size
--   size__row       row of measure Size that decided, from 0 (-1: none, -2: the rule for a missing value)
--   seen__points    points of measure Seen
--   seen__row       row of measure Seen that decided, from 0 (-1: none, -2: the rule for a missing value)
--   growth__points  points of measure Growth, weighted
--   health__fired   lines of score Health that fired: bit k is set for the k-th, from 0
--   started_on      First day
--   renewal_on      Renewal
--   seen_at         Last seen
--   mrr             Monthly revenue (USD)
--   rate            Growth
--   tenure          Months as a customer
--   days_left       Days to renewal (days)
--   size            Size
--   growth          Growth, weighted
-- Scores for 2026-03-31, whenever it runs.
-- It is one SELECT: run it as it is, or behind CREATE TABLE scores AS, or as a view.
WITH given AS (
  SELECT
    account_id,
    CASE
      WHEN SUBSTR(started_on, 1, 10) = DATE(SUBSTR(started_on, 1, 10), '+0 days')
      THEN DATE(started_on, '+0 days')
    END AS started_on,
    TRIM(started_on) <> ''
    AND CASE
      WHEN SUBSTR(started_on, 1, 10) = DATE(SUBSTR(started_on, 1, 10), '+0 days')
      THEN DATE(started_on, '+0 days')
    END IS NULL AS started_on__unreadable,
    CASE
      WHEN SUBSTR(renewal_on, 1, 10) = DATE(SUBSTR(renewal_on, 1, 10), '+0 days')
      THEN DATE(renewal_on, '+0 days')
    END AS renewal_on,
    TRIM(renewal_on) <> ''
    AND CASE
      WHEN SUBSTR(renewal_on, 1, 10) = DATE(SUBSTR(renewal_on, 1, 10), '+0 days')
      THEN DATE(renewal_on, '+0 days')
    END IS NULL AS renewal_on__unreadable,
    CASE
      WHEN SUBSTR(seen_at, 1, 10) = DATE(SUBSTR(seen_at, 1, 10), '+0 days')
      THEN DATE(seen_at, '+0 days')
    END AS seen_at,
    TRIM(seen_at) <> ''
    AND CASE
      WHEN SUBSTR(seen_at, 1, 10) = DATE(SUBSTR(seen_at, 1, 10), '+0 days')
      THEN DATE(seen_at, '+0 days')
    END IS NULL AS seen_at__unreadable,
    CASE WHEN TYPEOF(mrr) IN ('integer', 'real') THEN CAST(mrr AS REAL) END AS mrr,
    TRIM(mrr) <> '' AND NOT (TYPEOF(mrr) IN ('integer', 'real')) AS mrr__unreadable,
    CASE WHEN TYPEOF(rate) IN ('integer', 'real') THEN CAST(rate AS REAL) END AS rate,
    TRIM(rate) <> '' AND NOT (TYPEOF(rate) IN ('integer', 'real')) AS rate__unreadable
  FROM crm.accounts
), cells AS MATERIALIZED (
  SELECT
    account_id,
    started_on,
    started_on__unreadable,
    renewal_on,
    renewal_on__unreadable,
    seen_at,
    seen_at__unreadable,
    mrr,
    mrr__unreadable,
    rate,
    rate__unreadable
  FROM given
), inputs AS MATERIALIZED (
  SELECT
    account_id,
    CASE WHEN started_on BETWEEN '0001-01-01' AND '9999-12-31' THEN started_on END AS started_on,
    started_on AS started_on__cell,
    started_on__unreadable,
    CASE WHEN renewal_on BETWEEN '0001-01-01' AND '9999-12-31' THEN renewal_on END AS renewal_on,
    renewal_on AS renewal_on__cell,
    renewal_on__unreadable,
    CASE WHEN seen_at BETWEEN '0001-01-01' AND '9999-12-31' THEN seen_at END AS seen_at,
    seen_at AS seen_at__cell,
    seen_at__unreadable,
    CASE
      WHEN mrr BETWEEN 0.0 AND 4194304.0
      THEN FLOOR(mrr * 1e9 + 0.5009765625) / 1e9
      WHEN mrr BETWEEN -4194304.0 AND 0.0
      THEN 0.0 - FLOOR(0.5009765625 - mrr * 1e9) / 1e9
      WHEN mrr BETWEEN -1000000000000000.0 AND 1000000000000000.0
      THEN mrr
    END AS mrr,
    mrr AS mrr__cell,
    mrr__unreadable,
    CASE
      WHEN rate BETWEEN -(603282318186597 / 9007199254740992.0 / 134217728.0) AND (5000000000499022 / 1e15)
      THEN FLOOR(rate * 1e9 + 0.5009765625) / 1e9
    END AS rate,
    rate AS rate__cell,
    rate__unreadable
  FROM cells
), signals AS MATERIALIZED (
  SELECT
    *,
    CAST(JULIANDAY(renewal_on) - JULIANDAY('2026-03-31') AS REAL) AS days_left
  FROM inputs
), measures AS MATERIALIZED (
  SELECT
    *,
    CAST((CAST(STRFTIME('%Y', '2026-03-31') AS INTEGER) - CAST(STRFTIME('%Y', started_on) AS INTEGER)) * 12.0
    + CAST(STRFTIME('%m', '2026-03-31') AS INTEGER)
    - CAST(STRFTIME('%m', started_on) AS INTEGER)
    + CASE
      WHEN '2026-03-31' >= started_on
      AND CAST(STRFTIME('%d', '2026-03-31') AS INTEGER) < CAST(STRFTIME('%d', started_on) AS INTEGER)
      THEN -1.0
      WHEN '2026-03-31' < started_on
      AND CAST(STRFTIME('%d', '2026-03-31') AS INTEGER) > CAST(STRFTIME('%d', started_on) AS INTEGER)
      THEN 1.0
      ELSE 0.0
    END AS REAL) AS tenure,
    CASE
      WHEN CASE
        WHEN ABS(mrr + 1.0) >= 4194304.0
        THEN mrr + 1.0
        WHEN mrr + 1.0 >= 0.0
        THEN FLOOR((mrr + 1.0) * 1e9 + 0.5009765625) / 1e9
        ELSE 0.0 - FLOOR(0.5009765625 - (mrr + 1.0) * 1e9) / 1e9
      END > 0.0
      THEN mrr + 1.0
    END AS size__x1,
    CASE
      WHEN rate = 0.0
      THEN POWER(rate, CAST(1.5 AS REAL))
      WHEN rate > 0.0
      THEN CASE
        WHEN 1.5 * LN(ABS(rate)) < -708.0
        THEN 0.0
        WHEN 1.5 * LN(ABS(rate)) < 709.78
        THEN POWER(rate, CAST(1.5 AS REAL))
      END
    END AS growth__x1,
    CAST(CASE
      WHEN seen_at IS NULL
      THEN NULL
      WHEN JULIANDAY('2026-03-31') - JULIANDAY(seen_at) <= 30.0
      THEN 100.0
      ELSE 0.0
    END AS REAL) AS seen__points,
    CAST(CASE
      WHEN seen_at IS NULL
      THEN -2.0
      WHEN JULIANDAY('2026-03-31') - JULIANDAY(seen_at) <= 30.0
      THEN 0.0
      ELSE 1.0
    END AS REAL) AS seen__row
  FROM signals
), measures_2 AS MATERIALIZED (
  SELECT
    *,
    CASE WHEN size__x1 > 0.0 THEN LN(size__x1) / (2302585092994046 / 1e15) END AS size__x2,
    CASE
      WHEN ABS(growth__x1) >= 4194304.0
      THEN growth__x1
      WHEN growth__x1 >= 0.0
      THEN FLOOR(growth__x1 * 1e9 + 0.5009765625) / 1e9
      ELSE 0.0 - FLOOR(0.5009765625 - growth__x1 * 1e9) / 1e9
    END AS growth,
    CAST(CASE
      WHEN started_on IS NULL
      THEN NULL
      WHEN tenure < 3.0
      THEN 20.0
      WHEN tenure < 12.0
      THEN 60.0
      ELSE 100.0
    END AS REAL) AS tenure__points,
    CAST(CASE WHEN started_on IS NULL THEN -2.0 WHEN tenure < 3.0 THEN 0.0 WHEN tenure < 12.0 THEN 1.0 ELSE 2.0 END AS REAL) AS tenure__row
  FROM measures
), measures_3 AS MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN size__x2 >= 0.0
      THEN FLOOR(size__x2 * 1e9 + 0.5009765625) / 1e9
      ELSE 0.0 - FLOOR(0.5009765625 - size__x2 * 1e9) / 1e9
    END AS size,
    CASE
      WHEN CASE WHEN ABS(10.0 * growth) <= 1.7976931348623157e308 THEN 10.0 * growth END < 0.0
      THEN 0.0
      WHEN CASE WHEN ABS(10.0 * growth) <= 1.7976931348623157e308 THEN 10.0 * growth END > 100.0
      THEN 100.0
      ELSE FLOOR(CASE WHEN ABS(10.0 * growth) <= 1.7976931348623157e308 THEN 10.0 * growth END * 1e9 + 0.5009765625) / 1e9
    END AS growth__points
  FROM measures_2
), measures_4 AS MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN size__x2 IS NULL
      THEN NULL
      WHEN size < 0.0
      THEN 0.0
      WHEN size < 5.0
      THEN FLOOR(size * 20.0 * 1e9 + 0.5009765625) / 1e9
      ELSE 100.0
    END AS size__points,
    CAST(CASE WHEN size__x2 IS NULL THEN -2.0 WHEN size < 5.0 THEN 0.0 ELSE 1.0 END AS REAL) AS size__row
  FROM measures_3
), scores AS MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN started_on IS NOT NULL
      OR size__x2 IS NOT NULL
      OR seen_at IS NOT NULL
      OR CASE WHEN ABS(10.0 * growth) <= 1.7976931348623157e308 THEN 10.0 * growth END IS NOT NULL
      THEN COALESCE(0.3 * tenure__points, 0.0) + COALESCE(0.3 * size__points, 0.0)
      + COALESCE(0.2 * seen__points, 0.0)
      + COALESCE(0.2 * growth__points, 0.0)
    END AS health__x1,
    CAST(CASE WHEN started_on IS NOT NULL THEN 0.3 ELSE 0.0 END AS REAL)
    + CASE WHEN size__x2 IS NOT NULL AND mrr IS NOT NULL THEN 0.3 ELSE 0.0 END
    + CASE WHEN seen_at IS NOT NULL THEN 0.2 ELSE 0.0 END
    + CASE
      WHEN CASE WHEN ABS(10.0 * growth) <= 1.7976931348623157e308 THEN 10.0 * growth END IS NOT NULL
      AND rate IS NOT NULL
      THEN 0.2
      ELSE 0.0
    END AS health__coverage
  FROM measures_4
), scores_2 AS MATERIALIZED (
  SELECT
    *,
    health__x1 IS NOT NULL AND days_left < 30.0 AS health__fired_1
  FROM scores
), scores_3 AS MATERIALIZED (
  SELECT
    *,
    FLOOR(health__x1 * 1e9 + 0.5009765625) / 1e9 + CASE WHEN health__fired_1 THEN -20.0 ELSE 0.0 END AS health__after_1
  FROM scores_2
), scores_4 AS MATERIALIZED (
  SELECT
    *,
    FLOOR(
      CASE
        WHEN health__after_1 < 0.0
        THEN 0.0
        WHEN health__after_1 > 100.0
        THEN 100.0
        ELSE FLOOR(health__after_1 * 1e9 + 0.5009765625) / 1e9
      END
      + 0.5
    ) AS health__points
  FROM scores_3
), flags AS MATERIALIZED (
  SELECT
    *,
    COALESCE(renewal_on < '2026-01-01', FALSE) AS call
  FROM scores_4
)
SELECT
  account_id,
  health__points AS score,
  CAST(NULL AS TEXT) AS band,
  health__coverage AS coverage,
  call,
  CASE
    WHEN (started_on__cell IS NOT NULL AND started_on IS NULL)
    OR started_on__unreadable
    OR (renewal_on__cell IS NOT NULL AND renewal_on IS NULL)
    OR renewal_on__unreadable
    OR (seen_at__cell IS NOT NULL AND seen_at IS NULL)
    OR seen_at__unreadable
    OR (mrr__cell IS NOT NULL AND mrr IS NULL)
    OR mrr__unreadable
    OR (rate__cell IS NOT NULL AND rate IS NULL)
    OR rate__unreadable
    THEN NULLIF(
      SUBSTRING(
        (
          CASE
            WHEN (started_on__cell IS NOT NULL AND started_on IS NULL) OR started_on__unreadable
            THEN '; started_on'
            ELSE ''
          END
          || CASE
            WHEN (renewal_on__cell IS NOT NULL AND renewal_on IS NULL) OR renewal_on__unreadable
            THEN '; renewal_on'
            ELSE ''
          END
          || CASE
            WHEN (seen_at__cell IS NOT NULL AND seen_at IS NULL) OR seen_at__unreadable
            THEN '; seen_at'
            ELSE ''
          END
          || CASE
            WHEN (mrr__cell IS NOT NULL AND mrr IS NULL AND ABS(mrr__cell) <= 1.7976931348623157e308)
            OR mrr__unreadable
            THEN '; mrr'
            ELSE ''
          END
          || CASE
            WHEN (rate__cell IS NOT NULL AND rate IS NULL AND ABS(rate__cell) <= 1.7976931348623157e308)
            OR rate__unreadable
            THEN '; rate'
            ELSE ''
          END
        ),
        3
      ),
      ''
    )
  END AS bad_cells,
  tenure__points,
  tenure__row,
  size__points,
  size__row,
  seen__points,
  seen__row,
  growth__points,
  CAST(CASE WHEN health__fired_1 THEN 1 ELSE 0 END AS INTEGER) AS health__fired,
  started_on,
  renewal_on,
  seen_at,
  mrr,
  rate,
  tenure,
  days_left,
  size,
  growth
FROM flags
