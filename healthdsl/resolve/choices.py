"""`is` and `is one of`: whether a value is one of several words, numbers or dates.

Words behind `is` are values first and names second; `resolve` is handed in for the others.
"""

from __future__ import annotations

from collections.abc import Sequence

from healthdsl.model.expressions import (
    BandOf,
    Compare,
    Constant,
    Expression,
    LevelOf,
    Member,
    Not,
    Or,
    PointsOf,
    Relation,
)
from healthdsl.model.types import TEXT, Kind
from healthdsl.resolve.arithmetic import Operand
from healthdsl.resolve.edges import comparable
from healthdsl.resolve.fold import snapped
from healthdsl.resolve.names import node_values, use_node_value
from healthdsl.resolve.scope import Place, Resolve, Scope
from healthdsl.resolve.suggest import did_you_mean, listed
from healthdsl.resolve.types import describe
from healthdsl.syntax import expressions as x

Word = x.Name | x.TextLiteral


def build_is(place: Place, left: x.Expression, test: x.IsTest, resolve: Resolve) -> Expression | None:
    if isinstance(left, x.Name) and not (place.table and left.name in place.table.columns):
        word, scope = left.name, place.scope
        if word in scope.nodes:
            value = resolve(left, place)
            if _has_unknown_levels(scope, word) and not all(_names_value(place, one) for one in _words(test)):
                return None
            return ask_words(place, node_values(place, word), value, (left, test), resolve)
    return ask_words(place, [], resolve(left, place), (left, test), resolve)


def ask_words(
    place: Place,
    worded: Sequence[BandOf | LevelOf],
    value: Expression | None,
    asked: tuple[x.Expression, x.IsTest],
    resolve: Resolve,
) -> Expression | None:
    """Chooses what the words behind `is` are values of: a signal, else bands, else levels."""
    left, test = asked
    if value is None:
        return None
    words = _words(test)
    texts = [_text(word) for word in words]
    candidates = [value, *worded] if value.type.kind is Kind.CATEGORY else [*worded, value]
    domains = [one for one in candidates if one.type.kind is Kind.CATEGORY]
    chosen = value
    if words and domains and value.type.kind is not Kind.TEXT:
        chosen = max(domains, key=lambda one: _known(texts, one, test.ignoring_case))
        if not _known(texts, chosen, test.ignoring_case) and all(_names_value(place, word) for word in words):
            chosen = value
    use_node_value(place, chosen)
    return _build_choices(place, chosen, left, test, resolve)


def _words(test: x.IsTest) -> list[Word]:
    return [choice for choice in test.choices if isinstance(choice, x.Name | x.TextLiteral)]


def _has_unknown_levels(scope: Scope, node: str) -> bool:
    """Whether a node names levels that do not exist, so that any word may be one of them."""
    names = (declaration.levels for declaration in scope.nodes[node].declarations)
    return any(name is not None and name.name not in scope.level_sets for name in names)


def _known(texts: Sequence[str], domain: Expression, ignoring_case: bool) -> int:
    """How many of the words are values of a domain."""
    if ignoring_case:
        folded = {choice.lower() for choice in domain.type.choices}
        return sum(text.lower() in folded for text in texts)
    return sum(text in domain.type.choices for text in texts)


def _names_value(place: Place, word: Word) -> bool:
    """Whether a word names something that can be compared with."""
    if isinstance(word, x.TextLiteral):
        return False
    scope, name = place.scope, word.name
    if name in scope.broken or (place.table is not None and name in place.table.columns):
        return True
    known = (scope.signals, scope.nodes, scope.flags, scope.named_bands)
    return any(name in each for each in known)


def _text(word: Word) -> str:
    return word.name if isinstance(word, x.Name) else word.value


def _build_choices(
    place: Place, value: Expression, left: x.Expression, test: x.IsTest, resolve: Resolve
) -> Expression | None:
    if test.ignoring_case and not value.type.is_text:
        text = place.scope.clause(left.span)
        message = f"`{text}` is {describe(value.type)}, only text can be compared `ignoring case`"
        place.problems.error("E322", test.span, message, "leave `ignoring case` out")
        return None
    texts: list[str] = []
    others: list[Expression | None] = []
    known = True
    for choice in test.choices:
        if (
            isinstance(choice, x.Name | x.TextLiteral)
            and value.type.is_text
            and _is_value(place, value, choice)
        ):
            texts.append(_text(choice))
            known = not _unknown_value(place, value, left, choice, test.ignoring_case) and known
        else:
            others.append(_build_equal(place, Operand("", value, left.span), choice, resolve))
    found = [other for other in others if other is not None]
    if not known or len(found) < len(others):
        return None
    if texts:
        found.insert(0, Member(value, tuple(texts), test.ignoring_case))
    condition = found[0] if len(found) == 1 else Or(tuple(found))
    return Not(condition) if test.negated else condition


def _is_value(place: Place, value: Expression, word: Word) -> bool:
    """Whether a word behind `is` is meant as a value, not as the name of another signal."""
    if isinstance(word, x.TextLiteral) or word.name in value.type.choices:
        return True
    scope = place.scope
    entry = scope.signals.get(word.name)
    column = place.table.columns.get(word.name) if place.table else None
    for type_ in (column.type if column else None, entry.type if entry else None):
        if type_ is not None and type_.is_text:
            return False
    return True


def _unknown_value(
    place: Place, value: Expression, left: x.Expression, word: Word, ignoring_case: bool
) -> bool:
    """Reports a word that a category, band or level does not have."""
    text, type_ = _text(word), value.type
    if type_.kind is not Kind.CATEGORY or _known([text], value, ignoring_case):
        return False
    if text in place.scope.broken or (isinstance(left, x.Name) and left.name in place.scope.broken):
        return True
    asked = place.scope.clause(left.span)
    what, code = "value", "E206"
    if isinstance(value, BandOf | LevelOf):
        what, code = ("band" if isinstance(value, BandOf) else "level"), "E207"
    advice = did_you_mean(text, type_.choices) or f"`{asked}` is one of {listed(type_.choices)}"
    labels = place.scope.label(asked, "declared here")
    if isinstance(value, LevelOf):
        levels = place.scope.level_set_of(value.node)
        labels = place.scope.label(levels.name.name, "the levels are declared here") if levels else labels
    place.scope.unknown_value(code, word.span, (asked, what, text), advice, labels)
    return True


def _build_equal(place: Place, left: Operand, choice: x.Expression, resolve: Resolve) -> Expression | None:
    if isinstance(choice, x.Name) and _is_truth_word(place, left, choice):
        return None
    if isinstance(choice, x.Name) and isinstance(left.value, PointsOf) and not _names_value(place, choice):
        _report_no_words(place, left.value, choice)
        return None
    if isinstance(choice, x.TextLiteral):
        right: Expression | None = Constant(choice.value, TEXT)
    else:
        right = resolve(choice, place)
    if right is None:
        return None
    operand = Operand("", right, choice.span)
    if not comparable(place, left, operand, ordered=False):
        return None
    if isinstance(right, Constant) and isinstance(right.value, bool):
        return left.value if right.value else Not(left.value)
    return Compare(Relation.IS, snapped(left.value), snapped(right))


def _is_truth_word(place: Place, left: Operand, word: x.Name) -> bool:
    """`is true` for a yes/no signal: reported with the word to write."""
    if left.value.type.kind is not Kind.YES_NO or word.name.lower() not in ("true", "false"):
        return False
    meant = "yes" if word.name.lower() == "true" else "no"
    text = place.scope.clause(left.span)
    place.problems.error(
        "E206", word.span, f"`{text}` has no value `{word.name}`", f"write `{text} is {meant}`"
    )
    return True


def _report_no_words(place: Place, points: PointsOf, word: x.Name) -> None:
    """A node asked for a word while it has neither bands nor levels."""
    if word.name in place.scope.broken:
        return
    if node_values(place, points.node):
        message = f"`points of {points.node}` is a number, `{word.name}` is a word"
        place.problems.error("E207", word.span, message, f"write `{points.node} is {word.name}`")
        return
    entry = place.scope.nodes[points.node]
    named = any(declaration.levels is not None for declaration in entry.declarations)
    if (
        named
        or points.node in place.scope.broken
        or not place.scope.is_news("E229", word.span, points.node, "words")
    ):
        return
    message = f"`{points.node}` has no band or level `{word.name}`: it has neither bands nor levels"
    advice = f"declare `bands {points.node}`, or write `as LEVELS` behind the {entry.word}"
    place.problems.error("E229", word.span, message, advice)
