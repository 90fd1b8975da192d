"""`measure b like a`: the table, levels, steps and policies of another measure, asked of another signal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from healthdsl.model import ruleset as r
from healthdsl.model.expressions import Expression, SignalValue
from healthdsl.model.types import Kind
from healthdsl.resolve.arithmetic import Operand, report_clash
from healthdsl.resolve.clauses import Clauses
from healthdsl.resolve.expressions import resolve_condition, resolve_value
from healthdsl.resolve.names import bind_signal
from healthdsl.resolve.rewrite import Rewrite
from healthdsl.resolve.scope import Place
from healthdsl.resolve.suggest import did_you_mean
from healthdsl.resolve.types import clash, describe, family
from healthdsl.source import Span
from healthdsl.syntax import nodes as n

Body = r.Table | r.Formula | r.Combination


def build_like(
    place: Place,
    declaration: n.PartDeclaration,
    body: n.LikeBody,
    clauses: Clauses,
    built: Mapping[str, r.RuleNode],
) -> list[r.Variant] | None:
    """The model's variants on another subject, with the clauses written here added; None after a message."""
    span = body.subject.span if body.subject is not None else declaration.name.span
    subject = _subject(place, declaration, body)
    condition = None
    if declaration.variant_when is not None:
        condition = resolve_condition(declaration.variant_when, place)
    model = _model(place, body, built)
    _check_own_clauses(place, body, clauses)
    if model is None or subject is None or not clauses.complete:
        return None
    if declaration.variant is not None and (condition is None or len(model.variants) > 1):
        if condition is not None:
            message = f"`{model.name}` has variants of its own"
            advice = f"leave `for {declaration.variant.name} when ..` out"
            place.problems.error("E443", declaration.variant.span, message, advice)
        return None
    size = sum(_size(variant) for variant in model.variants)
    if not place.scope.grow(size, body.span):
        return None
    found = [_copy(place, model, variant, subject, span) for variant in model.variants]
    named = declaration.variant.name if declaration.variant is not None else None
    return (
        None
        if None in found
        else [
            _with_clauses(place, declaration, variant, clauses, (named, condition))
            for variant in found
            if variant
        ]
    )


def _subject(place: Place, declaration: n.PartDeclaration, body: n.LikeBody) -> Expression | None:
    if body.subject is not None:
        return resolve_value(body.subject, place)
    word, scope = declaration.name.name, place.scope
    if word in scope.signals:
        return bind_signal(place, word)
    if not scope.is_silent(declaration.name):
        message = f"there is no signal `{word}` for this measure to read"
        advice = f"declare `signal {word} ..`, or write what is read: `like {body.model.name}, on ..`"
        place.problems.error("E442", declaration.name.span, message, advice)
    return None


def _model(place: Place, body: n.LikeBody, built: Mapping[str, r.RuleNode]) -> r.RuleNode | None:
    """The node that is copied; it must have a table with a subject."""
    word, scope = body.model.name, place.scope
    place.use("like", word)
    scope.replaced.setdefault(word, None)
    if word not in scope.nodes:
        if not scope.is_silent(body.model):
            advice = (
                did_you_mean(word, place.problems.near(scope.nodes))
                or "name a measure with a ladder, lookup or curve"
            )
            message = f"there is no measure, group or score `{word}`"
            scope.unknown("E204", body.model, message, advice)
        return None
    model = built.get(word)
    if model is None:
        return None
    if any(_asked_of(place, model, variant) is None for variant in model.variants):
        message = f"`{word}` reads no one signal that another could take the place of"
        advice = "write the clauses out, or give the parts of a group one by one"
        place.problems.error("E443", body.model.span, message, advice, scope.label(word, "declared here"))
        return None
    return model


def _asked_of(place: Place, model: r.RuleNode, variant: r.Variant) -> Expression | None:
    """What a node reads: the subject of its table, else the signal of its own name; None without either."""
    body = variant.body
    if isinstance(body, r.Table) and body.subject is not None:
        return body.subject
    entry = place.scope.signals.get(model.name)
    if isinstance(body, r.Combination) or entry is None or entry.type is None:
        return None
    return SignalValue(model.name, entry.type)


def _check_own_clauses(place: Place, body: n.LikeBody, clauses: Clauses) -> None:
    for clause in [*clauses.rows, *clauses.parts, *clauses.grids][:1]:
        text = place.scope.clause(clause.span)
        message = f"`{text}` cannot be added, the rows are those of `{body.model.name}`"
        place.problems.error("E444", clause.span, message, "write the whole table out in place of `like`")


def _size(variant: r.Variant) -> int:
    rows = len(variant.body.rows) if isinstance(variant.body, r.Table) else 0
    return 1 + rows + len(variant.steps)


def _copy(
    place: Place, model: r.RuleNode, variant: r.Variant, subject: Expression, span: Span
) -> r.Variant | None:
    """A variant asked of `subject`; where it names the model's signal, it now names the new one."""
    asked = _asked_of(place, model, variant)
    assert asked is not None
    if isinstance(asked, SignalValue):
        place.scope.replaced[model.name] = asked.name
    if not _same_type(place, asked, variant.body, subject, span):
        return None
    if not isinstance(asked, SignalValue):
        # An expression as subject: nothing else in the table can mean the same thing.
        assert isinstance(variant.body, r.Table)
        return replace(variant, body=replace(variant.body, subject=subject))
    rewrite = Rewrite(asked.name, subject)
    return replace(
        variant,
        body=rewrite.body(variant.body),
        missing=replace(variant.missing, result=rewrite.result(variant.missing.result)),
        only_when=tuple(rewrite.guarded(guard) for guard in variant.only_when),
        unscored=tuple(rewrite.guarded(guard) for guard in variant.unscored),
        steps=tuple(rewrite.step(step) for step in variant.steps),
    )


def _same_type(place: Place, model: Expression, body: Body, subject: Expression, span: Span) -> bool:
    """Whether the new subject can be asked what the model's was."""
    text = place.scope.clause(span)
    if family(model.type) is not family(subject.type):
        message = f"`{text}` is {describe(subject.type)}, `like` copies what reads {describe(model.type)}"
        place.problems.error("E316", span, message, "write a table of its own")
        return False
    reason = clash(place.scope, model, subject) if model.type.is_numeric else None
    if reason is not None:
        report_clash(place, reason, Operand("", model, span), Operand("", subject, span))
        return False
    rows = body.rows if isinstance(body, r.Table) else ()
    tests = [test for row in rows for test in _asked_in(row.key, model)]
    keys = {value for test in tests if isinstance(test, r.Keys) for value in test.values}
    if subject.type.kind is Kind.CATEGORY and not keys <= set(subject.type.choices):
        other = next(str(key) for key in sorted(keys, key=str) if key not in subject.type.choices)
        message = f"`{text}` has no value `{other}`, which the copied table has a row for"
        place.problems.error("E206", span, message, "write a table of its own")
        return False
    return True


def _asked_in(key: r.Key, subject: Expression) -> list[r.Key]:
    """What a row asks of what its measure is about."""
    if not isinstance(key, r.Cell):
        return [key]
    return [side.test for side in (key.row, key.column) if side.subject == subject]


def _with_clauses(
    place: Place,
    declaration: n.PartDeclaration,
    variant: r.Variant,
    clauses: Clauses,
    named: tuple[str | None, Expression | None],
) -> r.Variant:
    """The copy with what is written under `like`: conditions and steps are added, the others replaced."""
    name, condition = named if named[0] is not None else (variant.name, variant.condition)
    rounding = (variant.round_to, variant.shown_to)
    if clauses.round_to is not None or clauses.shown_to is not None:
        rounding = (clauses.round_to, clauses.shown_to)
    return replace(
        variant,
        span=declaration.span,
        text=place.scope.clause(declaration.span),
        name=name,
        condition=condition,
        only_when=(*variant.only_when, *clauses.only_when),
        unscored=(*variant.unscored, *clauses.unscored),
        steps=(*variant.steps, *clauses.steps),
        within=clauses.within or variant.within,
        round_to=rounding[0],
        shown_to=rounding[1],
    )
