"""What to write instead of a value that is not legal, where it can be told from how it is written.

An advice is only given when the value it names is legal, so obeying it is enough.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from healthdsl.graph.graph import InputField
from healthdsl.model.types import Kind

Legal = Callable[[str], bool]

LONGEST = 40
MOST_CHOICES = 200
_MONEY_SIGNS = re.compile(r"^(?:[$€£¥]|[A-Z]{3}\b)\s*|\s*(?:[$€£¥]|\b[A-Z]{3})$")
_BLANKS = re.compile(r"(?<=\d)[\s'\u2019](?=\d{3}(?!\d))")  # 1 028, 1'028
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?%?")
_THOUSANDS_BY_POINT = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d+)?%?")
_YES = frozenset(("y", "j", "ja", "t", "on", "x", "oui", "si", "sí"))
_NO = frozenset(("n", "nein", "f", "off", "non"))


def advice(field: InputField, found: object, legal: Legal) -> str:
    """`: write 3.5`, or nothing."""
    if not isinstance(found, str) or len(found) > LONGEST:
        return ""
    text = found.strip()
    match field.type.kind:
        case Kind.NUMBER | Kind.PERCENT | Kind.MONEY | Kind.COUNT | Kind.DAYS:
            written = list(dict.fromkeys(filter(legal, _numbers(text))))
            if field.type.kind is Kind.COUNT:
                del written[1:]  # the comma of 1,000 is no decimal one where things are counted
            return f": write {' or '.join(written)}" if written else ""
        case Kind.YES_NO:
            answer = "yes" if text.lower() in _YES else "no" if text.lower() in _NO else None
            return f": write {answer}" if answer else ""
        case Kind.CATEGORY:
            near = _nearest(text, field.type.choices)
            return f": did you mean `{near}`?" if near else ""
        case _:
            return ""


def _numbers(text: str) -> Iterator[str]:
    """What a number with a decimal comma, thousands apart or a currency may mean."""
    plain = _BLANKS.sub("", _MONEY_SIGNS.sub("", text))
    if _THOUSANDS.fullmatch(plain):
        yield plain.replace(",", "")
    if _THOUSANDS_BY_POINT.fullmatch(plain):
        yield plain.replace(".", "").replace(",", ".")
    if plain.count(",") == 1 and "." not in plain:
        yield plain.replace(",", ".")
    yield plain


def _nearest(text: str, choices: tuple[str, ...]) -> str | None:
    folded = {choice.casefold(): choice for choice in reversed(choices[:MOST_CHOICES])}
    if same := folded.get(text.casefold()):
        return same
    from difflib import get_close_matches

    near = get_close_matches(text.casefold(), folded, n=1, cutoff=0.6)
    return folded[near[0]] if near else None
