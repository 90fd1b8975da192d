"""Misspelt words and missing words of the language.

In: a broken line. Out: rewrites, the likeliest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from healthdsl.syntax.pairs import AGGREGATES
from healthdsl.syntax.repair.broken import BrokenLine, Rewrite, rewrite
from healthdsl.syntax.shapes import name_index

# The words that may be missing, and the code that tells so. None is an operator.
INSERTED = {
    "when": "E107",
    "->": "E103",
    "of": "E129",
    "to": "E129",
    "from": "E129",
    ",": "E129",
    "at": "E129",
    "in": "E129",
    "days": "E129",
    "as": "E129",
    "for": "E129",
    "after": "E129",
    "last": "E129",
    "given": "E129",
    "dated": "E129",
    "weight": "E129",
}
# The only ones that may be missing at the end of a line: the others would hide that more is missing.
_AT_END = frozenset(("days", "weight"))
_ROWS = frozenset(("table_row", "band_row"))
_VALUES = ("NUMERAL", "PERCENT", "DATE", "MINUS")
# The words that `of` stands behind.
_BEFORE_OF = frozenset(
    (
        *("count", "points", "any", "all", "first", "known", "earlier", "later", "lowest", "highest"),
        *("ladder", "lookup", "curve", "grid", "as"),
    )
)


def near_words(word: str, accepted: Iterable[str]) -> list[str]:
    """The accepted words that `word` may be a misspelling of, nearest first."""
    found = []
    for other in accepted:
        squeezed = other.replace(" ", "")
        limit = 2 if len(word) > 4 and squeezed == other else 1
        if abs(len(squeezed) - len(word)) <= limit:
            distance = _distance(word, squeezed, limit)
            if distance <= limit and other != word:
                found.append((distance, other[0] != word[0], abs(len(squeezed) - len(word)), other))
    return [other for *_, other in sorted(found)]


def _distance(left: str, right: str, limit: int) -> int:
    """How many letters differ, a swap of neighbours counting once.

    More than `limit` is only known to be more.
    """
    above: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        twice_above, above, row = above, row, [i] + [0] * len(right)
        for j, b in enumerate(right, 1):
            row[j] = min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                row[j] = min(row[j], twice_above[j - 2] + 1)
        if min(row) > limit:
            return limit + 1
    return row[-1]


def misspelt(line: BrokenLine) -> Iterator[Rewrite]:
    """`bellow`, `otherwize`, `need`, `atleast`."""
    for index in dict.fromkeys((line.stop, line.stop - 1, line.stop + 1, 0, line.stop - 2)):
        if not 0 <= index < len(line.tokens):
            continue
        word = line.texts[index]
        if not word[0].isalpha() or len(word) < 2:
            continue
        for meant in near_words(word, line.vocabulary)[:6]:
            message = f"`{line.tokens[index].text}` is not a word of the language here"
            yield rewrite(line, index, index + 1, meant, "E113", message, f"did you mean `{meant}`?")


def missing_words(line: BrokenLine) -> Iterator[Rewrite]:
    """`-10 nps below 30`, `below 3 60`, `sum amount invoices`."""
    for index in dict.fromkeys((line.stop, line.stop - 1, line.stop + 1)):
        if not 0 <= index <= len(line.tokens):
            continue
        for word, code in INSERTED.items():
            if not _may_be_missing(line, index, word):
                continue
            place = (
                f"before `{line.tokens[index].text}`"
                if index < len(line.tokens)
                else "at the end of the line"
            )
            yield rewrite(
                line, index, index, word, code, f"`{word}` is missing {place}", f"write `{word}` {place}"
            )


def _takes_of(line: BrokenLine, index: int) -> bool:
    """Whether `of` can stand before the token at `index`, because of the words before that."""
    if index == len(line.tokens):
        return line.start == "node_clause"
    texts, behind = line.texts, line.tokens[index]
    before, second = texts[index - 1], texts[index - 2] if index > 1 else ""
    if before == "one":
        return behind.kind in ("WORD", "TEXT", *_VALUES)
    if not (behind.text[0].isalpha() or behind.kind in ("DATE", "OPEN")):
        return before in _BEFORE_OF and behind.kind == "NUMERAL" and line.start == "table_row"
    named = (
        line.start == "rows_line"
        and behind.text != "dated"
        and (index == 2 or second == "dated")
        and before != "dated"
    )
    counted = line.tokens[index - 1].kind in ("NUMERAL", "PERCENT") and behind.kind != "DATE"
    return named or counted or before in _BEFORE_OF or second in AGGREGATES or second == "like"


def _may_be_missing(line: BrokenLine, index: int, word: str) -> bool:
    """Whether a word makes sense before the token at `index`, so that no far-fetched form is suggested."""
    if index == len(line.tokens):
        return word in _AT_END and line.tokens[-1].kind in ("NUMERAL", "PERCENT", "OF")
    if index == name_index(line.start):
        return False  # where a name is missing, and no word of the language
    if index and line.tokens[index - 1].kind in ("AND", "OR", "NOT", "WHEN", "WHERE"):
        return False  # `and above 5`: what is missing is no word, and a word would be read as a name
    if index == 1 and line.texts[0] == "given":
        return False  # what is given is a signal, and no word of the language
    if line.tokens[index].kind == "TEXT" and word not in (",", "->", "of"):
        before = {"days": "NUMERAL", "weight": "OF"}.get(word)  # else a name is missing: `dated "Tickets"`
        return before is not None and line.tokens[index - 1].kind == before
    if word == line.texts[index]:
        return False  # `starts at at`, where what it starts at is missing
    return _fits_between(line, index, word)


def _fits_between(line: BrokenLine, index: int, word: str) -> bool:
    """Whether the words around allow this one, which stands before the token at `index`."""
    if word == "days":
        return line.tokens[index - 1].kind == "NUMERAL"
    if word == "at":
        return line.texts[index] == "least" or line.texts[index - 1] in ("cap", "starts")
    if word == "to":
        behind_from = "from" in line.texts[:index] and line.tokens[index].kind == "WORD"
        return behind_from or line.tokens[index].kind in (*_VALUES, "OPEN")
    if word == "of":
        return _takes_of(line, index)
    if word == "from":
        behind = line.tokens[index].kind
        return behind in _VALUES or line.texts[index - 1] in ("days", "months", "change", "fading")
    if word == "after":
        return line.start == "signal_clause"  # elsewhere it would compare dates
    if word == "given":
        return line.texts[index] == "rows"  # before a name it would be a guess
    if word == "in":
        return line.texts[index] in ("last", "next", "the")
    if word == "->":
        first = line.tokens[0].kind
        return (
            line.start in _ROWS or first in ("MISSING", "OTHERWISE", "WHEN", "DIVIDED") or "," in line.texts
        )
    return True
