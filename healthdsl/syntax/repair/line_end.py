"""A comma at the end of a line that was not meant to go on: `40 usage,` above `60 nps`."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.syntax.lexer import Token
from healthdsl.syntax.repair.broken import BrokenLine
from healthdsl.syntax.repair.forms_shown import BY_WORDS


def comma_at_line_end(line: BrokenLine, fits: Callable[[list[Token]], bool]) -> Diagnostic | None:
    """The first comma that ends a physical line where both what stands before it and below it can be read."""
    tokens = line.tokens
    for index in range(1, min(line.stop + 1, len(tokens) - 1)):
        below = tokens[index + 1].line
        if tokens[index].kind != "COMMA" or tokens[index].line == below or not fits(tokens[:index]):
            continue
        end = bisect_right(tokens, below, lo=index + 1, key=lambda token: token.line)
        rest = tokens[index + 1 : end]
        rest = rest[:-1] if rest[-1].kind == "COMMA" and len(rest) > 1 else rest
        if fits(rest) or _is_clause_below(line, index, rest[0]):
            message = "this line ends in a comma, so it goes on in the next one"
            return line.told(index, index + 1, "E144", message, "leave the comma out: each line is complete")
    return None


def _is_clause_below(line: BrokenLine, index: int, first: Token) -> bool:
    """Whether a header is followed by what can only be a clause of it and could not go on with its list."""
    if line.start is None or not line.start.endswith("_line") or line.stop > index + 2:
        return False
    return line.stop == index + 1 or first.text in BY_WORDS
