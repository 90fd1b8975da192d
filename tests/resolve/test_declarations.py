"""Declarations after resolving: defaults explicit, tables checked, copies written out."""

from fractions import Fraction

import pytest

from healthdsl.model import expressions as e
from healthdsl.model import ruleset as r
from healthdsl.model.types import COUNT, DATE, NUMBER
from healthdsl.resolve import resolve_ruleset
from healthdsl.source import Source
from healthdsl.syntax.parser import parse_ruleset
from tests.resolve.shared import HEAD, SIGNALS, codes, combination, node, ruleset, table

A = e.SignalValue("a", COUNT)
B = e.SignalValue("b", NUMBER)


def number(value):
    return e.Constant(Fraction(value), NUMBER)


def points(value):
    return r.Points(number(value))


def keys_and_results(found):
    return [(row.key, row.result) for row in table(found).rows]


# Header, signals, rows -------------------------------------------------------


def test_header():
    found = ruleset(
        'ruleset saas_health "SaaS health"\n  language 1\n  version 2.1.0\n  owner "Ops"\n'
        '  account id "customerID"\n  account name "Company"\n'
    )
    assert (found.name, found.title, found.version, found.owner) == (
        "saas_health",
        "SaaS health",
        "2.1.0",
        "Ops",
    )
    assert (found.account_id, found.account_name, found.main_score) == ("customerID", "Company", None)


def test_header_falls_back():
    found = ruleset("ruleset saas_health\n  language 1\n")
    assert (found.title, found.version, found.owner, found.account_id) == ("Saas health", "0.0.0", None, None)


def test_titles_columns_and_texts_fall_back():
    signal, other = ruleset(
        HEAD
        + (
            'signal login_trend   count   # a note\nsignal nps number from -100 to 100 "Answer"\n'
            '  column "NPS"\n'
        )
    ).signals
    assert (signal.title, signal.column, signal.text) == (
        "Login trend",
        "login_trend",
        "signal login_trend count",
    )
    assert (other.title, other.column) == ("Answer", "NPS")
    assert (other.low, other.high) == (Fraction(-100), Fraction(100))
    assert (other.span.line, other.span.start) == (
        5,
        len(HEAD) + len("signal login_trend   count   # a note\n"),
    )


@pytest.mark.parametrize(("stored", "scale"), [("45 for 45%", Fraction(1, 100)), ("0.45 for 45%", 1)])
def test_how_a_percent_is_stored(stored, scale):
    assert ruleset(HEAD + f"signal p percent\n  stored as {stored}\n").signals[0].scale == scale
    rows = ruleset(HEAD + f"rows t\n  p percent stored as {stored}\n").tables[0]
    assert rows.columns[0].scale == scale


def test_signal_clauses():
    found = ruleset(
        HEAD + "signal on date\nsignal n number\n  expires 90 days after on\n  default 3\n"
        "signal d = n / n\n  divided by zero -> 0\nsignal v yes/no\n  default no\n"
    ).signals
    assert found[1].expiry == r.Expiry(90, "on")
    assert [found[1].default, found[2].on_zero] == [3, 0]
    assert found[3].default is False


def test_the_date_column_need_not_be_declared():
    rows = ruleset(HEAD + "rows tickets dated opened_on\n  hours number\n").tables[0]
    assert rows.dated == "opened_on"
    assert [(column.name, column.type) for column in rows.columns] == [
        ("hours", NUMBER),
        ("opened_on", DATE),
    ]


def test_sub_tables_are_conditions_only():
    assert [table.name for table in ruleset(SIGNALS).tables] == ["tickets", "invoices"]


def test_order_in_the_file_does_not_matter():
    found = ruleset(
        HEAD
        + "signal c = b + 1\nsignal b = count of late\nrows late of t where x above 1\nrows t\n  x count\n"
    )
    assert [signal.name for signal in found.signals] == ["c", "b"]
    assert found.signals[0].type == NUMBER


# Tables ----------------------------------------------------------------------


def test_ladder():
    found = node(
        "measure a ladder\n  when vip -> 9\n  below 1 -> 0\n  up to 2 -> 1\n  from 3 to 4 -> 2\n"
        "  otherwise -> 3\n",
        "a",
    )
    assert (table(found).kind, table(found).subject) == (r.TableKind.LADDER, A)
    assert keys_and_results(found)[1:] == [
        (r.EdgeRung(None, False, number(1), False), points(0)),
        (r.EdgeRung(None, False, number(2), True), points(1)),
        (r.EdgeRung(number(3), True, number(4), True), points(2)),
        (r.Rest(True, False), points(3)),
    ]


def test_a_number_alone_is_a_rung_of_one_value():
    one = r.EdgeRung(number(0), True, number(0), True)
    for written in ("0", "from 0 to 0"):
        found = node(f"measure a ladder\n  {written} -> 9\n  up to 3 -> 5\n  7 -> 4\n  otherwise -> 0\n", "a")
        keys = [key for key, _ in keys_and_results(found)]
        seven = r.EdgeRung(number(7), True, number(7), True)
        assert keys == [one, r.EdgeRung(None, False, number(3), True), seven, r.Rest(True, False)]
    falling = "measure a ladder\n  9 -> 9\n  at least 5 -> 5\n  0 -> 0\n  otherwise -> 1\n"
    assert [key.low for key, _ in keys_and_results(node(falling, "a"))[:3]] == [
        number(9),
        number(5),
        number(0),
    ]


def test_a_ladder_downwards():
    found = node("measure a ladder\n  at least 9 -> 2\n  above 5 -> 1\n  otherwise -> 0\n", "a")
    assert keys_and_results(found)[:2] == [
        (r.EdgeRung(number(9), True, None, False), points(2)),
        (r.EdgeRung(number(5), False, None, False), points(1)),
    ]


def test_lookup_and_curve():
    found = node('measure plan lookup\n  free, pro -> 1\n  "Pro plus" -> 2\n', "plan")
    assert keys_and_results(found) == [
        (r.Keys(("free", "pro")), points(1)),
        (r.Keys(("Pro plus",)), points(2)),
    ]
    found = node("measure usage curve\n  -20% -> 0\n  90% -> 100\n", "usage")
    assert keys_and_results(found) == [
        (r.CurvePoint(Fraction(-1, 5)), points(0)),
        (r.CurvePoint(Fraction(9, 10)), points(100)),
    ]


def test_a_lookup_reads_bands_of_a_node():
    text = (
        "score s = a\nbands s\n  below 3 -> low\n  otherwise -> high\nmeasure m lookup of s\n"
        "  low -> 1\n  high -> 2\n"
    )
    assert isinstance(table(node(text, "m")).subject, e.BandOf)


@pytest.mark.parametrize(
    ("row", "result"),
    [("skip", r.Outcome.SKIP), ("unscored", r.Outcome.UNSCORED), ("worst", r.Outcome.WORST), ("b / 2", None)],
)
def test_missing_row_is_the_policy_as_well(row, result):
    found = node(f"measure a ladder\n  below 1 -> 0\n  otherwise -> 3\n  missing -> {row}\n", "a")
    expected = result or r.Points(e.Product((("*", B), ("/", number(2))), NUMBER))
    assert found.variants[0].missing == r.Missing(expected)
    assert table(found).rows[-1].result == expected


def test_the_policy_of_the_header_is_for_measures():
    text = "ruleset x\n  language 1\n  missing -> 50\nsignal a count\nmeasure a = a\nscore s average\n  a\n"
    measure, score = ruleset(text).nodes
    assert measure.variants[0].missing == r.Missing(points(50), written=False)
    assert score.variants[0].missing == r.Missing(r.Outcome.SKIP, written=False)


def test_worst_in_the_header_needs_a_table():
    text = (
        "ruleset x\n  language 1\n  missing -> worst\nsignal a count\nmeasure a = a\n"
        "measure b ladder of a\n  below 3 -> 0\n  otherwise -> 1\n"
    )
    formula, ladder = ruleset(text).nodes
    assert formula.variants[0].missing.result is r.Outcome.SKIP
    assert ladder.variants[0].missing.result is r.Outcome.WORST


# Nodes -----------------------------------------------------------------------

TWO = "measure a = a\nmeasure b = b\n"


def test_parts_and_steps():
    found = node(
        TWO + 'score s average within 0 to 100 "Health"\n  40 a "Usage"\n  0.5 b only when vip\n'
        "  needs 60% of weight\n"
        '  unscored when plan is free "Free"\n  +10 when vip "Sponsor"\n  cap at 40 when a above 3\n'
        "  round to 1 decimal\n",
        "s",
    )
    variant = found.variants[0]
    first, second = combination(found).parts
    assert (first.node, first.weight, first.title, second.weight) == (
        "a",
        Fraction(40),
        "Usage",
        Fraction(1, 2),
    )
    assert variant.needs == r.Needs(Fraction(3, 5), None, None)
    assert [(step.action, step.reason) for step in variant.steps] == [
        (r.Action.ADD, "Sponsor"),
        (r.Action.CAP, None),
    ]
    assert variant.within == (Fraction(0), Fraction(100))
    assert (variant.round_to, variant.unscored[0].reason) == (1, "Free")
    assert variant.steps[0].text == '+10 when vip "Sponsor"'


def test_a_grid_of_weights():
    text = TWO + "score s average\n  by plan free, otherwise\n  a -> 40, 20\n  b -> 60, 80\n"
    weight = combination(node(text, "s")).parts[0].weight
    assert weight == r.GridWeight(
        "plan", (r.WeightCase(("free",), Fraction(40)), r.WeightCase((), Fraction(20)))
    )


def test_a_measure_takes_the_title_of_its_signal():
    text = 'signal nps number "Latest answer"\nmeasure nps = nps\nmeasure b = nps "B"\n'
    assert [found.title for found in ruleset(SIGNALS + text).nodes] == ["Latest answer", "B"]


def test_variants_are_one_node():
    found = node(
        TWO + "score s average for new when a below 3\n  a\n\nscore s = 50 for old when a at least 3\n", "s"
    )
    assert [variant.name for variant in found.variants] == ["new", "old"]
    assert isinstance(found.variants[1].body, r.Formula)


def test_like_asks_another_signal():
    text = (
        "measure a ladder\n  when a is missing -> 5\n  below 3 -> 0\n  otherwise -> a * 2\n"
        "  -1 per a above 2\n"
        "  within 0 to 10\n\nmeasure b like a\n  +3 when vip\n"
    )
    found = node(text, "b")
    first, _, last = table(found).rows
    assert table(found).subject == B
    assert (first.key, last.result) == (
        r.When(e.IsMissing(B)),
        r.Points(e.Product((("*", B), ("*", number(2))), NUMBER)),
    )
    fine, bonus = found.variants[0].steps
    assert fine.per == r.Per(B, number(2), Fraction(1), False, None)
    assert bonus.amount == number(3)
    assert found.variants[0].within == (Fraction(0), Fraction(10))


def test_like_of_a_formula_and_of_an_expression():
    text = "measure a = a * 2\nmeasure b like a\nmeasure c like a of a + b\n"
    assert node(text, "b").variants[0].body == r.Formula(e.Product((("*", B), ("*", number(2))), NUMBER))
    total = e.Sum((("+", A), ("+", B)), NUMBER)
    assert node(text, "c").variants[0].body == r.Formula(e.Product((("*", total), ("*", number(2))), NUMBER))


def test_like_takes_the_levels():
    text = (
        "levels l\n  good 1\nmeasure a ladder as l\n  below 3 -> good\n  otherwise -> good\n"
        "measure b like a\n"
        "flag f when points of b is known and b is good\n"
    )
    assert ruleset(SIGNALS + text).nodes[1].levels == "l"


def test_bands():
    text = (
        "score s = a\nbands s\n  when vip -> great\n  below 40 -> at_risk orange\n"
        '  otherwise -> great\n  missing -> unknown grey "?"\n'
    )
    bands = ruleset(SIGNALS + text).bands[0]
    assert [(band.name, band.colour, band.label) for band in bands.bands] == [
        ("great", None, "Great"),
        ("at_risk", "orange", "At risk"),
        ("unknown", "grey", "?"),
    ]
    assert [row.result for row in bands.rows] == [
        r.ToLevel(name) for name in ("great", "at_risk", "great", "unknown")
    ]


def test_bands_of_several_nodes():
    found = ruleset(SIGNALS + TWO + "bands a, b\n  below 3 -> low\n  otherwise -> high\n").bands
    assert [bands.node for bands in found] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "main"),
    [
        ("score s = a\nscore t = b\n", "s"),
        ("score s = a\nscore t average\n  s\n", "t"),
        ("score s = a\ngroup g average\n  s\nscore t average\n  g\n", "t"),
        ("score s = a\nscore t = points of s / 2\n", "t"),
        (
            "score s = a\nbands s\n  below 3 -> low\n  otherwise -> high\nscore t = 5\n  +3 when s is low\n",
            "t",
        ),
        ("measure s = a\n", None),
    ],
)
def test_main_score(text, main):
    assert ruleset(SIGNALS + text).main_score == main


def test_tests():
    text = (
        'flag f when a above 3\ntest "one"\n  as of 2026-03-31\n  given a 5\n  given usage 45%\n'
        "  given overdue 3 days\n"
        "  given vip yes\n  given b missing\n  given rows tickets\n    opened_on   priority\n"
        "    2026-03-01  urgent\n"
        "    2026-03-02  missing\n  given rows invoices\n  expect f\n"
    )
    test = ruleset(SIGNALS + text).tests[0]
    assert test.facts == (("a", 5), ("usage", Fraction(45, 100)), ("overdue", 3), ("vip", True), ("b", None))
    assert test.as_of is not None
    day = test.as_of - 30
    assert test.tables[0] == (
        "tickets",
        ((("opened_on", day), ("priority", "urgent")), (("opened_on", day + 1), ("priority", None))),
    )
    assert test.tables[1] == ("invoices", ())
    assert test.expectations[0].condition == e.FlagValue("f")


def test_reasons_and_places_take_no_part_in_equality():
    one = ruleset(SIGNALS + "score s = a\n")
    other = ruleset(SIGNALS + "\n# a comment\nscore   s  =  a\n")
    assert one == other


# Mistakes that must not lead to others ---------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            (
                "signal x nmber\nsignal y = x + 1\nmeasure y ladder\n  below 3 -> 0\nscore s average\n"
                "  y\nflag f when s above 3\n"
            ),
            ["E208"],
        ),
        (
            (
                "levels l\n  good 1\nmeasure a ladder as m\n  below 3 -> bad\nflag f when a is bad\n"
                "flag g when a is good\n"
            ),
            ["E205"],
        ),
        ("signal x = y + 1\nsignal y = x\nmeasure x ladder\n  below 3 -> 0\n", ["E220"]),
        (
            "rows open of tickts where hours above 3\nsignal x = count of open\nflag f when x above 3\n",
            ["E203"],
        ),
        ("group g average\n  aa\nflag f when at least 1 of g are known\n", ["E204"]),
        (
            (
                "measure a ladder of x\n  below 3 -> 0\nmeasure b like a\nbands b\n  below 3 -> low\n"
                "flag f when b is low\n"
            ),
            ["E201"],
        ),
    ],
)
def test_one_mistake_gives_one_message(text, expected):
    assert codes(SIGNALS + text) == expected


@pytest.mark.parametrize(("last", "expected"), [("", ["W502"]), ("  otherwise ->\n", [])])
def test_a_gap_that_a_broken_row_may_fill_is_not_told(last, expected):
    source = Source(f"{SIGNALS}measure overdue ladder\n  up to 5 days -> 100\n{last}", "example.health")
    file, _ = parse_ruleset(source)
    _, diagnostics = resolve_ruleset(file, source)
    assert [problem.code for problem in diagnostics] == expected
