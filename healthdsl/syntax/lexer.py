"""Cuts one line of text into tokens with their places.

In: a line of a ruleset and where it starts. Out: its tokens and its comment, if any. The scanner is one ASCII regular
expression and tolerant: what people type from habit (`>=`, `==`, curly quotes, `30d`) becomes the token that was meant,
with a problem attached that is reported once while parsing goes on. What nobody can guess becomes an UNKNOWN token.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.source import Span

# Never names. All other words of the language are words only where the grammar has a place for them.
RESERVED = frozenset("and or not is in when where otherwise missing below above".split())


class Token(NamedTuple):
    """`kind` is a terminal of the grammar, `text` what was meant (`at least` for `>=`), `written` is in the source."""

    kind: str
    text: str
    start: int
    end: int
    line: int
    problem: Diagnostic | None = None

    @property
    def span(self) -> Span:
        return Span(self.start, self.end, self.line)


SCANNER = re.compile(
    r"""
    (?P<space>  [ \t\r\f\v]+ )
  | (?P<yes_no> yes/no (?![A-Za-z0-9_]) )
  | (?P<word>   [A-Za-z_][A-Za-z0-9_]* )
  | (?P<date>   [0-9]{4}-[0-9]{2}-[0-9]{2} (?![A-Za-z0-9_-]) )
  | (?P<number> [0-9][0-9_]* (?: \.[0-9][0-9_]* )* (?: % | (?![A-Za-z_]) ) )
  | (?P<joined> [0-9][0-9_]* (?: \.[0-9][0-9_]* )* [A-Za-z_]+[A-Za-z0-9_]* )
  | (?P<text>   "(?:[^"]|"")*" )
  | (?P<open>   "(?:[^"]|"")*$ )
  | (?P<comment> \#.* )
  | (?P<sign>   -> | >= | => | =< | <= | <> | != | == | && | \|\| | // | [-+*/(),=<>] )
  | (?P<other>  [\x00-\x7f] | [^\x00-\x7f]+ )
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


def lex_line(text: str, start: int, line: int, words: dict[str, str]) -> tuple[list[Token], Token | None]:
    """The tokens of a physical line that starts at offset `start`, and its comment; `words` maps words to terminals."""
    tokens: list[Token] = []
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
        elif group == "number":
            tokens.append(Token(_number_kind(found), found, left, right, line))
        elif group == "text":
            tokens.append(Token("TEXT", found, left, right, line))
        elif group in ("date", "yes_no"):
            tokens.append(Token(group.upper(), found, left, right, line))
        elif group == "comment":
            comment = Token("COMMENT", found.rstrip(), left, left + len(found.rstrip()), line)
        elif found in EDGES:
            kind, meant = EDGES[found]
            tokens.append(Token(kind, meant, left, right, line))
        else:
            tokens.append(Token("UNKNOWN", found, left, right, line))
    return tokens, comment


def _number_kind(text: str) -> str:
    if text.endswith("%"):
        return "PERCENT"
    return "DOTTED" if text.count(".") > 1 else "NUMERAL"


AGGREGATES = frozenset("sum average lowest highest latest earliest distinct".split())
# Behind these, or before these, `no` is a value and not `no tickets`.
VALUE_AFTER = frozenset(("IS", "ARE", "ARROW", "COMMA"))
NOT_COUNTED = frozenset("ignoring only within as for from".split())


def join_words(tokens: list[Token], words: dict[str, str], names: int) -> list[Token]:
    """The tokens of a logical line with pairs of words (`at least`) as one token, left to right.

    The first `names` tokens are names of their place and stay single. Behind `sum`, `latest` and the like stands a column,
    whatever its word.
    """
    joined = tokens[:names]
    index = names
    while index < len(tokens):
        token = tokens[index]
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if following is None or not token.text[0].isalpha():
            joined.append(token)
            index += 1
            continue
        pair = words.get(f"{token.text} {following.text}")
        if token.text in AGGREGATES and _is_aggregate(tokens, index):
            joined += [token._replace(kind="AGGREGATE"), following._replace(kind="WORD")]
            index += 2
        elif pair is not None and following.text[0].isalpha():
            joined.append(
                Token(pair, f"{token.text} {following.text}", token.start, following.end, token.line)
            )
            index += 2
        else:
            joined.append(_counting(token, following, joined))
            index += 1
    return joined


def _is_aggregate(tokens: list[Token], index: int) -> bool:
    return (
        index + 2 < len(tokens)
        and tokens[index + 2].text == "of"
        and tokens[index + 1].text[0].isalpha()
        and tokens[index + 1].text not in RESERVED
    )


def _counting(token: Token, following: Token, before: list[Token]) -> Token:
    """`exactly 1 of` and `no tickets` are words of the language, `exactly` and `no` alone are names."""
    if token.text == "exactly" and following.kind == "NUMERAL":
        return token._replace(kind="EXACTLY")
    if token.text == "no" and following.text[0].isalpha():
        free = following.text not in RESERVED and following.text not in NOT_COUNTED
        if free and not _asks_for_value(before):
            return token._replace(kind="NO")
    return token


def _asks_for_value(before: list[Token]) -> bool:
    """Whether what stands before is `is`, `is not`, an arrow or a comma."""
    kinds = [token.kind for token in before[-2:]]
    if kinds and kinds[-1] == "NOT":
        kinds.pop()
    return bool(kinds) and kinds[-1] in VALUE_AFTER
