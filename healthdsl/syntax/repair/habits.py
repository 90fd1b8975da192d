"""Words and signs that people bring from spreadsheets, SQL, code and speech.

In: a broken line. Out: rewrites, the likeliest first.
"""

from __future__ import annotations

from collections.abc import Iterator

from healthdsl.syntax.lexer import Token
from healthdsl.syntax.repair.broken import BrokenLine, Rewrite, rewrite, swap
from healthdsl.syntax.repair.phrases import COMPARISONS, OTHER_WORDS

NUMBERS = ("NUMERAL", "PERCENT")
# Lines that declare a type, and how its range is said.
_TYPED = ("signal_line", "column_line")
_TYPE_EDGES = {("at", "least"): "from", ("at least",): "from", ("above",): "from", ("below",): "up to"}


def comparison_words(line: BrokenLine) -> Iterator[Rewrite]:
    """`greater than 3`, `at or above 3`, `is above 3`, `below or equal 3`."""
    for phrase, meant in COMPARISONS.items():
        yield from _replaced(line, phrase, meant, "E106")


def contained_words(line: BrokenLine) -> Iterator[Rewrite]:
    """`url contains pricing` and `url like "%pricing%"`: the text that is looked for stands in quotes."""
    for index, token in enumerate(line.tokens[1:], 1):
        if line.texts[index - 1] in ("like", "ilike") and token.kind == "TEXT" and "%" in token.text:
            text = 'contains "' + token.text.strip('"%') + '"'
            message = f"`{line.written(index - 1, index + 1)}` is not how this is said here"
            yield rewrite(line, index - 1, index + 1, text, "E106", message)
        if line.texts[index - 1] in ("contains", "contain") and token.kind == "WORD":
            message = f"`{token.text}` stands without quotes"
            yield rewrite(line, index, index + 1, f'"{token.text}"', "E102", message)


def other_words(line: BrokenLine) -> Iterator[Rewrite]:
    """`then`, `if`, `else`, `in the last 30 days`, `capped at`."""
    for phrase, (meant, code) in OTHER_WORDS.items():
        yield from _replaced(line, phrase, meant, code)


def _replaced(line: BrokenLine, phrase: str, meant: str, code: str) -> Iterator[Rewrite]:
    """The line with a phrase replaced wherever it stands; the first place is told."""
    wanted, texts = phrase.split(), line.texts
    length = len(wanted)
    found = [index for index in range(len(texts) - length + 1) if texts[index : index + length] == wanted]
    if not found or found[0] > line.stop + 1:
        return
    tokens = line.tokens
    for index in reversed(found):
        tokens = swap(tokens, index, index + length, meant, line.words)
    written = line.written(found[0], found[0] + length)
    message = f"`{written}` is not how this is said here"
    yield Rewrite(tokens, line.told(found[0], found[0] + length, code, message, f"write `{meant}`"))


def ranges(line: BrokenLine) -> Iterator[Rewrite]:
    """`between 3 and 5`, `in 3 to 5`, `3-5`."""
    for index, token in enumerate(line.tokens):
        if token.text.lower() == "between":
            yield from _between(line, index)
        if line.start in _TYPED:
            yield from _limit_of_type(line, index)
        if token.kind == "IN":
            yield from _window(line, index)
            message = "`in` stands before a time, as `in last 30 days`; a range begins with `from`"
            yield rewrite(line, index, index + 1, "from", "E138", message)
        if token.kind == "MINUS" and index and _numbers_around(line.tokens, index):
            yield from _dash(line, index)


def _window(line: BrokenLine, index: int) -> Iterator[Rewrite]:
    """`renewal_on in next 60 days`: a window picks rows, and a date is held against a range."""
    way, number, unit = [*line.texts[index + 1 : index + 4], "", "", ""][:3]
    if way not in ("last", "next") or unit not in ("day", "days"):
        return
    days = f"{number} {unit}"
    text = f"from today to today + {days}" if way == "next" else f"from today - {days} to today"
    message = f"`in {way} {days}` picks rows of a table, and a date has a range"
    yield rewrite(line, index, index + 4, text, "E138", message)


def _limit_of_type(line: BrokenLine, index: int) -> Iterator[Rewrite]:
    """`number at least 0`, `number above 0`, `number below 100`."""
    for words, meant in _TYPE_EDGES.items():
        end = index + len(words)
        if tuple(line.texts[index:end]) == words:
            message = f"`{line.written(index, end)}` is a test, and the legal values of a type are a range"
            limit = _operand(line, end)
            as_well = f": {limit} itself is legal then" if words in (("above",), ("below",)) else ""
            help_ = f"write `{meant} {limit}`{as_well}"
            yield rewrite(line, index, end, meant, "E138", message, help_)


def _between(line: BrokenLine, index: int) -> Iterator[Rewrite]:
    texts = line.texts
    if "and" not in texts[index:]:
        return
    middle = texts.index("and", index)
    first = index - 1 if index and texts[index - 1] in ("is", "in") else index
    tokens = swap(line.tokens, middle, middle + 1, "to", line.words)
    tokens = swap(tokens, first, index + 1, "from", line.words)
    low, high = line.written(index + 1, middle), _operand(line, middle + 1)
    message = "`between` is not how a range is said here"
    yield Rewrite(tokens, line.told(first, index + 1, "E138", message, f"write `from {low} to {high}`"))


def _dash(line: BrokenLine, index: int) -> Iterator[Rewrite]:
    texts = line.texts
    first = index - 2 if index > 1 and texts[index - 2] in ("is", "in", "from") else index - 1
    message = f"`{line.written(index - 1, index + 2)}` reads as a subtraction"
    yield rewrite(line, first, index + 2, f"from {texts[index - 1]} to {texts[index + 1]}", "E138", message)


def _operand(line: BrokenLine, index: int) -> str:
    unit = line.texts[index + 1 : index + 2]
    return line.written(index, min(len(line.tokens), index + (2 if unit in (["days"], ["day"]) else 1)))


def _numbers_around(tokens: list[Token], index: int) -> bool:
    around = [token.kind for token in tokens[index - 1 : index + 2]]
    return len(around) == 3 and around[0] in NUMBERS and around[2] in NUMBERS


def equals_signs(line: BrokenLine) -> Iterator[Rewrite]:
    """`=` and `:` where `->` or `is` is meant, or nothing at all: `given seats = 100`."""
    for index, token in enumerate(line.tokens):
        if index == len(line.tokens) - 1 and token.text == "=":
            continue
        sign = f"`{token.text}` does not belong here"
        if line.texts[0] == "given" and index == 2 and token.text in ("=", ":", "is"):
            yield rewrite(line, index, index + 1, "", "E142", sign, "leave it out: `given seats 100`")
        if token.text not in ("=", ":"):
            continue
        yield rewrite(line, index, index + 1, "->", "E103", sign)
        if token.text == "=":
            yield rewrite(line, index, index + 1, "is", "E104", sign)
            yield rewrite(line, index, index + 1, "", "E142", sign, "leave it out")
        last = index == len(line.tokens) - 1
        whole = f"{line.written(0, index)} {line.written(index + 1, len(line.tokens))}"
        help_ = "leave it out: lines are not closed by a sign" if last else f"leave it out: `{whole}`"
        yield rewrite(line, index, index + 1, "", "E111", sign, help_)


def semicolons(line: BrokenLine) -> Iterator[Rewrite]:
    """`20; 15; 10`."""
    found = [index for index, token in enumerate(line.tokens[:-1]) if token.text == ";"]
    if not found:
        return
    tokens = line.tokens
    for index in found:
        tokens = swap(tokens, index, index + 1, ",", line.words)
    told = line.told(found[0], found[0] + 1, "E111", "`;` is no sign of the language", "write `,`")
    yield Rewrite(tokens, told)


def commas(line: BrokenLine) -> Iterator[Rewrite]:
    """`a above 3, b below 2`, and a comma or a semicolon at the end of a line."""
    last = len(line.tokens) - 1
    if line.texts[last] in (",", ";", "."):
        sign = f"`{line.texts[last]}` does not belong at the end of a line"
        yield rewrite(line, last, last + 1, "", "E133", sign, "leave it out")
    for index, token in enumerate(line.tokens):
        if token.kind == "COMMA" and abs(index - line.stop) <= 1:
            message = "a comma does not join two conditions"
            yield rewrite(line, index, index + 1, "and", "E120", message, "write `and` (or `or`)")


def numbers(line: BrokenLine) -> Iterator[Rewrite]:
    """`90 percent`, `500 EUR`, `4 weeks`, `1.000.000`, `31.03.2026`."""
    for index, token in enumerate(line.tokens):
        following = line.texts[index + 1] if index + 1 < len(line.tokens) else ""
        if token.kind == "DOTTED":
            yield from _dotted(line, index)
        if token.kind == "NUMERAL" and following in ("percent", "pct", "%"):
            message = f"`{line.written(index, index + 2)}` is not how a percent is written"
            yield rewrite(line, index, index + 2, f"{token.text}%", "E114", message)
        if token.kind == "NUMERAL" and following in ("week", "weeks"):
            message = "time is counted in days"
            yield rewrite(line, index, index + 2, f"{7 * float(token.text):g} days", "E114", message)
        if token.kind == "NUMERAL" and following in ("month", "months", "year", "years"):
            many = (30 if following.startswith("month") else 365) * float(token.text)
            yield rewrite(line, index, index + 2, f"{many:g} days", "E114", "time is counted in days")
        if token.kind == "NUMERAL" and len(following) == 3 and line.tokens[index + 1].text.isupper():
            help_ = f"write `{token.text}`; the currency stands at the signal: `money in {following.upper()}`"
            yield rewrite(
                line, index, index + 2, token.text, "E114", "a number has no currency behind it", help_
            )


def _dotted(line: BrokenLine, index: int) -> Iterator[Rewrite]:
    text = line.tokens[index].text
    parts = text.split(".")
    if len(parts) == 3 and len(parts[2]) == 4 and int(parts[0]) <= 31 and 1 <= int(parts[1]) <= 12:
        date = f"{parts[2]}-{int(parts[1]):02}-{int(parts[0]):02}"
        yield rewrite(line, index, index + 1, date, "E115", f"`{text}` is not how a date is written")
    joined = "_".join(parts)
    yield rewrite(line, index, index + 1, joined, "E114", f"`{text}` has more than one point")


def unless(line: BrokenLine) -> Iterator[Rewrite]:
    """`when a unless b` and `-10 unless b`."""
    if "unless" not in line.texts:
        return
    index = line.texts.index("unless")
    end = next((i for i in range(index, len(line.tokens)) if line.tokens[i].kind in ("TEXT", "ARROW")), None)
    end = len(line.tokens) if end is None else end
    condition = line.written(index + 1, end)
    for words in ("and not", "when not"):
        text = f"{words} ({condition})"
        yield rewrite(line, index, end, text, "E123", "`unless` is not a word of the language")


def capitals(line: BrokenLine) -> Iterator[Rewrite]:
    """`When`, `AND`, `Signal`."""
    found = [
        index
        for index, token in enumerate(line.tokens)
        if token.kind == "WORD" and token.text.lower() != token.text and token.text.lower() in line.words
    ]
    if not found:
        return
    tokens = line.tokens
    for index in found:
        tokens = swap(tokens, index, index + 1, tokens[index].text.lower(), line.words)
    written = line.tokens[found[0]].text
    message = f"`{written}` is written with capital letters"
    help_ = f"write `{written.lower()}`: the words of the language are lower case"
    yield Rewrite(tokens, line.told(found[0], found[0] + 1, "E112", message, help_))
