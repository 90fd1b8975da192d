"""Columns: operations written out for many accounts give what the plain evaluator gives for each."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import pytest

from healthdsl import loads
from healthdsl.graph.evaluate import apply, evaluate
from healthdsl.graph.graph import Op
from healthdsl.graph.primitives import Primitive
from healthdsl.model.types import NUMBER, YES_NO
from healthdsl.testing.mutants.columns import Case, Columns, Numbering
from healthdsl.testing.mutants.vector import apply_all

TRUTHS = (True, False, None)
NUMBERS = (0.0, -1.5, 2.0, 1e308, None)
TWO = ("LESS", "AT_MOST", "EQUAL", "ADD", "SUBTRACT", "MULTIPLY", "DIVIDE", "MINIMUM")


@pytest.mark.parametrize("name", ["AND", "OR"])
def test_logic(name: str) -> None:
    check(Op(Primitive[name], (0, 1, 2), None, YES_NO), list(product(TRUTHS, repeat=3)))


@pytest.mark.parametrize("name", ["NOT", "IS_TRUE", "IS_KNOWN"])
def test_of_one_condition(name: str) -> None:
    check(Op(Primitive[name], (0,), None, YES_NO), [(value,) for value in TRUTHS])


@pytest.mark.parametrize("name", TWO)
def test_of_two_numbers(name: str) -> None:
    check(Op(Primitive[name], (0, 1), None, NUMBER), list(product(NUMBERS, repeat=2)))


def test_choice_member_and_snap() -> None:
    rows = [(a, 1.0, b, 2.0, 3.0) for a, b in product(TRUTHS, repeat=2)]
    check(Op(Primitive.SELECT, (0, 1, 2, 3, 4), None, NUMBER), rows)
    check(Op(Primitive.MEMBER, (0,), ("a", "b"), YES_NO), [("a",), ("c",), (None,)])
    check(Op(Primitive.SNAP, (0,), None, NUMBER), [(0.1 + 0.2,), (-0.0,), (None,)])
    check(Op(Primitive.COALESCE, (0, 1), None, NUMBER), list(product(NUMBERS, repeat=2)))


def check(op: Op, rows: Sequence[tuple[object, ...]]) -> None:
    found = apply_all(op, [list(column) for column in zip(*rows, strict=True)])
    assert [repr(value) for value in found] == [repr(apply(op, row)) for row in rows]


def test_rows_of_tables() -> None:
    compiled = loads(
        "ruleset r\n  language 1\nsignal a number\nrows t\n  v number\n  w number\n"
        "signal n = count of t where v above a\nsignal m = average v of t weighted by w\n"
        "signal s = sum v of t where w is known\n"
    )
    tables: list[list[dict[str, object]] | None] = [
        None,
        [],
        [{"v": 1.0, "w": 2.0}, {"v": 5.0, "w": None}, {"v": None, "w": 1.0}],
        [{"v": 4.0}],
    ]
    cases = [Case({"a": a}, {"t": rows}, None) for a in (3.0, None) for rows in tables]
    numbering = Numbering()
    numbers = numbering.enter(compiled.graph)
    columns = Columns(numbering, cases)
    for name in ("n", "m", "s"):
        expected = [evaluate(compiled.graph, case.inputs, case.tables)[name] for case in cases]
        assert columns.column(numbers[name]) == expected
    assert columns.column(numbers["n"]) == [None, 0.0, 1.0, 1.0, None, 0.0, 0.0, 0.0]


def test_equal_operations_of_two_graphs_are_one_and_1_is_not_true() -> None:
    head = "ruleset r\n  language 1\nsignal a number\nsignal b yes/no\n"
    numbering = Numbering()
    one = numbering.enter(loads(f"{head}flag f when a above 1\n").graph)
    other = numbering.enter(loads(f"{head}flag f when a above 1\nflag g when b\n").graph)
    assert one["f"] == other["f"]
    third = numbering.enter(loads(f"{head}flag f when a above 2\n").graph)
    assert third["f"] != one["f"]


def test_passing_columns_are_forgotten_and_kept_ones_are_not() -> None:
    compiled = loads("ruleset r\n  language 1\nsignal a number\nsignal b = a + 1\n")
    numbering = Numbering()
    numbers = numbering.enter(compiled.graph)
    columns = Columns(numbering, [Case({"a": 1.0}, {}, None)])
    columns.begin_passing()
    first = columns.column(numbers["b"])
    columns.begin_passing()
    assert columns.column(numbers["b"]) is not first
    kept = columns.kept_column(numbers["b"])
    columns.begin_passing()
    assert columns.column(numbers["b"]) is kept
