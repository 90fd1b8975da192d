"""Names of tables as people write them on a command line: `accounts`, `crm.accounts`, `"Our CRM".accounts`.

In: a text from anyone. Out: a table of the query, or SqlError; nothing else of a text ever reaches the SQL.
"""

from __future__ import annotations

import re

from sqlglot import exp

from healthdsl.backends.sql.errors import SqlError

_QUOTED = re.compile(r'"((?:[^"]|"")+)"|`((?:[^`]|``)+)`')
_PLAIN = re.compile(r"[^\W\d][\w$]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_FOLDS = frozenset({"postgres", "redshift", "snowflake"})
"""Where `Accounts` without quotes and `"Accounts"` are two tables: unquoted letters are put in one case."""

MOST_PARTS = 3


def parse_table(text: str, dialect: str) -> exp.Table:
    """The table of a dotted name; SqlError when it is anything else."""
    parts = _parts(text.strip(), dialect)
    if parts is None:
        raise SqlError(
            f"`{text}` is no name of a table. Write it like accounts, crm.accounts or "
            '"Our CRM".accounts: at most three parts, and quotes around what has other signs.'
        )
    return exp.Table(**dict(zip(("this", "db", "catalog"), reversed(parts), strict=False)))


def _parts(text: str, dialect: str) -> list[exp.Identifier] | None:
    found: list[exp.Identifier] = []
    at = 0
    while len(found) < MOST_PARTS:
        if quoted := _QUOTED.match(text, at):
            name = quoted[1].replace('""', '"') if quoted[1] else quoted[2].replace("``", "`")
            if _CONTROL.search(name):
                return None
            found.append(exp.Identifier(this=name, quoted=True))
            at = quoted.end()
        elif plain := _PLAIN.match(text, at):
            name = plain[0].lower() if dialect in _FOLDS else plain[0]
            found.append(exp.Identifier(this=name, quoted=False))
            at = plain.end()
        else:
            return None
        if at == len(text):
            return found
        if text[at] != ".":
            return None
        at += 1
    return None


def shown_table(table: exp.Table) -> str:
    """The name as a reader knows it."""
    return ".".join(part.name for part in table.parts)
