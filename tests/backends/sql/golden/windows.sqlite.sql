-- Rows and windows (windows), version 0.0.0, fingerprint 6bdfb7ba893f
-- SQL for SQLite, written by healthdsl. Change the ruleset, not this text.
--
-- Reads
--   crm.accounts  a line for every account, known by account_id
--     plan        one of free, paid: Plan
--   crm.tickets   the rows `tickets`, of the account account_id
--     opened_on   date: Opened on
--     priority    one of low, urgent: Priority
--     hours       number from 0 up to 10000: Hours
--   crm.logins    the rows `logins`, of the account account_id
--     at          timestamp: At
--     user        text: User
-- Ids are compared as they stand; `healthdsl score` takes blanks around them away: trim them
-- in a view if yours have any.
-- Gives a line for every account
--   account_id          as it is read
--   score               points of score Health
--   band                band of score Health
--   coverage            share of its weight that is known, 0 to 1
--   bad_cells           signals whose value could not be used and counts as missing, joined by `; `
--   urgent__points      points of measure Urgent tickets
--   urgent__row         row of measure Urgent tickets that decided, from 0 (-1: none, -2: the rule for a missing value)
--   waited__points      points of measure Hours to an answer
--   waited__row         row of measure Hours to an answer that decided, from 0 (-1: none, -2: the rule for a missing value)
--   priorities__points  points of measure Priorities in use
--   people__points      points of measure People who logged in
--   people__row         row of measure People who logged in that decided, from 0 (-1: none, -2: the rule for a missing value)
--   health__fired       lines of score Health that fired: bit k is set for the k-th, from 0
--   plan                Plan
--   urgent              Urgent tickets
--   waited              Hours to an answer
--   last_priority       Last ticket
--   people              People who logged in
--   priorities          Priorities in use
--   tickets__given      whether rows of tickets were given
--   rows__2             what rows came to
--   logins__given       whether rows of logins were given
-- Scores for the day on which it runs, CURRENT_DATE.
-- It is one SELECT: run it as it is, or behind CREATE TABLE scores AS, or as a view.
WITH given AS (
  SELECT
    account_id,
    CAST("plan" AS TEXT) AS "plan"
  FROM crm.accounts
), tickets_given AS (
  SELECT
    account_id,
    CASE
      WHEN SUBSTR(opened_on, 1, 10) = DATE(SUBSTR(opened_on, 1, 10), '+0 days')
      THEN DATE(opened_on, '+0 days')
    END AS opened_on,
    TRIM(opened_on) <> ''
    AND CASE
      WHEN SUBSTR(opened_on, 1, 10) = DATE(SUBSTR(opened_on, 1, 10), '+0 days')
      THEN DATE(opened_on, '+0 days')
    END IS NULL AS opened_on__unreadable,
    CAST(priority AS TEXT) AS priority,
    CASE WHEN TYPEOF(hours) IN ('integer', 'real') THEN CAST(hours AS REAL) END AS hours,
    TRIM(hours) <> '' AND NOT (TYPEOF(hours) IN ('integer', 'real')) AS hours__unreadable
  FROM crm.tickets
), logins_given AS (
  SELECT
    account_id,
    CASE WHEN SUBSTR("at", 1, 10) = DATE(SUBSTR("at", 1, 10), '+0 days') THEN DATE("at", '+0 days') END AS "at",
    TRIM("at") <> ''
    AND CASE WHEN SUBSTR("at", 1, 10) = DATE(SUBSTR("at", 1, 10), '+0 days') THEN DATE("at", '+0 days') END IS NULL AS at__unreadable,
    CAST("user" AS TEXT) AS "user"
  FROM crm.logins
), cells AS MATERIALIZED (
  SELECT
    account_id,
    "plan"
  FROM given
), inputs AS MATERIALIZED (
  SELECT
    account_id,
    CASE WHEN "plan" IN ('free', 'paid') THEN "plan" END AS "plan",
    "plan" AS plan__cell
  FROM cells
), tickets_cells AS MATERIALIZED (
  SELECT
    account_id AS account_key,
    opened_on,
    opened_on__unreadable,
    priority,
    hours,
    hours__unreadable
  FROM tickets_given
), tickets_rows AS MATERIALIZED (
  SELECT
    account_key,
    CASE WHEN opened_on BETWEEN '0001-01-01' AND '9999-12-31' THEN opened_on END AS opened_on,
    opened_on AS opened_on__cell,
    opened_on__unreadable,
    CASE WHEN priority IN ('low', 'urgent') THEN priority END AS priority,
    priority AS priority__cell,
    CASE
      WHEN hours BETWEEN -(603282318186597 / 9007199254740992.0 / 134217728.0) AND (5497558138880273 / 549755813888.0)
      THEN FLOOR(hours * 1e9 + 0.5009765625) / 1e9
    END AS hours,
    hours AS hours__cell,
    hours__unreadable
  FROM tickets_cells
), tickets_values AS MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN JULIANDAY(CURRENT_DATE) - JULIANDAY(opened_on) >= 0.0
      AND JULIANDAY(CURRENT_DATE) - JULIANDAY(opened_on) <= 89.0
      THEN hours
    END AS rows__2__value,
    CASE WHEN JULIANDAY(CURRENT_DATE) - JULIANDAY(opened_on) >= 0.0 THEN priority END AS last_priority__value,
    CASE
      WHEN JULIANDAY(CURRENT_DATE) - JULIANDAY(opened_on) >= 0.0 AND priority IS NOT NULL
      THEN opened_on
    END AS last_priority__day
  FROM tickets_rows
), tickets_ranks AS MATERIALIZED (
  SELECT
    *,
    MAX(last_priority__day) OVER (PARTITION BY account_key) AS last_priority__rank
  FROM tickets_values
), tickets_totals AS MATERIALIZED (
  SELECT
    account_key,
    (
      SUM(FLOOR(rows__2__value))
      + SUM(FLOOR((rows__2__value - FLOOR(rows__2__value)) * 1e9 + 0.5009765625)) / 1e9
    ) / COUNT(rows__2__value) AS rows__2,
    MAX(CASE WHEN last_priority__day = last_priority__rank THEN last_priority__value END) AS last_priority,
    MAX(CASE WHEN (opened_on__cell IS NOT NULL AND opened_on IS NULL) OR opened_on__unreadable THEN 1 END) AS tickets__opened_on__bad,
    MAX(
      CASE
        WHEN priority__cell IS NOT NULL
        AND priority IS NULL
        AND TRIM(
          priority__cell,
          CHAR(9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288)
        ) <> ''
        THEN 1
      END
    ) AS tickets__priority__bad,
    MAX(
      CASE
        WHEN (hours__cell IS NOT NULL AND hours IS NULL AND ABS(hours__cell) <= 1.7976931348623157e308)
        OR hours__unreadable
        THEN 1
      END
    ) AS tickets__hours__bad
  FROM tickets_ranks
  GROUP BY
    account_key
), "rows" AS MATERIALIZED (
  SELECT
    inputs.*,
    tickets_totals.rows__2 AS rows__2,
    tickets_totals.last_priority AS last_priority,
    tickets_totals.tickets__opened_on__bad,
    tickets_totals.tickets__priority__bad,
    tickets_totals.tickets__hours__bad
  FROM inputs
  LEFT JOIN tickets_totals
    ON inputs.account_id = tickets_totals.account_key
), tickets_values_2 AS MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN JULIANDAY(CURRENT_DATE) - JULIANDAY(opened_on) >= 0.0
      AND JULIANDAY(CURRENT_DATE) - JULIANDAY(opened_on) <= 29.0
      AND priority = 'urgent'
      THEN 1
    END AS urgent__counts,
    CASE WHEN JULIANDAY(CURRENT_DATE) - JULIANDAY(opened_on) >= 0.0 THEN priority END AS priorities__value
  FROM tickets_rows
), tickets_totals_2 AS MATERIALIZED (
  SELECT
    account_key,
    COUNT(urgent__counts) AS urgent,
    MAX(CASE WHEN priorities__value = 'low' THEN 1 ELSE 0 END)
    + MAX(CASE WHEN priorities__value = 'urgent' THEN 1 ELSE 0 END) AS priorities
  FROM tickets_values_2
  GROUP BY
    account_key
), logins_cells AS MATERIALIZED (
  SELECT
    account_id AS account_key,
    "at",
    at__unreadable,
    "user"
  FROM logins_given
), logins_rows AS MATERIALIZED (
  SELECT
    account_key,
    CASE WHEN "at" BETWEEN '0001-01-01' AND '9999-12-31' THEN "at" END AS "at",
    "at" AS at__cell,
    at__unreadable,
    CASE
      WHEN TRIM(
        "user",
        CHAR(9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288)
      ) <> ''
      THEN "user"
    END AS "user"
  FROM logins_cells
), logins_values AS MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN JULIANDAY(CURRENT_DATE) - JULIANDAY("at") >= 0.0
      AND JULIANDAY(CURRENT_DATE) - JULIANDAY("at") <= 29.0
      THEN "user"
    END AS people__value
  FROM logins_rows
), logins_totals AS MATERIALIZED (
  SELECT
    account_key,
    COUNT(DISTINCT people__value) AS people,
    MAX(CASE WHEN (at__cell IS NOT NULL AND "at" IS NULL) OR at__unreadable THEN 1 END) AS logins__at__bad
  FROM logins_values
  GROUP BY
    account_key
), rows_2 AS MATERIALIZED (
  SELECT
    "rows".*,
    CAST(COALESCE(tickets_totals_2.urgent, 0.0) AS REAL) AS urgent,
    CAST(COALESCE(tickets_totals_2.priorities, 0.0) AS REAL) AS priorities,
    CAST(COALESCE(logins_totals.people, 0.0) AS REAL) AS people,
    logins_totals.logins__at__bad
  FROM "rows"
  LEFT JOIN tickets_totals_2
    ON "rows".account_id = tickets_totals_2.account_key
  LEFT JOIN logins_totals
    ON "rows".account_id = logins_totals.account_key
), measures AS MATERIALIZED (
  SELECT
    *,
    FLOOR(rows__2 * 1e9 + 0.5009765625) / 1e9 AS waited
  FROM rows_2
), measures_2 AS MATERIALIZED (
  SELECT
    *,
    CAST(CASE WHEN urgent IS NULL THEN NULL WHEN urgent < 1.0 THEN 100.0 ELSE 0.0 END AS REAL) AS urgent__points,
    CAST(CASE WHEN urgent IS NULL THEN -2.0 WHEN urgent < 1.0 THEN 0.0 ELSE 1.0 END AS REAL) AS urgent__row,
    CAST(CASE WHEN rows__2 IS NULL THEN NULL WHEN waited <= 8.0 THEN 100.0 ELSE 20.0 END AS REAL) AS waited__points,
    CAST(CASE WHEN rows__2 IS NULL THEN -2.0 WHEN waited <= 8.0 THEN 0.0 ELSE 1.0 END AS REAL) AS waited__row,
    50.0 * priorities AS priorities__points,
    CAST(CASE WHEN people IS NULL THEN NULL WHEN people < 5.0 THEN 0.0 ELSE 100.0 END AS REAL) AS people__points,
    CAST(CASE WHEN people IS NULL THEN -2.0 WHEN people < 5.0 THEN 0.0 ELSE 1.0 END AS REAL) AS people__row
  FROM measures
), scores AS MATERIALIZED (
  SELECT
    *,
    (
      COALESCE(50.0 * people__points, 0.0) + COALESCE(30.0 * urgent__points, 0.0)
      + COALESCE(10.0 * waited__points, 0.0)
      + COALESCE(10.0 * priorities__points, 0.0)
    ) / NULLIF(
      CAST(CASE WHEN people IS NOT NULL THEN 50.0 ELSE 0.0 END AS REAL)
      + CASE WHEN urgent IS NOT NULL THEN 30.0 ELSE 0.0 END
      + CASE WHEN rows__2 IS NOT NULL THEN 10.0 ELSE 0.0 END
      + CASE WHEN priorities IS NOT NULL THEN 10.0 ELSE 0.0 END,
      0.0
    ) AS health__x1,
    (
      CAST(CASE WHEN people IS NOT NULL THEN 50.0 ELSE 0.0 END AS REAL)
      + CASE WHEN urgent IS NOT NULL THEN 30.0 ELSE 0.0 END
      + CASE WHEN rows__2 IS NOT NULL THEN 10.0 ELSE 0.0 END
      + CASE WHEN priorities IS NOT NULL THEN 10.0 ELSE 0.0 END
    ) / 100.0 AS health__coverage
  FROM measures_2
), scores_2 AS MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN NOT COALESCE("plan" = 'free', FALSE)
      THEN CASE WHEN health__x1 >= 4194304.0 THEN health__x1 ELSE FLOOR(health__x1 * 1e9 + 0.5009765625) / 1e9 END
    END AS health__base
  FROM scores
), scores_3 AS MATERIALIZED (
  SELECT
    *,
    CASE
      WHEN health__base IS NOT NULL AND last_priority = 'urgent'
      THEN CASE WHEN health__base > 60.0 THEN 60.0 ELSE health__base END
      ELSE health__base
    END AS health__points
  FROM scores_2
)
SELECT
  account_id,
  health__points AS score,
  CAST(NULL AS TEXT) AS band,
  health__coverage AS coverage,
  CASE
    WHEN (plan__cell IS NOT NULL AND "plan" IS NULL)
    OR tickets__opened_on__bad IS NOT NULL
    OR tickets__priority__bad IS NOT NULL
    OR tickets__hours__bad IS NOT NULL
    OR logins__at__bad IS NOT NULL
    THEN NULLIF(
      SUBSTRING(
        (
          CASE
            WHEN plan__cell IS NOT NULL
            AND "plan" IS NULL
            AND TRIM(
              plan__cell,
              CHAR(9, 10, 11, 12, 13, 28, 29, 30, 31, 32, 133, 160, 5760, 8192, 8193, 8194, 8195, 8196, 8197, 8198, 8199, 8200, 8201, 8202, 8232, 8233, 8239, 8287, 12288)
            ) <> ''
            THEN '; plan'
            ELSE ''
          END
          || CASE WHEN tickets__opened_on__bad IS NOT NULL THEN '; tickets.opened_on' ELSE '' END
          || CASE WHEN tickets__priority__bad IS NOT NULL THEN '; tickets.priority' ELSE '' END
          || CASE WHEN tickets__hours__bad IS NOT NULL THEN '; tickets.hours' ELSE '' END
          || CASE WHEN logins__at__bad IS NOT NULL THEN '; logins.at' ELSE '' END
        ),
        3
      ),
      ''
    )
  END AS bad_cells,
  urgent__points,
  urgent__row,
  waited__points,
  waited__row,
  priorities__points,
  people__points,
  people__row,
  CAST(CASE
    WHEN NOT COALESCE("plan" = 'free', FALSE) AND health__base IS NOT NULL AND last_priority = 'urgent'
    THEN 1
    ELSE 0
  END AS INTEGER) AS health__fired,
  "plan",
  urgent,
  waited,
  last_priority,
  people,
  priorities,
  TRUE AS tickets__given,
  rows__2,
  TRUE AS logins__given
FROM scores_3
