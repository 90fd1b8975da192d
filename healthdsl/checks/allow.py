"""Findings that the author allows: `# healthdsl: allow silence is rewarded because the source has it`.

The comment stands at the end of the line that a finding is about, or on a line of its own above it. It names
the findings, by titles or codes, and gives the reason; one without a reason, or that nothing answers to, is a
finding itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from healthdsl.checks.bench import find
from healthdsl.checks.finding import Finding, Fix
from healthdsl.diagnostics.catalogue import CATALOGUE
from healthdsl.source import Source, Span

_MARK = re.compile(r"#\s*healthdsl:\s*(.*)$")
_ALLOW = re.compile(r"allow\s+(\S.*?)\s+because\s+(\S.*)$")
_TITLES = {entry.title.replace("`", "").lower(): code for code, entry in CATALOGUE.items() if code[0] == "W"}
_FINDINGS = re.compile("|".join(["w\\d{3}", *map(re.escape, sorted(_TITLES, key=len, reverse=True))]))


@dataclass(frozen=True, slots=True)
class Allowed:
    """A comment that allows: `line` is the line of the text that it speaks of."""

    codes: tuple[str, ...]
    reason: str
    line: int
    span: Span


@dataclass(frozen=True, slots=True)
class Sorted:
    """Findings that are left, and those that are allowed with the reason."""

    left: tuple[Finding, ...]
    allowed: tuple[tuple[Finding, str], ...]


def sort_out(source: Source, findings: Sequence[Finding]) -> Sorted:
    """The findings without those that a comment allows, and with those about such comments."""
    comments, broken = read_allowed(source)
    used: set[tuple[int, str]] = set()
    left: list[Finding] = list(broken)
    allowed: list[tuple[Finding, str]] = []
    for finding in findings:
        comment = next((c for c in comments if _fits(c, source, finding)), None)
        if comment is None:
            left.append(finding)
        else:
            used.add((comment.span.start, finding.code))
            allowed.append((finding, comment.reason))
    for comment in comments:
        idle = [code for code in comment.codes if (comment.span.start, code) not in used]
        left += [_idle(comment, code) for code in idle]
    return Sorted(tuple(sorted(left, key=lambda each: each.span)), tuple(allowed))


def _fits(comment: Allowed, source: Source, finding: Finding) -> bool:
    return finding.code in comment.codes and source.line_of(finding.span.start) == comment.line


def _idle(comment: Allowed, code: str) -> Finding:
    message = f"there is no {code} on this line to allow"
    fix = Fix(comment.span, "", "the comment was taken out") if len(comment.codes) == 1 else None
    return find("W520", code, comment.span, message, "take the comment out", fix=fix)


def read_allowed(source: Source) -> tuple[list[Allowed], list[Finding]]:
    """The comments that allow something, and findings about those that cannot be understood."""
    comments: list[Allowed] = []
    broken: list[Finding] = []
    for number, mark, span, alone in _marks(source):
        found = _ALLOW.match(mark)
        codes = () if found is None else _codes(found[1])
        if found is None or not codes:
            message = "this comment allows nothing: it needs what it allows, by title or code, and a reason"
            advice = "write `# healthdsl: allow W508 because the source has it`"
            broken.append(find("W519", "", span, message, advice))
            continue
        line = _next_line(source, number) if alone else number
        comments.append(Allowed(codes, found[2].strip(), line, span))
    return comments, broken


def _codes(words: str) -> tuple[str, ...]:
    """The codes of findings that are named with commas between; none when something else is named."""
    codes, left = [], " ".join(words.lower().split())
    while (found := _FINDINGS.match(left)) is not None:
        codes.append(_TITLES.get(found[0], found[0].upper()))
        left = left[found.end() :].lstrip()
        if not left:
            return tuple(codes)
        if not left.startswith(","):
            break
        left = left[1:].lstrip()
    return ()


def _marks(source: Source) -> Iterator[tuple[int, str, Span, bool]]:
    """Comments of ours: line, what follows `healthdsl:`, place, and whether the line holds nothing else."""
    if "healthdsl:" not in source.text:
        return
    for number in range(source.first_line, source.first_line + source.line_count):
        text = source.line_text(number)
        at = _comment_at(text)
        found = None if at is None else _MARK.match(text[at:])
        if found is not None and at is not None:
            start = source.offset_of(number) + at
            yield number, found[1].strip(), source.span(start, start + len(text) - at), not text[:at].strip()


def _comment_at(line: str) -> int | None:
    """Where a comment begins: a `#` outside of quotes."""
    quoted = False
    for at, character in enumerate(line):
        if character == '"':
            quoted = not quoted
        elif character == "#" and not quoted:
            return at
    return None


def _next_line(source: Source, number: int) -> int:
    """The next line that is neither blank nor a comment."""
    last = source.first_line + source.line_count - 1
    line = number + 1
    while line < last and (
        not source.line_text(line).strip() or source.line_text(line).lstrip().startswith("#")
    ):
        line += 1
    return line
