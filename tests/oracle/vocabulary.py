"""The names a random ruleset has declared so far, and the literals that fit them."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

NUMERIC = ("count", "number", "percent", "days", "money")
DATED = ("date", "timestamp")
# Words of the language that are free to be names, between plain ones.
NAMES = [
    "seats",
    "users",
    "logins",
    "plan",
    "nps",
    "usage",
    "growth",
    "trend",
    "mrr",
    "invoices",
    "tickets",
    "renewal",
    "tenure",
    "region",
    "owner",
    "stage",
    "type",
    "status",
    "score",
    "date",
    "level",
    "to",
    "at",
    "signal",
    "test",
    "weight",
    "parts",
    "round",
    "average",
    "total",
    "per",
    "cap",
    "needs",
    "band",
    "percent",
    "text",
    "latest",
    "of_age",
    "days",
    "full",
    "within",
    "from",
    "by",
    "count",
    "lowest",
    "contains",
    "does",
    "max_load",
    "alpha",
    "beta",
    "gamma",
    "delta",
    "omega",
    "risk",
    "value",
    "depth",
    "reach",
    "adoption",
    "support",
    "finance",
    "health",
    "loyalty",
]
WORDS = ["free", "pro", "enterprise", "smb", "gold", "silver", "low", "normal", "urgent", "north", "south"]
QUOTED = ["Pro plus", "a, b", 'said "no"', "Größe", "x -> y", "# 1"]


@dataclass(frozen=True)
class Named:
    """A declared fact: a signal, or a column of a table."""

    name: str
    kind: str
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    is_input: bool = True


@dataclass(frozen=True)
class Table:
    """Declared rows; `dated` is its date column; `parent` the table a sub-table is cut from."""

    name: str
    dated: str | None
    columns: tuple[Named, ...]
    parent: str | None = None


@dataclass
class Vocabulary:
    """What may be referred to. `levels`: set name -> level names; `leveled`, `banded`: node -> its words."""

    rng: Random
    size: int = 4
    stored: str = ""  # how the header says that percents stand in the data
    signals: list[Named] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    levels: dict[str, list[str]] = field(default_factory=dict)
    nodes: list[str] = field(default_factory=list)
    leveled: dict[str, list[str]] = field(default_factory=dict)
    distributions: list[list[str]] = field(default_factory=list)  # that are not written yet
    banded: dict[str, list[str]] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def fresh(self, prefix: str = "") -> str:
        """A new name, often a word of the language."""
        while True:
            name = prefix + self.rng.choice(NAMES)
            if name in self.used:
                name += f"_{self.rng.randrange(2, 99)}"
            if name not in self.used:
                self.used.add(name)
                return name

    def of_kind(self, *kinds: str) -> list[Named]:
        return [signal for signal in self.signals if signal.kind in kinds]

    def some(self, numbers: list[int]) -> int:
        """One of the numbers, of the first ones only in a small ruleset."""
        return self.rng.choice(numbers[: max(1, len(numbers) * self.size // 4)])

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    # Literals.

    def literal(self, named: Named) -> str:
        """A literal that may be compared with a value of this kind, mostly inside its range."""
        if named.kind in NUMERIC:
            return self.quantity(named)
        if named.kind in DATED:
            return self.day()
        if named.kind == "yes/no":
            return self.rng.choice(["yes", "no"])
        if named.kind == "one of":
            return word(self.rng.choice(named.choices))
        return quote(self.rng.choice(WORDS + QUOTED))

    def quantity(self, named: Named) -> str:
        rng = self.rng
        low, high = self.bounds(named)
        if named.kind in ("count", "days"):
            whole = rng.randint(low, high)
            return f"{whole} days" if named.kind == "days" and rng.random() < 0.7 else plain(whole)
        if named.kind == "percent":
            return f"{decimal(rng, low, high, 2)}%"
        return decimal(rng, low, high, 4)

    def bounds(self, named: Named) -> tuple[int, int]:
        usual = {
            "count": (0, 40),
            "days": (0, 120),
            "percent": (0, 150),
            "money": (0, 5000),
            "number": (-50, 150),
        }
        low, high = usual[named.kind]
        return low if named.low is None else named.low, high if named.high is None else named.high

    def day(self) -> str:
        return f"2026-{self.rng.randint(1, 12):02}-{self.rng.randint(1, 28):02}"

    def points(self, low: int = 0, high: int = 100) -> str:
        """A number of points, mostly a round one."""
        if self.rng.random() < 0.7:
            return plain(self.rng.randint(low, high) // 5 * 5)
        return decimal(self.rng, low, high, 4)

    def amount(self) -> str:
        """An unsigned number of for a step."""
        return self.points(1, 30).lstrip("-") if self.chance(0.8) else self.points(0, 60)

    def title(self) -> str:
        return quote(self.rng.choice(["Seats in use", "Why: a, b and 5%", 'the "main" one', "Größe", "ok"]))

    def maybe_title(self) -> str:
        return f"  {self.title()}" if self.chance(0.25) else ""


def decimal(rng: Random, low: int, high: int, places: int) -> str:
    """A decimal number with at most so many places, mostly few."""
    digits = rng.choice([0, 0, 0, 1, 1, 2, places])
    scale = 10**digits
    number = rng.randint(low * scale, high * scale)
    sign, size = ("-" if number < 0 else ""), abs(number)
    if digits == 0:
        return plain(number)
    return f"{sign}{size // scale}.{size % scale:0{digits}}"


def plain(number: int) -> str:
    return f"{number:_}" if abs(number) >= 10_000 else str(number)


def quote(text: str) -> str:
    doubled = text.replace('"', '""')
    return f'"{doubled}"'


def word(choice: str) -> str:
    """A category value as it is written: bare where it is a name, else quoted."""
    return choice if choice.isascii() and choice.isidentifier() else quote(choice)
