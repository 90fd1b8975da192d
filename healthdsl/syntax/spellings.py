"""What people mean by spellings that are not of the language.

`==`, `&&`, `30d`, `0,5`, `31/03/2026`, `'text'`.

In: one odd piece of a line. Out: the tokens that were meant, with what to say about it; None when nobody
can tell.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MAX_DIGITS = 15


class Meant(NamedTuple):
    """`tokens` are pairs of kind and text; an empty `code` means that nothing needs to be said."""

    tokens: tuple[tuple[str, str], ...]
    code: str
    message: str
    help: str | None


_IS, _NOT = ("IS", "is"), ("NOT", "not")
_ARROW, _SLASH = ("ARROW", "->"), ("SLASH", "/")


def odd_sign(found: str, group: str | None) -> Meant | None:
    """A sign that other languages have, an open quote, or a comment of another language."""
    if group == "open":
        return _open_text(found)
    if group == "note":
        return Meant((), "E127", "comments do not begin with `//` or `--`", "begin the comment with `#`")
    signs = {
        "==": Meant((_IS,), "E104", "`==` is no sign of the language", "write `is`"),
        "!=": Meant((_IS, _NOT), "E104", "`!=` is no sign of the language", "write `is not`"),
        "<>": Meant((_IS, _NOT), "E104", "`<>` is no sign of the language", "write `is not`"),
        "&&": Meant((("AND", "and"),), "E105", "`&&` is no sign of the language", "write `and`"),
        "||": Meant((("OR", "or"),), "E105", "`||` is no sign of the language", "write `or`"),
        "=>": Meant(
            (_ARROW,), "E103", "`=>` is no sign of the language", "write `->`, or `at least` to compare"
        ),
        "=<": Meant((("UP_TO", "up to"),), "E104", "`=<` is no sign of the language", "write `up to`"),
        # what characters.py makes of signs beyond ASCII, told there
        "\x01": Meant((("AT_LEAST", "at least"),), "", "", None),
        "\x02": Meant((("UP_TO", "up to"),), "", "", None),
        "\x03": Meant((_IS, _NOT), "", "", None),
        "\x04": Meant((_ARROW,), "", "", None),
    }
    if found not in signs and (found < " " or found == "\x7f"):
        return Meant((), "", "", None)  # told by check_text
    return signs.get(found)


def _open_text(found: str) -> Meant:
    if not found[1:].strip():
        return Meant(
            (("TEXT", '""'),),
            "E102",
            "this quote closes a text that was never opened",
            'put a `"` before the text as well',
        )
    text = found.rstrip().replace('""', "")
    return Meant(
        (("TEXT", f'{text}"'),), "E101", "this text has no closing quote", 'end it with `"` on the same line'
    )


def odd_word(found: str, *, in_brackets: bool) -> Meant | None:
    """A number, a date or a text in another spelling."""
    if found[0] in "'`":
        text = found[1:-1]
        message, help_ = f"this text stands in `{found[0]}`", f'write `"{text}"`'
        return Meant((("TEXT", f'"{text}"'),), "E134", message, help_)
    if found[0] == "$":
        number = found[1:].strip()
        help_ = f"write `{number}`; the currency stands at the signal: `money in USD`"
        return Meant((("NUMERAL", number),), "E114", "a number has no currency sign", help_)
    if "/" in found or found.count("-") == 2:
        return _odd_date(found)
    if "," in found:
        return None if in_brackets else _odd_commas(found)
    if found.endswith(" %"):
        number = f"{found[:-2]}%"
        return Meant(
            (("PERCENT", number),), "E114", "the percent sign follows its number at once", f"write `{number}`"
        )
    if (
        sum(map(str.isdigit, found)) > MAX_DIGITS
        or found[-1] == "%"
        or (found[-1].isdigit() and _is_number(found))
    ):
        return _long_number(found)
    return _joined(found)


def _is_number(found: str) -> bool:
    return re.fullmatch(r"[0-9_.]+%?", found) is not None


def _long_number(found: str) -> Meant | None:
    if not _is_number(found):
        return None
    digits = sum(map(str.isdigit, found))
    kind = "PERCENT" if found.endswith("%") else "DOTTED" if found.count(".") > 1 else "NUMERAL"
    if digits <= MAX_DIGITS:
        return Meant(((kind, found),), "", "", None)
    message = f"this number has {digits} digits, and a number can be told apart up to {MAX_DIGITS}"
    return Meant(((kind, found),), "E008", message, "write fewer digits")


def _odd_date(found: str) -> Meant:
    parts = [int(part) for part in re.split("[-/]", found)]
    if parts[0] > 31:
        year, choices = parts[0], [(parts[1], parts[2])]
    else:
        year = parts[2] if parts[2] > 99 else 2000 + parts[2]
        choices = [(parts[1], parts[0]), (parts[0], parts[1])]
    dates = [
        f"{year:04}-{month:02}-{day:02}" for month, day in choices if 1 <= month <= 12 and 1 <= day <= 31
    ]
    dates = list(dict.fromkeys(dates))
    help_ = "write it as `2026-03-31`" if not dates else "write " + " or ".join(f"`{date}`" for date in dates)
    if len(dates) > 1:
        help_ += ", whichever was meant"
    if not dates and all(part < 1_000 for part in parts):
        over, middle, under = re.split("[-/]", found)  # divisions after all
        return Meant(
            (("NUMERAL", over), _SLASH, ("NUMERAL", middle), _SLASH, ("NUMERAL", under)), "", "", None
        )
    meant = ("DATE", dates[0]) if dates else ("UNKNOWN", found)
    return Meant((meant,), "E115", f"`{found}` is not how a date is written", help_)


def _odd_commas(found: str) -> Meant:
    percent = "%" if found.endswith("%") else ""
    groups = re.split("[,.]", found.rstrip("%"))
    if len(groups) > 2 and "." not in found and not all(len(group) == 3 for group in groups[1:]):
        return _several_numbers(found, groups, percent)
    kind = "PERCENT" if percent else "NUMERAL"
    if all(len(group) == 3 for group in groups[1:]) and len(groups[0]) <= 3 and groups[0] != "0":
        meant = "_".join(groups) + percent
    elif len(groups) > 2 and len(groups[-1]) != 3:
        meant = "_".join(groups[:-1]) + "." + groups[-1] + percent
    else:
        meant = ".".join(groups[:2]) + percent
    spaced = found.replace(",", ", ")
    help_ = f"write `{meant}`, or `{spaced}` if these are several numbers"
    return Meant(((kind, meant),), "E114", f"`{found}` has a comma within a number", help_)


def _several_numbers(found: str, groups: list[str], percent: str) -> Meant:
    """`10,20,30`, which no number is written like."""
    tokens: list[tuple[str, str]] = []
    for group in groups[:-1]:
        tokens += [("NUMERAL", group), ("COMMA", ",")]
    tokens.append(("PERCENT" if percent else "NUMERAL", groups[-1] + percent))
    help_ = f"write `{', '.join(groups)}{percent}`"
    return Meant(tuple(tokens), "E114", f"`{found}` has no space behind its commas", help_)


_SUFFIXES = {"k": 1_000, "m": 1_000_000, "mio": 1_000_000, "bn": 1_000_000_000}
_DAYS = frozenset(("d", "day", "days"))
_WEEKS = {"w": 7, "wk": 7, "week": 7, "weeks": 7}


def _joined(found: str) -> Meant:
    """A number with letters behind it: `100k`, `30d`, `10when`, or a name that begins with digits."""
    match = re.fullmatch(r"([0-9_.]+)([A-Za-z_]\w*)", found)
    number, letters = (match.group(1).rstrip("_"), match.group(2)) if match else (found, "")
    unit = letters.lower().strip("_")
    if unit in _DAYS or unit in _WEEKS:
        days = (
            number
            if unit in _DAYS
            else f"{float(number) * _WEEKS[unit]:g}"
            if number.count(".") < 2
            else number
        )
        tokens = (("NUMERAL", days), ("DAYS", "days"))
        return Meant(tokens, "E114", f"`{found}` is not how days are written", f"write `{days} days`")
    if unit in _SUFFIXES and number.count(".") < 2:
        meant = f"{int(float(number.replace('_', '')) * _SUFFIXES[unit]):_}"
        return Meant(
            (("NUMERAL", meant),), "E114", f"`{found}` is not how a number is written", f"write `{meant}`"
        )
    if unit in ("eur", "usd", "gbp", "chf"):
        help_ = f"write `{number}`; the currency stands at the signal: `money in {letters.upper()}`"
        return Meant((("NUMERAL", number),), "E114", "a number has no currency behind it", help_)
    help_ = f"put a space between `{number}` and `{letters}`, or begin the name with a letter"
    return Meant(
        (("UNKNOWN", found),), "E118", f"`{found}` begins with a digit and goes on with letters", help_
    )
