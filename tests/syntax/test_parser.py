"""What lines become: each form as its node, and what is left of a file with mistakes."""

from fractions import Fraction

import pytest

from healthdsl.source import Source, Span
from healthdsl.syntax import expressions as e
from healthdsl.syntax import nodes as n
from healthdsl.syntax.parser import parse_ruleset
from tests.syntax.sources import EVERYTHING, SAMPLE

HERE = Span(0, 0, 1)  # equality ignores places


def name(word: str) -> e.Name:
    return e.Name(span=HERE, name=word)


def number(value: int | Fraction, unit: e.Unit = e.Unit.NONE) -> e.NumberLiteral:
    return e.NumberLiteral(span=HERE, value=Fraction(value), unit=unit)


def compared(left: e.Expression, edge: e.Edge, bound: e.Expression) -> e.Comparison:
    return e.Comparison(span=HERE, left=left, test=e.EdgeTest(span=HERE, edge=edge, bound=bound))


def condition(text: str) -> e.Expression:
    file, diagnostics = parse_ruleset(Source(f"flag f when {text}\n"))
    assert diagnostics == ()
    (flag,) = file.declarations
    assert isinstance(flag, n.FlagDeclaration)
    return flag.condition


def clause(text: str, header: str = "score s average") -> object:
    file, diagnostics = parse_ruleset(Source(f"{header}\n  {text}\n"))
    assert diagnostics == ()
    (node,) = file.declarations
    assert isinstance(node, n.PartDeclaration)
    return node.clauses[0]


@pytest.mark.parametrize("text", [SAMPLE, EVERYTHING])
def test_valid_rulesets(text: str) -> None:
    file, diagnostics = parse_ruleset(Source(text))
    assert diagnostics == ()
    assert file.broken == frozenset()


A, B, C = name("a"), name("b"), name("c")
A3 = compared(A, e.Edge.ABOVE, number(3))
T30 = e.Window(span=HERE, kind="last", days=number(30, e.Unit.DAYS))


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a above 3", A3),
        ("a > 3", A3),
        ("(a above 3)", A3),
        ("a >= 20%", compared(A, e.Edge.AT_LEAST, number(Fraction(1, 5), e.Unit.PERCENT))),
        ("a up to 30 days", compared(A, e.Edge.UP_TO, number(30, e.Unit.DAYS))),
        ("a below -1", compared(A, e.Edge.BELOW, e.Negative(span=HERE, operand=number(1)))),
        ("a and b and c", e.And(span=HERE, operands=(A, B, C))),
        ("(a and b) and c", e.And(span=HERE, operands=(e.And(span=HERE, operands=(A, B)), C))),
        ("not a or b", e.Or(span=HERE, operands=(e.Not(span=HERE, operand=A), B))),
        (
            "a - b + c above 3",
            compared(e.Sum(span=HERE, terms=(("+", A), ("-", B), ("+", C))), e.Edge.ABOVE, number(3)),
        ),
        (
            "a / b * c above 3",
            compared(e.Product(span=HERE, factors=(("*", A), ("/", B), ("*", C))), e.Edge.ABOVE, number(3)),
        ),
        (
            "lowest of (a, b) above 3",
            compared(e.Call(span=HERE, function=name("min"), arguments=(A, B)), e.Edge.ABOVE, number(3)),
        ),
        (
            "days from a to b above 3",
            compared(e.Call(span=HERE, function=name("days"), arguments=(A, B)), e.Edge.ABOVE, number(3)),
        ),
        (
            "any of t in last 30 days where a and b",
            e.RowCount(
                span=HERE,
                quantity=e.Quantity.ANY,
                number=None,
                table=name("t"),
                window=T30,
                where=e.And(span=HERE, operands=(A, B)),
            ),
        ),
        (
            "c and no t where a",
            e.And(
                span=HERE,
                operands=(
                    C,
                    e.RowCount(span=HERE, quantity=e.Quantity.NO, number=None, table=name("t"), where=A),
                ),
            ),
        ),
        (
            "count of (a, b) above 3",
            e.Count(span=HERE, quantity=e.Quantity.COUNT, number=None, members=(A, B), test=A3.test),
        ),
        (
            "at least 2 of a above 3",
            e.Count(span=HERE, quantity=e.Quantity.AT_LEAST, number=number(2), members=A, test=A3.test),
        ),
        ("count of a above 3", compared(e.Aggregate(span=HERE, function=name("count"), column=None, table=A),
                                        e.Edge.ABOVE, number(3))),
        ("a is no", e.Comparison(span=HERE, left=A, test=e.IsTest(
            span=HERE, negated=False, choices=(name("no"),), listed=False))),
        ("a is not one of b, c ignoring case", e.Comparison(span=HERE, left=A, test=e.IsTest(
            span=HERE, negated=True, choices=(B, C), listed=True, ignoring_case=True))),
        ("a is not known", e.Comparison(span=HERE, left=A, test=e.StateTest(
            span=HERE, known=True, negated=True))),
    ],
)  # fmt: skip
def test_conditions(text: str, node: e.Expression) -> None:
    assert condition(text) == node


def step(amount: int, per: n.PerUnit | None = None) -> n.PointsStep:
    return n.PointsStep(span=HERE, sign="-", amount=number(amount), per=per, condition=None, reason=None)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("40 usage", n.PartClause(span=HERE, name=name("usage"), weight=number(40), weights=(),
                                  only_when=None, title=None)),
        ("1/3 cap", n.PartClause(span=HERE, name=name("cap"), weight=number(Fraction(1, 3)), weights=(),
                                 only_when=None, title=None)),
        ("usage -> 40, 25", n.PartClause(span=HERE, name=name("usage"), weight=None,
                                         weights=(number(40), number(25)), only_when=None, title=None)),
        ("missing -> 50", n.MissingClause(span=HERE, result=number(50), reason=None)),
        ("round to whole number", n.RoundClause(span=HERE, decimals=0)),
        ("within 0 to 100", n.WithinClause(span=HERE, low=number(0), high=number(100))),
        ("-5", step(5)),
        ("-5 per a above 2, up to 20 points", step(5, n.PerUnit(
            span=HERE, each=None, full=False, quantity=A, above=number(2), limit=number(20)))),
        ("-1 per full 10 a", step(1, n.PerUnit(
            span=HERE, each=number(10), full=True, quantity=A, above=None, limit=None))),
        ("cap at 40 when a above 3", n.ActionStep(span=HERE, action="cap", amount=number(40),
                                                  condition=A3, reason=None)),
        ("needs 60% of weight", n.NeedsClause(span=HERE, share=number(Fraction(3, 5), e.Unit.PERCENT),
                                              parts=None, reason=None)),
    ],
)  # fmt: skip
def test_clauses(text: str, node: object) -> None:
    assert clause(text) == node


def test_missing_is_a_row_of_a_table() -> None:
    row = clause("missing -> worst", "measure a ladder")
    rest = n.RestTest(span=HERE, otherwise=False, missing=True)
    assert row == n.TableRow(span=HERE, test=rest, result=name("worst"), colour=None, reason=None)


def test_places() -> None:
    source = Source("signal a count\nflag f when a above\n  and b\n".replace("above\n", "above 3\n"))
    _, flag = parse_ruleset(source)[0].declarations
    assert isinstance(flag, n.FlagDeclaration)
    assert source.slice(flag.name.span) == "f"
    assert flag.name.span.line == 2
    assert source.slice(flag.condition.span) == "a above 3\n  and b"


def test_a_broken_clause_is_left_out() -> None:
    file, diagnostics = parse_ruleset(Source("score s average\n  40 a\n  40 b c\n  20 d\n"))
    (score,) = file.declarations
    assert isinstance(score, n.PartDeclaration)
    assert [part.name.name for part in score.clauses if isinstance(part, n.PartClause)] == ["a", "d"]
    assert [problem.span.line for problem in diagnostics] == [3]
    assert "s" in file.broken


def test_a_broken_header_leaves_its_name() -> None:
    text = "signal a count count\n  default 1\nrows t\n  b c d\n"
    text += "levels l\n  good 1 2 3\nbands l\n  below 4 5 -> low\n"
    file, diagnostics = parse_ruleset(Source(text))
    assert len(diagnostics) == 4
    assert {"a", "t", "b", "l", "good", "low"} <= file.broken


def test_every_mistake_in_one_run() -> None:
    text = "signal a count count\nflag f when a = 3\nscore s average\n  a 40\n  needs 60%\n  cap 3\n"
    _, diagnostics = parse_ruleset(Source(text))
    assert [problem.span.line for problem in diagnostics] == [1, 2, 4, 5, 6]


def test_comments_are_all_kept() -> None:
    file, _ = parse_ruleset(
        Source('# a\nsignal a count # b\n  # c\n  broken broken # d\nsignal x text "#"\n#e')
    )
    assert [comment.text for comment in file.comments] == ["# a", "# b", "# c", "# d", "#e"]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("points of days from 25 to 98", e.PointsOf(span=HERE, name=name("days"))),
        ("days from 3 to 9", name("days")),
    ],
)
def test_a_range_of_what_is_called_days(text: str, left: e.Expression) -> None:
    asked = condition(text)
    assert isinstance(asked, e.Comparison)
    assert asked.left == left
    assert isinstance(asked.test, e.RangeTest)


@pytest.mark.parametrize(
    "text", ["per full", "per full, up to 12 points", "per full above 2", "per full 10 full"]
)
def test_a_step_counts_what_is_called_full(text: str) -> None:
    step = clause(f"-4 {text}")
    assert isinstance(step, n.PointsStep)
    assert step.per is not None
    assert (step.per.quantity, step.per.full) == (name("full"), "10" in text)


@pytest.mark.parametrize("table", ["within", "from"])
def test_no_rows_of_a_table_called_like_a_word(table: str) -> None:
    asked = condition(f"no {table} where a above 3")
    assert isinstance(asked, e.RowCount)
    assert asked.table == name(table)


@pytest.mark.parametrize("text", ["by only when a above 3", "within weighted by a", "by weighted by a"])
def test_a_part_called_like_a_clause(text: str) -> None:
    part = clause(text)
    assert isinstance(part, n.PartClause)
    assert part.name == name(text.split(maxsplit=1)[0])


@pytest.mark.parametrize("model", ["count", "lowest", "first"])
def test_a_model_called_like_a_pair_of_words(model: str) -> None:
    (node,) = parse_ruleset(Source(f"measure b like {model} of x\n"))[0].declarations
    assert isinstance(node, n.PartDeclaration)
    assert node.body == n.LikeBody(span=HERE, model=name(model), subject=name("x"))


def test_lines_that_go_on() -> None:
    listed = clause('-5 when a is one of "x",\n    "y", "z"\n    and b above 3')
    assert listed == clause('-5 when a is one of "x", "y", "z" and b above 3')
    row = clause("when a above 3\n    and b above 3\n    -> 5", "measure m first match")
    assert row == clause("when a above 3 and b above 3 -> 5", "measure m first match")


def test_the_text_of_a_flag_on_a_line_of_its_own() -> None:
    for written in ('f when a above 3  "Text"', 'f when a above 3\n  "Text"', 'f when a is\n  "Text"'):
        below = parse_ruleset(Source(f"flag {written}\nplay {written}\n"))
        same = " ".join(written.split())
        assert below[1] == ()
        assert below[0].declarations == parse_ruleset(Source(f"flag {same}\nplay {same}\n"))[0].declarations


@pytest.mark.parametrize("below", ['  "b"', '  and b\n  "b"', '  "a" or b', "  40 usage", '  signal x "c"'])
def test_a_flag_has_one_text(below: str) -> None:
    file, problems = parse_ruleset(Source(f'flag f when a "a"\n{below}\nflag g when a\n'))
    assert len(problems) == 1
    assert [one.name.name for one in file.declarations if isinstance(one, n.FlagDeclaration)][-1] == "g"


@pytest.mark.parametrize(
    "text", ["signal\n  ->\n", ",\n  a\n", "signal ,\n  x\n", "score s total\n  ,\n  ->\n"]
)
def test_a_line_that_goes_on_from_nothing_is_told(text: str) -> None:
    assert parse_ruleset(Source(text))[1]
