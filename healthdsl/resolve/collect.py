"""Names of a file: declarations in, a `Scope` with an entry for each name out; duplicates and reserved names
reported.

Nothing is looked up here, so the order of declarations in the file never matters.
"""

from __future__ import annotations

from collections.abc import Iterable

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.resolve.implied import imply_measures
from healthdsl.resolve.problems import Problems
from healthdsl.resolve.scope import NAME_LIMIT, ColumnEntry, NodeEntry, Scope, SignalEntry, TableEntry
from healthdsl.source import Source
from healthdsl.syntax import nodes as n
from healthdsl.syntax.expressions import Name

# Words that stand for a value or a result wherever they are written.
RESERVED = ("today", "yes", "no", "skip", "unscored", "worst", "best", "missing", "otherwise")


_NAMELESS = n.RulesetHeader | n.UseDeclaration | n.BandsDeclaration | n.TestDeclaration


def collect(file: n.RulesetFile, source: Source, problems: Problems) -> Scope:
    """The scope of a file; a name declared twice keeps its first declaration."""
    scope = Scope(source, problems, set(file.broken), lost=file.lost)
    count = 0
    for declaration in file.declarations:
        if isinstance(declaration, _NAMELESS):
            continue
        count += 1 + len(declaration.columns if isinstance(declaration, n.RowsDeclaration) else ())
        if count > NAME_LIMIT:
            message = f"the ruleset declares more than {NAME_LIMIT:,} names"
            problems.error("E448", declaration.name.span, message, "split it into several rulesets")
            break
        _declare(scope, declaration)
    imply_measures(scope)
    for declaration in file.declarations:
        if isinstance(declaration, n.BandsDeclaration):
            _attach_bands(scope, declaration)
    return scope


_Named = (
    n.SignalDeclaration
    | n.RowsDeclaration
    | n.LevelsDeclaration
    | n.DistributionDeclaration
    | n.PartDeclaration
    | n.FlagDeclaration
)


def _declare(scope: Scope, declaration: _Named) -> None:
    name = declaration.name.name
    check_name(scope, declaration.name)
    if isinstance(declaration, n.PartDeclaration) and _is_variant(scope, declaration):
        scope.nodes[name].declarations.append(declaration)
        return
    if _is_taken(scope, declaration):
        _report_twice(scope, declaration)
        return
    match declaration:
        case n.SignalDeclaration():
            scope.signals[name] = SignalEntry(name, declaration)
        case n.RowsDeclaration():
            scope.tables[name] = _table(scope, declaration)
        case n.LevelsDeclaration():
            scope.level_sets[name] = declaration
        case n.DistributionDeclaration():
            scope.distributions[name] = declaration
        case n.PartDeclaration():
            scope.nodes[name] = NodeEntry(name, [declaration])
        case n.FlagDeclaration():
            scope.flags[name] = declaration


def check_name(scope: Scope, name: Name) -> None:
    """Reports a name that means something already."""
    word = name.name
    if word in RESERVED:
        message = f"`{word}` is a word of the language and cannot be a name"
        scope.problems.error("E215", name.span, message, f"choose another name, such as `{word}_value`")


def _is_variant(scope: Scope, declaration: n.PartDeclaration) -> bool:
    """Whether this is a further variant of a node that is there already."""
    entry = scope.nodes.get(declaration.name.name)
    return entry is not None and declaration.variant is not None and entry.declarations[0].variant is not None


def _is_taken(scope: Scope, declaration: _Named) -> bool:
    """Whether something else has the name; a measure and a signal may share one."""
    name = declaration.name.name
    if any(name in known for known in (scope.tables, scope.flags, scope.level_sets, scope.distributions)):
        return True
    signal, node = scope.signals.get(name), scope.nodes.get(name)
    if isinstance(declaration, n.PartDeclaration):
        return node is not None or (signal is not None and declaration.word != "measure")
    if isinstance(declaration, n.SignalDeclaration):
        return signal is not None or (node is not None and node.word != "measure")
    return signal is not None or node is not None


def _report_twice(scope: Scope, declaration: _Named) -> None:
    name, word = declaration.name, declaration.name.name
    entry = scope.nodes.get(word)
    advice = "give one of them another name"
    # A measure that is there twice is no matter of the signal of its name.
    is_node_again = entry is not None and isinstance(declaration, n.PartDeclaration)
    is_variant = isinstance(declaration, n.PartDeclaration) and declaration.variant is not None
    if entry is not None and (is_variant or entry.declarations[0].variant is not None):
        advice = "write `for NAME when ..` on each of them to make them variants"
    elif word in scope.signals and not is_node_again:
        advice = "give one of them another name; only a measure may share the name of a signal"
    labels = scope.label(word, "first declared here")
    if entry is not None and is_node_again:
        labels = (Label(entry.declarations[0].name.span, "first declared here"),)
    scope.problems.error("E214", name.span, f"`{word}` is declared twice", advice, labels)


def _table(scope: Scope, declaration: n.RowsDeclaration) -> TableEntry:
    entry = TableEntry(declaration.name.name, declaration, None)
    if declaration.parent is not None:
        return entry
    entry.base = entry
    for column in declaration.columns:
        _declare_column(scope, entry, column)
    dated = declaration.dated
    if dated is not None and dated.name not in entry.columns:
        check_name(scope, dated)
        entry.columns[dated.name] = ColumnEntry(dated.name, None)
    return entry


def _declare_column(scope: Scope, table: TableEntry, column: n.RowColumn) -> None:
    name = column.name.name
    check_name(scope, column.name)
    if name == "age":
        message = "`age` is there in every dated table: whole days from the row's date to today"
        scope.problems.error("E215", column.name.span, message, "choose another name for this column")
        return
    first = table.columns.get(name)
    if first is not None and first.declaration is not None:
        labels = (Label(first.declaration.name.span, "first declared here"),)
        message = f"`{table.name}` has the column `{name}` twice"
        scope.problems.error("E217", column.name.span, message, "remove one of them", labels)
        return
    table.columns[name] = ColumnEntry(name, column)


def _attach_bands(scope: Scope, declaration: n.BandsDeclaration) -> None:
    if declaration.name is not None:
        _name_bands(scope, declaration, declaration.name)
    for name in declaration.names:
        entry = scope.nodes.get(name.name)
        if entry is None:
            continue
        if entry.bands is not None:
            first = next(other.span for other in entry.bands.names if other.name == name.name)
            labels = (Label(first, "first banded here"),)
            message = f"`{name.name}` has bands twice"
            scope.problems.error("E441", name.span, message, "keep one of the two", labels)
        else:
            entry.bands = declaration


def _name_bands(scope: Scope, declaration: n.BandsDeclaration, name: Name) -> None:
    check_name(scope, name)
    if scope.declared_at(name.name) is None:
        scope.named_bands[name.name] = declaration
        return
    labels = scope.label(name.name, "first declared here")
    message, advice = f"`{name.name}` is declared twice", "give one of them another name"
    scope.problems.error("E214", name.span, message, advice, labels)


def unique(names: Iterable[Name]) -> tuple[list[Name], list[tuple[Name, Name]]]:
    """The names without repetitions, and each repetition with its first occurrence."""
    first: dict[str, Name] = {}
    again = []
    for name in names:
        if name.name in first:
            again.append((name, first[name.name]))
        else:
            first[name.name] = name
    return list(first.values()), again
