"""Test declarations: facts about an account, rows, and what is expected of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model import ruleset as r
from healthdsl.resolve.absent import is_absent
from healthdsl.resolve.bases import Bases, with_bases
from healthdsl.resolve.expressions import resolve_condition
from healthdsl.resolve.names import find_table
from healthdsl.resolve.scope import ColumnEntry, Place, Scope, SignalEntry, TableEntry
from healthdsl.resolve.signals import in_range
from healthdsl.resolve.suggest import did_you_mean, listed
from healthdsl.resolve.typespecs import literal, spec_range
from healthdsl.source import Span
from healthdsl.syntax import expressions as x
from healthdsl.syntax import nodes as n

Legal = tuple[Fraction | None, Fraction | None]
Cells = tuple[tuple[str, r.Value], ...]


def build_tests(scope: Scope, file: n.RulesetFile) -> tuple[r.Test, ...]:
    declarations = [one for one in file.declarations if isinstance(one, n.TestDeclaration)]
    titles: dict[str, n.TestDeclaration] = {}
    for declaration in declarations:
        first = titles.setdefault(declaration.title.value, declaration)
        if first is not declaration:
            labels = (Label(first.title.span, "the first one"),)
            message = "two tests have this title, so a failure does not tell which"
            scope.problems.warn(
                "W501", declaration.title.span, message, "give one of them another title", labels
            )
    bases = Bases(scope, declarations)
    own = [_build_test(scope, declaration) for declaration in declarations]
    tests = with_bases(scope, bases, own)
    for place, declaration in enumerate(declarations):
        if tests[place].as_of is None and bases.of(place) is None and not bases.has_lost(place):
            _check_day(scope, declaration)
    return tests


def _build_test(scope: Scope, declaration: n.TestDeclaration) -> r.Test:
    """What a test says itself."""
    place = Place(scope, ("test", declaration.title.value))
    expectations = tuple(_expectations(place, declaration))
    _check_expects(scope, declaration)
    return r.Test(
        span=declaration.span,
        text=scope.clause(declaration.span),
        title=declaration.title.value,
        as_of=_as_of(place, declaration),
        facts=tuple(_facts(place, declaration)),
        tables=tuple(_tables(place, declaration)),
        expectations=expectations,
    )


def _check_expects(scope: Scope, declaration: n.TestDeclaration) -> None:
    expects = any(isinstance(clause, n.ExpectClause) for clause in declaration.clauses)
    if expects or _has_lost_lines(scope, declaration):
        return
    advice = "add a line such as `expect health above 50` or `expect health is at_risk`"
    scope.problems.error("E507", declaration.title.span, "this test expects nothing", advice)


def _has_lost_lines(scope: Scope, declaration: n.TestDeclaration) -> bool:
    """Whether the parser left out lines of this test."""
    return scope.clause(declaration.title.span) in scope.broken


def _expectations(place: Place, declaration: n.TestDeclaration) -> Iterator[r.Expectation]:
    for clause in declaration.clauses:
        if isinstance(clause, n.ExpectClause):
            condition = resolve_condition(clause.condition, place)
            if condition is not None:
                text = place.scope.clause(clause.span)
                yield r.Expectation(span=clause.span, text=text, condition=condition)


def _as_of(place: Place, declaration: n.TestDeclaration) -> int | None:
    clauses = [clause for clause in declaration.clauses if isinstance(clause, n.AsOfClause)]
    for other in clauses[1:]:
        labels = (Label(clauses[0].span, "first written here"),)
        place.problems.error(
            "E509", other.span, "a test has one day, this is a second", "keep one of them", labels
        )
    return clauses[0].date.ordinal if clauses else None


def _check_day(scope: Scope, declaration: n.TestDeclaration) -> None:
    """Reports that a test does not say its day, which it must once `today` matters anywhere."""
    today = scope.today_at
    if today is not None and not _has_lost_lines(scope, declaration):
        labels = (Label(today, "this depends on the day"),)
        message = "this test does not say on which day it is"
        advice = "add a line such as `as of 2026-03-31`"
        scope.problems.error("E508", declaration.title.span, message, advice, labels)


# Facts -----------------------------------------------------------------------


def _facts(place: Place, declaration: n.TestDeclaration) -> Iterator[tuple[str, r.Value]]:
    first: dict[str, n.GivenClause] = {}
    for clause in declaration.clauses:
        if not isinstance(clause, n.GivenClause):
            continue
        name = clause.signal.name
        earlier = first.setdefault(name, clause)
        if earlier is not clause:
            _report_again(place, clause.signal, earlier.signal.span)
        elif _is_input(place, clause.signal):
            entry = place.scope.signals[name]
            if entry.type is not None:
                legal = spec_range(place, entry.declaration.type, entry.type)
                yield from _cell(place, name, clause.value, (entry, legal))


def _report_again(place: Place, name: x.Name, first: Span) -> None:
    labels = (Label(first, "first given here"),)
    place.problems.error("E504", name.span, f"`{name.name}` is given twice", "keep one of the two", labels)


def _is_input(place: Place, name: x.Name) -> bool:
    """Whether a test may give this signal; a message when not."""
    word, scope = name.name, place.scope
    entry = scope.signals.get(word)
    if entry is None and (scope.is_silent(name) or not scope.is_news("E501", name.span, word, "given")):
        return False
    if entry is not None:
        if entry.declaration.formula is None:
            return True
        message = f"`{word}` is worked out by a formula, a test gives what comes from the data"
        advice = "give the signals that its formula reads"
        labels = scope.label(word, "its formula is here")
        place.problems.error("E501", name.span, message, advice, labels)
    elif word in scope.tables:
        message = f"`{word}` is a table"
        place.problems.error("E501", name.span, message, f"write `given rows {word}` and its rows under it")
    elif word in scope.nodes:
        message = f"`{word}` is a {scope.nodes[word].word}, a test gives signals"
        place.problems.error("E501", name.span, message, "give the signals it reads, and expect its points")
    elif word in scope.flags:
        message = f"`{word}` is a {scope.flags[word].word} and worked out, a test gives signals"
        advice = f"give the signals it asks about, and write `expect {word}`"
        place.problems.error("E501", name.span, message, advice)
    else:
        inputs = [name for name, entry in scope.signals.items() if entry.declaration.formula is None]
        advice = did_you_mean(word, place.problems.near(inputs)) or f"the signals are {listed(inputs)}"
        scope.unknown("E201", name, f"unknown signal `{word}`", advice)
    return False


def _cell(
    place: Place, name: str, node: x.Expression, wanted: tuple[SignalEntry | ColumnEntry, Legal]
) -> Iterator[tuple[str, r.Value]]:
    """The value of a fact or a cell of a row; nothing after a message."""
    entry, legal = wanted
    if (isinstance(node, x.Name) and node.name == "missing") or is_absent(entry.declaration, node):
        yield name, None
        return
    assert entry.type is not None
    value = literal(place, node, entry.type, name)
    if value is None:
        return
    if not in_range(value, legal):
        text = place.scope.clause(node.span)
        message = f"`{text}` is out of the range of `{name}`"
        labels = place.scope.label(name, "declared here")
        place.problems.error("E503", node.span, message, "give a value inside the range", labels)
        return
    yield name, value


# Rows ------------------------------------------------------------------------


def _tables(place: Place, declaration: n.TestDeclaration) -> Iterator[tuple[str, tuple[Cells, ...]]]:
    first: dict[str, n.GivenRowsClause] = {}
    for clause in declaration.clauses:
        if not isinstance(clause, n.GivenRowsClause):
            continue
        earlier = first.setdefault(clause.table.name, clause)
        if earlier is not clause:
            _report_again(place, clause.table, earlier.table.span)
            continue
        table = find_table(place, clause.table)
        if table is None or not _is_base(place, clause.table, table):
            continue
        columns = _columns(place, clause.columns, table)
        yield table.name, tuple(_row(place, columns, cells) for cells in clause.rows)


def _is_base(place: Place, name: x.Name, table: TableEntry) -> bool:
    if table.base is table or table.base is None:
        return True
    message = f"`{name.name}` is cut out of `{table.base.name}`, which is the table the data holds"
    place.problems.error("E510", name.span, message, f"write `given rows {table.base.name}`")
    return False


def _columns(place: Place, names: Sequence[x.Name], table: TableEntry) -> list[ColumnEntry | None]:
    found: list[ColumnEntry | None] = []
    for index, name in enumerate(names):
        column = table.columns.get(name.name)
        declaration = column.declaration if column is not None else None
        if any(other.name == name.name for other in names[:index]):
            place.problems.error(
                "E504", name.span, f"the column `{name.name}` stands twice", "keep one of the two"
            )
            column = None
        elif column is None and not place.scope.is_silent(name):
            known = [word for word, other in table.columns.items() if not _is_derived(other)]
            advice = did_you_mean(name.name, known) or f"`{table.name}` has the columns {listed(known)}"
            place.scope.unknown("E202", name, f"`{table.name}` has no column `{name.name}`", advice)
        elif declaration is not None and declaration.is_derived:
            message = f"`{name.name}` is worked out by a formula, a test gives what comes from the data"
            labels = (Label(declaration.name.span, "its formula is here"),)
            advice = "leave this column out, and give those its formula reads"
            place.problems.error("E501", name.span, message, advice, labels)
            column = None
        found.append(column)
    return found


def _is_derived(column: ColumnEntry) -> bool:
    return column.declaration is not None and column.declaration.is_derived


def _row(place: Place, columns: Sequence[ColumnEntry | None], cells: Sequence[x.Expression]) -> Cells:
    # The parser leaves out grids whose rows are not as long as their columns.
    found: list[tuple[str, r.Value]] = []
    for column, cell in zip(columns, cells, strict=True):
        if column is not None and column.type is not None:
            spec = column.declaration.type if column.declaration is not None else None
            found += _cell(place, column.name, cell, (column, spec_range(place, spec, column.type)))
    return tuple(found)
