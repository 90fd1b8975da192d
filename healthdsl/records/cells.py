"""Values as text for a cell, a terminal line or a message.

Account data comes from strangers. Afterwards a text holds no control character, no terminal escape sequence,
no character that turns the writing direction, and nothing a spreadsheet would run as a formula.
"""

from __future__ import annotations

import re

# Control characters, direction marks and lone surrogates (which no encoding can write).
UNSAFE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")
_UNSAFE_IN_LINES = re.compile(UNSAFE.pattern.replace("\x00-\x1f", "\x00-\x08\x0b-\x1f"))
_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
# What spreadsheets take for the start of a formula; the last four are the full-width forms.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def printable(text: str) -> str:
    """`text` on one line, every unsafe character written out as `\\x1b`."""
    return UNSAFE.sub(_written_out, text)


def printable_lines(text: str) -> str:
    """The same for a text of several lines: line ends and tabs stay."""
    return _UNSAFE_IN_LINES.sub(_written_out, text)


def defused(text: str) -> str:
    """`text` for a spreadsheet cell: an apostrophe before what would be a formula; numbers stay numbers."""
    if text.lstrip(" ").startswith(_FORMULA_STARTS) and not _NUMBER.fullmatch(text.strip(" ")):
        return f"'{text}"
    return text


def cell_text(value: object) -> str:
    """A value as a cell: nothing for missing, yes or no, numbers without idle `.0`, lists behind `; `."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float():
            return number_text(value)
        case tuple() | list():
            return "; ".join(cell_text(item) for item in value)
        case _:
            return str(value)


def number_text(value: float) -> str:
    """The shortest text that reads back as the same number; `82` for 82.0."""
    return repr(value).removesuffix(".0")


def _written_out(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
