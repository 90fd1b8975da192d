"""Replaces one signal by another value in a resolved expression: what `like` needs of rows and steps."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from healthdsl.model import expressions as e
from healthdsl.model import ruleset as r


class Rewrite:
    """`signal` becomes `value`; everything else stays, and what does not mention it stays the same object."""

    def __init__(self, signal: str, value: e.Expression) -> None:
        self.signal = signal
        self.value = value

    def expression(self, node: e.Expression) -> e.Expression:  # noqa: C901 - one case for each form
        match node:
            case e.SignalValue():
                return self.value if node.name == self.signal else node
            case (
                e.Constant()
                | e.ColumnValue()
                | e.Today()
                | e.PointsOf()
                | e.LevelOf()
                | e.BandOf()
                | e.FlagValue()
                | e.Choice()  # the table of a column, whose rows read no subject
            ):
                return node
            case e.Sum():
                return e.Sum(self._signed(node.terms), node.type)
            case e.Product():
                return e.Product(self._signed(node.factors), node.type)
            case e.Apply():
                return e.Apply(node.function, self._all(node.operands), node.type)
            case e.FirstKnown():
                return e.FirstKnown(self._all(node.operands), node.type)
            case e.Compare():
                return e.Compare(node.relation, self.expression(node.left), self.expression(node.right))
            case e.Member():
                return e.Member(self.expression(node.operand), node.choices, node.ignoring_case)
            case e.Contains():
                return e.Contains(self.expression(node.operand), node.text, node.ignoring_case)
            case e.IsMissing():
                return e.IsMissing(self.expression(node.operand))
            case e.Not():
                return e.Not(self.expression(node.operand))
            case e.And() | e.Or():
                return type(node)(self._all(node.operands))
            case e.CountTrue():
                return e.CountTrue(self._all(node.conditions))
            case e.Aggregate():
                condition = node.condition and self.expression(node.condition)
                return e.Aggregate(
                    node.gather, node.table, node.value, node.weight, node.window, condition, node.type
                )
            case _:
                assert_never(node)

    def _all(self, nodes: tuple[e.Expression, ...]) -> tuple[e.Expression, ...]:
        return tuple(self.expression(node) for node in nodes)

    def _signed(self, nodes: tuple[tuple[str, e.Expression], ...]) -> tuple[tuple[str, e.Expression], ...]:
        return tuple((sign, self.expression(node)) for sign, node in nodes)

    # Bodies and steps --------------------------------------------------------

    def body(self, body: r.Table | r.Formula | r.Combination) -> r.Table | r.Formula | r.Combination:
        match body:
            case r.Table():
                subject = body.subject and self.expression(body.subject)
                return r.Table(body.kind, subject, tuple(self.row(row) for row in body.rows))
            case r.Formula():
                return r.Formula(self.expression(body.value))
            case r.Combination():
                return body
            case _:
                assert_never(body)

    def row(self, row: r.Row) -> r.Row:
        return r.Row(
            span=row.span,
            text=row.text,
            key=self._key(row.key),
            result=self.result(row.result),
            reason=row.reason,
            code=row.code,
        )

    def _key(self, key: r.Key) -> r.Key:
        match key:
            case r.When():
                return r.When(self.expression(key.condition))
            case r.EdgeRung():
                low, high = key.low and self.expression(key.low), key.high and self.expression(key.high)
                return r.EdgeRung(low, key.low_included, high, key.high_included)
            case r.Cell():
                return r.Cell(self._side(key.row), self._side(key.column))
            case r.Keys() | r.CurvePoint() | r.Rest():
                return key
            case _:
                assert_never(key)

    def _side(self, side: r.Side) -> r.Side:
        subject, test = self.expression(side.subject), self._key(side.test)
        assert isinstance(test, r.EdgeRung | r.Keys | r.Rest)
        name = subject.name if isinstance(subject, e.SignalValue) else side.name
        return replace(side, subject=subject, test=test, name=name)

    def result(self, result: r.Result) -> r.Result:
        return r.Points(self.expression(result.value)) if isinstance(result, r.Points) else result

    def step(self, step: r.Step) -> r.Step:
        per = step.per
        if per is not None:
            above = per.above and self.expression(per.above)
            per = r.Per(self.expression(per.quantity), above, per.each, per.full, per.limit)
        return r.Step(
            span=step.span,
            text=step.text,
            action=step.action,
            amount=self.expression(step.amount),
            per=per,
            condition=step.condition and self.expression(step.condition),
            reason=step.reason,
            code=step.code,
        )

    def guarded(self, guard: r.Guarded) -> r.Guarded:
        return r.Guarded(self.expression(guard.condition), guard.reason, guard.text, guard.span, guard.code)
