"""Levels and bands: words with colours and labels, and the rows that choose a band."""

from __future__ import annotations

from fractions import Fraction

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model import ruleset as r
from healthdsl.model.expressions import PointsOf
from healthdsl.model.types import NUMBER
from healthdsl.resolve.collect import check_name, unique
from healthdsl.resolve.names import bind_points
from healthdsl.resolve.rows import Subject, build_rows
from healthdsl.resolve.scope import Place, Scope
from healthdsl.resolve.suggest import did_you_mean, listed
from healthdsl.resolve.types import COLOURS
from healthdsl.resolve.typespecs import literal
from healthdsl.resolve.wording import text_of, title_of
from healthdsl.syntax import nodes as n
from healthdsl.syntax.expressions import Name


def build_level_sets(scope: Scope) -> tuple[r.LevelSet, ...]:
    return tuple(_build_levels(scope, declaration) for declaration in scope.level_sets.values())


def _build_levels(scope: Scope, declaration: n.LevelsDeclaration) -> r.LevelSet:
    place = Place(scope, ("levels", declaration.name.name))
    _, again = unique([row.name for row in declaration.rows])
    for name, first in again:
        labels = (Label(first.span, "first written here"),)
        message = f"`{declaration.name.name}` has the level `{name.name}` twice"
        scope.problems.error("E218", name.span, message, "remove one of the two", labels)
    if not declaration.rows and declaration.name.name not in scope.broken:
        message = f"`{declaration.name.name}` has no levels"
        scope.problems.error(
            "E456", declaration.name.span, message, 'add lines such as `good 100 green "Good"`'
        )
    return r.LevelSet(
        span=declaration.span,
        text=scope.clause(declaration.span),
        name=declaration.name.name,
        levels=tuple(_build_level(place, row) for row in declaration.rows),
    )


def _build_level(place: Place, row: n.LevelRow) -> r.Level:
    check_name(place.scope, row.name)
    points = literal(place, row.points, NUMBER) if row.points is not None else None
    return r.Level(
        span=row.span,
        text=place.scope.clause(row.span),
        name=row.name.name,
        label=title_of(row.label, row.name.name),
        colour=_colour(place, row.colour),
        points=points if isinstance(points, Fraction) else None,
    )


def _colour(place: Place, colour: Name | None) -> str | None:
    if colour is None:
        return None
    if colour.name not in COLOURS:
        advice = did_you_mean(colour.name, COLOURS) or f"write one of {listed(COLOURS, most=10)}"
        place.problems.error("E212", colour.span, f"there is no colour `{colour.name}`", advice)
    return colour.name


# Bands -----------------------------------------------------------------------


def build_bands(scope: Scope, declaration: n.BandsDeclaration) -> tuple[r.Bands, ...]:
    """The bands of each node that the declaration names."""
    found = []
    for name in declaration.names:
        place = Place(scope, ("bands", name.name))
        points = bind_points(place, name)
        if points is None or scope.nodes[name.name].bands is not declaration:
            continue
        if scope.grow(len(declaration.rows), name.span):
            found.append(_build_bands(place, points, declaration))
    return tuple(found)


def _build_bands(place: Place, points: PointsOf, declaration: n.BandsDeclaration) -> r.Bands:
    rows = build_rows(place, declaration.rows, Subject.bands(points, declaration.names[0].span))
    if not declaration.rows and points.node not in place.scope.broken:
        message = f"`bands {points.node}` has no rows"
        advice = "add lines such as `below 40 -> critical red`, and `otherwise -> healthy green`"
        place.problems.error("E423", declaration.names[0].span, message, advice)
    return r.Bands(
        span=declaration.span,
        text=place.scope.clause(declaration.span),
        node=points.node,
        rows=rows,
        bands=_bands(place, declaration.rows),
        name=declaration.name.name if declaration.name is not None else None,
        title=text_of(declaration.title),
    )


def _bands(place: Place, rows: tuple[n.TableRow, ...]) -> tuple[r.Level, ...]:
    """Each band once. The row that names a band first says its colour and label."""
    bands: dict[str, r.Level] = {}
    first: dict[str, n.TableRow] = {}
    for row in rows:
        if not isinstance(row.result, Name):
            continue
        name = row.result.name
        check_name(place.scope, row.result)
        if name in bands:
            _check_again(place, row, first[name], row.result)
            continue
        first[name] = row
        bands[name] = r.Level(
            span=row.span,
            text=place.scope.clause(row.span),
            name=name,
            label=title_of(row.reason, name),
            colour=_colour(place, row.colour),
        )
    return tuple(bands.values())


def _check_again(place: Place, row: n.TableRow, first: n.TableRow, name: Name) -> None:
    """A band may come again in a `when` or `missing` row, as it is."""
    labels = (Label(first.span, "first written here"),)
    if _is_rung(row) and _is_rung(first):
        message = f"the band `{name.name}` stands in two rows"
        advice = "join the rows, or give one of them another name"
        place.problems.error("E440", name.span, message, advice, labels)
    elif (row.colour and (not first.colour or row.colour.name != first.colour.name)) or (
        row.reason and text_of(row.reason) != text_of(first.reason)
    ):
        message = f"the band `{name.name}` is given another colour or label here"
        advice = "write the colour and the label once, where the band stands first"
        place.problems.error("E440", name.span, message, advice, labels)


def _is_rung(row: n.TableRow) -> bool:
    return not isinstance(row.test, n.WhenTest) and not (
        isinstance(row.test, n.RestTest) and row.test.missing and not row.test.otherwise
    )
