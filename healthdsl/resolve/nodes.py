"""Measures, groups and scores: bodies, policies and variants.

In: a scope whose values are defined, and the ruleset's policy for missing values. Out: `RuleNode`s in the
order of the text. A node with a mistake is left out, since the mistake has been reported.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model import ruleset as r
from healthdsl.model.expressions import Constant, Expression, PointsOf
from healthdsl.model.types import YES_NO
from healthdsl.resolve.clauses import Clauses, sort_clauses
from healthdsl.resolve.distributions import build_ranks
from healthdsl.resolve.expressions import resolve_condition, resolve_number, resolve_value
from healthdsl.resolve.graphs import in_order
from healthdsl.resolve.grids import build_grid
from healthdsl.resolve.implied import check_implied
from healthdsl.resolve.like import build_like
from healthdsl.resolve.names import bind_signal, word_of_node
from healthdsl.resolve.order import is_fixed
from healthdsl.resolve.parts import build_combination, build_needs
from healthdsl.resolve.rows import Subject, build_result, build_rows, plain_points
from healthdsl.resolve.scope import NodeEntry, Place, Scope
from healthdsl.resolve.suggest import did_you_mean, listed
from healthdsl.resolve.types import describe
from healthdsl.resolve.wording import code_of, text_of, title_of
from healthdsl.syntax import expressions as x
from healthdsl.syntax import nodes as n

SKIP = r.Missing(r.Outcome.SKIP, written=False)


def build_nodes(scope: Scope, policy: r.Missing) -> tuple[r.RuleNode, ...]:
    """Every node; those that are `like` another behind it, then all in the order of the text."""
    built: dict[str, r.RuleNode] = {}
    for name in in_order(scope.nodes, lambda node: _models(scope, node)):
        node = _build_node(scope, scope.nodes[name], policy, built)
        if node is not None:
            built[name] = node
    return tuple(built[name] for name in scope.nodes if name in built)


def _models(scope: Scope, name: str) -> list[str]:
    bodies = (declaration.body for declaration in scope.nodes[name].declarations)
    return [body.model.name for body in bodies if isinstance(body, n.LikeBody)]


def _build_node(
    scope: Scope, entry: NodeEntry, policy: r.Missing, built: dict[str, r.RuleNode]
) -> r.RuleNode | None:
    place = Place(scope, ("node", entry.name))
    first = entry.declarations[0]
    if entry.implied and not check_implied(scope, entry):
        return None
    _check_variants(place, entry)
    levels = _level_set(place, first)
    # Every variant is read, so that the mistakes of all are reported.
    found = [_build_variants(place, one, levels, policy, built) for one in entry.declarations]
    variants = [variant for several in found if several is not None for variant in several]
    if None in found:
        return None
    titled = next((declaration.title for declaration in entry.declarations if declaration.title), None)
    return r.RuleNode(
        span=first.span,
        text=scope.clause(first.span),
        word=entry.word,
        name=entry.name,
        title=title_of(titled or _title_of_signal(scope, entry.name), entry.name),
        levels=levels.name.name if levels is not None else None,
        variants=tuple(variants),
    )


def _title_of_signal(scope: Scope, name: str) -> x.TextLiteral | None:
    """The title of the signal a measure shares its name with."""
    entry = scope.signals.get(name)
    return entry.declaration.title if entry is not None else None


def _check_variants(place: Place, entry: NodeEntry) -> None:
    """Variants of one node say the same word and levels, and differ in name."""
    first = entry.declarations[0]
    names: dict[str, n.PartDeclaration] = {}
    for declaration in entry.declarations:
        if declaration.variant is not None:
            earlier = names.setdefault(declaration.variant.name, declaration)
            if earlier is not declaration:
                labels = (Label(earlier.span, "first written here"),)
                message = f"`{entry.name}` has the variant `{declaration.variant.name}` twice"
                place.problems.error("E439", declaration.variant.span, message, "rename one of them", labels)
        levels = (first.levels and first.levels.name, declaration.levels and declaration.levels.name)
        if declaration.word != first.word or levels[0] != levels[1]:
            labels = (Label(first.span, "the first variant"),)
            message = f"the variants of `{entry.name}` begin differently"
            advice = f"begin each with `{first.word} {entry.name}`" + (
                f" and `as {levels[0]}`" if levels[0] else ""
            )
            place.problems.error("E438", declaration.name.span, message, advice, labels)


def _level_set(place: Place, declaration: n.PartDeclaration) -> n.LevelsDeclaration | None:
    """The level set behind `as`, or the model's; an unknown one comes back empty: its words pass."""
    scope, written = place.scope, declaration.levels
    if written is None:
        return scope.level_set_of(place.owner[1])
    known = scope.level_sets.get(written.name)
    if known is not None:
        _check_has_rows(place, declaration, written)
        return known
    if not scope.is_silent(written):
        sets = scope.level_sets
        there_are = f"there are {listed(sets)}" if sets else f"declare them with `levels {written.name}`"
        near = did_you_mean(written.name, sets)
        scope.unknown("E205", written, f"there are no levels `{written.name}`", near or there_are)
    return n.LevelsDeclaration(span=written.span, name=written, rows=())


def _check_has_rows(place: Place, declaration: n.PartDeclaration, levels: x.Name) -> None:
    body = declaration.body
    if isinstance(body, n.TableBody | n.LikeBody):
        return
    if isinstance(body, n.CombineBody) and body.method.name in ("lowest", "highest"):
        _check_parts_have_levels(place, declaration, levels)
        return
    message = f"levels come from the rows of a table, and `{place.owner[1]}` has none"
    advice = f"write `bands {place.owner[1]}` to give its points words"
    if isinstance(body, n.CombineBody):
        message = f"no one part decides `{body.method.name}`, so there is no level to take over"
        advice += ", or combine by `lowest` or `highest`"
    place.problems.error("E457", levels.span, message, advice)


def _check_parts_have_levels(place: Place, declaration: n.PartDeclaration, levels: x.Name) -> None:
    """The part that wins gives its level, so every part has the levels of the whole."""
    for part in declaration.clauses:
        if not isinstance(part, n.PartClause) or part.name.name not in place.scope.nodes:
            continue
        name, found = part.name.name, place.scope.level_set_of(part.name.name)
        if name in place.scope.broken or (found is not None and found.name.name == levels.name):
            continue
        has = "no levels" if found is None else f"the levels `{found.name.name}`"
        message = f"`{name}` has {has}, and `{place.owner[1]}` takes over a level of `{levels.name}`"
        advice = f"write `as {levels.name}` at the end of the first line of `{name}`"
        if found is not None:
            advice = "combine parts that have the same levels, or leave `as` out and write `bands`"
        labels = (Label(place.scope.nodes[name].declarations[0].name.span, "declared here"),)
        place.problems.error("E464", part.name.span, message, advice, labels)


# Variants --------------------------------------------------------------------


def _build_variants(
    place: Place,
    declaration: n.PartDeclaration,
    levels: n.LevelsDeclaration | None,
    policy: r.Missing,
    built: dict[str, r.RuleNode],
) -> list[r.Variant] | None:
    """The one variant of a declaration; those of its model for `like`."""
    clauses = sort_clauses(place, declaration)
    missing = _policy(place, declaration, clauses, levels, policy)
    if isinstance(declaration.body, n.LikeBody):
        own = missing if clauses.missing is not None else None
        variants = build_like(place, declaration, declaration.body, clauses, built)
        return [_with_policy(variant, own) for variant in variants] if variants is not None else None
    body = _build_body(place, declaration, clauses, levels)
    needs = _needs(place, declaration, clauses)
    condition = _variant_condition(place, declaration)
    if body is None or missing is None or not clauses.complete or condition is _BROKEN:
        return None
    if isinstance(body, r.Table):
        missing = _row_policy(body) or missing
    variant = r.Variant(
        span=declaration.span,
        text=place.scope.clause(declaration.span),
        name=declaration.variant.name if declaration.variant is not None else None,
        condition=condition,
        body=body,
        missing=_fitting(body, missing),
        only_when=tuple(clauses.only_when),
        unscored=tuple(clauses.unscored),
        needs=needs,
        steps=tuple(clauses.steps),
        within=clauses.within,
        round_to=clauses.round_to,
        shown_to=clauses.shown_to,
    )
    return [variant]


_BROKEN = Constant(None, YES_NO)


def _variant_condition(place: Place, declaration: n.PartDeclaration) -> Expression | None:
    if declaration.variant_when is None:
        return None
    return resolve_condition(declaration.variant_when, place) or _BROKEN


def _with_policy(variant: r.Variant, own: r.Missing | None) -> r.Variant:
    return replace(variant, missing=own) if own is not None else variant


# Policies --------------------------------------------------------------------


def _policy(
    place: Place,
    declaration: n.PartDeclaration,
    clauses: Clauses,
    levels: n.LevelsDeclaration | None,
    policy: r.Missing,
) -> r.Missing | None:
    """What stands for a missing base: the clause, else the ruleset's policy for measures, else `skip`."""
    clause = clauses.missing
    if clause is None:
        return policy if declaration.word == "measure" else SKIP
    result = build_result(place, clause.result, levels, missing=True)
    if result in (r.Outcome.WORST, r.Outcome.BEST) and not isinstance(
        declaration.body, n.LikeBody | n.PercentileBody
    ):
        message = f"`{place.owner[1]}` has no rows, so there is no `{result}`"
        place.problems.error("E422", clause.result.span, message, "write the points themselves")
        return None
    if result is None:
        return None
    return r.Missing(result, text_of(clause.reason), code=code_of(clause.reason))


def _row_policy(table: r.Table) -> r.Missing | None:
    """The `missing` row of a table as the policy of its node."""
    for row in table.rows:
        if isinstance(row.key, r.Rest) and row.key.missing:
            return r.Missing(row.result, row.reason, code=row.code)
    return None


def _fitting(body: r.Table | r.Formula | r.Combination, missing: r.Missing) -> r.Missing:
    """The ruleset's `worst` and `best` where there are rows to choose from, else `skip`."""
    if missing.result not in (r.Outcome.WORST, r.Outcome.BEST):
        return missing
    return missing if isinstance(body, r.Table) and any(is_fixed(row) for row in body.rows) else SKIP


def _needs(place: Place, declaration: n.PartDeclaration, clauses: Clauses) -> r.Needs | None:
    if clauses.needs is None:
        return None
    if isinstance(declaration.body, n.CombineBody):
        return build_needs(place, clauses.needs, len(clauses.parts))
    message = f"`{place.owner[1]}` has no parts that could be known"
    advice = f"leave it out, or write `unscored when {place.owner[1]} is missing`"
    place.problems.error("E432", clauses.needs.span, message, advice)
    return None


# Bodies ----------------------------------------------------------------------


def _build_body(
    place: Place, declaration: n.PartDeclaration, clauses: Clauses, levels: n.LevelsDeclaration | None
) -> r.Table | r.Formula | r.Combination | None:
    body = declaration.body
    match body:
        case n.TableBody():
            _check_no_parts(place, clauses, f"a `{body.kind}`", has_columns=body.kind == r.TableKind.GRID)
            return _build_table(place, declaration, body, clauses, levels)
        case n.FormulaBody():
            _check_no_parts(place, clauses, "a formula")
            _check_no_rows(place, clauses, "a formula")
            value = resolve_number(body.formula, place)
            fits = value is not None and plain_points(place, value, body.formula.span)
            return r.Formula(value) if value is not None and fits else None
        case n.CombineBody():
            _check_no_rows(place, clauses, f"`{body.method.name}`")
            _check_has_parts(place, declaration, clauses)
            return build_combination(place, body, clauses.parts, clauses.grids)
        case n.PercentileBody():
            _check_no_parts(place, clauses, "`percentile`")
            _check_no_rows(place, clauses, "`percentile`")
            span = body.subject.span if body.subject is not None else declaration.name.span
            return build_ranks(place, body, _subject(place, declaration, body, clauses), span)
        case n.LikeBody():
            raise AssertionError(body)
        case _:
            assert_never(body)


def _check_no_parts(place: Place, clauses: Clauses, what: str, *, has_columns: bool = False) -> None:
    for part in [*(() if has_columns else clauses.grids), *clauses.parts][:1]:
        text = place.scope.clause(part.span)
        message = f"`{text}` is a part, and {what} has no parts"
        advice = "write the method behind the name: `average`, `total`, `lowest` or `highest`"
        if isinstance(part, n.GridClause):
            message = f"`{text}` gives columns, and {what} has none"
            advice = "write `grid` for a table of two keys, or `average` for weights by column"
        place.problems.error("E425", part.span, message, advice)


def _check_no_rows(place: Place, clauses: Clauses, what: str) -> None:
    for row in clauses.rows[:1]:
        message = f"`{place.scope.clause(row.span)}` is a row of a table, and {what} has none"
        advice = "write `ladder`, `lookup`, `curve` or `first match` behind the name for rows"
        place.problems.error("E424", row.span, message, advice)


def _check_has_parts(place: Place, declaration: n.PartDeclaration, clauses: Clauses) -> None:
    if clauses.parts or place.owner[1] in place.scope.broken:
        return
    message = f"`{place.owner[1]}` has no parts"
    place.problems.error(
        "E426", declaration.name.span, message, "write each part on a line, such as `40 usage`"
    )


# Tables ----------------------------------------------------------------------


def _build_table(
    place: Place,
    declaration: n.PartDeclaration,
    body: n.TableBody,
    clauses: Clauses,
    levels: n.LevelsDeclaration | None,
) -> r.Table | None:
    span = body.subject.span if body.subject is not None else declaration.name.span
    value: Expression | None = None
    if body.kind != r.TableKind.FIRST_MATCH:
        value = _subject(place, declaration, body, clauses)
    subject = Subject(body.kind, value, span, levels, place.scope.clause(span))
    if body.kind == r.TableKind.GRID:
        cells = build_grid(place, subject, clauses.rows, clauses.grids)
    else:
        rows = build_rows(place, clauses.rows, subject)
    # a grid needs a row of cells that asks something
    idle = n.RestTest | n.WhenTest if body.kind == r.TableKind.GRID else n.RestTest
    if all(isinstance(row.test, idle) for row in clauses.rows):
        if place.owner[1] not in place.scope.broken:
            message = f"`{place.owner[1]}` has no rows"
            place.problems.error("E423", declaration.name.span, message, _FORMS[body.kind])
        return None
    if body.kind == r.TableKind.GRID:
        return None if cells is None else r.Table(r.TableKind.GRID, None, cells)
    if (value is None and body.kind != r.TableKind.FIRST_MATCH) or len(rows) < len(clauses.rows):
        return None
    return r.Table(r.TableKind(body.kind), value, rows)


_FORMS = {
    "ladder": "write rows such as `below 30 -> 0` and `otherwise -> 100`",
    "lookup": "write rows such as `free -> 0` and `pro -> 100`",
    "curve": "write points such as `20% -> 0` and `90% -> 100`",
    "grid": "write rows such as `free -> 0, 10`, a result for each column of `by`",
    "first match": "write rows such as `when seats above 10 -> 100` and `otherwise -> 0`",
}


def _subject(
    place: Place, declaration: n.PartDeclaration, body: n.TableBody | n.PercentileBody, clauses: Clauses
) -> Expression | None:
    """What the rows are about: `of E`, else the signal of the same name."""
    kind = f"percentile in {body.distribution.name}" if isinstance(body, n.PercentileBody) else body.kind
    if body.subject is None:
        value = _same_name(place, declaration.name, kind)
        span = declaration.name.span
    else:
        value = resolve_value(body.subject, place)
        span = body.subject.span
        if isinstance(value, PointsOf) and isinstance(body.subject, x.Name) and kind in ("lookup", "grid"):
            value = word_of_node(place, value, [row.test for row in clauses.rows])
    if value is None:
        return None
    fits = value.type.is_numeric or (kind == "ladder" and value.type.is_date) or kind in ("lookup", "grid")
    if not fits:
        text = place.scope.clause(span)
        message = f"`{text}` is {describe(value.type)}, a {kind.split()[0]} needs a number"
        advice = f"write `lookup` in place of `{kind}`"
        if isinstance(body, n.PercentileBody):
            advice = "name a number behind `of`, such as `of mrr`"
        place.problems.error("E335", span, message, advice)
        return None
    return value


def _same_name(place: Place, name: x.Name, kind: str) -> Expression | None:
    word, scope = name.name, place.scope
    if word in scope.signals:
        return bind_signal(place, word)
    if not scope.is_silent(name):
        message = f"there is no signal `{word}` for this {kind} to read"
        near = did_you_mean(word, place.problems.near(scope.signals))
        advice = f"declare `signal {word} ..`, or write what is read: `{kind} of ..`"
        place.problems.error("E442", name.span, message, near or advice)
    return None
