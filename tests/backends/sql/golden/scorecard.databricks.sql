-- Scorecard: it's a start (scorecard), version 1.2.0, fingerprint 1dabeb3c76c0
-- SQL for Databricks, written by healthdsl. Change the ruleset, not this text.
--
-- Reads
--   crm.accounts  a line for every account, known by Id
--     Company     name of the account
--     seats       count: Seats
--     users       count: Users
--     NPS Score   number from -100 up to 100: NPS
--     order       one of small, big, it's: Last order
-- Gives a line for every account
--   account_id     as it is read
--   account_name
--   score          points of score Health
--   band           band of score Health
--   coverage       share of its weight that is known, 0 to 1
--   large          flag: Large
--   bad_cells      signals whose value could not be used and counts as missing, joined by `; `
--   usage__points  points of measure Seats in use
--   usage__row     row of measure Seats in use that decided, from 0 (-1: none, -2: the rule for a missing value)
--   nps__points    points of measure NPS
--   nps__level     level of measure NPS
--   nps__row       row of measure NPS that decided, from 0 (-1: none, -2: the rule for a missing value)
--   order__points  points of measure Last order
--   order__row     row of measure Last order that decided, from 0 (-1: none, -2: the rule for a missing value)
--   health__fired  lines of score Health that fired: bit k is set for the k-th, from 0
--   seats          Seats
--   users          Users
--   nps            NPS
--   order          Last order
--   usage          Seats in use (0.45 is 45%)
-- Scores for the day on which it runs, CURRENT_DATE.
-- It is one SELECT: run it as it is, or behind CREATE TABLE scores AS, or as a view.
WITH given AS (
  SELECT
    `Id` AS account_id,
    CAST(`Company` AS STRING) AS account_name,
    TRY_CAST(seats AS DOUBLE) AS seats,
    seats IS NOT NULL AND TRY_CAST(seats AS DOUBLE) IS NULL AS seats__unreadable,
    TRY_CAST(users AS DOUBLE) AS users,
    users IS NOT NULL AND TRY_CAST(users AS DOUBLE) IS NULL AS users__unreadable,
    TRY_CAST(`NPS Score` AS DOUBLE) AS nps,
    `NPS Score` IS NOT NULL AND TRY_CAST(`NPS Score` AS DOUBLE) IS NULL AS nps__unreadable,
    CAST(`order` AS STRING) AS `order`
  FROM crm.accounts
), cells AS (
  SELECT
    account_id,
    account_name,
    CASE WHEN ABS(seats) >= 4194304 THEN seats ELSE FLOOR(seats * 1e9 + 0.5009765625e0) / 1e9 END AS seats,
    seats__unreadable,
    CASE WHEN ABS(users) >= 4194304 THEN users ELSE FLOOR(users * 1e9 + 0.5009765625e0) / 1e9 END AS users,
    users__unreadable,
    nps,
    nps__unreadable,
    `order`
  FROM given
), inputs AS (
  SELECT
    account_id,
    account_name,
    CASE
      WHEN seats BETWEEN 0 AND 1000000000000000
      THEN CASE WHEN seats = CAST(FLOOR(seats) AS DOUBLE) THEN seats END
    END AS seats,
    seats AS seats__cell,
    seats__unreadable,
    CASE
      WHEN users BETWEEN 0 AND 1000000000000000
      THEN CASE WHEN users = CAST(FLOOR(users) AS DOUBLE) THEN users END
    END AS users,
    users AS users__cell,
    users__unreadable,
    CASE
      WHEN nps BETWEEN 0 AND 100.00000000049901e0
      THEN FLOOR(nps * 1e9 + 0.5009765625e0) / 1e9
      WHEN nps BETWEEN -100.00000000049901e0 AND 0
      THEN 0 - FLOOR(0.5009765625e0 - nps * 1e9) / 1e9
    END AS nps,
    nps AS nps__cell,
    nps__unreadable,
    CASE WHEN `order` IN ('small', 'big', 'it\'s') THEN `order` END AS `order`,
    `order` AS order__cell
  FROM cells
), measures AS (
  SELECT
    *,
    CASE
      WHEN users IS NOT NULL AND seats = 0
      THEN 0
      ELSE CASE
        WHEN users / NULLIF(seats, 0) >= 4194304
        THEN users / NULLIF(seats, 0)
        ELSE FLOOR(users / NULLIF(seats, 0) * 1e9 + 0.5009765625e0) / 1e9
      END
    END AS usage,
    CAST(CASE WHEN nps IS NULL THEN 50 WHEN nps < 0 THEN 0 WHEN nps < 30 THEN 50 ELSE 100 END AS DOUBLE) AS nps__points,
    CASE WHEN nps IS NULL THEN 'fair' WHEN nps < 0 THEN 'poor' WHEN nps < 30 THEN 'fair' ELSE 'good' END AS nps__level,
    CAST(CASE WHEN nps IS NULL THEN 3 WHEN nps < 0 THEN 0 WHEN nps < 30 THEN 1 ELSE 2 END AS DOUBLE) AS nps__row,
    CAST(CASE WHEN `order` IS NULL THEN NULL WHEN `order` = 'it\'s' THEN 90 WHEN `order` = 'big' THEN 100 ELSE 40 END AS DOUBLE) AS order__points,
    CAST(CASE WHEN `order` IS NULL THEN -2 WHEN `order` = 'it\'s' THEN 0 WHEN `order` = 'big' THEN 1 ELSE 2 END AS DOUBLE) AS order__row,
    (usage - 0.2e0) * 142.85714285714286e0 AS usage__x1,
    CAST(CASE WHEN usage IS NULL THEN -2 WHEN usage < 0.9e0 THEN 0 ELSE 1 END AS DOUBLE) AS usage__row,
    CASE
      WHEN usage IS NULL
      THEN NULL
      WHEN usage < 0.2e0
      THEN 0
      WHEN usage < 0.9e0
      THEN FLOOR(usage__x1 * 1e9 + 0.5009765625e0) / 1e9
      ELSE 100
    END AS usage__points
  FROM inputs
), scores AS (
  SELECT
    *,
    (
      CAST(CASE WHEN usage IS NOT NULL AND (users IS NOT NULL OR seats IS NOT NULL) THEN 60 ELSE 0 END AS DOUBLE)
      + CASE WHEN nps IS NOT NULL THEN 25 ELSE 0 END
      + CASE WHEN `order` IS NOT NULL THEN 15 ELSE 0 END
    ) / 100 AS health__coverage,
    FLOOR(
      (COALESCE(60 * usage__points, 0) + 25 * nps__points + COALESCE(15 * order__points, 0)) / (
        CAST(CASE WHEN usage IS NOT NULL THEN 60 ELSE 0 END AS DOUBLE) + 25
        + CASE WHEN `order` IS NOT NULL THEN 15 ELSE 0 END
      ) * 1e9
      + 0.5009765625e0
    ) / 1e9
    + CASE WHEN users < 3 THEN -10 ELSE 0 END AS health__after_1,
    CAST(FLOOR(
      FLOOR(
        CASE
          WHEN health__after_1 < 0
          THEN 0
          WHEN health__after_1 > 100
          THEN 100
          ELSE FLOOR(health__after_1 * 1e9 + 0.5009765625e0) / 1e9
        END * 10 * 1e9
        + 0.5009765625e0
      ) / 1e9
      + 0.5e0
    ) AS DOUBLE) / 10 AS health__points
  FROM measures
), bands AS (
  SELECT
    *,
    CASE WHEN health__points < 50 THEN 'at_risk' ELSE 'healthy' END AS health__band
  FROM scores
), flags AS (
  SELECT
    *,
    COALESCE(seats >= 100, FALSE) AS large
  FROM bands
)
SELECT
  account_id,
  account_name,
  health__points AS score,
  health__band AS band,
  health__coverage AS coverage,
  large,
  NULLIF(
    SUBSTRING(
      (
        CASE
          WHEN (seats__cell IS NOT NULL AND seats IS NULL AND ABS(seats__cell) <= 1.7976931348623157e308)
          OR seats__unreadable
          THEN '; seats'
          ELSE ''
        END
        || CASE
          WHEN (users__cell IS NOT NULL AND users IS NULL AND ABS(users__cell) <= 1.7976931348623157e308)
          OR users__unreadable
          THEN '; users'
          ELSE ''
        END
        || CASE
          WHEN (nps__cell IS NOT NULL AND nps IS NULL AND ABS(nps__cell) <= 1.7976931348623157e308)
          OR nps__unreadable
          THEN '; nps'
          ELSE ''
        END
        || CASE
          WHEN order__cell IS NOT NULL
          AND `order` IS NULL
          AND TRIM('\u0009\u000a\u000b\u000c\u000d\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000' FROM order__cell) <> ''
          THEN '; order'
          ELSE ''
        END
      ),
      3
    ),
    ''
  ) AS bad_cells,
  usage__points,
  usage__row,
  nps__points,
  nps__level,
  nps__row,
  order__points,
  order__row,
  CAST(CASE WHEN users < 3 THEN 1 ELSE 0 END AS BIGINT) AS health__fired,
  seats,
  users,
  nps,
  `order`,
  usage
FROM flags
