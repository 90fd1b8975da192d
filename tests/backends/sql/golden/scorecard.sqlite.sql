-- Scorecard: it's a start (scorecard), version 1.2.0, fingerprint 1dabeb3c76c0
-- SQL for SQLite, written by healthdsl. Change the ruleset, not this text.
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
    "Id" AS account_id,
    CAST("Company" AS TEXT) AS account_name,
    CASE WHEN TYPEOF(seats) IN ('integer', 'real') THEN CAST(seats AS REAL) END AS seats,
    TRIM(seats) <> '' AND NOT (TYPEOF(seats) IN ('integer', 'real')) AS seats__unreadable,
    CASE WHEN TYPEOF(users) IN ('integer', 'real') THEN CAST(users AS REAL) END AS users,
    TRIM(users) <> '' AND NOT (TYPEOF(users) IN ('integer', 'real')) AS users__unreadable,
    CASE WHEN TYPEOF("NPS Score") IN ('integer', 'real') THEN CAST("NPS Score" AS REAL) END AS nps,
    TRIM("NPS Score") <> '' AND NOT (TYPEOF("NPS Score") IN ('integer', 'real')) AS nps__unreadable,
    CAST("order" AS TEXT) AS "order"
  FROM crm.accounts
), cells AS MATERIALIZED (
  SELECT
    account_id,
    account_name,
    CASE WHEN ABS(seats) >= 4194304.0 THEN seats ELSE FLOOR(seats * 1e9 + 0.5009765625) / 1e9 END AS seats,
    seats__unreadable,
    CASE WHEN ABS(users) >= 4194304.0 THEN users ELSE FLOOR(users * 1e9 + 0.5009765625) / 1e9 END AS users,
    users__unreadable,
    nps,
    nps__unreadable,
    "order"
  FROM given
), inputs AS MATERIALIZED (
  SELECT
    account_id,
    account_name,
    CASE
      WHEN seats BETWEEN 0.0 AND 1000000000000000.0
      THEN CASE WHEN seats = FLOOR(seats) THEN seats END
    END AS seats,
    seats AS seats__cell,
    seats__unreadable,
    CASE
      WHEN users BETWEEN 0.0 AND 1000000000000000.0
      THEN CASE WHEN users = FLOOR(users) THEN users END
    END AS users,
    users AS users__cell,
    users__unreadable,
    CASE
      WHEN nps BETWEEN 0.0 AND (7036874417801515 / 70368744177664.0)
      THEN FLOOR(nps * 1e9 + 0.5009765625) / 1e9
      WHEN nps BETWEEN -(7036874417801515 / 70368744177664.0) AND 0.0
      THEN 0.0 - FLOOR(0.5009765625 - nps * 1e9) / 1e9
    END AS nps,
    nps AS nps__cell,
    nps__unreadable,
    CASE WHEN "order" IN ('small', 'big', 'it''s') THEN "order" END AS "order",
    "order" AS order__cell
  FROM cells
), measures AS MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN users IS NOT NULL AND seats = 0.0
      THEN 0.0
      ELSE CASE
        WHEN users / NULLIF(seats, 0.0) >= 4194304.0
        THEN users / NULLIF(seats, 0.0)
        ELSE FLOOR(users / NULLIF(seats, 0.0) * 1e9 + 0.5009765625) / 1e9
      END
    END AS usage,
    CAST(CASE WHEN nps IS NULL THEN 50.0 WHEN nps < 0.0 THEN 0.0 WHEN nps < 30.0 THEN 50.0 ELSE 100.0 END AS REAL) AS nps__points,
    CASE WHEN nps IS NULL THEN 'fair' WHEN nps < 0.0 THEN 'poor' WHEN nps < 30.0 THEN 'fair' ELSE 'good' END AS nps__level,
    CAST(CASE WHEN nps IS NULL THEN 3.0 WHEN nps < 0.0 THEN 0.0 WHEN nps < 30.0 THEN 1.0 ELSE 2.0 END AS REAL) AS nps__row,
    CAST(CASE
      WHEN "order" IS NULL
      THEN NULL
      WHEN "order" = 'it''s'
      THEN 90.0
      WHEN "order" = 'big'
      THEN 100.0
      ELSE 40.0
    END AS REAL) AS order__points,
    CAST(CASE
      WHEN "order" IS NULL
      THEN -2.0
      WHEN "order" = 'it''s'
      THEN 0.0
      WHEN "order" = 'big'
      THEN 1.0
      ELSE 2.0
    END AS REAL) AS order__row
  FROM inputs
), measures_2 AS MATERIALIZED (
  SELECT
    *,
    (usage - 0.2) * (5026338869833143 / 35184372088832.0) AS usage__x1,
    CAST(CASE WHEN usage IS NULL THEN -2.0 WHEN usage < 0.9 THEN 0.0 ELSE 1.0 END AS REAL) AS usage__row
  FROM measures
), measures_3 AS MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN usage IS NULL
      THEN NULL
      WHEN usage < 0.2
      THEN 0.0
      WHEN usage < 0.9
      THEN FLOOR(usage__x1 * 1e9 + 0.5009765625) / 1e9
      ELSE 100.0
    END AS usage__points
  FROM measures_2
), scores AS MATERIALIZED (
  SELECT
    *,
    (
      CAST(CASE WHEN usage IS NOT NULL AND (users IS NOT NULL OR seats IS NOT NULL) THEN 60.0 ELSE 0.0 END AS REAL)
      + CASE WHEN nps IS NOT NULL THEN 25.0 ELSE 0.0 END
      + CASE WHEN "order" IS NOT NULL THEN 15.0 ELSE 0.0 END
    ) / 100.0 AS health__coverage,
    FLOOR(
      (COALESCE(60.0 * usage__points, 0.0) + 25.0 * nps__points + COALESCE(15.0 * order__points, 0.0)) / (
        CAST(CASE WHEN usage IS NOT NULL THEN 60.0 ELSE 0.0 END AS REAL) + 25.0
        + CASE WHEN "order" IS NOT NULL THEN 15.0 ELSE 0.0 END
      ) * 1e9
      + 0.5009765625
    ) / 1e9
    + CASE WHEN users < 3.0 THEN -10.0 ELSE 0.0 END AS health__after_1
  FROM measures_3
), scores_2 AS MATERIALIZED (
  SELECT
    *,
    FLOOR(
      FLOOR(
        CASE
          WHEN health__after_1 < 0.0
          THEN 0.0
          WHEN health__after_1 > 100.0
          THEN 100.0
          ELSE FLOOR(health__after_1 * 1e9 + 0.5009765625) / 1e9
        END * 10.0 * 1e9
        + 0.5009765625
      ) / 1e9
      + 0.5
    ) / 10.0 AS health__points
  FROM scores
), bands AS MATERIALIZED (
  SELECT
    *,
    CASE WHEN health__points < 50.0 THEN 'at_risk' ELSE 'healthy' END AS health__band
  FROM scores_2
), flags AS MATERIALIZED (
  SELECT
    *,
    COALESCE(seats >= 100.0, FALSE) AS large
  FROM bands
)
SELECT
  account_id,
  account_name,
  health__points AS score,
  health__band AS band,
  health__coverage AS coverage,
  large,
  CASE
    WHEN (seats__cell IS NOT NULL AND seats IS NULL)
    OR seats__unreadable
    OR (users__cell IS NOT NULL AND users IS NULL)
    OR users__unreadable
    OR (nps__cell IS NOT NULL AND nps IS NULL)
    OR nps__unreadable
    OR (order__cell IS NOT NULL AND "order" IS NULL)
    THEN NULLIF(
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
            AND "order" IS NULL
            AND TRIM(
              order__cell,
              CHAR(9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288)
            ) <> ''
            THEN '; order'
            ELSE ''
          END
        ),
        3
      ),
      ''
    )
  END AS bad_cells,
  usage__points,
  usage__row,
  nps__points,
  nps__level,
  nps__row,
  order__points,
  order__row,
  CAST(CASE WHEN users < 3.0 THEN 1 ELSE 0 END AS INTEGER) AS health__fired,
  seats,
  users,
  nps,
  "order",
  usage
FROM flags
