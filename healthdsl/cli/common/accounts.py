"""Accounts on the command line: the options about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath
from typing import TYPE_CHECKING

from healthdsl.cli.common.messages import MisuseError
from healthdsl.records.input_file import STANDARD_INPUT

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset


RULESET_ENDING = ".health"
ACCOUNT_ENDINGS = (".csv", ".tsv", ".json", ".jsonl", ".ndjson", ".parquet", ".pq", ".gz")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which accounts to score, and how."""

    accounts: str
    rows: Mapping[str, str]
    as_of: date | None
    id_column: str | None
    strict: bool = False

    @property
    def files(self) -> list[str]:
        return [self.accounts, *self.rows.values()]


def ask(
    accounts: str,
    rows: list[str] | None,
    as_of: str | None,
    id_column: str | None,
    strict: bool = False,
) -> Asked:
    """The options as values; MisuseError for what cannot be understood."""
    files = dict(_table_and_file(each) for each in rows or ())
    return Asked(accounts, files, day_of(as_of), id_column, strict)


def check_order(command: str, ruleset: str, accounts: str) -> None:
    """MisuseError when the accounts stand where the ruleset should, or the other way round."""
    first, second = PurePath(ruleset).suffix.lower(), PurePath(accounts).suffix.lower()
    if first in ACCOUNT_ENDINGS:
        found = f"{ruleset} is a file of accounts"
        names = f"{accounts if second == RULESET_ENDING else 'RULESET.health'} {ruleset}"
    elif second == RULESET_ENDING:
        found = f"{accounts} is a ruleset"
        names = f"{accounts} {'ACCOUNTS.csv' if first == RULESET_ENDING else ruleset}"
    else:
        return
    raise MisuseError(f"{found}. The ruleset comes first, then the accounts: healthdsl {command} {names}")


def check_standard_input(files: Iterable[str]) -> None:
    """MisuseError when two files are to be read from standard input."""
    if sum(path == STANDARD_INPUT for path in files) > 1:
        raise MisuseError("Only one file can be standard input (-). Name the others.")


def check_date(compiled: CompiledRuleset, asked: Asked) -> None:
    """MisuseError when the ruleset looks at dates and no day was given."""
    if asked.as_of is None and compiled.needs_as_of:
        today = "--as-of today takes the day of this computer."
        raise MisuseError(
            f"{compiled.name} looks at dates, so it needs the day to score for: --as-of 2026-03-31. {today}"
        )


def _table_and_file(option: str) -> tuple[str, str]:
    name, separator, path = option.partition("=")
    if not (separator and name and path):
        raise MisuseError(
            f"--rows {option}: write the table's name, = and the file: --rows tickets=tickets.csv"
        )
    return name.strip(), path


def day_of(text: str | None) -> date | None:
    """The day of `--as-of`; MisuseError when it is none."""
    if text is None:
        return None
    if text.strip().lower() == "today":
        return datetime.now().astimezone().date()
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise MisuseError(f"--as-of {text}: this is no date. Write it like 2026-03-31, or today.") from None
