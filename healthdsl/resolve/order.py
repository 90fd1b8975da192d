"""The order of rows: `when` rows first (but bands are tried as written), `otherwise` last but for
`missing`, each of the two once; results of one kind.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model import ruleset as r
from healthdsl.model.expressions import Constant
from healthdsl.resolve.scope import Place
from healthdsl.source import Span
from healthdsl.syntax import nodes as n

_AS_WRITTEN = frozenset(("first match", "bands"))


def check_order(place: Place, rows: Sequence[n.TableRow], kind: str) -> None:
    """Reports rows that stand where they are never tried, or where their turn would surprise."""
    rung: n.TableRow | None = None
    rest: dict[str, n.TableRow] = {}
    for row in rows:
        test = row.test
        if isinstance(test, n.RestTest):
            _check_rest(place, row, test, rest)
            continue
        if "otherwise" in rest:
            labels = (Label(rest["otherwise"].test.span, "everything else is caught here"),)
            message = f"`{place.scope.clause(test.span)}` is never reached"
            place.problems.error("E416", test.span, message, "move this row above `otherwise`", labels)
        elif isinstance(test, n.WhenTest) and rung is not None and kind not in _AS_WRITTEN:
            labels = (Label(rung.test.span, "the other rows begin here"),)
            message = "`when` rows are tried before all others"
            place.problems.error("E418", test.span, message, "move this row to the top of the table", labels)
        elif not isinstance(test, n.WhenTest) and rung is None:
            rung = row


def _check_rest(place: Place, row: n.TableRow, test: n.RestTest, rest: dict[str, n.TableRow]) -> None:
    for word, asked in (("otherwise", test.otherwise), ("missing", test.missing)):
        if not asked:
            continue
        first = rest.setdefault(word, row)
        if first is not row:
            labels = (Label(first.test.span, "first written here"),)
            place.problems.error("E417", test.span, f"`{word}` has two rows", "keep one of the two", labels)
            return


def check_results(place: Place, built: Sequence[r.Row], result_span: Mapping[Span, Span]) -> None:
    """Reports levels and numbers in one table, and `worst` where nothing can be worst. `result_span`: where
    the result of a row stands, by the place of the row.
    """
    level = next((row for row in built if isinstance(row.result, r.ToLevel)), None)
    points = next((row for row in built if isinstance(row.result, r.Points)), None)
    if level is not None and points is not None:
        first, second = sorted((level, points), key=lambda row: row.span.start)
        labels = (Label(result_span[first.span], f"{_what(first)} here"),)
        message = f"this row gives {_what(second)}, others give {_what(first)}"
        advice = "give levels in all rows, or points in all rows"
        place.problems.error("E420", result_span[second.span], message, advice, labels)
    for row in built:
        if row.result in (r.Outcome.WORST, r.Outcome.BEST) and not any(is_fixed(other) for other in built):
            message = f"no row gives a fixed number of points, so there is no `{row.result}`"
            place.problems.error("E422", result_span[row.span], message, "write the points themselves")


def _what(row: r.Row) -> str:
    return "a level" if isinstance(row.result, r.ToLevel) else "points"


def is_fixed(row: r.Row) -> bool:
    if isinstance(row.result, r.ToLevel):
        return True
    return isinstance(row.result, r.Points) and isinstance(row.result.value, Constant)
