"""Edits of a ruleset's text as people make them: a number, a word, a line; most of them still compile."""

from __future__ import annotations

import re
from random import Random

_NUMBER = re.compile(r"(?<![\w.\"-])\d+(?:\.\d+)?(?![\w.])")
_TEXT = re.compile(r'"[^"]*"')
_SWAPS = [
    ("below", "up to"),
    ("above", "at least"),
    ("average", "total"),
    ("lowest", "highest"),
    (" and ", " or "),
    ("flag ", "play "),
    ("-> skip", "-> unscored"),
    ("cap at", "raise to"),
    ("red", "green"),
    ("in last", "in next"),
]


def edited(text: str, rng: Random) -> str:
    """The text with one to three edits."""
    for _ in range(rng.choice([1, 1, 2, 3])):
        edit = rng.choice([_number, _number, _drop_line, _swap_lines, _repeat_line, _word, _title, _block])
        text = edit(text, rng)
    return text


def _number(text: str, rng: Random) -> str:
    found = list(_NUMBER.finditer(text, text.find("language 1") + 12))
    if not found:
        return text
    one = rng.choice(found)
    return text[: one.start()] + str(rng.choice([0, 1, 7, 25, 60, 90])) + text[one.end() :]


def _title(text: str, rng: Random) -> str:
    found = list(_TEXT.finditer(text))
    if not found:
        return text
    one = rng.choice(found)
    return f'{text[: one.start()]}"Said otherwise"{text[one.end() :]}'


def _word(text: str, rng: Random) -> str:
    one, other = rng.choice(_SWAPS)
    if rng.random() < 0.5:
        one, other = other, one
    places = [found.start() for found in re.finditer(re.escape(one), text)]
    if not places:
        return text
    place = rng.choice(places)
    return text[:place] + other + text[place + len(one) :]


def _lines(text: str) -> tuple[list[str], list[int]]:
    """The lines, and which of them are indented."""
    lines = text.split("\n")
    return lines, [k for k, line in enumerate(lines) if line.startswith("  ")]


def _drop_line(text: str, rng: Random) -> str:
    lines, inner = _lines(text)
    if inner:
        del lines[rng.choice(inner)]
    return "\n".join(lines)


def _repeat_line(text: str, rng: Random) -> str:
    lines, inner = _lines(text)
    if inner:
        place = rng.choice(inner)
        lines.insert(place, _number(lines[place], rng))
    return "\n".join(lines)


def _swap_lines(text: str, rng: Random) -> str:
    lines, inner = _lines(text)
    near = [k for k in inner if k + 1 in inner]
    if near:
        place = rng.choice(near)
        lines[place], lines[place + 1] = lines[place + 1], lines[place]
    return "\n".join(lines)


def _block(text: str, rng: Random) -> str:
    """Two declarations in another order."""
    head, *blocks = text.split("\n\n")
    rng.shuffle(blocks)
    return "\n\n".join([head, *blocks])
