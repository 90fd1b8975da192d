"""What a customer sees: reasons in words, no half rules, nothing twice, and no places in a file."""

import healthdsl
from healthdsl.reports import figures, render_html, render_markdown, render_text
from healthdsl.reports.told import missing_lines, part_words, unjudged_lines, visible_parts

LONG = "-7.5 when days_since_the_last_login above 60 and the_oldest_open_ticket above 30"
RULES = f"""\
ruleset r
  language 1

signal days_since_the_last_login number
signal the_oldest_open_ticket number

measure m = 90

score s average within 0 to 100
  m
  {LONG}
  -3 when the_oldest_open_ticket above 20 "An old ticket"
"""


def page():
    record = {"days_since_the_last_login": 99, "the_oldest_open_ticket": 99}
    return healthdsl.loads(RULES, "r.health").score(record).explain()


def test_a_rule_without_a_reason_is_shown_whole():
    html = render_html(page())
    assert "…" not in html
    lines = ["Days since the last login: 99, above 60; The", "oldest open ticket: 99, above 30"]
    assert [f">{line}</text>" in html for line in lines] == [True, True]
    assert html.index(lines[0]) < html.index(lines[1])


def test_a_reason_stands_with_what_was_found_and_without_the_language():
    for text in (render_html(page()), render_markdown(page()), render_text(page(), width=110)):
        assert "An old ticket" in text
        assert "The oldest open ticket: 99, above 20" in text
        assert "when the" not in text
        assert "->" not in text.replace("-->", "")


def test_places_show_on_hover_or_when_asked_for():
    html = render_html(page())
    assert html.count("r.health:") == html.count('title="r.health:') > 0
    for text in (render_text(page()), render_markdown(page())):
        assert "r.health" not in text
    for text in (render_text(page(), where=True), render_markdown(page(), where=True)):
        assert "[r.health:12]" in text.replace("\\", "").replace("\n  ", " ")
    html = render_html(page(), where=True)
    assert '<span class="place">r.health:12</span>' in html
    style = html[html.index("<style>") : html.index("</style>")]
    assert ".place { display: none; }" in style[style.index("@media print") :]


def test_the_folders_of_a_ruleset_are_no_business_of_a_customer():
    explanation = healthdsl.loads(RULES, "rules/of_kim/r.health").score({}).explain()
    assert "kim" not in render_html(explanation)
    assert "kim" not in render_text(explanation)


def test_the_ring_says_of_what_only_where_the_score_is_bounded():
    assert 'text-anchor="middle">of 100</text>' in render_html(page())
    open_scale = RULES.replace(" within 0 to 100", "").replace("m = 90", "m = the_oldest_open_ticket")
    explanation = healthdsl.loads(open_scale).score({"the_oldest_open_ticket": 3}).explain()
    assert explanation.scores[0].scale is None
    assert 'text-anchor="middle">of ' not in render_html(explanation)
    assert "out of" not in explanation.summary


UNKNOWN = """\
ruleset r
  language 1

signal seats count "Seats"
signal used  count "Used"
signal share percent = used / seats "Seats in use"
signal calls count "Calls"
signal pro   yes/no "On the plan Pro"
signal note  count "Note"
signal plan  one of small, large "Plan"
  default small

measure share ladder
  below 50% -> 0
  otherwise -> 100
measure calls ladder "Calls"
  below 3   -> 0
  otherwise -> 100
measure used ladder
  below 3   -> 0
  otherwise -> 100

group phone average "Phone"
  calls
group extra average "Extra"
  seats
  only when pro "Only on the plan Pro"

score s average within 0 to 100
  60 share
  20 phone
  10 used
  10 extra
  -5 when note above 3 "Too many notes"
bands s
  below 50  -> low red
  otherwise -> high green
"""


def unknown(**record: object):
    return healthdsl.loads(UNKNOWN).score({"pro": False, **record}).explain()


def test_what_is_not_known_is_told_once():
    explanation = unknown(used=5)
    (score,) = explanation.scores
    told = [(part.title, part_words(score, part)) for part in visible_parts(score)]
    assert told == [
        ("Seats in use", "Missing: Seats"),
        ("Phone", "Not known: Calls"),
        ("Used", "At least 3"),
        ("Extra", "Does not apply: Only on the plan Pro"),
    ]
    assert [said for said, _ in unjudged_lines(score)] == ["Too many notes (missing: Note)"]
    assert missing_lines(explanation) == ["Plan: not in the record, taken as small."]
    text = render_text(explanation, width=110)
    # The summary, the parts and the lines of points: each of them in one place.
    assert [text.count("Missing: Seats"), text.count("Calls"), text.count("Note")] == [1, 1, 1]


def test_signals_that_no_line_tells_are_gathered_in_one():
    explanation = healthdsl.loads(UNKNOWN).score({"seats": 10, "used": 5, "calls": 1, "note": 1}).explain()
    assert missing_lines(explanation)[0] == "Not in the record: On the plan Pro."


MANY = "".join(f'signal a{k} number "A{k}"\n' for k in range(8))
LADDERS = "".join(f"measure m{k} ladder of a{k}\n  below 3 -> 0\n  otherwise -> 100\n" for k in range(8))
PARTS = "".join(f"  m{k}\n" for k in range(8))
BANDS = "bands s\n  below {} -> low red\n  otherwise -> high green\n"


def moves(bound: int, value: float) -> list[str]:
    text = f"ruleset r\n  language 1\n\n{MANY}{LADDERS}score s average\n{PARTS}{BANDS.format(bound)}"
    return figures.move_lines(healthdsl.loads(text).score({f"a{k}": value for k in range(8)}).explain())


def test_of_many_moves_the_first_are_told():
    assert moves(90, 1) == ["Not one of these alone would reach a better band: A0, A1, A2 and 5 others."]
    found = moves(12, 1)
    assert found[0] == "A0 at 3 instead of 1 would make it “High” (score 12.5)."
    assert (len(found), found[5]) == (6, "Each of these would do it alone, too: A5, A6 and A7.")
