-- Dates, logarithms and powers (curves), version 0.0.0, fingerprint be122713e430
-- SQL for Spark, written by healthdsl. Change the ruleset, not this text.
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
    TRY_CAST(started_on AS DATE) AS started_on,
    started_on IS NOT NULL AND TRY_CAST(started_on AS DATE) IS NULL AS started_on__unreadable,
    TRY_CAST(renewal_on AS DATE) AS renewal_on,
    renewal_on IS NOT NULL AND TRY_CAST(renewal_on AS DATE) IS NULL AS renewal_on__unreadable,
    DATE_FROM_UNIX_DATE(CAST(FLOOR(UNIX_SECONDS(seen_at) / 86400.0) AS INT)) AS seen_at,
    TRY_CAST(mrr AS DOUBLE) AS mrr,
    mrr IS NOT NULL AND TRY_CAST(mrr AS DOUBLE) IS NULL AS mrr__unreadable,
    TRY_CAST(rate AS DOUBLE) AS rate,
    rate IS NOT NULL AND TRY_CAST(rate AS DOUBLE) IS NULL AS rate__unreadable
  FROM crm.accounts
), cells AS (
  SELECT
    account_id,
    started_on,
    started_on__unreadable,
    renewal_on,
    renewal_on__unreadable,
    seen_at,
    mrr,
    mrr__unreadable,
    rate,
    rate__unreadable
  FROM given
), inputs AS (
  SELECT
    account_id,
    CASE
      WHEN started_on BETWEEN CAST('0001-01-01' AS DATE) AND CAST('9999-12-31' AS DATE)
      THEN started_on
    END AS started_on,
    started_on AS started_on__cell,
    started_on__unreadable,
    CASE
      WHEN renewal_on BETWEEN CAST('0001-01-01' AS DATE) AND CAST('9999-12-31' AS DATE)
      THEN renewal_on
    END AS renewal_on,
    renewal_on AS renewal_on__cell,
    renewal_on__unreadable,
    CASE WHEN seen_at BETWEEN CAST('0001-01-01' AS DATE) AND CAST('9999-12-31' AS DATE) THEN seen_at END AS seen_at,
    seen_at AS seen_at__cell,
    CASE
      WHEN mrr BETWEEN 0 AND 4194304
      THEN FLOOR(mrr * 1e9 + 0.5009765625e0) / 1e9
      WHEN mrr BETWEEN -4194304 AND 0
      THEN 0 - FLOOR(0.5009765625e0 - mrr * 1e9) / 1e9
      WHEN mrr BETWEEN -1000000000000000 AND 1000000000000000
      THEN mrr
    END AS mrr,
    mrr AS mrr__cell,
    mrr__unreadable,
    CASE
      WHEN rate BETWEEN -4.990234374999999e-10 AND 5.000000000499022e0
      THEN FLOOR(rate * 1e9 + 0.5009765625e0) / 1e9
    END AS rate,
    rate AS rate__cell,
    rate__unreadable
  FROM cells
), signals AS (
  SELECT
    *,
    CAST(DATEDIFF(DAY, CAST('2026-03-31' AS DATE), renewal_on) AS DOUBLE) AS days_left
  FROM inputs
), measures AS (
  SELECT
    *,
    CAST((EXTRACT(YEAR FROM CAST('2026-03-31' AS DATE)) - EXTRACT(YEAR FROM started_on)) * 12
    + EXTRACT(MONTH FROM CAST('2026-03-31' AS DATE))
    - EXTRACT(MONTH FROM started_on)
    + CASE
      WHEN CAST('2026-03-31' AS DATE) >= started_on
      AND EXTRACT(DAY FROM CAST('2026-03-31' AS DATE)) < EXTRACT(DAY FROM started_on)
      THEN -1
      WHEN CAST('2026-03-31' AS DATE) < started_on
      AND EXTRACT(DAY FROM CAST('2026-03-31' AS DATE)) > EXTRACT(DAY FROM started_on)
      THEN 1
      ELSE 0
    END AS DOUBLE) AS tenure,
    CASE
      WHEN CASE
        WHEN ABS(mrr + 1) >= 4194304
        THEN mrr + 1
        WHEN mrr + 1 >= 0
        THEN FLOOR((mrr + 1) * 1e9 + 0.5009765625e0) / 1e9
        ELSE 0 - FLOOR(0.5009765625e0 - (mrr + 1) * 1e9) / 1e9
      END > 0
      THEN mrr + 1
    END AS size__x1,
    CASE
      WHEN rate = 0
      THEN POWER(rate, CAST(1.5e0 AS DOUBLE))
      WHEN rate > 0
      THEN CASE
        WHEN 1.5e0 * LN(ABS(rate)) < -708
        THEN 0
        WHEN 1.5e0 * LN(ABS(rate)) < 709.78e0
        THEN POWER(rate, CAST(1.5e0 AS DOUBLE))
      END
    END AS growth__x1,
    CAST(CASE
      WHEN seen_at IS NULL
      THEN NULL
      WHEN DATEDIFF(DAY, seen_at, CAST('2026-03-31' AS DATE)) <= 30
      THEN 100
      ELSE 0
    END AS DOUBLE) AS seen__points,
    CAST(CASE
      WHEN seen_at IS NULL
      THEN -2
      WHEN DATEDIFF(DAY, seen_at, CAST('2026-03-31' AS DATE)) <= 30
      THEN 0
      ELSE 1
    END AS DOUBLE) AS seen__row,
    CASE WHEN size__x1 > 0 THEN LN(size__x1) / 2.302585092994046e0 END AS size__x2,
    CASE
      WHEN ABS(growth__x1) >= 4194304
      THEN growth__x1
      WHEN growth__x1 >= 0
      THEN FLOOR(growth__x1 * 1e9 + 0.5009765625e0) / 1e9
      ELSE 0 - FLOOR(0.5009765625e0 - growth__x1 * 1e9) / 1e9
    END AS growth,
    CAST(CASE WHEN started_on IS NULL THEN NULL WHEN tenure < 3 THEN 20 WHEN tenure < 12 THEN 60 ELSE 100 END AS DOUBLE) AS tenure__points,
    CAST(CASE WHEN started_on IS NULL THEN -2 WHEN tenure < 3 THEN 0 WHEN tenure < 12 THEN 1 ELSE 2 END AS DOUBLE) AS tenure__row,
    CASE
      WHEN size__x2 >= 0
      THEN FLOOR(size__x2 * 1e9 + 0.5009765625e0) / 1e9
      ELSE 0 - FLOOR(0.5009765625e0 - size__x2 * 1e9) / 1e9
    END AS size,
    CASE
      WHEN CASE WHEN ABS(10 * growth) <= 1.7976931348623157e308 THEN 10 * growth END < 0
      THEN 0
      WHEN CASE WHEN ABS(10 * growth) <= 1.7976931348623157e308 THEN 10 * growth END > 100
      THEN 100
      ELSE FLOOR(CASE WHEN ABS(10 * growth) <= 1.7976931348623157e308 THEN 10 * growth END * 1e9 + 0.5009765625e0) / 1e9
    END AS growth__points,
    CASE
      WHEN size__x2 IS NULL
      THEN NULL
      WHEN size < 0
      THEN 0
      WHEN size < 5
      THEN FLOOR(size * 20 * 1e9 + 0.5009765625e0) / 1e9
      ELSE 100
    END AS size__points,
    CAST(CASE WHEN size__x2 IS NULL THEN -2 WHEN size < 5 THEN 0 ELSE 1 END AS DOUBLE) AS size__row
  FROM signals
), scores AS (
  SELECT
    *,
    CASE
      WHEN started_on IS NOT NULL
      OR size__x2 IS NOT NULL
      OR seen_at IS NOT NULL
      OR CASE WHEN ABS(10 * growth) <= 1.7976931348623157e308 THEN 10 * growth END IS NOT NULL
      THEN COALESCE(0.3e0 * tenure__points, 0) + COALESCE(0.3e0 * size__points, 0)
      + COALESCE(0.2e0 * seen__points, 0)
      + COALESCE(0.2e0 * growth__points, 0)
    END AS health__x1,
    CAST(CASE WHEN started_on IS NOT NULL THEN 0.3e0 ELSE 0 END AS DOUBLE)
    + CASE WHEN size__x2 IS NOT NULL AND mrr IS NOT NULL THEN 0.3e0 ELSE 0 END
    + CASE WHEN seen_at IS NOT NULL THEN 0.2e0 ELSE 0 END
    + CASE
      WHEN CASE WHEN ABS(10 * growth) <= 1.7976931348623157e308 THEN 10 * growth END IS NOT NULL
      AND rate IS NOT NULL
      THEN 0.2e0
      ELSE 0
    END AS health__coverage,
    health__x1 IS NOT NULL AND days_left < 30 AS health__fired_1,
    FLOOR(health__x1 * 1e9 + 0.5009765625e0) / 1e9 + CASE WHEN health__fired_1 THEN -20 ELSE 0 END AS health__after_1,
    CAST(FLOOR(
      CASE
        WHEN health__after_1 < 0
        THEN 0
        WHEN health__after_1 > 100
        THEN 100
        ELSE FLOOR(health__after_1 * 1e9 + 0.5009765625e0) / 1e9
      END
      + 0.5e0
    ) AS DOUBLE) AS health__points
  FROM measures
), flags AS (
  SELECT
    *,
    COALESCE(renewal_on < CAST('2026-01-01' AS DATE), FALSE) AS call
  FROM scores
)
SELECT
  account_id,
  health__points AS score,
  CAST(NULL AS STRING) AS band,
  health__coverage AS coverage,
  call,
  NULLIF(
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
        || CASE WHEN seen_at__cell IS NOT NULL AND seen_at IS NULL THEN '; seen_at' ELSE '' END
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
  ) AS bad_cells,
  tenure__points,
  tenure__row,
  size__points,
  size__row,
  seen__points,
  seen__row,
  growth__points,
  CAST(CASE WHEN health__fired_1 THEN 1 ELSE 0 END AS BIGINT) AS health__fired,
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
