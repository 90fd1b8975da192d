"""Rows of tables, parts and lists in another spelling: cells without commas, a dash for an arrow, `a / b`.

In: a broken line. Out: rewrites, the likeliest first.
"""

from __future__ import annotations

from collections.abc import Iterator

from healthdsl.syntax.lexer import Token
from healthdsl.syntax.repair.around import header_of, is_grid, is_node, is_table
from healthdsl.syntax.repair.broken import BrokenLine, Rewrite, rewrite, swap
from healthdsl.syntax.repair.near import near_words

_ROWS = ("table_row", "band_row")
_DAYS = ("days", "day")
_EDGE_TABLES = ("ladder", "curve")
_APART = ("/", "|", "or", "and", ";")
# Where a score stands behind another word than `of`.
_OF_SCORE = ("for", "on", "from", "in", "about")


def choices(line: BrokenLine) -> Iterator[Rewrite]:
    """`plan one of free / pro`, `plan one of free or pro`."""
    if line.start not in ("signal_line", "column_line") or "one" not in line.texts:
        return
    first = line.texts.index("one") + 2
    found = [index for index in range(first, len(line.tokens)) if line.texts[index] in _APART]
    if not found:
        return
    tokens = line.tokens
    for index in reversed(found):
        tokens = swap(tokens, index, index + 1, ",", line.words)
    end = first + 1
    while tokens[end : end + 1] and tokens[end].kind == "COMMA":
        end += 2
    message = f"`{line.texts[found[0]]}` does not stand between the words of a list"
    listed = " ".join(token.text for token in tokens[first:end]).replace(" ,", ",")
    told = line.told(found[0], found[0] + 1, "E129", message, f"write commas: `one of {listed}`")
    yield Rewrite(tokens, told)


def cells(line: BrokenLine) -> Iterator[Rewrite]:
    """`smb -> 40 70 100`, `smb -> 40 | 70 | 100`, `smb -> 40, 70, -`."""
    arrow = _arrow(line)
    if line.start != "table_row" or not arrow or not is_grid(line):
        return
    end = len(line.tokens) - (line.tokens[-1].kind == "TEXT")
    written = [line.tokens[index].text for index in range(arrow + 1, end)]
    found = [text for text in written if text not in (",", "|", "/", ";")]
    if len(found) < 2:
        return
    filled = ["skip" if text in ("-", "missing", "none", "empty") else text for text in found]
    row = ", ".join(filled)
    message = "the cells of a grid stand with commas between them"
    if filled != found:
        message = "a cell of a grid holds points, or `skip` where it gives none"
    yield rewrite(line, arrow + 1, end, row, "E129", message)


def other_tests(line: BrokenLine) -> Iterator[Rewrite]:
    """`exactly 0 -> 100`, `is 0 -> 100`, `0 - 100` and `0 or 1 -> 100`."""
    if line.start not in _ROWS:
        return
    arrow, texts = _arrow(line), line.texts
    if arrow is None:
        yield from _dash(line)
        return
    if texts[0] in ("exactly", "equals", "is", "equal", "for") and arrow > 1:
        message = f"`{texts[0]}` does not stand before the value of a row"
        yield rewrite(line, 0, 1, "", "E113", message, f"write `{line.written(1, arrow)} ->`")
    yield from _or(line, arrow, on_edges=_body(line) in _EDGE_TABLES)


def units(line: BrokenLine) -> Iterator[Rewrite]:
    """`0 complaints -> 100`, `up to 2 tickets -> 60`: the signal says what is counted."""
    arrow = _arrow(line)
    if line.start not in _ROWS or arrow is None or arrow < 2 or _body(line) == "lookup":
        return
    number, unit = line.tokens[arrow - 2 : arrow]
    if number.kind == "NUMERAL" and unit.kind == "WORD" and not near_words(unit.text, _DAYS):
        message = f"`{unit.text}` does not stand behind the number of a row"
        help_ = f"leave it out: `{line.written(0, arrow - 1)} ->`"
        yield rewrite(line, arrow - 1, arrow, "", "E114", message, help_)


def _body(line: BrokenLine) -> str:
    """The word of the header that says what stands below it: `ladder`, `lookup`; empty without one."""
    return "".join(header_of(line).split()[2:3])


def _or(line: BrokenLine, arrow: int, *, on_edges: bool) -> Iterator[Rewrite]:
    """`0 or 1 -> a`; in a lookup, values of one row stand with a comma."""
    if arrow != 3 or line.texts[1] != "or":
        return
    low, high = line.texts[0], line.texts[2]
    told = f"`{low} or {high}` is not how a row says that"
    if on_edges:
        help_ = f"write `from {low} to {high} ->`, or a row for each"
        yield rewrite(line, 0, 3, f"from {low} to {high}", "E138", told, help_)
    yield rewrite(line, 1, 2, ",", "E129", told, f"write `{low}, {high} ->`")


def _dash(line: BrokenLine) -> Iterator[Rewrite]:
    """`0 - 100`: a dash with a space on both sides."""
    for index in range(1, len(line.tokens) - 1):
        before, token, behind = line.tokens[index - 1 : index + 2]
        if token.kind == "MINUS" and before.end < token.start and token.end < behind.start:
            yield rewrite(line, index, index + 1, "->", "E103", "`-` does not belong here")


def two_weights(line: BrokenLine) -> Iterator[Rewrite]:
    """`10 rating weighted by answers`: a part has one weight."""
    kinds = [token.kind for token in line.tokens[:2]]
    if line.start != "part_line" or kinds not in (["NUMERAL", "WORD"], ["PERCENT", "WORD"]):
        return
    if line.texts[2:4] == ["weighted", "by"]:
        weight, name = line.texts[:2]
        message = f"`{name}` has two weights: `{weight}`, and what stands behind `weighted by`"
        help_ = f"write `{weight} {name}` or `{line.written(1, 5)}`"
        yield rewrite(line, 0, 1, "", "E133", message, help_)


def bands_of(line: BrokenLine) -> Iterator[Rewrite]:
    """`bands churn_risk for health`, `bands health churn_risk`."""
    if line.start != "bands_line":
        return
    joint = 1 if line.texts[2:3] and line.texts[2] in _OF_SCORE else 0
    named = line.tokens[1:2] + line.tokens[2 + joint : 3 + joint]
    if len(named) < 2 or any(token.kind != "WORD" or token.text == "of" for token in named):
        return
    name, score = (token.text for token in named)
    if not joint and not (is_node(line, name) or is_node(line, score)):
        return  # perhaps one name of two words
    if is_node(line, name) and not is_node(line, score):
        name, score = score, name
    message = "the score that is banded stands behind `of`"
    yield rewrite(
        line, 1, 3 + joint, f"{name} of {score}", "E129", message, f"write `bands {name} of {score}`"
    )


def condition_sign(line: BrokenLine) -> Iterator[Rewrite]:
    """`condition exposed: nps below 0`, `flag exposed = nps below 0`."""
    if line.start == "flag_line" and line.texts[2:3] in ([":"], ["="], ["is"]):
        sign = f"`{line.texts[2]}` does not belong here"
        yield rewrite(line, 2, 3, "when", "E107", sign)


def given_table(line: BrokenLine) -> Iterator[Rewrite]:
    """`given tickets`, where that is a table."""
    if line.start == "test_clause" and line.texts[0] == "given" and len(line.tokens) == 2:
        name = line.tokens[1].text
        if is_table(line, name):
            message = f"`rows` is missing before `{name}`"
            yield rewrite(line, 1, 1, "rows", "E129", message, f"write `given rows {name}`")


def dates(line: BrokenLine) -> Iterator[Rewrite]:
    """`end before "2026-01-01"`, `end on 2026-01-01`, `end within 60 days`."""
    for index, token in enumerate(line.tokens):
        behind = line.tokens[index + 1] if index + 1 < len(line.tokens) else None
        if token.kind == "TEXT" and _is_date(token):
            message = "a date stands without quotes"
            yield rewrite(line, index, index + 1, token.text.strip('"'), "E115", message)
        if line.texts[index] == "on" and behind is not None and behind.kind == "DATE":
            message = f"`on {behind.text}` is not how this is said here"
            yield rewrite(line, index, index + 1, "is", "E106", message, f"write `is {behind.text}`")
        if line.texts[index] == "within" and line.texts[index + 2 : index + 3] in (["days"], ["day"]):
            yield _within(line, index)


def _within(line: BrokenLine, index: int) -> Rewrite:
    days = line.written(index + 1, index + 3)
    message = f"`within {days}` does not say from when to when"
    ahead, back = f"from today to today + {days}", f"from today - {days} to today"
    return rewrite(line, index, index + 3, ahead, "E138", message, f"write `{ahead}` or `{back}`")


def _is_date(token: Token) -> bool:
    digits = token.text.strip('"').split("-")
    return [len(one) for one in digits] == [4, 2, 2] and all(one.isdigit() for one in digits)


def _arrow(line: BrokenLine) -> int | None:
    return next((index for index, token in enumerate(line.tokens) if token.kind == "ARROW"), None)
