"""Rulesets of a wanted length with a realistic mix: signals, row tables, every kind of measure, groups, a
score, flags.
"""

from __future__ import annotations

_BLOCK = """\
signal seats_{n} count "Licensed seats {n}"
signal active_{n} count "Active users {n}"
signal nps_{n} number from -100 to 100 "NPS {n}"
  column "NPS {n}"
  expires 180 days after asked_{n}
signal asked_{n} date
signal plan_{n} one of free, pro, enterprise
signal sponsor_{n} yes/no
signal overdue_{n} days
signal use_{n} percent = active_{n} / seats_{n} "Seats in use {n}"
  divided by zero -> 0
rows tickets_{n} dated opened
  priority one of low, normal, urgent
  cost number
signal urgent_{n} = count of tickets_{n} in last 30 days where priority is urgent
signal cost_{n} = sum cost of tickets_{n} in last 90 days
measure use_{n} curve
  20% -> 0
  60% -> 70
  90% -> 100
measure urgent_{n} ladder
  below 1 -> 100 "No urgent tickets"
  below 3 -> 60
  otherwise -> 0 "Many urgent tickets"
measure nps_{n} ladder as rating
  below 0 -> poor
  below 30 -> fair
  otherwise -> good
  missing -> fair
measure plan_{n} lookup
  free -> 20
  pro -> 60
  enterprise -> 100
measure growth_{n} first match
  when use_{n} above 90% and plan_{n} is enterprise -> 100
  when use_{n} above 60% or cost_{n} below 100 -> 60
  otherwise -> 20
measure care_{n} = 50
  +15 when use_{n} above 50% and not sponsor_{n}
  -25 when overdue_{n} above 30 days "Invoices late"
  -5 per urgent_{n} above 2, up to 20 points
  +10 when sponsor_{n}
  within 0 to 100
group part_{n} average
  3 use_{n}
  2 urgent_{n}
  2 nps_{n}
  1 plan_{n}
  1 growth_{n}
  2 care_{n}
  cap at 60 when overdue_{n} above 60 days
flag late_{n} when overdue_{n} above 60 days "Invoices late {n}"
"""
_HEAD = """\
ruleset generated "Generated ruleset"
  language 1
levels rating
  good 100 green "Good"
  fair 50 yellow "Fair"
  poor 0 red "Poor"
"""
_BANDS = """\
bands health
  below 40 -> critical red
  below 70 -> neutral yellow
  otherwise -> healthy green
"""


_FILLER = """\
signal extra_{n} count "Extra {n}"
flag few_{n} when extra_{n} below 1{n} "Few {n}"
"""


def ruleset_of(lines: int) -> str:
    """A ruleset of exactly that many lines; at least 60."""
    blocks = max((lines - 15) // (_BLOCK.count("\n") + 1), 1)
    parts = "".join(f"  {10 + n % 7} part_{n}\n" for n in range(blocks))
    body = "".join(_BLOCK.format(n=n) for n in range(blocks))
    score = f"score health average within 0 to 100\n{parts}  needs 30% of weight\n{_BANDS}"
    left = lines - (_HEAD + body + score).count("\n")
    filled = "".join(_FILLER.format(n=n) for n in range(left // 2))
    comments = "# filler\n" * (left % 2)
    return f"{_HEAD}{body}{filled}{comments}{score}"
