"""What is given for a book of accounts, opened in an engine: files or frames, with their columns and ids.

The ids, the names of columns and the remarks about them follow `healthdsl.records`, word for word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from healthdsl.backends.duckdb.engine import Engine
from healthdsl.backends.duckdb.inputs import JsonFiles, Several
from healthdsl.backends.duckdb.shapes import Shape
from healthdsl.backends.duckdb.tables import Accounts, Relation, RowFile, make_source, open_input
from healthdsl.backends.sql.sources import Source
from healthdsl.batch.files import Files, input_of, open_files, reads_alike, rewritten
from healthdsl.batch.frames import Frame, check_columns_of, frame_of, hold, is_path
from healthdsl.batch.lacking import columns_by_file, keys_by_file, tell_lacking
from healthdsl.graph.graph import Graph
from healthdsl.model.ruleset import RowTable, Ruleset
from healthdsl.records.errors import FileError, hint
from healthdsl.records.notices import id_column_of, tell_absent, tell_not_given
from healthdsl.records.reading import USUAL_IDS, Reading, Warn, input_columns, row_columns
from healthdsl.records.rows import check_columns, join_column
from healthdsl.records.seen import Seen

Given = Files | Frame
NAMES = ("account_name", "name")


@dataclass(frozen=True, slots=True)
class Asked:
    """The book as it was asked for: accounts, rows by table, and the column of the account id. `in_python`:
    by Python, whose options are called otherwise than the command's.
    """

    ruleset: Ruleset
    graph: Graph
    accounts: object
    rows: Mapping[str, object] = field(default_factory=dict)
    id_column: str | None = None
    warn: Warn = lambda _: None
    in_python: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """Accounts and rows as the engine can be given them."""

    accounts: Given
    rows: Mapping[str, Given]

    @property
    def files(self) -> list[Files]:
        return [each for each in (self.accounts, *self.rows.values()) if isinstance(each, Files)]

    @property
    def paths(self) -> list[str]:
        return [path for files in self.files for path in files.paths]

    def mapped(self, change: Callable[[Files], Files]) -> Opened:
        """The same with every text file changed."""

        def changed(given: Given) -> Given:
            return change(given) if isinstance(given, Files) and given.is_text else given

        return Opened(changed(self.accounts), {name: changed(given) for name, given in self.rows.items()})


@dataclass(frozen=True, slots=True)
class Views:
    """What a query reads. `columns` of the accounts (None) and of each table of rows say how a cell stands
    there; `reading` is whom remarks go to, `files` are those of the accounts.
    """

    source: Source
    relation: Relation
    rows: Mapping[str, RowFile]
    reading: Reading
    files: Files | None


def open_given(asked: Asked, folder: Path) -> Opened:
    """Accounts and rows, opened; FileError for files that cannot be used, TypeError for other objects."""
    ruleset = asked.ruleset
    declared = [table.name for table in ruleset.tables]
    for name in asked.rows:
        if name not in declared:
            known = f"It has: {', '.join(declared)}." if declared else "It has no rows at all."
            raise FileError(f"rows {name}: the ruleset has no rows `{name}`{hint(name, declared)}. {known}")
    names = [ruleset.account_name] if ruleset.account_name else NAMES
    wanted = [asked.id_column, ruleset.account_id, *USUAL_IDS, *names, *input_columns(ruleset), *declared]
    accounts = _given(asked.accounts, "accounts", [each for each in wanted if each], folder)
    rows = {}
    for table in ruleset.tables:
        if table.name in asked.rows:
            columns = row_columns(table)
            wanted = [asked.id_column, ruleset.account_id, *USUAL_IDS, *columns]
            rows[table.name] = _given(
                asked.rows[table.name], table.name, [each for each in wanted if each], folder
            )
    opened = Opened(accounts, rows)
    return opened.mapped(lambda files: files if reads_alike(files) else rewritten(files, str(folder)))


def _given(given: object, name: str, wanted: Sequence[str], folder: Path) -> Given:
    if is_path(given):
        named = [str(each) for each in given] if isinstance(given, (list, tuple)) else str(given)
        return open_files(named, wanted, str(folder))
    frame = frame_of(given, name)
    check_columns_of(frame, wanted)
    return frame


# In an engine ----------------------------------------------------------------


def make_views(
    engine: Engine, asked: Asked, opened: Opened, folder: Path, *, skips_blank: bool = False
) -> Views:
    """Views over accounts and rows; FileError when they lack what they need."""
    relation = _relation(engine, opened.accounts, "accounts", folder)
    columns = _first_columns(engine, relation)
    rows = {name: _relation(engine, given, name, folder) for name, given in opened.rows.items()}
    shown = {name: given.name for name, given in opened.rows.items()}
    form = opened.accounts.form if isinstance(opened.accounts, Files) else "frame"
    reading = Reading(
        opened.accounts.name,
        form,
        asked.ruleset,
        shown,
        asked.id_column,
        asked.warn,
        Seen(),
        asked.in_python,
    )
    if not columns:
        raise FileError(f"{reading.name}: there is no account in this file.")
    id_column = id_column_of(columns, reading)
    if not _is_json(relation):
        tell_absent(columns, reading)
    tables = {table.name: table for table in asked.ruleset.tables}
    files = {
        name: RowFile(each, _row_id(engine, each, tables[name], id_column, reading, opened.rows[name]))
        for name, each in rows.items()
    }
    names = [asked.ruleset.account_name] if asked.ruleset.account_name else NAMES
    nested = _nested(engine, relation, asked)
    accounts = Accounts(nested, id_column, names, skips_blank=skips_blank or id_column is None)
    source = make_source(engine, accounts, asked.graph.inputs, asked.graph.tables, files)
    if isinstance(opened.accounts, Files):
        wanted = [*filter(None, [id_column]), *input_columns(asked.ruleset), *tables]
        tell_lacking(opened.accounts, columns_by_file(engine, relation.input), wanted, asked.warn)
        return Views(source, nested, files, reading, opened.accounts)
    return Views(source, nested, files, reading, None)


def _relation(engine: Engine, given: Given, name: str, folder: Path) -> Relation:
    if isinstance(given, Files):
        return open_input(engine, input_of(given))
    return open_input(engine, hold(engine, given, name, folder))


def _is_json(relation: Relation) -> bool:
    return any(found.shape is Shape.JSON for found in relation.columns.values()) and isinstance(
        relation.input, (JsonFiles, Several)
    )


def _first_columns(engine: Engine, relation: Relation) -> list[str]:
    """The columns, of JSON those of the first record."""
    if not _is_json(relation):
        return list(relation.columns)
    source = relation.input
    first = source.parts[0] if isinstance(source, Several) else source
    assert isinstance(first, JsonFiles)
    return [str(key) for row in engine.ask(first.first_keys) for key in row[0]]


def _row_id(  # noqa: PLR0913, PLR0917 -- what a file of rows is, and what it belongs to
    engine: Engine, rows: Relation, table: RowTable, id_column: str | None, reading: Reading, given: Given
) -> str:
    """The column by which rows are joined."""
    fields = _first_columns(engine, rows)
    name = reading.rows[table.name]
    if not fields or not engine.ask(f"SELECT 1 FROM {rows.input.sql} LIMIT 1"):  # noqa: S608 -- quoted
        reading.warn(f"{name}: there is no row in this file, so no account has {table.name}")
        usual = [each for each in (id_column, USUAL_IDS[0], *fields) if each in rows.columns]
        return str(usual[0])
    key = join_column(fields, id_column, name)
    if not (isinstance(given, Files) and given.form in {"json", "jsonl"}):
        columns = row_columns(table)
        check_columns(table, columns, fields, name, reading.warn)
        if isinstance(given, Files):
            tell_lacking(given, columns_by_file(engine, rows.input), [key, *columns], reading.warn)
    return key


def _nested(engine: Engine, relation: Relation, asked: Asked) -> Relation:
    """The relation without the columns of tables that have a file; FileError when both have rows."""
    left_out = set(asked.rows) & set(relation.columns)
    inputs = set(input_columns(asked.ruleset))
    for name in left_out:
        found = relation.columns[name]
        if found.shape is Shape.TEXT or name in inputs:
            continue
        empty = f"{found.sql} IS NULL OR CAST({found.sql} AS VARCHAR) = 'null'"
        if engine.ask(f"SELECT 1 FROM {relation.input.sql} WHERE NOT ({empty}) LIMIT 1"):  # noqa: S608
            raise FileError(f"`{name}` is in the accounts and in a file of its own. Keep one of them.")
    kept = {name: found for name, found in relation.columns.items() if name not in left_out - inputs}
    return replace(relation, columns=kept)


def tell_of_json(engine: Engine, views: Views) -> None:
    """Say which columns no record of a JSON file has, and which some files lack: only all of them show it."""
    reading, source = views.reading, views.relation.input
    parts = source.parts if isinstance(source, Several) else (source,)
    by_file = keys_by_file(engine, [part for part in parts if isinstance(part, JsonFiles)])
    keys = {key for each in by_file.values() for key in each}
    if _is_json(views.relation):
        tell_absent(sorted(keys), reading)
        assert views.files is not None
        tables = [table.name for table in reading.ruleset.tables]
        tell_lacking(views.files, by_file, [*input_columns(reading.ruleset), *tables], reading.warn)
    tell_not_given(set(views.source.rows) & (keys | set(views.rows)) if keys else views.source.rows, reading)
