"""Changes to a text: to its layout, which mean nothing, and to its characters, which may mean anything."""

from __future__ import annotations

from random import Random

COMMENTS = ["# a note", '# "quoted" -> 50', "#", "# Größe"]
BITS = [
    "(",
    ")",
    '"',
    "->",
    ",",
    "when",
    "of",
    "is",
    "not",
    "otherwise",
    "\n",
    "\n  ",
    "  ",
    "\t",
    "0x1",
    "1e9",
    "%",
]
BITS += [
    "\u00a0",
    "\u2019",
    "é",
    "\x00",
    "\r",
    "\u202e",
    "#",
    "-",
    "1_",
    "2026-13-45",
    "9" * 20,
    "yes/no",
    "=",
    "\ufeff",
]


def mess_up_layout(text: str, rng: Random) -> str:
    """The same ruleset with other spaces between words, blank lines, comments and lines that go on."""
    lines = []
    for line in text.split("\n"):
        if rng.random() < 0.1:
            lines.append(rng.choice(["", *COMMENTS, "  # indented"]))
        indent = len(line) - len(line.lstrip())
        messy = line[:indent] + _wider(line[indent:], rng)
        lines.append(messy + f"   {rng.choice(COMMENTS)}" if line and rng.random() < 0.15 else messy)
    return "\n".join(lines)


def _wider(line: str, rng: Random) -> str:
    """More than one space where there is one, outside quoted text."""
    pieces = line.split('"')
    for index in range(0, len(pieces), 2):
        if rng.random() < 0.2:
            pieces[index] = _goes_on(pieces[index], rng)
        pieces[index] = "".join(c * rng.choice([1, 1, 1, 2, 5]) if c == " " else c for c in pieces[index])
    return '"'.join(pieces)


def _goes_on(piece: str, rng: Random) -> str:
    """Broken where a line may be: behind a comma, before `->`, `and` or `or`."""
    piece = piece.replace(", ", rng.choice([", ", ",\n   ", ",  # why\n     "]))
    for word in (" -> ", " and ", " or "):
        piece = piece.replace(word, rng.choice([word, f"\n    {word[1:]}"]))
    return piece


def mutate(text: str, rng: Random) -> str:
    """A few random changes of characters, words and lines."""
    for _ in range(rng.choice([1, 1, 2, 5])):
        change = rng.choice([_drop, _insert, _swap_words, _move_line, _repeat, _cut])
        text = change(text, rng) or " "
    return text


def _drop(text: str, rng: Random) -> str:
    start = rng.randrange(len(text))
    return text[:start] + text[start + rng.choice([1, 1, 3, 20]) :]


def _insert(text: str, rng: Random) -> str:
    place = rng.randrange(len(text) + 1)
    return text[:place] + rng.choice(BITS) + text[place:]


def _swap_words(text: str, rng: Random) -> str:
    words = text.split(" ")
    one, other = rng.randrange(len(words)), rng.randrange(len(words))
    words[one], words[other] = words[other], words[one]
    return " ".join(words)


def _move_line(text: str, rng: Random) -> str:
    lines = text.split("\n")
    lines.insert(rng.randrange(len(lines)), lines.pop(rng.randrange(len(lines))))
    return "\n".join(lines)


def _repeat(text: str, rng: Random) -> str:
    start = rng.randrange(len(text))
    end = start + rng.choice([1, 5, 40])
    return text[:end] + text[start:]


def _cut(text: str, rng: Random) -> str:
    return text[: rng.randrange(len(text) + 1)]
