"""A relation as JSON Lines, byte for byte as `healthdsl.records.writers.json_line` writes its rows."""

from __future__ import annotations

import json
from collections.abc import Sequence

from healthdsl.backends.duckdb.engine import Engine
from healthdsl.backends.duckdb.outputs import letters, write_lines
from healthdsl.backends.duckdb.quoting import literal, quoted

_SHORT = {"\\": r"\\", '"': r"\"", "\b": r"\b", "\f": r"\f", "\n": r"\n", "\r": r"\r", "\t": r"\t"}
"""Characters that JSON has a short form for, the backslash first."""


def write_json_lines(engine: Engine, relation: str, columns: Sequence[str], path: str) -> None:
    """The columns of a relation as one object a line: numbers as those of Python, days as texts."""
    types = engine.describe(relation)
    pairs = []
    for k, name in enumerate(columns):
        key = f"{', ' if k else '{'}{json.dumps(name, ensure_ascii=False)}: "
        pairs += [literal(key), _value(quoted(name), types[name].type_name)]
    line = f"concat({', '.join(pairs)}, '}}')"
    write_lines(engine, f"SELECT {line} AS line FROM {relation}", path, header=False)  # noqa: S608


def _value(sql: str, type_name: str) -> str:
    match type_name:
        case "VARCHAR":
            text = _text(sql)
        case "VARCHAR[]":  # names of the ruleset, in which nothing is to be escaped
            each = f"list_transform({sql}, lambda name: '\"' || name || '\"')"
            text = f"'[' || array_to_string({each}, ', ') || ']'"
        case "DATE":
            text = f"'\"' || CAST({sql} AS VARCHAR) || '\"'"
        case "BOOLEAN":
            text = f"CAST({sql} AS VARCHAR)"
        case _:
            text = f"CAST(CAST({sql} AS DOUBLE) AS VARCHAR)"
    return f"coalesce({text}, 'null')"


def _text(sql: str) -> str:
    # Most texts are plain, and one look tells.
    plain = f"regexp_full_match({sql}, '[A-Za-z0-9_ .:;,/+-]*')"
    escaped = sql
    for character, written in _SHORT.items():
        escaped = f"replace({escaped}, chr({ord(character)}), {literal(written)})"
    escaped = letters(escaped, "printf('\\u%04x', unicode(letter))")
    return f"'\"' || CASE WHEN {plain} THEN {sql} ELSE {escaped} END || '\"'"
