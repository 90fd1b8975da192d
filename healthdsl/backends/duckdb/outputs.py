"""A scored book as files: Parquet as it is, CSV as `healthdsl.records.writers` writes them.

A line of text is put together in SQL and written without DuckDB's own quoting, so that both engines give the
same bytes. JSON is `healthdsl.backends.duckdb.json_lines`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from healthdsl.backends.duckdb.engine import Engine, Progress
from healthdsl.backends.duckdb.quoting import literal, quoted

# The characters of `healthdsl.records.cells.UNSAFE`, as RE2 writes them.
UNSAFE = r"[\x00-\x1f\x7f-\x9f\x{61c}\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}\x{feff}]"
_NUMBER = r" *[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)? *"
_FORMULA = r"^ *[=+\-@\t\r\n\x{ff1d}\x{ff0b}\x{ff0d}\x{ff20}]"
_LARGEST_WHOLE = "1e16"


@dataclass(frozen=True, slots=True)
class Origin:
    """What made a file: stands in the metadata of Parquet."""

    ruleset: str
    version: str
    fingerprint: str


def write_parquet(
    engine: Engine, query: str, path: str, origin: Origin | None = None, progress: Progress | None = None
) -> None:
    """The result of a query as a Parquet file."""
    tags: dict[str, str] = {}
    if origin is not None:
        tags = {
            "healthdsl_ruleset": origin.ruleset,
            "healthdsl_version": origin.version,
            "healthdsl_fingerprint": origin.fingerprint,
        }
    write_tagged(engine, query, path, tags, progress)


def write_tagged(
    engine: Engine, query: str, path: str, tags: Mapping[str, str], progress: Progress | None = None
) -> None:
    """The result of a query as a Parquet file whose metadata holds `tags`."""
    told = ""
    if tags:
        told = f", KV_METADATA {{{', '.join(f'{key}: {literal(value)}' for key, value in tags.items())}}}"
    engine.run(f"COPY ({query}) TO {literal(path)} (FORMAT parquet, COMPRESSION snappy{told})", progress)


def write_csv(engine: Engine, relation: str, columns: Sequence[str], path: str) -> None:
    """The columns of a relation as CSV; those with several values are joined by `; `."""
    types = engine.describe(relation)
    cells = [_csv_cell(quoted(name), types[name].type_name) for name in columns]
    header = ",".join(_quoted_cell(name) for name in columns)
    line = f"concat_ws(',', {', '.join(cells)})"
    write_lines(engine, f"SELECT {line} AS {quoted(header)} FROM {relation}", path, header=True)  # noqa: S608


def write_lines(engine: Engine, query: str, path: str, *, header: bool) -> None:
    """The one column of a query as it is, a line each; it holds no line end."""
    options = f"FORMAT csv, HEADER {str(header).lower()}, QUOTE '', ESCAPE '', DELIMITER '\x1f'"
    engine.run(f"COPY ({query}) TO {literal(path)} ({options})")


def _csv_cell(sql: str, type_name: str) -> str:
    if type_name == "BOOLEAN":
        text = f"CASE {sql} WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END"
    elif type_name in {"DOUBLE", "FLOAT"}:
        whole = f"{sql} = floor({sql}) AND abs({sql}) < {_LARGEST_WHOLE}"
        text = (
            f"CASE WHEN {whole} THEN CAST(CAST({sql} AS BIGINT) AS VARCHAR) ELSE CAST({sql} AS VARCHAR) END"
        )
    elif type_name == "VARCHAR":
        # Most texts are plain, and one look tells.
        plain = f"regexp_full_match({sql}, '[A-Za-z0-9_][A-Za-z0-9_ .:;/-]*')"
        text = f"CASE WHEN {plain} THEN {sql} ELSE {_enclosed(_printable(_defused(sql)))} END"
    elif type_name == "VARCHAR[]":
        text = _enclosed(_printable(f"array_to_string({sql}, '; ')"))
    else:
        text = f"CAST({sql} AS VARCHAR)"
    return f"coalesce({text}, '')"


def _defused(sql: str) -> str:
    """An apostrophe before what a spreadsheet would run."""
    runs = f"regexp_matches({sql}, '{_FORMULA}') AND NOT regexp_full_match({sql}, '{_NUMBER}')"
    return f"(CASE WHEN {runs} THEN '''' || {sql} ELSE {sql} END)"


def _printable(sql: str) -> str:
    """Unsafe characters written out as `\\x1b`."""
    code = "unicode(letter)"
    out = f"CASE WHEN {code} < 256 THEN printf('\\x%02x', {code}) ELSE printf('\\u%04x', {code}) END"
    return _each_unsafe(sql, out)


def _each_unsafe(sql: str, out: str) -> str:
    return f"CASE WHEN regexp_matches({sql}, '{UNSAFE}') THEN {letters(sql, out)} ELSE {sql} END"


def letters(sql: str, out: str) -> str:
    """A text with `out`, which may speak of `letter`, for each unsafe character."""
    each = f"lambda letter: CASE WHEN regexp_full_match(letter, '{UNSAFE}') THEN {out} ELSE letter END"
    return f"array_to_string(list_transform(string_split({sql}, ''), {each}), '')"


def _enclosed(sql: str) -> str:
    """In quotes where a comma or a quote stands in it."""
    text = f"'\"' || replace({sql}, '\"', '\"\"') || '\"'"
    return f"CASE WHEN regexp_matches({sql}, '[,\"]') THEN {text} ELSE {sql} END"


def _quoted_cell(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if set(name) & set(',"') else name
