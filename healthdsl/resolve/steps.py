"""Steps after the base of a node: points added, points per unit, factors, caps, floors, replacements."""

from __future__ import annotations

from fractions import Fraction

from healthdsl.model import ruleset as r
from healthdsl.model.expressions import Constant, Expression, Product
from healthdsl.model.types import NUMBER, Kind
from healthdsl.resolve.arithmetic import Operand
from healthdsl.resolve.edges import comparable
from healthdsl.resolve.expressions import resolve_condition, resolve_number
from healthdsl.resolve.fold import snap
from healthdsl.resolve.rows import plain_points
from healthdsl.resolve.scope import Place
from healthdsl.resolve.typespecs import literal
from healthdsl.resolve.wording import code_of, text_of
from healthdsl.syntax import expressions as x
from healthdsl.syntax import nodes as n

ACTIONS = {"times": r.Action.TIMES, "cap": r.Action.CAP, "raise": r.Action.RAISE, "set": r.Action.SET}


def build_step(place: Place, clause: n.PointsStep | n.ActionStep) -> r.Step | None:
    """One step; None after a message."""
    condition = None
    complete = True
    if clause.condition is not None:
        condition = resolve_condition(clause.condition, place)
        complete = condition is not None
    per = None
    if isinstance(clause, n.PointsStep):
        action = r.Action.ADD
        amount = _signed(_amount(place, clause.amount), clause.sign)
        if clause.per is not None:
            per = _per(place, clause.per)
            complete = per is not None and complete
    else:
        action = ACTIONS[clause.action]
        # A factor may well be a percent: `times 50%` halves.
        amount = _amount(place, clause.amount, is_factor=action is r.Action.TIMES)
    if amount is None or not complete:
        return None
    return r.Step(
        span=clause.span,
        text=place.scope.clause(clause.span),
        action=action,
        amount=amount,
        per=per,
        condition=condition,
        reason=text_of(clause.reason),
        code=code_of(clause.reason),
    )


def _amount(place: Place, node: x.Expression, is_factor: bool = False) -> Expression | None:
    amount = resolve_number(node, place)
    if amount is None or is_factor:
        return amount
    return amount if plain_points(place, amount, node.span) else None


def _signed(amount: Expression | None, sign: str) -> Expression | None:
    """The amount as it is added; a penalty is negative."""
    if amount is None or sign == "+":
        return amount
    if isinstance(amount, Constant) and isinstance(amount.value, Fraction):
        return Constant(-amount.value, amount.type)
    return Product((("*", Constant(Fraction(-1), NUMBER)), ("*", amount)), amount.type)


def _per(place: Place, per: n.PerUnit) -> r.Per | None:
    quantity = resolve_number(per.quantity, place)
    if quantity is None:
        return None
    above: Expression | None = None
    if per.above is not None:
        above = resolve_number(per.above, place)
        if above is None:
            return None
        sides = Operand("", quantity, per.quantity.span), Operand("", above, per.above.span)
        if not comparable(place, *sides, ordered=True):
            return None
    each = _each(place, per, quantity)
    if each is None:
        return None
    limit = snap(per.limit.value) if per.limit is not None else None
    return r.Per(quantity, above, each, per.full, limit)


def _each(place: Place, per: n.PerUnit, quantity: Expression) -> Fraction | None:
    """The size of a unit, of the quantity's own kind."""
    if per.each is None:
        if quantity.type.kind is Kind.PERCENT:
            text = place.scope.clause(per.quantity.span)
            message = f"`{text}` is a percent, so a whole unit of it is 100%"
            place.problems.error("E303", per.quantity.span, message, f"write the unit: `per 1% {text}`")
            return None
        return Fraction(1)
    type_ = NUMBER if quantity.type.kind is Kind.COUNT else quantity.type
    each = literal(place, per.each, type_)
    if not isinstance(each, Fraction):
        return None
    if each == 0:
        place.problems.error("E314", per.each.span, "a unit of 0 never fills", "write a number above 0")
        return None
    return each
