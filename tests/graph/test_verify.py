"""Each promise of a graph, broken once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from healthdsl.graph.graph import Graph, Op, Output
from healthdsl.graph.primitives import Primitive as Is
from healthdsl.graph.verify import verify_graph
from healthdsl.model.expressions import Gather
from healthdsl.model.types import NUMBER, YES_NO
from tests.graph.made import compiled

SOUND = compiled("signal x number\nrows t\n  a number\nmeasure m = x + (sum a of t where a above x)\n").graph


def appended(op: Op) -> Graph:
    return replace(SOUND, ops=(*SOUND.ops, op))


def place(primitive: Is) -> int:
    return next(index for index, op in enumerate(SOUND.ops) if op.primitive is primitive)


def test_a_sound_graph() -> None:
    assert verify_graph(SOUND) == []


@pytest.mark.parametrize(
    ("graph", "words"),
    [
        (appended(Op(Is.NOT, (99,), None, YES_NO)), "does not stand before it"),
        (appended(Op(Is.NOT, (-1,), None, YES_NO)), "does not stand before it"),
        (appended(Op(Is.ADD, (0,), None, NUMBER)), "has 1 operands"),
        (appended(Op(Is.SELECT, (0, 1), None, NUMBER)), "a condition without a value"),
        (appended(SOUND.ops[0]), "equals operation 0"),
        (appended(Op(Is.INPUT, (), "y", NUMBER)), "reads y, which the contract does not have"),
        (appended(Op(Is.SUPPLIED, (), "u", YES_NO)), "reads u, which the contract does not have"),
        (appended(Op(Is.COLUMN, (), ("t", "b"), NUMBER, "t")), "which the contract does not have"),
        (
            appended(Op(Is.AGGREGATE, (-1, -1, -1, -1), (Gather.COUNT, "u"), NUMBER)),
            "which the contract does not have",
        ),
        (
            appended(Op(Is.AGGREGATE, (-1, -1, -1, -1), (Gather.COUNT, "t"), NUMBER, "t")),
            "(aggregate) belongs to rows",
        ),
        (appended(Op(Is.FLOOR, (place(Is.COLUMN),), None, NUMBER)), "reads rows of another table"),
        (appended(Op(Is.COLUMN, (), ("t", "a"), NUMBER)), "does not belong to its table"),
        (replace(SOUND, outputs=(Output("z", 999, "value", "z"),)), "names no operation of the account"),
        (
            replace(SOUND, outputs=(Output("z", place(Is.COLUMN), "value", "z"),)),
            "names no operation of the account",
        ),
        (replace(SOUND, outputs=(SOUND.outputs[0], SOUND.outputs[0])), "stands twice"),
        (replace(SOUND, outputs=(Output("z", 0, "points", "y"),)), "does not spell its owner and role"),
    ],
)
def test_a_broken_promise_is_told(graph: Graph, words: str) -> None:
    assert any(words in told for told in verify_graph(graph))
