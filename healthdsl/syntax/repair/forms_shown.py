"""The form of each line as it is shown to people: an example to write it like."""

from __future__ import annotations

from healthdsl.syntax.lexer import Token
from healthdsl.syntax.pairs import AGGREGATES

# By the first words of the line.
BY_WORDS = {
    "ruleset": 'ruleset my_health "Title"',
    "dictionary": 'dictionary our_signals "Title"',
    "use": 'use "signals.health"',
    "distribution": 'distribution mrr_2026 "Title"',
    "signal": 'signal seats count "Title"` or `signal usage = active / seats',
    "rows": "rows tickets dated opened_on` or `rows urgent of tickets where priority is urgent",
    "levels": "levels rating` or `levels segments without points",
    "measure": "measure nps ladder` or `measure engagement starts at 50",
    "group": "group usage average",
    "score": "score health average within 0 to 100",
    "bands": 'bands health` or `bands churn_risk of health "Risk of churn"',
    "flag": 'flag at_risk when health below 40 "Text"',
    "play": 'play call_them when health below 40 "Text"',
    "condition": "condition not_engaged when logins below 3",
    "test": 'test "what it shows"` or `test "another case" like "what it shows"',
    "language": "language 1",
    "version": "version 2.1.0",
    "owner": 'owner "CS Operations"',
    "account": 'account id "customerID"` or `account name "Company"',
    "missing": 'missing -> skip "reason"',
    "column": 'column "NPS Score"',
    "stored": "stored as 45 for 45%` or `stored as 0.45 for 45%",
    "expires": "expires 180 days after answered_on",
    "default": "default 0",
    "divided": "divided by zero -> 0",
    "fixed": "fixed",
    "higher": "higher is better",
    "lower": "lower is better",
    "only": "only when plan is pro",
    "unscored": 'unscored when plan is free "reason"',
    "needs": "needs 60% of weight` or `needs 3 parts",
    "within": "within 0 to 100",
    "round": "round to 1 decimal` or `round to whole number",
    "shown": "shown to 1 decimal` or `shown to whole number",
    "times": "times 0.5 when nps is missing",
    "cap": 'cap at 40 when overdue above 60 days "reason"',
    "raise": "raise to 40 when has_sponsor",
    "set": "set to 0 when churned",
    "by": "by segment  smb, enterprise` or `by seats  below 10, otherwise",
    "+": '+10 when has_sponsor "reason"` or `+1 per 10 seats',
    "-": '-10 when nps below 30 "reason"` or `-5 per tickets above 2, up to 20 points',
    "as": "as of 2026-03-31",
    "given": "given seats 100` or `given rows tickets",
    "expect": "expect health up to 40` or `expect health is at_risk",
    "when": 'when nps below 30 -> 10 "reason"',
    "otherwise": "otherwise -> 0",
    "below": 'below 40 -> 10 "reason"',
    "above": 'above 40 -> 10 "reason"',
    "at": 'at least 40 -> 10 "reason"',
    "up": 'up to 40 -> 10 "reason"',
    "before": 'before 2026-03-31 -> 10 "reason"',
    "after": 'after 2026-03-31 -> 10 "reason"',
    "on": 'on or after 2026-03-31 -> 10 "reason"',
    "from": 'from 3 to 6 -> 10 "reason"',
}
BY_START = {
    "header_clause": 'version 2.1.0` or `owner "CS Operations"',
    "signal_clause": 'column "NPS Score"` or `default 0` or `missing when -1',
    "column_line": "priority one of low, normal, urgent",
    "distribution_clause": "1_200 -> 35.5%` or `as of 2026-03-31",
    "level_row": 'good 100 green "Good"',
    "plain_level_row": 'good green "Good"',
    "table_row": 'below 40 -> 10 "reason"',
    "band_row": 'below 40 -> critical red "Critical"',
    "part_line": "40 usage",
    "grid_keys": "by segment  smb, enterprise` or `by seats  below 10, otherwise",
    "test_clause": "given seats 100` or `expect health up to 40",
    "given_rows_line": "given rows tickets",
    "grid_line": '2026-03-20  urgent  "some text"',
}
# Where a word begins a clause only in some places, the place is stronger.
PLACE_FIRST = frozenset(("column_line", "level_row", "plain_level_row", "band_row", "grid_line"))


# What fades, by the words that people have for it.
FADING = {
    ("halved", "halves", "halve", "halving", "half"): "10 halved every 14 days",
    ("fading", "fades", "fade"): "10 fading from 60 to 160 days",
    ("losing", "loses", "lose", "decay", "decays", "decaying"): "10 losing 50% per months_ago",
}


def shown_form(start: str | None, tokens: list[Token], *, grid: bool = False) -> str:
    """What to write a line like; forms are joined by backticks, to stand between backticks. `grid`: the line
    stands below the header of one.
    """
    formula = _worked_out(start, tokens)
    if formula is not None:
        return formula
    if grid and start in ("table_row", "grid_keys"):
        columns, row = "by seats  below 10, below 100, otherwise", "smb -> 40, 70, skip"
        keyed = any(token.kind == "ARROW" for token in tokens)
        return columns if tokens[0].text == "by" else row if keyed else f"{columns}` or `{row}"
    if start in PLACE_FIRST:
        return BY_START[start]
    return BY_WORDS.get(tokens[0].text.lower()) or BY_START.get(start or "", "signal seats count")


def _worked_out(start: str | None, tokens: list[Token]) -> str | None:
    """The form of what fades, or is gathered from rows, where a word of that kind stands behind `=`."""
    behind = [index for index, token in enumerate(tokens) if token.kind == "EQUALS"]
    if start not in ("signal_line", "column_line", "node_line") or not behind:
        return None
    if start == "signal_line" and tokens[min(behind[0] + 1, len(tokens) - 1)].text in AGGREGATES:
        return "signal effort = sum hours of tickets"
    words = {token.text.lower() for token in tokens[behind[0] + 1 :]}
    found = [form for spellings, form in FADING.items() if words & set(spellings)]
    since = "" if start == "column_line" else " since signed_on"
    return f"= {found[0]}{since}" if found else None
