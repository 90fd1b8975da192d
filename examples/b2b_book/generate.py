"""Makes the book of accounts in this folder: synthetic, the same every time.

    python examples/b2b_book/generate.py [FOLDER]

Every company, user, ticket and login is made up. Each account is given a story (thriving, steady, drifting,
leaving, trial) that bends its numbers; nothing here was measured on real customers, so the book says nothing
about how well the ruleset predicts anything. All dates lie around the as-of date 2026-03-31.
"""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

SEED = 20260331
AS_OF = date(2026, 3, 31)
FIRST = [
    *("Amber", "Arbor", "Beacon", "Birch", "Cedar", "Cobalt", "Copper", "Delta", "Ember", "Falcon", "Fjord"),
    *("Granite", "Harbour", "Indigo", "Juniper"),
]
SECOND = [
    *("Analytics", "Bakeries", "Couriers", "Dental", "Energy", "Foods", "Freight", "Gardens", "Hotels"),
    *("Insurance", "Labs", "Legal", "Media"),
]
T = TypeVar("T")


@dataclass(frozen=True)
class Story:
    """How an account behaves: shares of seats in use, logins a user and month (before, now), chances."""

    share: float
    in_use: float
    before: float
    now: float
    nps: int
    tickets: float
    urgent: float
    late: float


STORIES = {
    "thriving": Story(0.25, 0.92, 2.2, 2.8, 55, 0.8, 0.05, 0.03),
    "steady": Story(0.35, 0.70, 2.2, 2.2, 30, 1.5, 0.12, 0.10),
    "drifting": Story(0.20, 0.45, 2.4, 1.6, 5, 2.5, 0.25, 0.20),
    "leaving": Story(0.10, 0.20, 2.4, 0.9, -35, 4.0, 0.40, 0.50),
    "trial": Story(0.10, 0.40, 1.2, 1.4, 20, 0.8, 0.00, 0.00),
}


class Book:
    """The three tables as they grow. Only `Random.random` is used: it is the same in every Python."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed).random  # noqa: S311 -- no secret, a made-up book
        self.accounts: list[list[object]] = []
        self.tickets: list[list[object]] = []
        self.logins: list[list[object]] = []

    def chance(self, share: float) -> bool:
        return self.random() < share

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends in."""
        return low + int(self.random() * (high - low + 1))

    def pick(self, values: Sequence[T]) -> T:
        return values[self.whole(0, len(values) - 1)]

    def story(self) -> str:
        left = self.random()
        for name, story in STORIES.items():
            left -= story.share
            if left < 0:
                return name
        return "steady"

    def add_account(self, number: int, name: str) -> None:
        told = self.story()
        story = STORIES[told]
        key = f"B-{number:03d}"
        plan = "free" if told == "trial" else self.pick(["pro", "pro", "enterprise"])
        fewest, most = {"free": (4, 9), "pro": (6, 16), "enterprise": (14, 30)}[plan]
        seats = self.whole(fewest, most)
        used = min(1, story.in_use + self.random() * 0.2 - 0.1)
        users = [f"u{n:02d}" for n in range(1, 1 + max(1, round(seats * used)))]
        active = self.add_logins(key, users, story)
        self.add_tickets(key, story)
        late = self.whole(65, 110) if self.chance(0.4) else self.whole(5, 40)
        self.accounts.append(
            [
                key,
                name,
                plan,
                seats,
                active,
                *self.nps(story),
                "" if self.chance(0.1) else "yes" if self.chance(0.3 + story.in_use / 2) else "no",
                "" if plan == "free" else AS_OF + timedelta(days=self.whole(4, 360)),
                late if self.chance(story.late) else 0,
                0 if plan == "free" else seats * (29 if plan == "pro" else 49),
            ]
        )

    def nps(self, story: Story) -> tuple[object, object]:
        """The latest answer and its day; a quarter never answered, some answers are old."""
        if self.chance(0.25):
            return "", ""
        answer = max(-100, min(100, story.nps + self.whole(-30, 30)))
        return answer, AS_OF - timedelta(days=self.whole(3, 240))

    def add_logins(self, key: str, users: list[str], story: Story) -> int:
        """Logins of 60 days; how many users there were in the last 30."""
        active = set()
        for youngest, rate in ((0, story.now), (30, story.before)):
            for user in users:
                for _ in range(round(rate * (0.4 + 1.2 * self.random()))):
                    day = AS_OF - timedelta(days=youngest + self.whole(0, 29))
                    moment = datetime.combine(day, time(self.whole(7, 18), self.whole(0, 59)))
                    self.logins.append([key, f"{moment.isoformat(timespec='minutes')}Z", user])
                    if youngest == 0:
                        active.add(user)
        return len(active)

    def add_tickets(self, key: str, story: Story) -> None:
        for _ in range(round(story.tickets * 2 * self.random() * 1.5)):
            opened = AS_OF - timedelta(days=self.whole(0, 89))
            priority = "urgent" if self.chance(story.urgent) else self.pick(["low", "normal", "normal"])
            self.tickets.append([key, opened, priority])

    def add_harbourlight(self, number: int) -> None:
        """One account worth explaining: used well, liked, and an invoice nobody has paid for 75 days."""
        key = f"B-{number:03d}"
        story = STORIES["thriving"]
        active = self.add_logins(key, [f"u{n:02d}" for n in range(1, 20)], story)
        self.tickets.append([key, AS_OF - timedelta(days=6), "urgent"])
        self.tickets.append([key, AS_OF - timedelta(days=30), "urgent"])  # one day too old to count
        answered, renewal = AS_OF - timedelta(days=40), AS_OF + timedelta(days=21)
        self.accounts.append(
            [key, "Harbourlight Logistics", "enterprise", 20, active, 45, answered, "no", renewal, 75, 980]
        )


TABLES = ("accounts.csv", "tickets.csv", "logins.csv")
ACCOUNT_COLUMNS = [
    *("account_id", "Company", "plan", "seats", "active_users", "NPS Score", "nps_answered_on"),
    *("has_sponsor", "renewal_on", "overdue", "mrr"),
]


def make_book(size: int = 60) -> Book:
    book = Book(SEED)
    names = [f"{first} {second}" for first in FIRST for second in SECOND]
    for number in range(1, size):
        book.add_account(number, names.pop(book.whole(0, len(names) - 1)))
    book.add_harbourlight(size)
    book.tickets.sort(key=str)
    book.logins.sort(key=str)
    return book


def write_book(folder: Path) -> None:
    book = make_book()
    contents = (
        (ACCOUNT_COLUMNS, book.accounts),
        (["account_id", "opened_on", "priority"], book.tickets),
        (["account_id", "at", "user"], book.logins),
    )
    for name, (columns, rows) in zip(TABLES, contents, strict=True):
        with (folder / name).open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows(rows)


def main() -> None:
    """Write into the folder named, else into this one and the package's: the demo has the same book."""
    here = Path(__file__).resolve().parent
    package = here.parents[1] / "healthdsl" / "cli" / "demo_book"
    folders = [Path(name) for name in sys.argv[1:]] or [here, package]
    for folder in folders:
        write_book(folder)
        print(f"wrote {', '.join(TABLES)} to {folder}")


if __name__ == "__main__":
    main()
