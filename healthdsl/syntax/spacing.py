"""Puts the tokens of a line side by side in the one way they are written.

In: tokens, pairs of words joined. Out: their text. Canonical words stand for signs (`at least` for `>=`);
everything else is as it was written.
"""

from __future__ import annotations

from collections.abc import Sequence

from healthdsl.syntax.lexer import Token

# Behind these a minus sign belongs to the number that follows.
_BEFORE_SIGN = frozenset(
    (
        *("OPEN", "COMMA", "ARROW", "EQUALS", "PLUS", "MINUS", "STAR", "SLASH"),
        *("IS", "ARE", "NOT", "AND", "OR", "WHEN", "WHERE", "BELOW", "ABOVE", "UP_TO", "AT_LEAST"),
        *("FROM", "TO", "OF", "AT", "WITHIN", "DEFAULT", "ONE_OF", "TIMES", "PER", "FOR", "GIVEN"),
        *("DAYS_FROM", "MONTHS_FROM", "CHANGE_FROM", "EXPECT", "FULL", "BY"),
    )
)
# Words of the language that are functions as well.
_FUNCTIONS = frozenset(("round",))
_NUMBERS = frozenset(("NUMERAL", "PERCENT"))


def spaced(tokens: Sequence[Token], values: bool = False, start: int = 0) -> str:
    """The text of the tokens from `start` on; those before it stand on the line above.

    With `values` no minus sign is a subtraction, as in the cells of a grid.
    """
    pieces: list[str] = []
    for index in range(start, len(tokens)):
        if index > start and not _touches(tokens, index, values):
            pieces.append(" ")
        pieces.append(tokens[index].text)
    return "".join(pieces)


def _touches(tokens: Sequence[Token], index: int, values: bool) -> bool:
    """Whether a token follows the one before it without a space."""
    before, token = tokens[index - 1], tokens[index]
    if token.kind in ("COMMA", "CLOSE") or before.kind == "OPEN":
        return True
    if token.kind == "OPEN":
        return before.kind == "WORD" or before.text in _FUNCTIONS or _is_sign(tokens, index - 1, values)
    if "SLASH" in (token.kind, before.kind):
        return _is_ratio(tokens, index if token.kind == "SLASH" else index - 1)
    return _is_sign(tokens, index - 1, values) and " " not in token.text


def _is_sign(tokens: Sequence[Token], index: int, values: bool) -> bool:
    """Whether a plus or minus belongs to what follows it."""
    if tokens[index].kind not in ("PLUS", "MINUS"):
        return False
    return index == 0 or values or tokens[index - 1].kind in _BEFORE_SIGN


def _is_ratio(tokens: Sequence[Token], slash: int) -> bool:
    """`10/3`: a number over a number."""
    around = [token.kind for token in tokens[max(0, slash - 1) : slash + 2 : 2]]
    return len(around) == 2 and all(kind in _NUMBERS for kind in around)
