"""The header of a ruleset: its name, version, language and default policy."""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.diagnostics.diagnostic import Label
from healthdsl.model import ruleset as r
from healthdsl.resolve.nodes import SKIP
from healthdsl.resolve.rows import build_result
from healthdsl.resolve.scope import Place, Scope
from healthdsl.resolve.wording import code_of, text_of
from healthdsl.source import Span
from healthdsl.syntax import nodes as n

LANGUAGE = "1"
START = Span(0, 0, 1)


@dataclass(frozen=True, slots=True)
class Header:
    """What the header says; `declaration` None when there is none."""

    declaration: n.RulesetHeader | None
    values: dict[str, str]
    policy: r.Missing


def read_header(scope: Scope, file: n.RulesetFile) -> Header:
    headers = [one for one in file.declarations if isinstance(one, n.RulesetHeader)]
    if not headers:
        if not _begins_with_lost_lines(scope, file):
            _report_none(scope, file)
        return Header(None, {}, SKIP)
    first = headers[0]
    for other in headers[1:]:
        labels = (Label(first.span, "the first one"),)
        scope.problems.error(
            "E402", other.span, "a file holds one ruleset, this is a second", "remove it", labels
        )
    if file.declarations[0] is not first:
        message = f"the `{first.word}` line stands behind other declarations"
        scope.problems.error("E403", first.span, message, "move it, with its clauses, to the top of the file")
    values = _values(scope, first)
    return Header(first, values, _policy(scope, first))


def _begins_with_lost_lines(scope: Scope, file: n.RulesetFile) -> bool:
    """Whether something above the first declaration could not be read, which was the header most likely."""
    end = file.declarations[0].span.start if file.declarations else file.span.end
    text, start = scope.source.text, 0
    for comment in file.comments:
        if comment.span.start >= end:
            break
        if text[start : comment.span.start].strip():
            return True
        start = comment.span.end
    return bool(text[start:end].strip())


def _report_none(scope: Scope, file: n.RulesetFile) -> None:
    span = file.declarations[0].span if file.declarations else START
    advice = "begin the file with `ruleset my_health` and, indented under it, `language 1`"
    scope.problems.error("E401", span, "this file does not say which ruleset it is", advice)


def _values(scope: Scope, header: n.RulesetHeader) -> dict[str, str]:
    first: dict[str, n.HeaderClause] = {}
    for clause in header.clauses:
        if not isinstance(clause, n.HeaderClause):
            continue
        earlier = first.setdefault(clause.key, clause)
        if earlier is not clause:
            labels = (Label(earlier.span, "first written here"),)
            scope.problems.error(
                "E434", clause.span, f"`{clause.key}` is written twice", "keep one of the two", labels
            )
    _check_language(scope, header, first.get("language"))
    return {key: clause.value.value for key, clause in first.items()}


def _check_language(scope: Scope, header: n.RulesetHeader, clause: n.HeaderClause | None) -> None:
    if clause is None:
        if header.name.name not in scope.broken:
            message = f"`{header.name.name}` does not say which version of the language it is written in"
            scope.problems.error("E404", header.name.span, message, "write `language 1` on a line under it")
    elif clause.value.value != LANGUAGE:
        message = f"this program reads language {LANGUAGE}, not {clause.value.value}"
        scope.problems.error("E405", clause.value.span, message, f"write `language {LANGUAGE}`")


def _policy(scope: Scope, header: n.RulesetHeader) -> r.Missing:
    """The policy of measures that state none."""
    clauses = [clause for clause in header.clauses if isinstance(clause, n.MissingClause)]
    for other in clauses[1:]:
        labels = (Label(clauses[0].span, "first written here"),)
        scope.problems.error("E434", other.span, "`missing` is written twice", "keep one of the two", labels)
    if not clauses:
        return SKIP
    place = Place(scope, ("ruleset", header.name.name))
    result = build_result(place, clauses[0].result, None, missing=True)
    if result is None:
        return SKIP
    reason = clauses[0].reason
    return r.Missing(result, text_of(reason), written=False, code=code_of(reason))
