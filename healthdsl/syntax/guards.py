"""Limits that keep an untrusted text from hanging the compiler or filling memory, in the order they are
applied.

512 KB before decoding, UTF-8, control and direction characters, 1,000 characters a line, nesting of 50, 200
tokens a logical line, 15 digits a number. After 100 messages lines are still read, but no better wording is
looked for.
"""

from __future__ import annotations

import re
from itertools import groupby

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.source import Source, Span
from healthdsl.syntax.lexer import Token
from healthdsl.syntax.lines import MAX_TOKENS

MAX_BYTES = 512 * 1024
MAX_LINE = 1_000
MAX_DEPTH = 50
MAX_MESSAGES = 100
ENOUGH = 1_000  # messages after which the rest of a file is not looked at
START = Span(0, 0, 1)

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u2028\u2029]|\r(?!\n|$)")
_DIRECTION = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def read_source(data: bytes | str, name: str) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """The source in the bytes of a file, or None and why it is not one.

    CRLF and a byte order mark are accepted.
    """
    if len(data) > MAX_BYTES:
        return None, (too_large(len(data)),)
    if isinstance(data, str):
        return _whole(data, name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        message = (
            f"this file is not UTF-8 text: byte {error.start + 1}, on line {line}, is no part of a character"
        )
        help_ = "save it as UTF-8 text; a ruleset is no Word, Excel or zip file"
        return None, (Diagnostic("E002", message, START, help_),)
    return Source(text, name), ()


def _whole(text: str, name: str) -> tuple[Source | None, tuple[Diagnostic, ...]]:
    """Text that is text already; half a character could be neither shown nor written."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        message = f"line {line} holds half a character, \\u{ord(text[error.start]):04x}"
        return None, (Diagnostic("E002", message, START, "leave it out, or read the file as UTF-8"),)
    return Source(text.removeprefix("\ufeff"), name), ()


def too_large(size: int) -> Diagnostic:
    message = f"this file has {size:,} characters, and the most a ruleset may have is {MAX_BYTES:,}"
    return Diagnostic("E001", message, START, "split it into several rulesets")


def check_text(source: Source) -> dict[int, Diagnostic]:
    """For each line with characters that may not stand in a ruleset, or too many of them, what to say about
    it.
    """
    if len(source.text) > MAX_BYTES:
        return {source.first_line: too_large(len(source.text))}
    found: dict[int, Diagnostic] = {}
    start = source.start
    for line, text in enumerate(source.text.split("\n"), source.first_line):
        if len(text) > MAX_LINE:
            message = f"this line has {len(text):,} characters, and the most a line may have is {MAX_LINE:,}"
            found[line] = Diagnostic(
                "E005", message, Span(start, start + 1, line), "break it into several lines"
            )
        start += len(text) + 1
    for code, pattern, what in (("E003", _CONTROL, "control"), ("E004", _DIRECTION, "hidden direction")):
        for line, matches in groupby(
            pattern.finditer(source.text), lambda match: source.line_of(source.start + match.start())
        ):
            match = next(iter(matches))
            message = f"this line holds the {what} character U+{ord(match.group()):04X}"
            span = Span(source.start + match.start(), source.start + match.end(), line)
            found.setdefault(
                line, Diagnostic(code, message, span, "delete it; it cannot be seen in most editors")
            )
    return found


def is_unreadable(text: str) -> bool:
    """Whether a piece of a line holds characters that `check_text` tells of."""
    return _CONTROL.search(text) is not None or _DIRECTION.search(text) is not None


def check_line(tokens: list[Token]) -> Diagnostic | None:
    """What is wrong with the size of a logical line."""
    if len(tokens) <= MAX_DEPTH:
        return None
    if len(tokens) > MAX_TOKENS:
        message = f"this line has more than {MAX_TOKENS} words and signs"
        return Diagnostic(
            "E007", message, tokens[MAX_TOKENS].span, "give parts of it a name of their own with `signal`"
        )
    depth = run = 0
    for token in tokens:
        run = run + 1 if token.kind in ("NOT", "MINUS", "WHERE") else 0
        depth += {"OPEN": 1, "CLOSE": -1, "WHERE": 1}.get(token.kind, 0)
        if max(depth, run) > MAX_DEPTH:
            message = f"more than {MAX_DEPTH} brackets are open here"
            return Diagnostic(
                "E006", message, token.span, "give parts of it a name of their own with `signal`"
            )
    return None
