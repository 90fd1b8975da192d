"""A piece of a line that is not there, where the line itself says which: a condition behind `and`, a cell
between two commas, the number behind `starts at`.

In: a broken line. Out: what to say, or None, which is the usual case.
"""

from __future__ import annotations

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.syntax.repair.around import header_of
from healthdsl.syntax.repair.broken import BrokenLine

_FADES = ("halved", "fading", "losing")


def missing_piece(line: BrokenLine) -> Diagnostic | None:
    """What is missing just before the place where the line stopped."""
    if not 0 < line.stop < len(line.tokens):
        return None
    return _operand(line) or _cell(line) or _start(line) or _worth(line) or _points(line)


def _operand(line: BrokenLine) -> Diagnostic | None:
    """`-10 when a and "Reason"`: the line was left hanging."""
    stop, tokens = line.stop, line.tokens
    word = tokens[stop - 1]
    ends = tokens[stop].kind == "ARROW" or (tokens[stop].kind == "TEXT" and stop == len(tokens) - 1)
    if word.kind not in ("AND", "OR") or not ends or "contains" in line.texts:
        return None
    message = f"a condition is missing behind `{word.text}`"
    return line.told(stop - 1, stop, "E139", message, f"write it there, or leave `{word.text}` out")


def _cell(line: BrokenLine) -> Diagnostic | None:
    """`plan -> 40, , 100`, `one of a, , b`."""
    stop, tokens = line.stop, line.tokens
    if tokens[stop].kind != "COMMA" or tokens[stop - 1].kind not in ("COMMA", "ARROW"):
        return None
    behind_arrow = any(token.kind == "ARROW" for token in tokens[:stop])
    if behind_arrow and line.start == "table_row":
        help_ = "write `skip` for a cell that gives nothing: `40, skip, 100`"
        return line.told(stop - 1, stop + 1, "E129", "a cell is empty", help_)
    message = "nothing stands between these two commas"
    return (
        line.told(stop - 1, stop + 1, "E111", message, "leave one of them out") if not behind_arrow else None
    )


def _start(line: BrokenLine) -> Diagnostic | None:
    """`measure calm starts at within 0 to 100`."""
    for index, pair in enumerate(zip(line.texts, line.texts[1:], strict=False)):
        if pair == ("starts", "at") and line.start == "node_line" and index + 2 <= line.stop:
            behind = line.texts[index + 2]
            if behind == "within" or line.tokens[index + 2].kind == "TEXT":
                message = "a number is missing behind `starts at`"
                return line.told(index, index + 2, "E132", message, "write it there: `starts at 100`")
    return None


def _worth(line: BrokenLine) -> Diagnostic | None:
    """`weight number = halved every 30 days`."""
    stop = line.stop
    for index in (stop, stop - 1):
        if index and line.texts[index] in _FADES and line.tokens[index - 1].kind == "EQUALS":
            end = len(line.tokens) - (line.tokens[-1].kind == "TEXT")
            rest = line.written(index, end)
            message = f"what fades is missing before `{line.texts[index]}`"
            return line.told(index, index + 1, "E129", message, f"write it there: `= 10 {rest}`")
    return None


def _points(line: BrokenLine) -> Diagnostic | None:
    """`good green "Good"` below `levels rating`, which gives points."""
    if line.start != "level_row" or line.stop != 1 or line.tokens[1].kind != "WORD":
        return None
    name, further = line.texts[0], line.written(1, len(line.tokens))
    header = " ".join(header_of(line).split()[:2])
    message = f"the points of `{name}` are missing"
    whole = f"where no level has points, write `{header} without points` above"
    help_ = f"write `{name} 100 {further}`, or `none` for the points; {whole}"
    return line.told(1, 2, "E129", message, help_)
