"""Queries as they should be: `golden/RULESET.DIALECT.sql` for each ruleset in `golden/`."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from healthdsl import CompiledRuleset, load
from healthdsl.batch.sql_text import TITLES, Order, sql_text
from healthdsl.batch.table_names import parse_table
from healthdsl.batch.warehouse import Tables

FOLDER = Path(__file__).parent / "golden"
RULESETS = {path.stem: load(path) for path in sorted(FOLDER.glob("*.health"))}
DIALECTS = tuple(TITLES)
CASES = [(name, dialect) for name in RULESETS for dialect in DIALECTS]
DAYS = {"curves": date(2026, 3, 31)}
"""The others are for the day on which they run."""


def order_of(compiled: CompiledRuleset, dialect: str, accounts: str = "crm.accounts") -> Order:
    """Accounts and rows from tables called as their rows, in `crm`."""
    rows = {each.name: parse_table(f"crm.{each.name}", dialect) for each in compiled.graph.tables}
    return Order(
        ruleset=compiled.ruleset,
        graph=compiled.graph,
        fingerprint=compiled.fingerprint,
        dialect=dialect,
        tables=Tables(parse_table(accounts, dialect), rows),
        as_of=DAYS.get(compiled.name),
    )


def path_of(name: str, dialect: str) -> Path:
    return FOLDER / f"{name}.{dialect}.sql"


def text(name: str, dialect: str) -> str:
    return sql_text(order_of(RULESETS[name], dialect))
