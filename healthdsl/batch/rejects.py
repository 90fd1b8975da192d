"""The file of rejected cells: a row for each, as CSV, JSON Lines or Parquet by the ending of its name."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from typing import TextIO

from healthdsl.batch.bad_cells import COLUMNS, BadCell
from healthdsl.records.errors import FileError
from healthdsl.records.whole_file import put_whole, whole_folder
from healthdsl.records.writers import csv_cell, json_line

ENDINGS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet", ".pq": "parquet"}


class Rejects:
    """The rejected cells on their way to a file, which has its name only after `put`."""

    def __init__(self, path: str, form: str, folder: Path, stream: TextIO) -> None:
        self._path = path
        self._form = form
        self._folder = folder
        self._stream = stream
        self._writer = csv.writer(stream, lineterminator="\n")
        if form != "jsonl":
            self._writer.writerow(COLUMNS)

    def keep(self, cell: BadCell) -> None:
        """Write one cell."""
        if self._form == "jsonl":
            self._stream.write(f"{json_line(cell.row)}\n")
        elif self._form == "csv":
            self._writer.writerow([csv_cell(value) for value in cell.row.values()])
        else:
            self._writer.writerow(cell.row.values())

    def put(self) -> None:
        """Give the file its name."""
        self._stream.close()
        written = self._folder / "rejects"
        if self._form == "parquet":
            written = self._folder / "rejects.parquet"
            _as_parquet(self._folder, str(written))
        put_whole(written, self._path)


@contextmanager
def rejects_file(path: str | None) -> Iterator[Rejects | None]:
    """Where rejected cells go; None without a path. FileError when the file cannot be written."""
    if path is None:
        yield None
        return
    form = ENDINGS.get(PurePath(path).suffix.lower())
    if form is None:
        raise FileError(f"{path}: rejected cells are written as {', '.join(ENDINGS)}. Choose one of these.")
    with (
        whole_folder(path) as folder,
        (folder / "rejects").open("w", encoding="utf-8", newline="") as stream,
    ):
        yield Rejects(path, form, folder, stream)


def _as_parquet(folder: Path, path: str) -> None:
    from healthdsl.backends.duckdb.engine import Engine
    from healthdsl.backends.duckdb.outputs import write_parquet
    from healthdsl.backends.duckdb.quoting import literal, quoted

    engine = Engine(str(folder), [])
    columns = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in COLUMNS)
    source = f"read_csv({literal(str(folder / 'rejects'))}, auto_detect = false, header = true, delim = ','"
    try:
        write_parquet(engine, f"SELECT * FROM {source}, quote = '\"', columns = {{{columns}}})", path)  # noqa: S608
    finally:
        engine.close()
