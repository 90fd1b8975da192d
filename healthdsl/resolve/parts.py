"""Parts of a combination: weights, weight grids, `only when`, `needs`."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model import ruleset as r
from healthdsl.model.types import NUMBER, Kind
from healthdsl.resolve.expressions import resolve_condition
from healthdsl.resolve.fold import snap
from healthdsl.resolve.names import bind_points, bind_signal
from healthdsl.resolve.scope import Place
from healthdsl.resolve.suggest import counted, did_you_mean
from healthdsl.resolve.typespecs import Value, literal
from healthdsl.resolve.weights import signal_weight
from healthdsl.resolve.wording import text_of
from healthdsl.syntax import expressions as x
from healthdsl.syntax import nodes as n


def build_combination(
    place: Place, body: n.CombineBody, parts: Sequence[n.PartClause], grids: Sequence[n.GridClause]
) -> r.Combination | None:
    """The parts in written order; None when one of them is broken."""
    grid = _grid(place, grids)
    built = [_build_part(place, part, grid) for part in parts]
    _check_twice(place, parts)
    _check_weights(place, parts, bool(grids))
    complete = [part for part in built if part is not None]
    return r.Combination(r.Method(body.method.name), tuple(complete)) if len(complete) == len(built) else None


class _Grid:
    """The columns of a weight grid: the signal they depend on (None: broken) and the keys of each column."""

    def __init__(
        self, signal: str | None, keys: Sequence[tuple[Value, ...] | None], clause: n.GridClause
    ) -> None:
        self.signal = signal
        self.keys = keys
        self.clause = clause


def _grid(place: Place, grids: Sequence[n.GridClause]) -> _Grid | None:
    if not grids:
        return None
    clause = grids[0]
    for other in grids[1:]:
        labels = (Label(clause.span, "first written here"),)
        place.problems.error(
            "E434", other.span, "there are two rows of grid columns", "keep one of the two", labels
        )
    return _Grid(_grid_signal(place, clause), _grid_keys(place, clause), clause)


def _grid_signal(place: Place, clause: n.GridClause) -> str | None:
    word, scope = clause.signal.name, place.scope
    if word in scope.signals:
        return word if bind_signal(place, word) is not None else None
    if not scope.is_silent(clause.signal):
        advice = (
            did_you_mean(word, place.problems.near(scope.signals))
            or f"declare it with `signal {word} one of ..`"
        )
        scope.unknown("E201", clause.signal, f"unknown signal `{word}`", advice)
    return None


def _grid_keys(place: Place, clause: n.GridClause) -> list[tuple[Value, ...] | None]:
    """One key a column; none for `otherwise`, which stands last; None for a broken one."""
    entry = place.scope.signals.get(clause.signal.name)
    type_ = entry.type if entry is not None else None
    found: list[tuple[Value, ...] | None] = []
    for index, key in enumerate(clause.keys):
        if isinstance(key, x.Name) and key.name == "otherwise":
            if index < len(clause.keys) - 1:
                message = "the columns behind `otherwise` are never used"
                place.problems.error("E416", key.span, message, "put `otherwise` last")
            found.append(())
            continue
        if isinstance(key, x.EdgeTest | x.RangeTest):
            text = place.scope.clause(key.span)
            message = f"`{text}` is no column of weights, which have one value each"
            advice = "write values such as `smb, enterprise`; for ranges write variants: `for large when ..`"
            place.problems.error("E419", key.span, message, advice)
            found.append(None)
            continue
        wanted = NUMBER if type_ is not None and type_.kind is Kind.COUNT else type_
        value = literal(place, key, wanted, clause.signal.name) if wanted is not None else None
        if value is not None and (value,) in found:
            text = place.scope.clause(key.span)
            place.problems.error("E415", key.span, f"`{text}` has two columns", "remove one of them")
        found.append((value,) if value is not None else None)
    return found


# Weights ---------------------------------------------------------------------


def _build_part(place: Place, part: n.PartClause, grid: _Grid | None) -> r.Part | None:
    node = bind_points(place, part.name, is_part=True)
    condition = resolve_condition(part.only_when, place) if part.only_when is not None else None
    weight = _weight_of(place, part, grid)
    if node is None or weight is None or (part.only_when is not None and condition is None):
        return None
    return r.Part(
        span=part.span,
        text=place.scope.clause(part.span),
        node=node.node,
        weight=weight,
        only_when=condition,
        title=text_of(part.title),
    )


def _weight_of(place: Place, part: n.PartClause, grid: _Grid | None) -> r.Weight | None:
    if part.weighted_by is not None:
        return signal_weight(place, part.name.name, part.weighted_by)
    return _grid_weight(place, part, grid) if part.weights else _weight(place, part.weight)


def _weight(place: Place, weight: x.NumberLiteral | None) -> Fraction | None:
    """The written weight; 1 for a bare part. Percents among themselves are as good as numbers."""
    if weight is None:
        return Fraction(1)
    if weight.unit is x.Unit.DAYS:
        text = place.scope.clause(weight.span)
        message = f"`{text}` is no weight, weights are plain numbers"
        place.problems.error("E429", weight.span, message, f"write `{text.split()[0]}`")
        return None
    return snap(weight.value)


def _grid_weight(place: Place, part: n.PartClause, grid: _Grid | None) -> r.GridWeight | None:
    if grid is None:
        message = f"`{part.name.name}` has a weight for each column, and no columns are written"
        advice = "write them above the parts, such as `by segment  smb, enterprise, otherwise`"
        if place.owner[1] not in place.scope.broken and place.scope.is_news(
            "E431", part.span, *place.owner, "grid"
        ):
            place.problems.error("E431", part.span, message, advice)
        return None
    columns = len(grid.keys)
    if len(part.weights) != columns:
        message = (
            f"`{part.name.name}` has {counted(len(part.weights), 'weight')} for {counted(columns, 'column')}"
        )
        labels = (Label(grid.clause.span, "the columns are written here"),)
        advice = "write one weight for each column, separated by commas"
        place.problems.error("E430", part.span, message, advice, labels)
        return None
    weights = [_weight(place, cell) for cell in part.weights]
    cases = [
        r.WeightCase(keys, weight)
        for keys, weight in zip(grid.keys, weights, strict=True)
        if keys is not None and weight is not None
    ]
    return (
        r.GridWeight(grid.signal, tuple(cases)) if grid.signal is not None and len(cases) == columns else None
    )


def _check_twice(place: Place, parts: Sequence[n.PartClause]) -> None:
    first: dict[str, n.PartClause] = {}
    for part in parts:
        earlier = first.setdefault(part.name.name, part)
        if earlier is not part:
            labels = (Label(earlier.span, "first written here"),)
            message = f"`{part.name.name}` is a part twice"
            place.problems.error("E427", part.name.span, message, "keep one of the two", labels)


def _check_weights(place: Place, parts: Sequence[n.PartClause], has_grid: bool) -> None:
    """Either every part has a weight or none; one message a list."""
    weighted = next((part for part in parts if _is_weighted(part)), None)
    counted_in = next((weight for part in parts for weight in _weights_of(part) if weight.value), None)
    for part in parts:
        name = part.name.name
        if has_grid and (part.weight is not None or part.weighted_by is not None):
            message = f"`{name}` has one weight, the grid has a column for each key"
            advice = f"write `{name} -> ` and one weight for each column"
            place.problems.error("E430", part.span, message, advice)
            return
        other = next((weight for weight in _weights_of(part) if _is_mixed(weight, counted_in)), None)
        if other is not None:
            text = place.scope.clause(other.span)
            message = f"`{text}` is written in another unit than the weights above it"
            advice = "write all weights as numbers, or all as percents"
            place.problems.error("E429", other.span, message, advice)
            return
        if weighted is not None and not _is_weighted(part):
            labels = (Label(weighted.span, "other parts have weights"),)
            message = f"`{name}` has no weight"
            advice = f"write a weight in front of it, such as `10 {name}`"
            if has_grid:
                cells = ", ".join(place.scope.clause(one.span) for one in weighted.weights) or ".."
                advice = f"write its weights behind it, one a column, such as `{name} -> {cells}`"
            place.problems.error("E428", part.span, message, advice, labels)
            return


def _weights_of(part: n.PartClause) -> tuple[x.NumberLiteral, ...]:
    """The weights a part has: one, or one a column of the grid, or none."""
    return part.weights or ((part.weight,) if part.weight is not None else ())


def _is_weighted(part: n.PartClause) -> bool:
    return bool(_weights_of(part)) or part.weighted_by is not None


def _is_mixed(weight: x.NumberLiteral, first: x.NumberLiteral | None) -> bool:
    """Whether a weight is a percent where others are numbers, or the other way round; 0 is both."""
    return first is not None and weight.value != 0 and weight.unit is not first.unit


def build_needs(place: Place, clause: n.NeedsClause, parts: int) -> r.Needs | None:
    """`needs 60% of weight` or `needs 3 parts`."""
    reason = text_of(clause.reason)
    if clause.share is not None:
        if 0 < clause.share.value <= 1:
            return r.Needs(snap(clause.share.value), None, reason)
        text = place.scope.clause(clause.share.span)
        message = f"`{text}` of weight can never be known"
        place.problems.error("E433", clause.share.span, message, "write a share above 0% and up to 100%")
        return None
    assert clause.parts is not None
    number = clause.parts.value
    if number.denominator == 1 and 1 <= number <= parts:
        return r.Needs(None, int(number), reason)
    text = place.scope.clause(clause.parts.span)
    message = f"`{text}` parts are needed, there are {parts}"
    place.problems.error("E433", clause.parts.span, message, f"write a whole number from 1 to {parts}")
    return None
