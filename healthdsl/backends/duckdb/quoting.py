"""Names, texts and paths as SQL, whatever characters they hold."""

from __future__ import annotations

from collections.abc import Iterable


def quoted(name: str) -> str:
    """A name as an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as a literal; ValueError for a NUL, which no SQL text can hold."""
    if "\0" in text:
        raise ValueError("there is a NUL character in it")
    return "'" + text.replace("'", "''") + "'"


def literals(texts: Iterable[str]) -> str:
    """A list of texts."""
    return f"[{', '.join(map(literal, texts))}]"
