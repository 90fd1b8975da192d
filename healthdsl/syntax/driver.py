"""Runs the parse table over the tokens of one line.

In: tokens, a start symbol, and a builder per name. Out: the node the line stands for, or where it stopped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from healthdsl.source import Span
from healthdsl.syntax.lexer import RESERVED, Token

Builder = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Table:
    """The parse table, as `build_table.py` describes it; `soft` are the words that may be names."""

    words: dict[str, str]
    starts: dict[str, int]
    rules: list[tuple[str, int, str, list[int]]]
    rows: list[dict[str, int] | int]
    soft: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stopped:
    """No form of the language goes on this way: the index of the token that did not fit, at most
    `len(tokens)`.
    """

    index: int


@cache
def load_table() -> Table:
    """The committed table, read once; nobody changes it."""
    content = json.loads(Path(__file__).with_name("table.json").read_bytes())
    soft = frozenset(
        kind for word, kind in content["words"].items() if word not in RESERVED and " " not in word
    )
    return Table(**content, soft=soft)


def run_table(
    table: Table, start: str, tokens: Sequence[Token], builders: Mapping[str, Builder]
) -> Any | Stopped:
    """The value the builders make of the tokens, or where the line stopped fitting its form.

    A builder is called with the span of what it stands for and its children.
    """
    rows, rules, soft = table.rows, table.rules, table.soft
    states = [table.starts[start]]
    values: list[Any] = []
    firsts: list[int] = []  # for each value, the index of its first token
    index, count = 0, len(tokens)
    kind = tokens[0].kind if tokens else "$END"
    while True:
        row = rows[states[-1]]
        if isinstance(row, int):
            action: int | None = row
        else:
            action = row.get(kind)
            if action is None and kind in soft:
                action = row.get("WORD")
        if action is None:
            return Stopped(index)
        if action > 0:
            states.append(action)
            values.append(tokens[index])
            firsts.append(index)
            index += 1
            kind = tokens[index].kind if index < count else "$END"
            continue
        symbol, length, builder, take = rules[-action - 1]
        taken, first = values[-length:], firsts[-length]
        del states[-length:], values[-length:], firsts[-length:]
        if builder:
            value = _children(taken, take)
            if builder != "_":
                opening = tokens[first]
                span = Span(opening.start, tokens[index - 1].end, opening.line)
                value = builders[builder](span, *value)
        else:
            value = taken[take[0]]
        if symbol == start:  # which no rule mentions, so the form is complete
            return value if index == count else Stopped(index)
        states.append(rows[states[-1]][symbol])  # type: ignore[index]
        values.append(value)
        firsts.append(first)


def _children(taken: list[Any], take: list[int]) -> Any:
    """The values a rule hands on: those it keeps, None for what was left out, lists spliced in."""
    children: list[Any] = []
    for child in take:
        if child >= 0:
            children.append(taken[child])
        elif child == -1:
            children.append(None)
        else:
            children += taken[-child - 2]
    return children
