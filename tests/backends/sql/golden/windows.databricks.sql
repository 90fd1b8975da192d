-- Rows and windows (windows), version 0.0.0, fingerprint 6bdfb7ba893f
-- SQL for Databricks, written by healthdsl. Change the ruleset, not this text.
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
    CAST(`plan` AS STRING) AS `plan`
  FROM crm.accounts
), tickets_given AS (
  SELECT
    account_id,
    TRY_CAST(opened_on AS DATE) AS opened_on,
    opened_on IS NOT NULL AND TRY_CAST(opened_on AS DATE) IS NULL AS opened_on__unreadable,
    CAST(priority AS STRING) AS priority,
    TRY_CAST(hours AS DOUBLE) AS hours,
    hours IS NOT NULL AND TRY_CAST(hours AS DOUBLE) IS NULL AS hours__unreadable
  FROM crm.tickets
), logins_given AS (
  SELECT
    account_id,
    DATE_FROM_UNIX_DATE(CAST(FLOOR(UNIX_SECONDS(`at`) / 86400.0) AS INT)) AS `at`,
    CAST(`user` AS STRING) AS `user`
  FROM crm.logins
), cells AS (
  SELECT
    account_id,
    `plan`
  FROM given
), inputs AS (
  SELECT
    account_id,
    CASE WHEN `plan` IN ('free', 'paid') THEN `plan` END AS `plan`,
    `plan` AS plan__cell
  FROM cells
), tickets_cells AS (
  SELECT
    account_id AS account_key,
    opened_on,
    opened_on__unreadable,
    priority,
    hours,
    hours__unreadable
  FROM tickets_given
), tickets_rows AS (
  SELECT
    account_key,
    CASE
      WHEN opened_on BETWEEN CAST('0001-01-01' AS DATE) AND CAST('9999-12-31' AS DATE)
      THEN opened_on
    END AS opened_on,
    opened_on AS opened_on__cell,
    opened_on__unreadable,
    CASE WHEN priority IN ('low', 'urgent') THEN priority END AS priority,
    priority AS priority__cell,
    CASE
      WHEN hours BETWEEN -4.990234374999999e-10 AND 10000.000000000497e0
      THEN FLOOR(hours * 1e9 + 0.5009765625e0) / 1e9
    END AS hours,
    hours AS hours__cell,
    hours__unreadable
  FROM tickets_cells
), tickets_values AS (
  SELECT
    *,
    CASE
      WHEN DATEDIFF(DAY, opened_on, CURRENT_DATE) >= 0 AND DATEDIFF(DAY, opened_on, CURRENT_DATE) <= 89
      THEN hours
    END AS rows__2__value,
    CASE WHEN DATEDIFF(DAY, opened_on, CURRENT_DATE) >= 0 THEN priority END AS last_priority__value,
    CASE WHEN DATEDIFF(DAY, opened_on, CURRENT_DATE) >= 0 AND priority IS NOT NULL THEN opened_on END AS last_priority__day
  FROM tickets_rows
), tickets_ranks AS (
  SELECT
    *,
    MAX(last_priority__day) OVER (PARTITION BY account_key) AS last_priority__rank
  FROM tickets_values
), tickets_totals AS (
  SELECT
    account_key,
    (
      SUM(CAST(FLOOR(rows__2__value) AS DOUBLE))
      + SUM(
        CAST(FLOOR((rows__2__value - CAST(FLOOR(rows__2__value) AS DOUBLE)) * 1e9 + 0.5009765625e0) AS DOUBLE)
      ) / 1e9
    ) / COUNT(rows__2__value) AS rows__2,
    MAX(CASE WHEN last_priority__day = last_priority__rank THEN last_priority__value END) AS last_priority,
    MAX(CASE WHEN (opened_on__cell IS NOT NULL AND opened_on IS NULL) OR opened_on__unreadable THEN 1 END) AS tickets__opened_on__bad,
    MAX(
      CASE
        WHEN priority__cell IS NOT NULL
        AND priority IS NULL
        AND TRIM('\u0009\u000a\u000b\u000c\u000d\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000' FROM priority__cell) <> ''
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
), `rows` AS (
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
), tickets_values_2 AS (
  SELECT
    *,
    CASE
      WHEN DATEDIFF(DAY, opened_on, CURRENT_DATE) >= 0
      AND DATEDIFF(DAY, opened_on, CURRENT_DATE) <= 29
      AND priority = 'urgent'
      THEN 1
    END AS urgent__counts,
    CASE WHEN DATEDIFF(DAY, opened_on, CURRENT_DATE) >= 0 THEN priority END AS priorities__value
  FROM tickets_rows
), tickets_totals_2 AS (
  SELECT
    account_key,
    COUNT(urgent__counts) AS urgent,
    MAX(CASE WHEN priorities__value = 'low' THEN 1 ELSE 0 END)
    + MAX(CASE WHEN priorities__value = 'urgent' THEN 1 ELSE 0 END) AS priorities
  FROM tickets_values_2
  GROUP BY
    account_key
), logins_cells AS (
  SELECT
    account_id AS account_key,
    `at`,
    `user`
  FROM logins_given
), logins_rows AS (
  SELECT
    account_key,
    CASE WHEN `at` BETWEEN CAST('0001-01-01' AS DATE) AND CAST('9999-12-31' AS DATE) THEN `at` END AS `at`,
    `at` AS at__cell,
    CASE
      WHEN TRIM('\u0009\u000a\u000b\u000c\u000d\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000' FROM `user`) <> ''
      THEN `user`
    END AS `user`
  FROM logins_cells
), logins_values AS (
  SELECT
    *,
    CASE
      WHEN DATEDIFF(DAY, `at`, CURRENT_DATE) >= 0 AND DATEDIFF(DAY, `at`, CURRENT_DATE) <= 29
      THEN `user`
    END AS people__value
  FROM logins_rows
), logins_totals AS (
  SELECT
    account_key,
    COUNT(DISTINCT people__value) AS people,
    MAX(CASE WHEN at__cell IS NOT NULL AND `at` IS NULL THEN 1 END) AS logins__at__bad
  FROM logins_values
  GROUP BY
    account_key
), rows_2 AS (
  SELECT
    `rows`.*,
    CAST(COALESCE(tickets_totals_2.urgent, 0) AS DOUBLE) AS urgent,
    CAST(COALESCE(tickets_totals_2.priorities, 0) AS DOUBLE) AS priorities,
    CAST(COALESCE(logins_totals.people, 0) AS DOUBLE) AS people,
    logins_totals.logins__at__bad
  FROM `rows`
  LEFT JOIN tickets_totals_2
    ON `rows`.account_id = tickets_totals_2.account_key
  LEFT JOIN logins_totals
    ON `rows`.account_id = logins_totals.account_key
), measures AS (
  SELECT
    *,
    FLOOR(rows__2 * 1e9 + 0.5009765625e0) / 1e9 AS waited,
    CAST(CASE WHEN urgent IS NULL THEN NULL WHEN urgent < 1 THEN 100 ELSE 0 END AS DOUBLE) AS urgent__points,
    CAST(CASE WHEN urgent IS NULL THEN -2 WHEN urgent < 1 THEN 0 ELSE 1 END AS DOUBLE) AS urgent__row,
    CAST(CASE WHEN rows__2 IS NULL THEN NULL WHEN waited <= 8 THEN 100 ELSE 20 END AS DOUBLE) AS waited__points,
    CAST(CASE WHEN rows__2 IS NULL THEN -2 WHEN waited <= 8 THEN 0 ELSE 1 END AS DOUBLE) AS waited__row,
    50 * priorities AS priorities__points,
    CAST(CASE WHEN people IS NULL THEN NULL WHEN people < 5 THEN 0 ELSE 100 END AS DOUBLE) AS people__points,
    CAST(CASE WHEN people IS NULL THEN -2 WHEN people < 5 THEN 0 ELSE 1 END AS DOUBLE) AS people__row
  FROM rows_2
), scores AS (
  SELECT
    *,
    (
      COALESCE(50 * people__points, 0) + COALESCE(30 * urgent__points, 0)
      + COALESCE(10 * waited__points, 0)
      + COALESCE(10 * priorities__points, 0)
    ) / NULLIF(
      CAST(CASE WHEN people IS NOT NULL THEN 50 ELSE 0 END AS DOUBLE)
      + CASE WHEN urgent IS NOT NULL THEN 30 ELSE 0 END
      + CASE WHEN rows__2 IS NOT NULL THEN 10 ELSE 0 END
      + CASE WHEN priorities IS NOT NULL THEN 10 ELSE 0 END,
      0
    ) AS health__x1,
    (
      CAST(CASE WHEN people IS NOT NULL THEN 50 ELSE 0 END AS DOUBLE)
      + CASE WHEN urgent IS NOT NULL THEN 30 ELSE 0 END
      + CASE WHEN rows__2 IS NOT NULL THEN 10 ELSE 0 END
      + CASE WHEN priorities IS NOT NULL THEN 10 ELSE 0 END
    ) / 100 AS health__coverage,
    CASE
      WHEN NOT COALESCE(`plan` = 'free', FALSE)
      THEN CASE WHEN health__x1 >= 4194304 THEN health__x1 ELSE FLOOR(health__x1 * 1e9 + 0.5009765625e0) / 1e9 END
    END AS health__base,
    CASE
      WHEN health__base IS NOT NULL AND last_priority = 'urgent'
      THEN CASE WHEN health__base > 60 THEN 60 ELSE health__base END
      ELSE health__base
    END AS health__points
  FROM measures
)
SELECT
  account_id,
  health__points AS score,
  CAST(NULL AS STRING) AS band,
  health__coverage AS coverage,
  NULLIF(
    SUBSTRING(
      (
        CASE
          WHEN plan__cell IS NOT NULL
          AND `plan` IS NULL
          AND TRIM('\u0009\u000a\u000b\u000c\u000d\u001c\u001d\u001e\u001f \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000' FROM plan__cell) <> ''
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
  ) AS bad_cells,
  urgent__points,
  urgent__row,
  waited__points,
  waited__row,
  priorities__points,
  people__points,
  people__row,
  CAST(CASE
    WHEN NOT COALESCE(`plan` = 'free', FALSE) AND health__base IS NOT NULL AND last_priority = 'urgent'
    THEN 1
    ELSE 0
  END AS BIGINT) AS health__fired,
  `plan`,
  urgent,
  waited,
  last_priority,
  people,
  priorities,
  TRUE AS tickets__given,
  rows__2,
  TRUE AS logins__given
FROM scores
