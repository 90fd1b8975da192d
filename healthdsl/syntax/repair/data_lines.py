"""Lines that say how the data is: `missing when -1, "n/a"` and the range of a type.

In: a broken line. Out: what to say, or the form to show; None where the line is of another kind.
"""

from __future__ import annotations

from collections.abc import Callable

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.syntax.lexer import Token
from healthdsl.syntax.repair.broken import BrokenLine, swap

Fits = Callable[[list[Token]], bool]
ABSENT_FORM = 'write it like `missing when -1, "n/a"`'
_VALUES = frozenset(("NUMERAL", "DATE", "TEXT", "PERCENT"))
_EDGES = ("below", "above", "under", "over", "from", "between", "up", "less", "more", "<", ">", "<=", ">=")
# What asks something, where `missing when` lists the values themselves.
_ASKING = frozenset((*_EDGES, "is", "are", "=", "==", "equals", "before", "after"))
_RANGED = {"number": "", "count": "", "money": "", "days": "", "percent": "%"}
_LIMITS = ("to", "at", "most", "min", "max", "minimum", "maximum", "within", "range", "until", "[", "(", ".")
_RANGING = frozenset((*_EDGES, *_LIMITS))


def absent_told(line: BrokenLine, fits: Fits) -> Diagnostic | None:
    """A slip behind `missing when`."""
    first = _behind_missing_when(line)
    if first is None or first >= len(line.tokens) or line.stop < first:
        return None
    return (
        _title_behind(line, first)
        or _asking(line, first, fits)
        or _joined(line, fits)
        or _bare(line, first, fits)
    )


def _behind_missing_when(line: BrokenLine) -> int | None:
    """The index of what is missing in the clause of a signal or column."""
    last = 1 if line.start == "signal_clause" else len(line.texts) if line.start == "column_line" else 0
    for index in range(last):
        if line.texts[index : index + 2] == ["missing", "when"]:
            return index + 2
    return None


def _title_behind(line: BrokenLine, first: int) -> Diagnostic | None:
    """`missing when -1 "Not counted"` under a signal, where any other line has its title."""
    stop, tokens = line.stop, line.tokens
    if line.start != "signal_clause" or stop != len(tokens) - 1 or stop == first:
        return None
    if tokens[stop].kind != "TEXT" or tokens[stop - 1].kind not in _VALUES:
        return None
    meant = f"{line.written(0, stop)}, {line.written(stop, stop + 1)}"
    help_ = f"a title stands on the signal's own line; one more value has a comma before it: `{meant}`"
    return line.told(stop, stop + 1, "E133", "the line is complete before this text", help_)


def _asking(line: BrokenLine, first: int, fits: Fits) -> Diagnostic | None:
    """`missing when is -1`, `missing when below 0`."""
    if line.texts[first] not in _ASKING:
        return None
    word = line.written(first, first + 1)
    without = [*line.tokens[:first], *line.tokens[first + 1 :]]
    if line.texts[first] in ("is", "are", "=", "==", "equals") and fits(without):
        rest = line.written(first + 1, len(line.tokens))
        return line.told(
            first, first + 1, "E100", f"`{word}` does not fit here", f"write `missing when {rest}`"
        )
    help_ = f"`missing when` lists the values themselves; {ABSENT_FORM}"
    return line.told(first, first + 1, "E100", f"`{word}` does not fit here", help_)


def _joined(line: BrokenLine, fits: Fits) -> Diagnostic | None:
    """`missing when -1 or "n/a"`"""
    stop = line.stop
    if stop >= len(line.tokens) or line.texts[stop] not in ("or", "and", "|", "/"):
        return None
    if line.tokens[stop - 1].kind not in _VALUES or not fits(
        swap(line.tokens, stop, stop + 1, ",", line.words)
    ):
        return None
    word = line.written(stop, stop + 1)
    help_ = f"write `,` in place of `{word}`: values stand in a list"
    return line.told(stop, stop + 1, "E100", f"`{word}` does not fit here", help_)


def _bare(line: BrokenLine, first: int, fits: Fits) -> Diagnostic | None:
    """`missing when n/a`, `missing when not available`, `missing when ?`."""
    tokens, begin = line.tokens, first
    for index in range(first, len(tokens) + 1):
        ends = (
            index == len(tokens) or tokens[index].kind in ("COMMA", "TEXT") or line.texts[index] == "column"
        )
        if not ends:
            continue
        kinds = [token.kind for token in tokens[begin:index]]
        says = not any(token.text[0].isdigit() for token in tokens[begin:index])
        if kinds and kinds != ["WORD"] and says:
            text = f'"{line.written(begin, index)}"'
            if fits(swap(tokens, begin, index, text, line.words)):
                message = f"`{line.written(begin, index)}` stands without quotes"
                return line.told(begin, index, "E102", message, f"write `missing when {text}`")
        begin = index + 1
    return None


def data_form(line: BrokenLine) -> str | None:
    """The help that shows the form of `missing when`, or of a range, where one of them was meant."""
    if _behind_missing_when(line) is not None or (
        line.start == "signal_clause" and line.texts[0] == "missing"
    ):
        return ABSENT_FORM
    unit = _unit_of_range(line)
    return (
        None
        if unit is None
        else f"a range is `from 0{unit}`, `up to 100{unit}` or `from 0{unit} to 100{unit}`"
    )


def _unit_of_range(line: BrokenLine) -> str | None:
    """The sign of the type whose range stopped making sense; None where no range stands there."""
    kind = {"signal_line": 2, "column_line": 1}.get(line.start or "")
    if kind is None or kind >= line.stop or line.texts[kind] not in _RANGED:
        return None
    begin = kind + (3 if line.texts[kind + 1 : kind + 2] == ["in"] else 1)
    if begin > line.stop or begin >= len(line.tokens):
        return None
    between = {token.kind for token in line.tokens[begin : line.stop]}
    ranging = line.texts[begin].split()[0] in _RANGING or line.tokens[begin].kind in (
        "NUMERAL",
        "PERCENT",
        "MINUS",
    )
    return _RANGED[line.texts[kind]] if ranging and not between & {"EQUALS", "TEXT"} else None
