"""Conditions that are always true or never, by what their values can be; and variants that are never used."""

from __future__ import annotations

from collections.abc import Iterator

from healthdsl.checks.bench import Bench, find
from healthdsl.checks.finding import Finding
from healthdsl.checks.reads import Asked, all_conditions
from healthdsl.checks.solve import FALSE, TRUE, ExhaustedError, Wish
from healthdsl.checks.terms import atoms, term_of
from healthdsl.checks.wording import atom_text, named, range_of
from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model.expressions import Compare, Constant, Expression, IsMissing, Member
from healthdsl.model.ruleset import RuleNode, Variant


def check_conditions(bench: Bench) -> Iterator[Finding]:
    """Comparisons that come out one way only, then conditions that contradict themselves."""
    for asked in all_conditions(bench.ruleset):
        found = list(_atoms(bench, asked))
        yield from found
        if not found and asked.what not in ("row", "variant"):
            yield from _contradiction(bench, asked)


def _atoms(bench: Bench, asked: Asked) -> Iterator[Finding]:
    for atom in atoms(asked.condition, {}, lists=False):
        text = atom_text(atom)
        if text is None or not isinstance(atom, Compare | Member | IsMissing):
            continue
        try:
            mask = bench.solver.outcomes(atom)
        except ExhaustedError:
            return
        known = mask & (TRUE | FALSE)
        if known in (TRUE, FALSE):
            yield _one_way(bench, asked, (atom, text), always=known == TRUE)


def _one_way(bench: Bench, asked: Asked, atom: tuple[Expression, str], *, always: bool) -> Finding:
    expression, text = atom
    term = term_of(expression)
    domain = bench.domains.domain(term)
    if isinstance(expression, IsMissing):
        reason = f"{named(term)} is never missing"
    elif domain.values == ():
        reason = f"{named(term)} never has a value"
    else:
        shown = range_of(domain, term.type)
        reason = f"{named(term)} is {shown}" if shown else f"of all that {named(term)} can be"
    word = "always true" if always else "never true"
    message = f"{text} is {word}: {reason}"
    advice = "take it out, or mend the value that it compares with"
    return find("W509", asked.node or "", asked.at.span, message, advice)


def _contradiction(bench: Bench, asked: Asked) -> Iterator[Finding]:
    if isinstance(asked.condition, Constant) or not bench.never([Wish(asked.condition)]):
        return
    if asked.what == "where":
        message = "no row is ever counted here: the parts of the condition behind `where` exclude each other"
    else:
        verb = "can never be true" if asked.what == "signal" else "can never take effect"
        message = f"this {asked.what} {verb}: the parts of its condition exclude each other"
    advice = "mend the condition, or take it out"
    yield find("W507", asked.node or "", asked.at.span, message, advice)


# Variants --------------------------------------------------------------------


def check_variants(bench: Bench) -> Iterator[Finding]:
    """Variants for which no account is left."""
    for node in bench.ruleset.nodes:
        for variant in node.variants[1:]:
            if variant.condition is not None:
                yield from _variant(bench, node, variant)


def _variant(bench: Bench, node: RuleNode, variant: Variant) -> Iterator[Finding]:
    assert variant.condition is not None
    alone = Wish(variant.condition)
    if bench.never([alone]):
        message = f"the variant `{variant.name}` is never used: its condition can never be true"
        yield find(
            "W514", variant.name or node.name, variant.span, message, "mend its condition, or take it out"
        )
        return
    earlier = [
        Wish(v.condition, holds=False) for v in node.variants[: node.variants.index(variant)] if v.condition
    ]
    if not bench.never([alone, *earlier]):
        return
    number = float(node.variants.index(variant))
    output = f"{node.name}__variant"
    shown = bench.shown(
        [alone],
        [output],
        lambda outputs: outputs.get(output) not in (number, -1.0),
        "uses a variant above it",
    )
    labels = tuple(Label(v.span, "takes what it asks for") for v in node.variants[: int(number)][:2])
    message = f"the variant `{variant.name}` is never used: the variants above take all that it asks for"
    yield find(
        "W514",
        variant.name or node.name,
        variant.span,
        message,
        "move it above them, or mend the conditions",
        labels=labels,
        shown=shown,
    )
