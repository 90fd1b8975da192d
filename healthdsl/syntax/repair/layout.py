"""Mistakes in how a line is laid out.

The order of its parts, bullets, colons, brackets, names of several words.

In: a broken line. Out: rewrites, the likeliest first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from healthdsl.syntax.lexer import Token
from healthdsl.syntax.repair.around import is_declared
from healthdsl.syntax.repair.broken import BrokenLine, Rewrite, rewrite, swap
from healthdsl.syntax.shapes import name_index

# Words that a name before them goes on with; what should stand behind them is missing.
_GO_ON = frozenset(("dated", "of", "without", "starts", "like", "for", "as"))
# The first words of what is done to points.
ACTIONS = frozenset(("cap", "raise", "set", "times", "+", "-"))


def reasons(line: BrokenLine) -> Iterator[Rewrite]:
    """A reason that is not last, two reasons, a quote within a text."""
    texts = [index for index, token in enumerate(line.tokens) if token.kind == "TEXT"]
    if not texts:
        return
    first, last = texts[0], texts[-1]
    if len(texts) == 1:
        moved = [*line.tokens[:first], *line.tokens[first + 1 :], line.tokens[first]]
        help_ = "put it at the end of the line"
        yield Rewrite(
            moved, line.told(first, first + 1, "E125", "a text in quotes comes last on its line", help_)
        )
        return
    if _touch(line.tokens, first):
        message = "this quote ends the text, and more follows"
        told = line.told(
            first, last + 1, "E135", message, 'a quote inside a text is written twice: `"a ""b"" c"`'
        )
        yield Rewrite([*line.tokens[: first + 1], *line.tokens[last + 1 :]], told)
    for index in texts[1:]:
        others = [*line.tokens[:index], *line.tokens[index + 1 :]]
        told = line.told(index, index + 1, "E126", "there are two texts on this line", "keep one of them")
        yield Rewrite(others, told)
    without = [token for index, token in enumerate(line.tokens) if index not in texts]
    told = line.told(last, last + 1, "E126", "there are two texts on this line", "keep one, at the end")
    yield Rewrite([*without, line.tokens[last]], told)


def listed_texts(line: BrokenLine) -> Iterator[Rewrite]:
    """`one of "a", "b" "c", "d"`: a comma is missing within a list."""
    for index in range(1, len(line.tokens) - 2):
        kinds = [token.kind for token in line.tokens[index : index + 3]]
        if kinds == ["TEXT", "TEXT", "COMMA"] and line.stop >= index:
            place = f"before `{line.tokens[index + 1].text}`"
            yield rewrite(
                line, index + 1, index + 1, ",", "E129", f"`,` is missing {place}", f"write `,` {place}"
            )


def _touch(tokens: list[Token], index: int) -> bool:
    """Whether a text runs into what follows it."""
    return index + 1 < len(tokens) and tokens[index].end == tokens[index + 1].start


def bullets(line: BrokenLine) -> Iterator[Rewrite]:
    """`- 40 usage`, `* 40 usage`, `1) usage`."""
    tokens = line.tokens
    if len(tokens) > 1 and tokens[0].text in ("-", "*", "+", ">") and tokens[0].end < tokens[1].start:
        message = f"`{tokens[0].text}` begins this line like a list"
        yield rewrite(line, 0, 1, "", "E111", message, "leave it out: each line is a clause already")


def colons(line: BrokenLine) -> Iterator[Rewrite]:
    """`measure m ladder:` and `name: value`."""
    for index, token in enumerate(line.tokens):
        if token.text in (":", ";"):
            message = f"`{token.text}` does not belong here"
            yield rewrite(line, index, index + 1, "", "E111", message, "leave it out")


def reversed_part(line: BrokenLine) -> Iterator[Rewrite]:
    """`usage 40`, `usage: 40`, `usage = 40%`."""
    kinds = [token.kind for token in line.tokens]
    if line.start != "part_line" or kinds[0] != "WORD":
        return
    gap = 2 if len(kinds) > 1 and line.texts[1] in (":", "=") else 1
    if kinds[gap : gap + 1] not in (["NUMERAL"], ["PERCENT"]):
        return
    weight, name = line.tokens[gap].text, line.tokens[0].text
    message = "the weight stands behind the name"
    yield rewrite(line, 0, gap + 1, f"{weight} {name}", "E140", message)


def brackets(line: BrokenLine) -> Iterator[Rewrite]:
    """Square and curly brackets."""
    pairs = {"[": "(", "{": "(", "]": ")", "}": ")"}
    found = [index for index, token in enumerate(line.tokens) if token.text in pairs]
    if not found:
        return
    tokens = line.tokens
    for index in found:
        tokens = swap(tokens, index, index + 1, pairs[tokens[index].text], line.words)
    written = line.texts[found[0]]
    message = f"`{written}` is no bracket of the language"
    yield Rewrite(tokens, line.told(found[0], found[0] + 1, "E128", message, f"write `{pairs[written]}`"))
    bare = [token for token in line.tokens if token.text not in pairs]
    yield Rewrite(bare, line.told(found[0], found[0] + 1, "E128", message, "leave the brackets out"))


def condition_first(line: BrokenLine) -> Iterator[Rewrite]:
    """`if a > 3 then cap at 35`: what is done stands before `when`."""
    texts = line.texts
    if texts[0] not in ("if", "when"):
        return
    actions = [index for index in range(1, len(texts)) if texts[index] in ACTIONS]
    for index in [one for one in actions if texts[one - 1] == "then"] or actions:
        then = index - 1 if texts[index - 1] in ("then", ",") else index
        end = len(texts) - 1 if line.tokens[-1].kind == "TEXT" else len(texts)
        action, condition = line.written(index, end), line.written(1, then)
        text = f"{action} when {condition}"
        message = "what is done stands first, and its condition behind it"
        yield rewrite(line, 0, end, text, "E107", message)


def sign_missing(line: BrokenLine) -> Iterator[Rewrite]:
    """`7.5 when x`: points without a sign."""
    if line.start not in ("part_line", "table_row") or line.tokens[0].kind != "NUMERAL":
        return
    if line.texts[1:2] in (["when"], ["per"]):
        number = line.texts[0]
        help_ = f"write `+{number}` for points that are added, `-{number}` for points that are taken away"
        yield rewrite(line, 0, 1, f"+{number}", "E129", f"`+` or `-` is missing before `{number}`", help_)


def texts_without_quotes(line: BrokenLine) -> Iterator[Rewrite]:
    """`one of starter, Mid market` and `measure usage ladder Payment`: a capital letter begins a text."""
    tokens, stop = line.tokens, line.stop
    for first in range(max(0, stop - 2), min(stop + 1, len(tokens))):
        if not tokens[first].text[0].isupper():
            continue
        end = first + 1
        while end < len(tokens) and tokens[end].text[0].isalnum():
            end += 1
        if end - first == 1 and end < len(tokens):
            continue  # a single word in the middle of a line
        text = f'"{line.written(first, end)}"'
        message = f"`{line.written(first, end)}` stands without quotes"
        yield rewrite(line, first, end, text, "E102", message)


def titles_without_quotes(line: BrokenLine) -> Iterator[Rewrite]:
    """`test an unpaid account`, `test "b" like an unpaid account`."""
    if line.texts[0] != "test":
        return
    for first in (1, *(index + 1 for index, word in enumerate(line.texts) if word == "like")):
        ends = [index for index in range(first, len(line.tokens)) if line.texts[index] == "like"]
        end = min(ends, default=len(line.tokens))
        if first < end and all(token.text[0].isalnum() for token in line.tokens[first:end]):
            title = line.written(first, end)
            yield rewrite(line, first, end, f'"{title}"', "E102", f"`{title}` stands without quotes")


def listed_choices(line: BrokenLine) -> Iterator[Rewrite]:
    """`plan is one of (free, pro)`: choices stand without brackets."""
    for index, token in enumerate(line.tokens):
        if token.kind != "OPEN" or index == 0 or line.texts[index - 1] not in ("of", "in"):
            continue
        close = next((i for i in range(index, len(line.tokens)) if line.tokens[i].kind == "CLOSE"), None)
        if close is None:
            continue
        inner = line.written(index + 1, close)
        message = "the choices stand without brackets"
        yield rewrite(line, index, close + 1, inner, "E128", message, f"write `one of {inner}`")
        if line.texts[index - 1] == "in":
            first = index - 2 if index > 1 and line.texts[index - 2] in ("is", "not") else index - 1
            negated = "not " if line.texts[first] == "not" else ""
            text = f"is {negated}one of {inner}"
            yield rewrite(line, first, close + 1, text, "E106", "`in` is not how a choice is asked for here")


def quoted_names(line: BrokenLine) -> Iterator[Rewrite]:
    """`play "Call now" when ..`: a name stands there, and the title at the end."""
    index = name_index(line.start)
    if index is None or index >= len(line.tokens) or line.tokens[index].kind != "TEXT":
        return
    name = "_".join(re.findall("[a-z0-9]+", line.texts[index]))
    if name[:1].isalpha():
        message = "a text in quotes stands where the name belongs"
        help_ = f"write `{name}`; a text comes last on its line"
        yield rewrite(line, index, index + 1, name, "E118", message, help_)


def names(line: BrokenLine) -> Iterator[Rewrite]:
    """`active-users`, `active users`: a name of several words."""
    tokens, stop = line.tokens, line.stop
    for first in range(max(0, stop - 2), min(stop + 1, len(tokens))):
        if not tokens[first].text[0].isalpha():
            continue
        pieces, end = [tokens[first].text], first + 1
        while end < len(tokens) and len(pieces) < 5:
            dash = tokens[end].kind == "MINUS" or tokens[end].text in (".", "/")
            if dash and end + 1 < len(tokens) and tokens[end + 1].text[0].isalnum():
                end += 1
            dashed = tokens[end - 1].end == tokens[end].start
            if not (tokens[end].text[0].isalpha() or (dashed and tokens[end].text[0].isalnum())):
                break
            pieces.append(tokens[end].text)
            end += 1
            name = "_".join(pieces).lower()
            if len(pieces) < 2 or end < stop or pieces[-1] in _GO_ON:
                continue
            if first == name_index(line.start) or is_declared(line, pieces):
                message = f"`{line.written(first, end)}` is not one name"
                yield rewrite(
                    line, first, end, name, "E118", message, f"write `{name}`, if one name is meant"
                )
