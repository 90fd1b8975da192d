"""Makes pairs of words (`at least`, `count of`) one token, and tells the words that only some places make
words.

In: the tokens of a logical line. Out: the tokens as the grammar knows them. `sum` in `sum amount of
invoices` becomes an AGGREGATE and the word behind it a name; `no` before a name and `exactly` before a
number become words of the language.
"""

from __future__ import annotations

from healthdsl.syntax.lexer import RESERVED, Token

AGGREGATES = frozenset(("sum", "average", "lowest", "highest", "latest", "earliest", "distinct"))
# Behind these, and before these, `no` is a value and not `no tickets`.
VALUE_AFTER = frozenset(("IS", "ARE", "ARROW", "COMMA"))
NOT_COUNTED = frozenset(("ignoring", "only", "as", "for"))
# Behind these stands a name, whatever its word and the word behind it.
_BEFORE_NAME = frozenset(("POINTS_OF", "LIKE"))
# Functions of dates: before a number the word is a name, and `from` begins a range.
_OF_DATES = frozenset(("DAYS_FROM", "MONTHS_FROM"))
# `on or before`, the one word of the language that is three.
_ON_OR = ("before", "after")


def join_words(tokens: list[Token], words: dict[str, str], names: int) -> list[Token]:
    """The tokens of a logical line with pairs of words (`at least`) as one token, left to right.

    The first `names` tokens are names of their place and stay single. Behind `sum`, `latest` and the like
    stands a column, whatever its word.
    """
    joined = tokens[:names]
    index = names
    while index < len(tokens):
        token = tokens[index]
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        if following is None or not token.text[0].isalpha():
            joined.append(token._replace(kind="WORD") if token.text == "full" else token)
            index += 1
            continue
        pair = words.get(f"{token.text} {following.text}")
        if joined and joined[-1].kind in _BEFORE_NAME:
            joined.append(token)
            index += 1
        elif token.text in AGGREGATES and _is_aggregate(tokens, index):
            joined += [token._replace(kind="AGGREGATE"), following._replace(kind="WORD")]
            index += 2
        elif _is_on_or(tokens, index):
            joined.append(_on_or(tokens, index))
            index += 3
        elif not joined and token.text in _ON_OR and following.kind in ("ARROW", "COMMA"):
            joined.append(token._replace(kind="WORD"))  # a key of a lookup
            index += 1
        elif pair is not None and following.text[0].isalpha() and not _is_range(pair, tokens, index + 2):
            joined.append(
                Token(pair, f"{token.text} {following.text}", token.start, following.end, token.line)
            )
            index += 2
        else:
            joined.append(_counting(token, following, joined))
            index += 1
    return joined


def _is_range(pair: str, tokens: list[Token], behind: int) -> bool:
    """Whether `days from 3 to 9` asks for a signal of the name `days`, no date being a number."""
    if pair not in _OF_DATES or behind >= len(tokens):
        return False
    return tokens[behind].kind in ("NUMERAL", "PERCENT", "MINUS")


def _is_on_or(tokens: list[Token], index: int) -> bool:
    """Whether `on or before` stands here with something behind it to compare with."""
    words = [token.text for token in tokens[index : index + 3]]
    if words[:2] != ["on", "or"] or words[2:] not in (["before"], ["after"]) or index + 3 >= len(tokens):
        return False
    behind = tokens[index + 3]
    return behind.kind in ("DATE", "OPEN", "NUMERAL", "MINUS") or (
        behind.text[0].isalpha() and behind.text not in RESERVED
    )


def _on_or(tokens: list[Token], index: int) -> Token:
    first, last = tokens[index], tokens[index + 2]
    return Token(f"ON_OR_{last.text.upper()}", f"on or {last.text}", first.start, last.end, first.line)


def _is_aggregate(tokens: list[Token], index: int) -> bool:
    return (
        index + 2 < len(tokens)
        and tokens[index + 2].text == "of"
        and tokens[index + 1].text[0].isalpha()
        and tokens[index + 1].text not in RESERVED
    )


def _counting(token: Token, following: Token, before: list[Token]) -> Token:
    """`exactly 1 of`, `no tickets` and `per full 10` are words of the language; alone they are names."""
    if token.text == "exactly" and following.kind == "NUMERAL":
        return token._replace(kind="EXACTLY")
    if token.text == "full" and (following.kind in ("TEXT", "COMMA") or following.text in RESERVED):
        return token._replace(kind="WORD")
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
