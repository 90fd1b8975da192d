"""Wording that declarations fall back to."""

from __future__ import annotations

from healthdsl.syntax.expressions import TextLiteral


def title_of(title: TextLiteral | None, name: str) -> str:
    """The written title, else the name as words: `login_trend` is "Login trend"."""
    return title.value if title is not None else as_words(name)


def as_words(name: str) -> str:
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def code_of(text: TextLiteral | None) -> str | None:
    """The code of a reason."""
    return text.code if text is not None else None


def text_of(text: TextLiteral | None) -> str | None:
    return text.value if text is not None else None
