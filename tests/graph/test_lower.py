"""Lowering: the names of outputs, sound graphs, long chains."""

from __future__ import annotations

import pytest
from hypothesis import given

from healthdsl import loads
from healthdsl.graph.lower import lower_ruleset
from healthdsl.graph.primitives import Primitive
from healthdsl.graph.verify import verify_graph
from healthdsl.model.expressions import Aggregate, Gather, SignalValue, Sum
from healthdsl.model.ruleset import Formula, Missing, Outcome, RuleNode, Ruleset, Signal, Variant
from healthdsl.model.types import NUMBER
from tests.graph.made import compiled
from tests.oracle.rulesets import ruleset_texts

EVERYTHING = """\
signal seats count
signal nps number from -100 to 100
  expires 30 days after asked
signal asked date
signal plan one of free, pro
measure seats ladder
  below 5 -> 0
  otherwise -> 100
  -5 per seats above 2
  within 0 to 100
measure nps ladder as rating
  below 0 -> poor
  otherwise -> good
levels rating
  good 100
  poor 0
score health average for pro when plan is pro
  2 seats
  1 nps
  round to whole number
score health average for others when plan is free
  1 nps
bands health
  below 50 -> low
  otherwise -> high
flag big when seats above 100
play call when health is low
"""


def names_of(body: str) -> set[str]:
    return {output.name for output in compiled(body).graph.outputs}


def test_outputs_have_the_names_of_the_contract() -> None:
    node = {"points", "applies", "unscored", "known", "base"}
    assert names_of(EVERYTHING) == {
        *("seats", "seats__supplied", "nps", "nps__supplied", "nps__expired"),
        *("asked", "asked__supplied", "plan", "plan__supplied"),
        *(f"seats__{role}" for role in node | {"row", "fired_1", "after_1", "snapped", "within"}),
        *(f"nps__{role}" for role in node | {"row", "level"}),
        *(f"health__{role}" for role in node | {"coverage", "variant", "snapped", "band"}),
        *(f"health__weight_{k}" for k in (1, 2)),
        *(f"health__part_applies_{k}" for k in (1, 2)),
        *("big", "call"),
    }


def test_an_output_tells_its_owner_and_role() -> None:
    graph = compiled(EVERYTHING).graph
    assert (graph.output("nps__level").owner, graph.output("nps__level").role) == ("nps", "level")
    assert (graph.output("nps").owner, graph.output("nps").role) == ("nps", "value")
    assert graph.output("big").role == "flag"
    with pytest.raises(KeyError):
        graph.output("nps__nothing")


def test_the_contract_names_columns_and_ranges() -> None:
    graph = compiled('signal nps number from -100 to 100\n  column "NPS Score"\nmeasure m = nps\n').graph
    (field,) = graph.inputs
    assert (field.name, field.column, field.low, field.high) == ("nps", "NPS Score", -100.0, 100.0)


@given(ruleset_texts())
def test_every_graph_is_sound(text: str) -> None:
    assert verify_graph(loads(text).graph) == []


def test_lowering_again_gives_the_same_graph() -> None:
    ruleset = compiled(EVERYTHING).ruleset
    assert lower_ruleset(ruleset) == lower_ruleset(ruleset)


def chain(length: int) -> Ruleset:
    """Signals that each read the next one declared."""
    signals = [
        Signal(
            name=f"s{k}",
            type=NUMBER,
            title="",
            column=f"s{k}",
            formula=Sum(
                (("+", SignalValue(f"s{k + 1}", NUMBER)), ("+", SignalValue("last", NUMBER))), NUMBER
            ),
        )
        for k in range(length)
    ]
    ends = [Signal(name=name, type=NUMBER, title="", column=name) for name in (f"s{length}", "last")]
    variant = Variant(body=Formula(SignalValue("s0", NUMBER)), missing=Missing(Outcome.SKIP))
    node = RuleNode(word="score", name="n", title="", levels=None, variants=(variant,))
    return Ruleset(
        name="chain",
        title="",
        version="1",
        owner=None,
        account_id=None,
        account_name=None,
        signals=(*signals, *ends),
        tables=(),
        levels=(),
        nodes=(node,),
        bands=(),
        flags=(),
        main_score="n",
    )


def test_a_long_chain_of_signals_needs_no_recursion() -> None:
    graph = lower_ruleset(chain(5_000))
    assert verify_graph(graph) == []
    assert graph.outputs[-1].name.startswith("n__")


def test_a_dated_table_without_window_has_no_rows_after_today() -> None:
    graph = compiled("rows t dated day\n  x number\nmeasure m = count of t\n").graph
    assert any(op.primitive is Primitive.TODAY for op in graph.ops)
    (aggregate,) = [op for op in graph.ops if op.primitive is Primitive.AGGREGATE]
    assert aggregate.value == (Gather.COUNT, "t")
    assert aggregate.operands[2] >= 0


def test_a_table_without_dates_counts_every_row() -> None:
    (aggregate,) = [
        op
        for op in compiled("rows t\n  x number\nmeasure m = count of t\n").graph.ops
        if op.primitive is Primitive.AGGREGATE
    ]
    assert aggregate.operands == (-1, -1, -1, -1)


def test_aggregates_of_the_ruleset_are_ordinary_expressions() -> None:
    ruleset = compiled("rows t\n  x number\nsignal s = sum x of t\nmeasure m = s\n").ruleset
    assert isinstance(ruleset.signals[0].formula, Aggregate)


def test_a_row_that_no_value_reaches_narrows_nothing() -> None:
    """Behind `above 0` nothing is at least 5: the divisor's range is empty there, with 0 at one end."""
    body = "measure m first match\n  when a above 0 -> 1\n  when a at least 5 -> 10 / a\n  otherwise -> 2\n"
    assert names_of(f"signal a number\n  default 1\n{body}") >= {"m__points", "m__row"}
