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
NOT_COUNTED = frozenset(("ignoring", "only", "within", "as", "for", "from"))


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
