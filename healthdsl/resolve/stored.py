"""`stored as 45 for 45%` in the header of a file: how the percents of that file stand in the data.

In: a file as it is written. Out: the same with the clause at every percent from the data that has none of its
own, where the rest of the resolver looks for it. A file that another one uses has a header of its own.
"""

from __future__ import annotations

from dataclasses import replace

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.resolve.problems import Problems
from healthdsl.syntax import nodes as n


def with_stored(problems: Problems, file: n.RulesetFile) -> n.RulesetFile:
    """The file and those it uses; a header that says it twice is reported."""
    used = tuple(with_stored(problems, one) for one in file.used)
    clauses = file.header.clauses if file.header is not None else ()
    stored = [clause for clause in clauses if isinstance(clause, n.StoredClause)]
    for other in stored[1:]:
        labels = (Label(stored[0].span, "first written here"),)
        problems.error("E434", other.span, "`stored as` is written twice", "keep one of the two", labels)
    if not stored:
        return replace(file, used=used) if file.used else file
    declarations = tuple(_declared(one, stored[0]) for one in file.declarations)
    return replace(file, declarations=declarations, used=used)


def _declared(declaration: n.Declaration, stored: n.StoredClause) -> n.Declaration:
    match declaration:
        case n.SignalDeclaration(formula=None, clauses=clauses) if _is_percent(declaration.type):
            says = any(isinstance(clause, n.StoredClause) for clause in clauses)
            return declaration if says else replace(declaration, clauses=(*clauses, stored))
        case n.RowsDeclaration(columns=columns):
            return replace(declaration, columns=tuple(_column(column, stored) for column in columns))
        case _:
            return declaration


def _column(column: n.RowColumn, stored: n.StoredClause) -> n.RowColumn:
    if column.is_derived or column.stored is not None or not _is_percent(column.type):
        return column
    return replace(column, stored=stored)


def _is_percent(spec: n.TypeSpec | None) -> bool:
    return spec is not None and spec.word.name == "percent"
