"""`a and b or c` without brackets: two readings, both shown."""

from __future__ import annotations

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.syntax.repair.broken import BrokenLine

# What a condition begins behind, and ends before.
_EDGES = frozenset(("WHEN", "WHERE", "EXPECT", "EQUALS", "COMMA", "ARROW", "TEXT", "WITHIN"))


def mixed_words(line: BrokenLine) -> Diagnostic | None:
    """Tells of `and` and `or` on one level of brackets, where the line stopped; None when that is not why."""
    stop = line.stop
    if stop >= len(line.tokens) or line.tokens[stop].kind not in ("AND", "OR"):
        return None
    first, end = _condition(line, stop)
    joints = _joints(line, first, end)
    kinds = {line.tokens[index].kind for index in joints}
    if len(kinds) < 2:
        return None
    word, other = line.tokens[stop].text, "or" if line.tokens[stop].kind == "AND" else "and"
    help_ = f"write `{_grouped(line, first, end, 'AND')}` or `{_grouped(line, first, end, 'OR')}`"
    message = f"`{word}` and `{other}` stand together without brackets"
    return line.told(stop, stop + 1, "E121", message, help_)


def _condition(line: BrokenLine, stop: int) -> tuple[int, int]:
    """The tokens of the condition around `stop`, on its level of brackets."""
    depth, first = 0, stop
    while first > 0:
        kind = line.tokens[first - 1].kind
        depth += {"CLOSE": 1, "OPEN": -1}.get(kind, 0)
        if depth < 0 or (depth == 0 and kind in _EDGES):
            break
        first -= 1
    depth, end = 0, stop
    while end < len(line.tokens):
        kind = line.tokens[end].kind
        depth += {"OPEN": 1, "CLOSE": -1}.get(kind, 0)
        if depth < 0 or (depth == 0 and kind in _EDGES):
            break
        end += 1
    return first, end


def _joints(line: BrokenLine, first: int, end: int) -> list[int]:
    """Where `and` and `or` stand on the level of the condition itself."""
    depth, found = 0, []
    for index in range(first, end):
        kind = line.tokens[index].kind
        depth += {"OPEN": 1, "CLOSE": -1}.get(kind, 0)
        if depth == 0 and kind in ("AND", "OR") and not _of_a_date(line, index):
            found.append(index)
    return found


def _of_a_date(line: BrokenLine, index: int) -> bool:
    """Whether the `or` at `index` is that of `on or before`, or of `before or on`."""
    around = line.texts[index - 1 : index + 2]
    return around[1:2] == ["or"] and set(around) in ({"on", "or", "before"}, {"on", "or", "after"})


def _grouped(line: BrokenLine, first: int, end: int, kind: str) -> str:
    """The condition with brackets around each run of operands that words of `kind` join."""
    pieces: list[str] = []
    run: list[str] = []
    start = first
    for index in [*_joints(line, first, end), end]:
        run.append(line.written(start, index))
        if index == end or line.tokens[index].kind != kind:
            joined = f" {kind.lower()} ".join(run)
            pieces.append(f"({joined})" if len(run) > 1 else joined)
            run = []
            if index < end:
                pieces.append(line.tokens[index].text)
        start = index + 1
    return " ".join(pieces)
