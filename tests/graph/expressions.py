"""Random operations built twice: through the builder, which simplifies, and plainly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from hypothesis import strategies as st

from healthdsl.graph.build import GraphBuilder
from healthdsl.graph.evaluate import apply
from healthdsl.graph.graph import InputField, Op
from healthdsl.graph.primitives import Primitive
from healthdsl.model.types import NUMBER, YES_NO, Type

NUMBERS = ("x", "y")
TRUTHS = ("p", "q")


@dataclass(frozen=True)
class Tree:
    """An operation over its operands; a leaf has a primitive of its own and a value."""

    primitive: Primitive
    operands: tuple[Tree, ...]
    value: object
    type: Type


def builder() -> GraphBuilder:
    """A builder with two numbers and two truths to read."""
    fields = [_field(name, NUMBER) for name in NUMBERS] + [_field(name, YES_NO) for name in TRUTHS]
    return GraphBuilder(tuple(fields), ())


def _field(name: str, kind: Type) -> InputField:
    return InputField(name, name, name, kind, None, None, Fraction(1))


def build(graph: GraphBuilder, tree: Tree) -> int:
    """The index of the tree's operation."""
    match tree.primitive:
        case Primitive.CONSTANT:
            return graph.constant(tree.value, tree.type)
        case Primitive.INPUT:
            return graph.make(Primitive.INPUT, (), tree.value, kind=tree.type)
        case Primitive.SELECT:
            *pairs, rest = [build(graph, operand) for operand in tree.operands]
            return graph.select(list(zip(pairs[::2], pairs[1::2], strict=True)), rest)
        case _:
            operands = [build(graph, operand) for operand in tree.operands]
            return graph.make(tree.primitive, operands, tree.value, kind=tree.type)


def value_of(tree: Tree, inputs: Mapping[str, object]) -> object:
    """What the tree means, without any simplification."""
    match tree.primitive:
        case Primitive.CONSTANT:
            return tree.value
        case Primitive.INPUT:
            return inputs[str(tree.value)]
        case _:
            op = Op(tree.primitive, (), tree.value, tree.type)
            return apply(op, [value_of(operand, inputs) for operand in tree.operands])


def _leaf(kind: Type, names: tuple[str, ...], constants: list[object]) -> st.SearchStrategy[Tree]:
    inputs = st.sampled_from(names).map(lambda name: Tree(Primitive.INPUT, (), name, kind))
    known = st.sampled_from(constants).map(lambda value: Tree(Primitive.CONSTANT, (), value, kind))
    return st.one_of(inputs, inputs, known)


def _over(
    primitives: list[Primitive], kind: Type, *operands: st.SearchStrategy[Tree]
) -> st.SearchStrategy[Tree]:
    return st.builds(
        lambda primitive, *inner: Tree(primitive, inner, None, kind), st.sampled_from(primitives), *operands
    )


@st.composite
def trees(draw: st.DrawFn, kind: Type = YES_NO, depth: int = 4) -> Tree:
    """A tree of numbers and conditions, every lenient primitive in it."""
    leaf = _number_leaf if kind is NUMBER else _truth_leaf
    if depth == 0 or draw(st.integers(0, 4)) == 0:
        return draw(leaf)
    number, truth = trees(NUMBER, depth - 1), trees(YES_NO, depth - 1)
    return draw(_numeric(number, truth) if kind is NUMBER else _conditions(number, truth))


def _numeric(number: st.SearchStrategy[Tree], truth: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    p = Primitive
    return st.one_of(
        _over([p.ADD, p.SUBTRACT, p.MULTIPLY, p.DIVIDE, p.MINIMUM, p.MAXIMUM], NUMBER, number, number),
        _over([p.SNAP, p.FLOOR, p.CEILING], NUMBER, number),
        number.map(lambda operand: Tree(p.ROUND, (operand,), 1, NUMBER)),
        _over([p.SELECT], NUMBER, truth, number, number),
        _over([p.SELECT], NUMBER, truth, number, truth, number, number),
        _over([p.COALESCE], NUMBER, number, number),
    )


def _conditions(number: st.SearchStrategy[Tree], truth: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    p = Primitive
    return st.one_of(
        _over([p.LESS, p.AT_MOST, p.EQUAL], YES_NO, number, number),
        _over([p.AND, p.OR], YES_NO, truth, truth),
        _over([p.AND, p.OR], YES_NO, truth, truth, truth),
        _over([p.NOT, p.IS_TRUE, p.IS_KNOWN], YES_NO, truth),
        _over([p.IS_KNOWN], YES_NO, number),
        _over([p.SELECT], YES_NO, truth, truth, truth),
        _over([p.EQUAL, p.COALESCE], YES_NO, truth, truth),
    )


_number_leaf = _leaf(NUMBER, NUMBERS, [0.0, 1.0, -1.0, 2.5, None])
_truth_leaf = _leaf(YES_NO, TRUTHS, [True, False, None])
