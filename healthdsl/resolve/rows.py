"""Rows of tables: `TEST -> RESULT "reason"` in ladders, lookups, curves, first matches and bands.

`build_rows` resolves every row, reports what is wrong with each, then what is wrong with their order. A
row that is broken is left out of what it returns; nothing is said about the rows as a whole then.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import assert_never

from healthdsl.model import ruleset as r
from healthdsl.model.expressions import Constant, Expression, PointsOf, Relation
from healthdsl.model.types import NUMBER, Kind, Type
from healthdsl.resolve.arithmetic import Operand
from healthdsl.resolve.edges import RELATIONS, comparable, right_way, right_words
from healthdsl.resolve.expressions import resolve_condition, resolve_number, resolve_value
from healthdsl.resolve.order import check_order, check_results
from healthdsl.resolve.rungs import Tested, check_lookup, check_points, check_rungs
from healthdsl.resolve.scope import Place
from healthdsl.resolve.suggest import counted, did_you_mean, listed
from healthdsl.resolve.typespecs import Value, literal
from healthdsl.resolve.wording import code_of, text_of
from healthdsl.source import Span
from healthdsl.syntax import expressions as x
from healthdsl.syntax import nodes as n

OUTCOMES = {outcome.value: outcome for outcome in r.Outcome}


@dataclass(frozen=True, slots=True)
class Subject:
    """What a table is about: `kind` ladder, lookup, curve, first match or bands; `levels` its level set.

    `of_column`: it works out a column of rows, and gives values instead of points.
    """

    kind: str
    value: Expression | None
    span: Span
    levels: n.LevelsDeclaration | None = None
    name: str = ""
    of_column: bool = False

    def of_kind(self, kind: str) -> Subject:
        """The same subject asked as in another kind of table."""
        return replace(self, kind=kind)

    @classmethod
    def bands(cls, points: PointsOf, span: Span) -> Subject:
        return cls("bands", points, span, name=points.node)


def build_rows(place: Place, rows: Sequence[n.TableRow], subject: Subject) -> tuple[r.Row, ...]:
    """The rows in written order."""
    check_order(place, rows, subject.kind)
    keys: list[Tested] = []
    built: list[r.Row] = []
    for row in rows:
        if not _is_single(place, row, subject):
            continue
        key = resolve_test(place, row.test, subject)
        if key is not None:
            keys.append((row.test, key))
        one = _row(place, row, subject, key)
        built += [one] if one is not None else []
    if len(keys) == len(rows):
        check_keys(place, keys, subject)
    check_results(place, built, {row.span: row.result.span for row in rows})
    return tuple(built)


def build_row(place: Place, row: n.TableRow, subject: Subject) -> r.Row | None:
    """One row by itself; None after a message."""
    return _row(place, row, subject, resolve_test(place, row.test, subject))


def _row(place: Place, row: n.TableRow, subject: Subject, key: r.Key | None) -> r.Row | None:
    result = _result(place, row, subject)
    if key is None or result is None:
        return None
    reason = None if subject.kind == "bands" else text_of(row.reason)
    text, code = place.scope.clause(row.span), code_of(row.reason)
    return r.Row(span=row.span, text=text, key=key, result=result, reason=reason, code=code)


def _is_single(place: Place, row: n.TableRow, subject: Subject) -> bool:
    """Whether a row gives one result; a message when not."""
    if not row.more:
        return True
    what = "the table of a column" if subject.of_column else f"a {subject.kind}"
    count = counted(len(row.results), "result")
    message = f"`{place.scope.clause(row.test.span)}` has {count}, a row of {what} has one"
    advice = "write one result; where two keys decide, make it a `grid` with the columns in a `by` line"
    place.problems.error("E475", row.more[0].span, message, advice)
    return False


def check_keys(place: Place, keys: Sequence[Tested], subject: Subject, line: str = "row") -> None:
    """What is wrong with the keys as a whole, once all of them are understood; each stands on a `line`."""
    match subject.kind:
        case "ladder" | "bands":
            check_rungs(place, keys, line)
        case "lookup":
            check_lookup(place, keys, line)
        case "curve":
            check_points(place, keys, subject.span)
        case _:
            pass  # conditions of a first match cannot be held against each other


# Tests -----------------------------------------------------------------------


def resolve_test(place: Place, test: n.RowTest, subject: Subject) -> r.Key | None:
    """What a row asks; None after a message."""
    match test:
        case n.RestTest():
            return r.Rest(test.otherwise, test.missing)
        case n.WhenTest():
            condition = resolve_condition(test.condition, place)
            return None if condition is None else r.When(condition)
        case x.EdgeTest() | x.RangeTest():
            if subject.kind not in ("ladder", "bands"):
                _misplaced(place, test, subject)
                return None
            return _rung(place, test, subject)
        case n.KeysTest():
            if subject.kind in ("ladder", "bands") and all(map(x.is_written, test.keys)):
                return _point(place, test, subject)
            if subject.kind not in ("lookup", "curve"):
                _misplaced(place, test, subject)
                return None
            return _keys(place, test, subject)
        case _:
            assert_never(test)


def _misplaced(place: Place, test: x.EdgeTest | x.RangeTest | n.KeysTest, subject: Subject) -> None:
    """A row of another kind of table."""
    text = place.scope.clause(test.span)
    advice = {
        "ladder": "write a number or an edge, such as `0` or `below 40`, or make it a `lookup`",
        "bands": "write a number or an edge, such as `0` or `below 40`",
        "lookup": "write the values themselves, such as `free, pro`, or make it a `ladder`",
        "curve": "write the value alone, such as `20% -> 0`, or make it a `ladder`",
        "first match": f"write the whole condition: `when {subject.name or '..'} {text}`",
    }[subject.kind]
    if subject.kind == "first match" and isinstance(test, n.KeysTest):
        advice = f"write the whole condition: `when .. is {text}`"
    where = "bands" if subject.kind == "bands" else f"a {subject.kind}"
    place.problems.error("E419", test.span, f"`{text}` is no test of {where}", advice)


def _rung(place: Place, test: x.EdgeTest | x.RangeTest, subject: Subject) -> r.EdgeRung | None:
    if isinstance(test, x.RangeTest):
        low, high = _bound(place, test.low, subject), _bound(place, test.high, subject)
        if low is None or high is None or not right_way(place, low, high, test.span):
            return None
        return r.EdgeRung(low, True, high, True)
    bound = _bound(place, test.bound, subject)
    if bound is None or not right_words(place, test, bound, None):
        return None
    relation = RELATIONS[test.edge]
    included = relation in (Relation.AT_LEAST, Relation.UP_TO)
    if relation in (Relation.AT_LEAST, Relation.ABOVE):
        return r.EdgeRung(bound, included, None, False)
    return r.EdgeRung(None, False, bound, included)


def _point(place: Place, test: n.KeysTest, subject: Subject) -> r.EdgeRung | None:
    """`0 -> 100`: a rung of one value."""
    if len(test.keys) > 1:
        first, *_, last = (place.scope.clause(key.span) for key in test.keys)
        message = f"a rung has one value, `{place.scope.clause(test.span)}` are {len(test.keys)}"
        advice = f"write a row for each, or `from {first} to {last}` for all between them as well"
        place.problems.error("E419", test.span, message, advice)
        return None
    bound = _bound(place, test.keys[0], subject)
    return None if bound is None else r.EdgeRung(bound, True, bound, True)


def _bound(place: Place, node: x.Expression, subject: Subject) -> Expression | None:
    """The edge of a rung, comparable with the subject."""
    bound = resolve_value(node, place)
    if bound is None or subject.value is None:
        return None
    one, other = Operand("", subject.value, subject.span), Operand("", bound, node.span)
    return bound if comparable(place, one, other, ordered=True) else None


def _keys(place: Place, test: n.KeysTest, subject: Subject) -> r.Keys | r.CurvePoint | None:
    if subject.value is None:
        return None
    found = [_literal_key(place, key, subject) for key in test.keys]
    values = tuple(value for value in found if value is not None)
    if len(values) < len(found):
        return None
    if subject.kind == "lookup":
        return r.Keys(values)
    if len(values) > 1:
        text = place.scope.clause(test.span)
        message = f"a point of a curve has one value, `{text}` are {len(values)}"
        place.problems.error("E419", test.span, message, "write a row for each point")
        return None
    at = values[0]
    assert not isinstance(at, bool | int | str)
    return r.CurvePoint(at)


def _literal_key(place: Place, node: x.Expression, subject: Subject) -> Value | None:
    """A key; text that nothing but its own table knows is reported against the subject."""
    assert subject.value is not None
    return literal(place, node, _key_type(subject.value.type), subject.name)


def _key_type(type_: Type) -> Type:
    """Keys of whole numbers may still be written with decimals where a formula makes the number."""
    return NUMBER if type_.kind is Kind.COUNT else type_


# Results ---------------------------------------------------------------------


def _result(place: Place, row: n.TableRow, subject: Subject) -> r.Result | None:
    node = row.result
    if subject.kind == "bands":
        return r.ToLevel(node.name) if isinstance(node, x.Name) else None
    if subject.of_column:
        return _column_value(place, node, subject)
    missing = isinstance(row.test, n.RestTest) and row.test.missing and not row.test.otherwise
    return build_result(place, node, subject.levels, missing=missing, of_point=subject.kind == "curve")


def _column_value(place: Place, node: x.Expression, subject: Subject) -> r.Points | None:
    """What a row of the table of a column gives: a value of any type, never `skip` or a level."""
    if isinstance(node, x.Name) and node.name in OUTCOMES:
        message = f"`{node.name}` is for points, and this table works out a column of rows"
        advice = "leave the row out: what no row catches is missing, and aggregates pass over it"
        place.problems.error("E463", node.span, message, advice)
        return None
    value = resolve_value(node, place)
    if value is not None and subject.kind == "curve" and not isinstance(value, Constant):
        text = place.scope.clause(node.span)
        message = f"`{text}` changes from row to row, a curve goes through fixed points"
        place.problems.error("E326", node.span, message, "write a number")
        return None
    return None if value is None else r.Points(value)


def build_result(
    place: Place,
    node: x.Expression,
    levels: n.LevelsDeclaration | None,
    *,
    missing: bool,
    of_point: bool = False,
) -> r.Result | None:
    """What a row gives. `missing`: `worst` and `best` may stand there; `of_point`: only constants may."""
    if isinstance(node, x.Name):
        word = node.name
        if levels is not None and any(row.name.name == word for row in levels.rows):
            return r.ToLevel(word)
        if word in OUTCOMES:
            return _outcome(place, node, missing)
        if levels is not None and word not in place.scope.signals:
            _report_no_level(place, node, levels)
            return None
        if levels is None and not _is_value(place, word) and _report_bare_level(place, node):
            return None
    value = resolve_number(node, place)
    if value is None or not plain_points(place, value, node.span):
        return None
    if of_point and not missing and not isinstance(value, Constant):
        text = place.scope.clause(node.span)
        message = f"`{text}` changes from account to account, a curve goes through fixed points"
        place.problems.error("E326", node.span, message, "write a number, or use `first match` for formulas")
        return None
    return r.Points(value)


def plain_points(place: Place, value: Expression, span: Span) -> bool:
    """Whether a number can be points; a percent would count as its fraction, which nobody means."""
    if value.type.kind is not Kind.PERCENT:
        return True
    text = place.scope.clause(span)
    advice = f"multiply it: `100 * {text}` gives 0 to 100 points"
    if isinstance(value, Constant):
        advice = f"write the points as a number: `{text.rstrip('%').strip()}`"
    place.problems.error("E327", span, f"`{text}` is a percent, points are plain numbers", advice)
    return False


def _outcome(place: Place, node: x.Name, missing: bool) -> r.Outcome | None:
    outcome = OUTCOMES[node.name]
    if outcome in (r.Outcome.WORST, r.Outcome.BEST) and not missing:
        message = f"`{node.name}` stands for a missing value only"
        place.problems.error("E421", node.span, message, f"write the points, or `missing -> {node.name}`")
        return None
    return outcome


def _is_value(place: Place, word: str) -> bool:
    scope = place.scope
    known = (scope.signals, scope.nodes, scope.flags, scope.named_bands, scope.broken)
    return any(word in each for each in known)


def _report_no_level(place: Place, node: x.Name, levels: n.LevelsDeclaration) -> None:
    word, scope = node.name, place.scope
    # Of an unknown or broken set of levels nobody knows the words.
    if word in scope.broken or levels.name.name in scope.broken or levels.name.name not in scope.level_sets:
        return
    names = [row.name.name for row in levels.rows]
    advice = did_you_mean(word, [*names, *OUTCOMES]) or f"the levels are {listed(names)}"
    labels = scope.label(levels.name.name, "the levels are declared here")
    scope.unknown_value("E207", node.span, (levels.name.name, "level", word), advice, labels)


def _report_bare_level(place: Place, node: x.Name) -> bool:
    """Reports a level word in a table that names no level set; False when it is no such word."""
    for levels in place.scope.level_sets.values():
        if any(row.name.name == node.name for row in levels.rows):
            if not place.scope.is_news("E222", node.span, *place.owner, "as"):
                return True
            message = f"`{node.name}` is a level of `{levels.name.name}`, and this table gives points"
            advice = f"write `as {levels.name.name}` at the end of its first line"
            labels = place.scope.label(levels.name.name, "the levels are declared here")
            place.problems.error("E222", node.span, message, advice, labels)
            return True
    near = did_you_mean(node.name, OUTCOMES)
    if near is not None:
        place.scope.unknown("E228", node, f"unknown result `{node.name}`", near)
    return near is not None
