"""Fenced blocks of a Markdown page.

In: the text of a page. Out: its fenced blocks in order, each with its language, its words and settings, its
context and the line of its fence. Fences inside quoted (`> `) or indented text are not blocks of ours.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

FENCE = re.compile(r"^(`{3,})(.*)$")
CONTEXT = re.compile(r"^<!-- context: ([a-z0-9_]+) -->$")


@dataclass(frozen=True)
class Block:
    """`words` and `settings` stand behind the language: `health part file=x.health` has part, and file.

    `line` is the 1-based line of the opening fence; `text` ends with a newline unless it is empty.
    """

    language: str
    words: tuple[str, ...]
    settings: dict[str, str]
    text: str
    line: int
    context: str | None = None

    @property
    def kind(self) -> str:
        """The language with the words behind it, as a reader of the page sees it."""
        return " ".join((self.language, *self.words))


def blocks(page: str) -> Iterator[Block]:
    """The blocks of a page; ValueError for a fence that is never closed."""
    lines = page.splitlines()
    index = 0
    while index < len(lines):
        fence = FENCE.match(lines[index])
        if fence is None:
            index += 1
            continue
        ticks, info = fence.groups()
        end = next((i for i in range(index + 1, len(lines)) if lines[i].rstrip() == ticks), None)
        if end is None:
            raise ValueError(f"line {index + 1}: this block is never closed")
        yield make_block(info.split(), lines[index + 1 : end], index + 1, context_above(lines, index))
        index = end + 1


def make_block(info: list[str], lines: list[str], line: int, context: str | None) -> Block:
    language, *rest = info or [""]
    words = tuple(word for word in rest if "=" not in word)
    settings = dict(word.split("=", 1) for word in rest if "=" in word)
    return Block(language, words, settings, "".join(f"{each}\n" for each in lines), line, context)


def context_above(lines: list[str], fence: int) -> str | None:
    """The name in `<!-- context: NAME -->` on the line above the fence; one empty line may stand between."""
    above = [each for each in lines[max(fence - 2, 0) : fence] if each]
    comment = CONTEXT.match(above[-1]) if above else None
    return comment.group(1) if comment else None
