"""The one of two spellings that the formatter writes, where the parser reads both.

In: the tokens of a logical line, pairs of words not joined yet. Out: the same line as it should be written.

| Read | Written |
|---|---|
| `score lead = 0`, and steps below | `score lead starts at 0` |
| `score lead starts at 0`, and none | `score lead = 0` |
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import takewhile

from healthdsl.syntax.lexer import Token
from healthdsl.syntax.lines import Block

_NODES = frozenset(("measure", "group", "score"))
_STEPS = {"times": None, "cap": "at", "raise": "to", "set": "to"}
# What may stand behind the body of a header.
_BEHIND_BODY = frozenset(("AS", "FOR", "WITHIN", "TEXT"))
_NUMBER = re.compile("(MINUS )?NUMERAL")


def canonical_header(block: Block) -> list[Token]:
    """The tokens of the header of a declaration that has one, and was read without a mistake."""
    assert block.header is not None
    tokens = block.header.tokens
    if tokens[0].text not in _NODES or len(tokens) < 4:
        return tokens
    name, body = tokens[:2], tokens[2:]
    if body[0].kind == "EQUALS" and _is_number(body[1:]) and _has_steps(block):
        sign = body[0]
        return [
            *name,
            sign._replace(kind="STARTS", text="starts"),
            sign._replace(kind="AT", text="at"),
            *body[1:],
        ]
    if body[0].kind == "STARTS" and not _has_steps(block):
        return [*name, body[0]._replace(kind="EQUALS", text="="), *body[2:]]
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
