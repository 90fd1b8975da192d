"""The generated source: every primitive has an emitter, nothing of a user's words is code, size is no
matter.
"""

from __future__ import annotations

import ast

import pytest

from healthdsl import loads
from healthdsl.backends.record.emit import EMITTED
from healthdsl.backends.record.layout import Layout
from healthdsl.backends.record.program import compile_record
from healthdsl.backends.record.source import Ask, full_source, run_source
from healthdsl.graph.primitives import Primitive
from tests.record.made import compiled


def sources(body: str) -> tuple[str, str]:
    """The source of `run` and of `full` for a ruleset whose score is `s`."""
    graph = compiled(body).graph
    layout = Layout.of(graph)
    wanted = [output.op for output in graph.outputs]
    return run_source(layout, Ask("s__points", "s__band")), full_source(layout, wanted)


def test_every_primitive_has_an_emitter() -> None:
    assert set(Primitive) == EMITTED


NASTY = '"""\'); import os #\\n{x}\u2028\r'
BODY = """\
signal x number
  column "'); import os #"
signal plan one of "a'b", "\\", "__import__('os')", "ünï"
signal t text
rows r
  k one of "');", "x"
measure plan lookup
  "a'b", "\\" -> 1
  "__import__('os')" -> 2
score s total
  plan
  missing -> 0
bands s
  below 1 -> low
  otherwise -> high
flag f when t is one of "'''", "#"
flag g when any of r where k is "');"
"""


def test_words_of_the_ruleset_stand_in_the_source_only_as_escaped_texts() -> None:
    for source in sources(BODY):
        tree = ast.parse(source)
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        assert not names & {"x", "plan", "k", "os", "__import__"}
        assert not [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
        assert source.isascii()
    result = compiled(BODY).score(
        {"'); import os #": 1, "plan": "__import__('os')", "t": "'''", "r": [{"k": "');"}]}
    )
    assert (result.score, result.band, result.flags) == (2, "high", ("f", "g"))


def test_generated_code_has_no_way_out() -> None:
    program = compile_record(compiled(BODY).graph)
    builtins = program.run.__globals__["__builtins__"]
    assert not {"open", "eval", "exec", "__import__", "getattr", "compile"} & set(builtins)


def test_a_condition_is_asked_once_for_all_that_it_decides() -> None:
    body = "signal x number\nmeasure x ladder\n  below 1 -> 1\n  below 2 -> 2\n  otherwise -> 3\n"
    run, full = sources(body + "score s average\n  x\n")
    assert run.count("< 1.0") + run.count("< 0.99999") == 1
    assert full.count("< 1.0") == 1


def test_an_input_only_compared_is_not_snapped_at_once() -> None:
    run, _ = sources("signal x number\nscore s first match\n  when x below 40 -> 1\n  otherwise -> 2\n")
    assert "floor" not in run
    body = "signal x number\nscore s = x\n"
    assert "floor" in sources(body)[0]


# Size ------------------------------------------------------------------------


def test_a_ladder_of_three_hundred_rungs() -> None:
    rungs = "".join(f"  below {k} -> {k * 2}\n" for k in range(1, 301))
    ruleset = compiled(f"signal x number\nmeasure x ladder\n{rungs}  otherwise -> 0\n")
    assert [ruleset.score({"x": x}).parts["x"] for x in (0, 149.5, 299, 300)] == [2, 300, 600, 0]


def test_a_chain_of_measures_each_needed_by_one_branch_of_the_next() -> None:
    """Python allows 100 levels of indentation and about as many brackets."""
    chain = "".join(
        f"measure m{k} first match\n  when a above {k} -> points of m{k - 1}\n  otherwise -> {k}\n"
        for k in range(1, 99)
    )
    ruleset = compiled(f"signal a number\nmeasure m0 = 1000\n{chain}score s average\n  m98\n")
    assert [ruleset.score({"a": a}).score for a in (200, 98, 10)] == [1000, 98, 98]


def test_a_chain_of_signals_each_read_once() -> None:
    chain = "".join(f"signal s{k} = s{k - 1} + 1\n" for k in range(1, 400))
    ruleset = compiled(f"signal s0 number\n{chain}score s = s399\n")
    assert ruleset.score({"s0": 1}).score == 400


def test_a_hundred_and_fifty_steps() -> None:
    steps = "".join(f"  +1 when a above {k}\n" for k in range(150))
    ruleset = compiled(f"signal a number\nscore s = a\n{steps}")
    result = ruleset.score({"a": 75})
    assert (result.score, result.values["s__after_75"], result.values["s__after_150"]) == (150, 150, 150)


def test_a_score_of_a_hundred_parts() -> None:
    signals = "".join(f"signal a{k} number\nmeasure a{k} = a{k}\n" for k in range(100))
    parts = "".join(f"  {k + 1} a{k}\n" for k in range(100))
    ruleset = compiled(f"{signals}score s average\n{parts}")
    assert ruleset.score({f"a{k}": 7 for k in range(100)}).score == 7
    assert ruleset.score({"a0": 1, "a99": 2}).score == pytest.approx(201 / 101, abs=1e-9)


def test_no_inputs_one_input_and_no_score() -> None:
    assert compiled("score s = 5\n").score({}).score == 5
    assert compiled("signal x number\nscore s = x\n").score({"x": 2}).score == 2
    assert loads("ruleset r\n  language 1\nflag f when 1 above 0\n").score({}).flags == ("f",)
