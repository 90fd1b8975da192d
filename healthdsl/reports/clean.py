"""Making text of strangers harmless.

What steers a terminal or turns the writing direction is shown as a mark.
"""

from __future__ import annotations

import unicodedata

MARK = "\N{REPLACEMENT CHARACTER}"
_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")  # needed to write Persian and Indic names


def clean(text: str) -> str:
    """One line of the text.

    Line ends and tabs are spaces, every other control or invisible character a mark.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_clean_character(character) for character in text)


def _clean_character(character: str) -> str:
    if character in "\t\r\n\v\f\x85\u2028\u2029":
        return " "
    steers = unicodedata.category(character) in _STEERING and character not in _JOINERS
    return MARK if steers else character


def columns(text: str) -> int:
    """How many columns of a terminal the text takes: wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_columns_of(character) for character in text)


def _columns_of(character: str) -> int:
    if unicodedata.combining(character) or character in _JOINERS:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fit(text: str, width: int, ellipsis: str = "…") -> str:
    """The text in exactly `width` columns: padded on the right, or cut with an ellipsis."""
    text = cut(text, width, ellipsis)
    return text + " " * (width - columns(text))


def cut(text: str, width: int, ellipsis: str = "…") -> str:
    """The text in at most `width` columns."""
    if columns(text) <= width:
        return text
    taken, used = [], 0
    for character in text:
        used += _columns_of(character)
        if used > width - columns(ellipsis):
            break
        taken.append(character)
    return "".join(taken) + ellipsis


def wrap(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, broken at spaces, long words cut in pieces."""
    lines, line = [], ""
    for word in text.split():
        for piece in _pieces(word, width):
            longer = f"{line} {piece}" if line else piece
            if columns(longer) > width:
                lines.append(line)
                longer = piece
            line = longer
    return [*lines, line] if line else lines


def _pieces(word: str, width: int) -> list[str]:
    pieces, piece, used = [], "", 0
    for character in word:
        size = _columns_of(character)
        if used + size > width:
            pieces.append(piece)
            piece, used = "", 0
        piece += character
        used += size
    return [*pieces, piece]
