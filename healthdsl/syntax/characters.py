"""Characters that look like those of the language, and what was meant by them.

In: a line with characters beyond ASCII. Out: the same line, character for character, with those outside of
texts and comments replaced by what was meant, and one problem for each sort of them. What stands in a text
or a comment is kept.
"""

from __future__ import annotations

import unicodedata

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.source import Span

QUOTES = frozenset("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\uff02")
DASHES = frozenset("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d")
INVISIBLE = frozenset("\u00ad\u200b\u200c\u200d\u2060\ufeff\u180e")
BULLETS = frozenset("\u2022\u2023\u25aa\u25cf\u25e6\u00b7\u2043")
# Letters of other alphabets that look like Latin ones.
LOOKALIKES = dict(
    zip(
        "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0455\u0458\u0501\u051b\u051d\u0261\u03b1\u03bf\u03bd\u03c1\u03b9"
        "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406",
        "aeopcyxisjdqwgaovpi" + "ABEKMHOPCTXI",
        strict=True,
    )
)
# Signs of more than one ASCII character become one that the scanner knows and no ruleset may hold.
SIGNS = {
    "\u2265": ("\x01", "at least"),
    "\u2264": ("\x02", "up to"),
    "\u2260": ("\x03", "is not"),
    "\u2192": ("\x04", "->"),
    "\u21d2": ("\x04", "->"),
    "\u00d7": ("*", "*"),
    "\u00f7": ("/", "/"),
}


def plain_text(text: str, start: int, line: int) -> tuple[str, list[Diagnostic]]:
    """A line as if it were typed in ASCII, and what to say about it; `start` is its offset in the source."""
    result = list(text)
    problems: dict[str, Diagnostic] = {}
    closing: str | None = None
    for index, char in enumerate(text):
        if closing is None and char == "#":
            break
        if closing is not None:
            if char in closing or (char in QUOTES and '"' not in text[index:]):
                closing = None
                result[index] = '"'
            continue
        if char == '"' or char in QUOTES:
            closing = '"' if char == '"' else '"' + "".join(QUOTES)
            result[index] = '"'
        if char.isascii():
            continue
        code, message, meant, help_ = _describe(char)
        result[index] = meant
        if code == "E012" and text[index + 1 : index + 2] == ">":
            help_ = "write `->`"
        if code not in problems:
            problems[code] = Diagnostic(code, message, Span(start + index, start + index + 1, line), help_)
    if '"' in text:
        _closing_quote(text, result, problems, start, line)
    return "".join(result), list(problems.values())


def _closing_quote(
    text: str, result: list[str], problems: dict[str, Diagnostic], start: int, line: int
) -> None:
    """Tells of a curly quote that closes a text which a straight one opened."""
    for index, char in enumerate(text):
        if char in QUOTES and result[index] == '"' and "E010" not in problems:
            code, message, _, help_ = _describe(char)
            problems[code] = Diagnostic(code, message, Span(start + index, start + index + 1, line), help_)


def _describe(char: str) -> tuple[str, str, str, str]:
    """The code, the message, the ASCII character that was meant and the help for one character."""
    shown = f"U+{ord(char):04X}"
    if char in QUOTES:
        return "E010", f"`{char}` ({shown}) is a typographic quote", '"', 'type a straight quote: `"`'
    if char in INVISIBLE or char.isspace():
        return (
            "E011",
            f"there is a hidden or odd space here ({shown})",
            " ",
            "delete it and type an ordinary space",
        )
    if char in DASHES:
        return (
            "E012",
            f"`{char}` ({shown}) is a dash, not a minus sign",
            "-",
            "type the minus sign of the keyboard: `-`",
        )
    if unicodedata.category(char) == "Sc":
        help_ = f"leave `{char}` out; the currency stands at the signal, such as `money in EUR`"
        return "E114", "a number has no currency sign", " ", help_
    if char in SIGNS:
        meant, words = SIGNS[char]
        return "E016", f"`{char}` ({shown}) is no sign of the language", meant, f"write `{words}`"
    if char in LOOKALIKES:
        alphabet = unicodedata.name(char, "OTHER").split()[0].capitalize()
        latin = LOOKALIKES[char]
        return (
            "E014",
            f"this `{char}` ({shown}) is a {alphabet} letter that looks like `{latin}`",
            latin,
            f"type `{latin}`",
        )
    if char in BULLETS:
        return "E111", f"`{char}` is a bullet, and lines here begin without one", " ", "delete it"
    wide = unicodedata.normalize("NFKC", char)
    if len(wide) == 1 and wide.isascii() and wide.isprintable():
        return "E013", f"`{char}` ({shown}) is a full-width character", wide, f"type `{wide}`"
    base = unicodedata.normalize("NFKD", char)[0]
    if base.isascii() and base.isalpha():
        return (
            "E015",
            f"`{char}` ({shown}) stands outside of quotes",
            base,
            f"names are written with a-z: type `{base}`",
        )
    meant = "_" if char.isalpha() else " "
    help_ = "names are written with a-z, 0-9 and `_`; other characters may stand in quotes and comments"
    return "E015", f"`{char}` ({shown}) stands outside of quotes", meant, help_
