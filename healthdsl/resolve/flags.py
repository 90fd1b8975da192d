"""Flags and plays: raised when their condition is true."""

from __future__ import annotations

from healthdsl.model import ruleset as r
from healthdsl.resolve.expressions import resolve_condition
from healthdsl.resolve.scope import Place, Scope
from healthdsl.resolve.wording import title_of
from healthdsl.syntax import nodes as n


def build_flags(scope: Scope) -> tuple[r.Flag, ...]:
    flags = (_build_flag(scope, declaration) for declaration in scope.flags.values())
    return tuple(flag for flag in flags if flag is not None)


def _build_flag(scope: Scope, declaration: n.FlagDeclaration) -> r.Flag | None:
    name = declaration.name.name
    condition = resolve_condition(declaration.condition, Place(scope, ("flag", name)))
    if condition is None:
        return None
    return r.Flag(
        span=declaration.span,
        text=scope.clause(declaration.span),
        word=declaration.word,
        name=name,
        title=title_of(declaration.title, name),
        condition=condition,
    )
