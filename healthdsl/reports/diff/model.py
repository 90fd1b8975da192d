"""Two versions of a ruleset and what changed between them, as values with their wording."""

from __future__ import annotations

from dataclasses import dataclass

from healthdsl.diff.change import Change, Difference, Effect


@dataclass(frozen=True, slots=True)
class Version:
    """One side: where it was read from, and what it says it is."""

    source: str
    name: str
    version: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Both sides. `same_text`: not a letter differs."""

    old: Version
    new: Version
    difference: Difference
    same_text: bool


TITLES = {
    Effect.SCORE: "score-changing",
    Effect.EXPLANATION: "explanation-only",
    Effect.COSMETIC: "cosmetic",
}
MEANINGS = {
    Effect.SCORE: "can change a number, level, band, flag or play",
    Effect.EXPLANATION: "changes what people read, and no score",
    Effect.COSMETIC: "changes nothing that is scored or shown",
}


def counts(compared: Compared) -> str:
    """`3 score-changing, 1 explanation-only` or why there is nothing."""
    found = [(effect, len(compared.difference.of(effect))) for effect in TITLES]
    said = [f"{number} {TITLES[effect]}" for effect, number in found if number]
    if said:
        return ", ".join(said)
    return "no difference" if compared.same_text else "the text differs, its meaning does not"


def heading(compared: Compared) -> str:
    """`health 1.0.0 to 1.1.0`."""
    old, new = compared.old, compared.new
    before = old.version if old.name == new.name else f"{old.name} {old.version}"
    return f"{new.name}: {before} to {new.version}" if before != new.version else f"{new.name} {new.version}"


def told(change: Change) -> str:
    """The sentence below the name of its declaration."""
    said = change.said.removeprefix("is ") if change.whole else change.said
    return f"{said[:1].upper()}{said[1:]}."
