"""Renew the golden queries: `python -m tests.backends.sql`. Read the difference before it is committed."""

from __future__ import annotations

from tests.backends.sql.golden import CASES, path_of, text

for name, dialect in CASES:
    path_of(name, dialect).write_text(text(name, dialect), "utf-8")
