"""The one of two spellings that the formatter writes, where the parser reads both.

In: a declaration as lines of tokens, pairs of words not joined yet. Out: the same lines as they should be
written.

| Read | Written |
|---|---|
| `score lead = 0`, and steps below | `score lead starts at 0` |
| `score lead starts at 0`, and none | `score lead = 0` |
| `measure review like csat of answer` | `measure review like csat, on answer` |
| `from 0 to 0 -> 100` | `0 -> 100` |
| `levels segments`, and `none` in each row | `levels segments without points`, and no `none` |
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from healthdsl.syntax.lexer import Token
from healthdsl.syntax.lines import Block, Line

_NODES = frozenset(("measure", "group", "score"))
_STEPS = {"times": None, "cap": "at", "raise": "to", "set": "to"}
# What may stand behind the body of a header.
_BEHIND_BODY = frozenset(("AS", "FOR", "WITHIN", "TEXT"))
_NUMBER = re.compile("(MINUS )?NUMERAL")
_LITERAL = re.compile("(MINUS )?(PERCENT|DATE|NUMERAL( DAYS?)?)")


def canonical_lines(header_line: Line, block: Block) -> tuple[Line, list[Line]]:
    """The header and the clauses of a declaration that was read without a mistake, in the one spelling."""
    header, clauses = header_line.tokens, block.clauses
    if header[0].text == "bands" or header[0].text in _NODES:
        clauses = [_with_value(line) for line in clauses]
    elif header[0].text == "rows":
        clauses = [replace(line, grid=[_with_value(row) for row in line.grid]) for line in clauses]
    elif header[0].text == "levels" and clauses and all(_has_no_points(line) for line in clauses):
        header = [*header, *_without_points(header[-1])]
        clauses = [replace(line, tokens=[line.tokens[0], *line.tokens[2:]]) for line in clauses]
    return replace(header_line, tokens=_header(block, header)), clauses


def _has_no_points(line: Line) -> bool:
    """Whether a row of levels says `none`."""
    return [token.kind for token in line.tokens[1:2]] == ["NONE"]


def _without_points(last: Token) -> list[Token]:
    return [last._replace(kind=word.upper(), text=word) for word in ("without", "points")]


def _header(block: Block, tokens: list[Token]) -> list[Token]:
    if tokens[0].text not in _NODES or len(tokens) < 4:
        return tokens
    name, sign, body = tokens[:2], tokens[2], tokens[3:]
    if sign.kind == "LIKE" and len(body) > 1 and body[1].kind in ("OF", "ON"):
        of = body[1]
        return [
            *name,
            sign,
            body[0],
            of._replace(kind="COMMA", text=","),
            of._replace(kind="ON", text="on"),
            *body[2:],
        ]
    if sign.kind == "EQUALS" and _is_number(body) and _has_steps(block):
        return [
            *name,
            sign._replace(kind="STARTS", text="starts"),
            sign._replace(kind="AT", text="at"),
            *body,
        ]
    if sign.kind == "STARTS" and not _has_steps(block):
        return [*name, sign._replace(kind="EQUALS", text="="), *body[1:]]
    return tokens


def _is_number(tokens: Sequence[Token]) -> bool:
    """Whether the body of a measure is a written number and nothing else."""
    kinds = takewhile(lambda kind: kind not in _BEHIND_BODY, (token.kind for token in tokens))
    return _NUMBER.fullmatch(" ".join(kinds)) is not None


def _has_steps(block: Block) -> bool:
    """Whether one of the clauses adds, takes away or limits."""
    return any(_is_step(clause.tokens) for clause in block.clauses)


def _is_step(tokens: Sequence[Token]) -> bool:
    """Whether a clause of a measure without a table or parts is a step."""
    first, second = tokens[0], tokens[1].text if len(tokens) > 1 else ""
    if first.kind in ("PLUS", "MINUS"):
        return True
    return first.text in _STEPS and _STEPS[first.text] in (None, second)


def _with_value(line: Line) -> Line:
    """A row of a table or of bands; `from 0 to 0` is told by what stands between `from` and the arrow."""
    tokens, kinds = line.tokens, [token.kind for token in line.tokens]
    if kinds[0] != "FROM" or "ARROW" not in kinds:
        return line
    arrow = kinds.index("ARROW")
    half = arrow // 2
    low, high = tokens[1:half], tokens[half + 1 : arrow]
    if kinds[half] != "TO" or [token.text for token in low] != [token.text for token in high]:
        return line
    if _LITERAL.fullmatch(" ".join(kinds[1:half])) is None:
        return line
    return replace(line, tokens=[*low, *tokens[arrow:]])
