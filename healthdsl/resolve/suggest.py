"""Nearest names: what somebody may have meant by a word that names nothing.

Work is done only once there is a mistake, and a word is compared in full only with words of about its
length and letters.
"""

from __future__ import annotations

from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word closest to `word`, or None when none is close; the first one of equals."""
    # Of two letters anything is one change away.
    most = 0 if len(word) < 3 else 1 if len(word) < 5 else 2 if len(word) < 8 else 3
    wanted = word.lower()
    letters = _letters(wanted)
    best, best_distance = None, most + 1
    for candidate in known:
        if abs(len(candidate) - len(word)) >= best_distance:
            continue
        if (_letters(candidate.lower()) ^ letters).bit_count() > 2 * best_distance:
            continue
        distance = _distance(wanted, candidate.lower(), best_distance)
        if distance < best_distance:
            best, best_distance = candidate, distance
    return best or _by_beginning(wanted, known)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """``did you mean `x`?`` or None."""
    found = nearest(word, known)
    return f"did you mean `{found}`?" if found else None


def listed(words: Iterable[str], most: int = 8) -> str:
    """`a, b and c`, cut short when there are many."""
    names = list(words)
    if len(names) > most:
        return f"{', '.join(f'`{name}`' for name in names[:most])} and {len(names) - most} more"
    quoted = [f"`{name}`" for name in names]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]]) if len(quoted) > 1 else "".join(quoted)


def counted(number: int, what: str) -> str:
    """`1 weight`, `2 weights`."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _by_beginning(word: str, known: Iterable[str]) -> str | None:
    """The only known word that begins with `word` or that `word` begins with."""
    if len(word) < 3:
        return None
    found = [
        name for name in known if name.lower().startswith(word) or (len(name) >= 3 and word.startswith(name))
    ]
    return found[0] if len(found) == 1 else None


def _letters(word: str) -> int:
    """The letters of a word as bits."""
    bits = 0
    for letter in word:
        bits |= 1 << (ord(letter) & 63)
    return bits


def _distance(left: str, right: str, limit: int) -> int:
    """How many letters to change, add, drop or swap with a neighbour; `limit` for that many or more."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, letter in enumerate(left, 1):
        earlier, before, row = before, row, [i]
        for j, other in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == right[j - 2] and left[i - 2] == other:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) >= limit:
            return limit
    return row[-1]
