"""How a changed line would read: the line as it was written, with those words exchanged that differ."""

from __future__ import annotations

import re

_TOKEN = re.compile(r'"(?:[^"]|"")*"|\d+(?:[_,]\d{3})*(?:\.\d+)?%?|[A-Za-z_]\w*|->|\S')
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3})")
_NO_SPACE_BEFORE = {",", ")"}
_NO_SPACE_AFTER = {"(", "+", "-"}


def patched(written: str, before: str, after: str) -> str:
    """`written` as it would read, where `before` in the words of the model became `after`.

    Where the line was written in other words, `after` itself.
    """
    old, new = _tokens(before), _tokens(after)
    first = 0
    while first < min(len(old), len(new)) and old[first] == new[first]:
        first += 1
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    if first == len(old) - last:  # nothing goes out: the word before says where the new ones come in
        if not first:
            return after
        first -= 1
    gone, come = old[first : len(old) - last], new[first : len(new) - last]
    place = _find(_tokens(written), gone, _count(old[: first + len(gone) - 1], gone))
    if place is None:
        return after
    spans = [match.span() for match in _TOKEN.finditer(written)]
    start, end = spans[place][0], spans[place + len(gone) - 1][1]
    text = f"{written[:start]}{_joined(come)}{written[end:]}"
    return " ".join(text.split())


def _tokens(text: str) -> list[str]:
    return [_THOUSANDS.sub("_", token) for token in _TOKEN.findall(text)]


def _plain(token: str) -> str:
    return token.replace("_", "") if token[:1].isdigit() else token


def _find(tokens: list[str], wanted: list[str], skipped: int) -> int | None:
    """Where `wanted` stands among the tokens, after `skipped` other places of it."""
    places = _places(tokens, wanted)
    return places[skipped] if skipped < len(places) else None


def _count(tokens: list[str], wanted: list[str]) -> int:
    return len(_places(tokens, wanted))


def _places(tokens: list[str], wanted: list[str]) -> list[int]:
    sought = [_plain(token) for token in wanted]
    plain = [_plain(token) for token in tokens]
    return [at for at in range(len(plain) - len(sought) + 1) if plain[at : at + len(sought)] == sought]


def _joined(tokens: list[str]) -> str:
    text = ""
    for token in tokens:
        glued = not text or token in _NO_SPACE_BEFORE or text[-1] in _NO_SPACE_AFTER
        text += token if glued else f" {token}"
    return text
