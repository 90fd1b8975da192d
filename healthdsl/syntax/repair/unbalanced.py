"""An open bracket, or one too many."""

from __future__ import annotations

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.syntax.repair.broken import BrokenLine


def unbalanced(line: BrokenLine) -> Diagnostic | None:
    """Which bracket has no partner; None when all have."""
    opened: list[int] = []
    for index, token in enumerate(line.tokens):
        if token.kind == "OPEN":
            opened.append(index)
        elif token.kind == "CLOSE":
            if not opened:
                message = "this bracket closes nothing"
                return line.told(index, index + 1, "E128", message, "delete it, or put a `(` before it")
            opened.pop()
    if not opened:
        return None
    message = "this bracket is never closed"
    return line.told(opened[-1], opened[-1] + 1, "E128", message, "put a `)` where it ends")
