"""Cuts a physical line into tokens with their places.

In: a line of a ruleset and where it starts. Out: its tokens, its comment, and what is wrong with single
tokens. The scanner is one ASCII regular expression and tolerant: what people type from habit (`>=`, `==`,
curly quotes, `30d`) becomes the token that was meant, with one problem told, and parsing goes on. What
nobody can guess is UNKNOWN.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.source import Span
from healthdsl.syntax.spellings import MAX_DIGITS, Meant, odd_sign, odd_word

# Never names. All other words of the language are words only where the grammar has a place for them.
RESERVED = frozenset(
    ("and", "or", "not", "is", "in", "when", "where", "otherwise", "missing", "below", "above")
)


class Token(NamedTuple):
    """`kind` is a terminal of the grammar.

    `text` is what was meant, which is `at least` where `>=` is written.
    """

    kind: str
    text: str
    start: int
    end: int
    line: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end, self.line)


class LexedLine(NamedTuple):
    """What a physical line holds."""

    tokens: list[Token]
    comment: Token | None
    problems: list[Diagnostic]


SCANNER = re.compile(
    r"""
    (?P<space>  [ \t\r\f\v]+ )
  | (?P<yes_no> yes/no (?![A-Za-z0-9_]) )
  | (?P<word>   [A-Za-z_][A-Za-z0-9_]* )
  | (?P<date>   [0-9]{4}-[0-9]{2}-[0-9]{2} (?![A-Za-z0-9_-]) )
  | (?P<odd>    [0-9]{4}-[0-9]{1,2}-[0-9]{1,2} (?![A-Za-z0-9_-])      # a date of one-digit months
              | [0-9]{1,4}/[0-9]{1,2}/[0-9]{2,4} (?![A-Za-z0-9_/])    # a date with slashes
              | [0-9][0-9_]*,[0-9]+(?:[,.][0-9]+)* %? (?![A-Za-z0-9_.])  # commas within a number
              | [0-9][0-9_]*(?:\.[0-9][0-9_]*)* _* [A-Za-z] [A-Za-z0-9_]* # 100k, 30d
              | [0-9][0-9_]*(?:\.[0-9][0-9_]*)* [ ] %                  # 90 %
              | [$] [ ]? [0-9][0-9_]*(?:\.[0-9]+)?
              | '[^']*' | `[^`]*` )
  | (?P<number> [0-9][0-9_]* (?: \.[0-9][0-9_]* )* %? )
  | (?P<text>   "(?:[^"]|"")*" )
  | (?P<open>   "(?:[^"]|"")*$ )
  | (?P<comment> \#.* )
  | (?P<note>   // .* | -- (?=[ \t]) .* )
  | (?P<sign>   -> | >= | => | =< | <= | <> | != | == | && | \|\| | [-+*/(),=<>] )
  | (?P<other>  . )
    """,
    re.VERBOSE | re.ASCII,
)
SIGNS = {
    "->": "ARROW",
    "+": "PLUS",
    "-": "MINUS",
    "*": "STAR",
    "/": "SLASH",
    "(": "OPEN",
    ")": "CLOSE",
    ",": "COMMA",
    "=": "EQUALS",
}
# Accepted as they are; the formatter writes the words.
EDGES = {
    ">=": ("AT_LEAST", "at least"),
    ">": ("ABOVE", "above"),
    "<=": ("UP_TO", "up to"),
    "<": ("BELOW", "below"),
}


def lex_line(text: str, start: int, line: int, words: dict[str, str]) -> LexedLine:
    """The content of a physical line at offset `start`.

    `words` maps the words of the language to terminals.
    """
    result = LexedLine([], None, [])
    tokens = result.tokens
    if not text.isascii():
        from healthdsl.syntax.characters import plain_text

        text, odd = plain_text(text, start, line)
        result.problems.extend(odd)
    comment = None
    for match in SCANNER.finditer(text):
        group = match.lastgroup
        if group == "space":
            continue
        found = match.group()
        left, right = start + match.start(), start + match.end()
        if group == "word":
            tokens.append(Token(words.get(found, "WORD"), found, left, right, line))
        elif group == "sign" and found in SIGNS:
            tokens.append(Token(SIGNS[found], found, left, right, line))
        elif group == "number" and len(found) <= MAX_DIGITS:
            tokens.append(Token(_number_kind(found), found, left, right, line))
        elif group in ("text", "date", "yes_no"):
            tokens.append(Token(group.upper(), found, left, right, line))
        elif group == "comment":
            comment = Token("COMMENT", found.rstrip(), left, left + len(found.rstrip()), line)
        elif found in EDGES:
            tokens.append(Token(*EDGES[found], left, right, line))
        else:
            _tolerate(result, match, start, line)
    return LexedLine(tokens, comment, result.problems)


def _number_kind(text: str) -> str:
    if text.endswith("%"):
        return "PERCENT"
    return "DOTTED" if text.count(".") > 1 else "NUMERAL"


def _tolerate(result: LexedLine, match: re.Match[str], start: int, line: int) -> None:
    """Adds the tokens that were meant by an odd piece of a line, and its problem."""
    found = match.group()
    span = Span(start + match.start(), start + match.end(), line)
    if match.lastgroup in ("sign", "other", "note", "open"):
        meant = odd_sign(found, match.lastgroup)
    else:
        in_brackets = sum({"OPEN": 1, "CLOSE": -1}.get(token.kind, 0) for token in result.tokens) > 0
        meant = odd_word(found, in_brackets=in_brackets)
    if meant is None:
        result.tokens.append(Token("UNKNOWN", found, span.start, span.end, line))
        return
    result.tokens.extend(Token(kind, text, span.start, span.end, line) for kind, text in meant.tokens)
    if meant.code:
        result.problems.append(Diagnostic(meant.code, meant.message, _narrow(span, meant), meant.help))


def _narrow(span: Span, meant: Meant) -> Span:
    """The place to point at: of a text that runs to the end of its line, the quote that opens it."""
    return Span(span.start, span.start + 1, span.line) if meant.code in ("E101", "E102", "E127") else span
