"""Frames for the examples of the catalogue: small rulesets with one place where the mistake stands."""

from __future__ import annotations

from healthdsl.diagnostics.entry import Entry

SIGNALS = """ruleset example
  language 1

signal nps      number from -100 to 100
signal seats    count
signal active   count
signal plan     one of free, pro, enterprise
signal renewal  date
signal overdue  days
signal sponsor  yes/no
signal mrr      money in USD
signal usage    percent
  stored as 45 for 45%

rows tickets dated opened_on
  priority  one of low, urgent
  hours     number
  user      text

rows seats_log
  amount  number

levels rating
  good  100  green
  poor  0    red

"""
BARE = "ruleset example\n  language 1\n\n{}\n"
LINE = SIGNALS + "{}\n"
SIGNAL = SIGNALS + "signal derived = {}\n"
FLAG = SIGNALS + "flag risk when {}\n"
STEP = SIGNALS + "measure engagement starts at 50\n  {}\n"
BELOW_STEP = SIGNALS + "measure engagement starts at 50\n  +10 when sponsor\n  {}\n"
LADDER = SIGNALS + "measure nps ladder\n  {}\n"
NODES = SIGNALS + (
    "measure nps ladder as rating\n"
    "  below 0   -> poor\n"
    "  otherwise -> good\n"
    "\n"
    "measure seats curve\n"
    "  0   -> 0\n"
    "  100 -> 100\n"
    "\n"
)
NODE = NODES + "{}\n"
PARTS = NODES + "score health average\n  {}\n"
BANDS = PARTS.replace("{}", "nps\n  seats\n") + "bands health\n  {}\n"
DISTRIBUTION = SIGNALS + "distribution seats_2026\n  10 -> 40%\n  90 -> 100%\n\nmeasure seats {}\n"
TEST = NODES + 'flag low when nps below 0\n\ntest "a case"\n  {}\n  expect low\n'


def framed(code: str, title: str, meaning: str, frame: str, *examples: str) -> Entry:
    """An entry whose two examples, wrong and right, differ in one place of one or more lines."""
    wrong, right = examples
    return Entry(code, title, meaning, frame.replace("{}", wrong), frame.replace("{}", right))
