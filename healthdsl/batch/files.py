"""Files of accounts or rows, as people name them, made ready for DuckDB.

In: a path, a pattern such as `accounts-*.parquet`, or several. Out: an `Input`, with everything that could be
guessed found out by the readers of `healthdsl.records`, so that both engines read a file alike. A text file
that DuckDB would read otherwise, or cannot read, is read by them and laid out anew (`rewritten`): then either
they say what is wrong with it, in their words, or DuckDB can read the result.
"""

from __future__ import annotations

import csv
import json
import os
import re
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path, PurePath

from healthdsl.backends.duckdb.inputs import CsvFiles, Input, JsonFiles, ParquetFiles, Several
from healthdsl.records.apart import WILD, is_pattern, matches
from healthdsl.records.csv_reader import Layout, read_layout
from healthdsl.records.errors import FileError
from healthdsl.records.input_file import STANDARD_INPUT, open_input, shown_name
from healthdsl.records.tables import form_of, read_table

PARQUET = "parquet"
PARQUET_ENDINGS = (".parquet", ".pq")
_PARQUET_MAGIC = b"PAR1"
_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Files:
    """Files of one form (csv, json, jsonl, parquet). `name` is what messages call them, `shown` each of them;
    `paths` are read.
    """

    name: str
    form: str
    paths: tuple[str, ...]
    wanted: frozenset[str]
    shown: tuple[str, ...]

    @property
    def is_text(self) -> bool:
        return self.form != PARQUET


def find_paths(named: str | Sequence[str]) -> tuple[str, ...]:
    """The files that are meant, those of a pattern in the order of their names; FileError when there is
    none, or it is not on this computer.
    """
    found: list[str] = []
    for path in [named] if isinstance(named, str) else named:
        if _REMOTE.match(path):
            raise FileError(f"{path}: files are read from this computer only. Fetch it first.")
        if is_pattern(path):
            meant = matches(path)
            if not meant:
                raise FileError(f"{path}: no file is called like this.")
            found += meant
        else:
            found.append(path)
    if not found:
        raise FileError("No file is named.")
    return tuple(found)


def open_files(named: str | Sequence[str], wanted: Iterable[str], folder: str) -> Files:
    """The files with their form. `wanted` are the columns of interest, `folder` takes what must be copied.

    FileError when one cannot be opened, or their forms differ.
    """
    paths = find_paths(named)
    name = shown_name(paths[0]) if len(paths) == 1 else _named(named, paths)
    ready = tuple(_ready(path, folder) for path in paths)
    forms = [_shown_form(path, each) for path, each in zip(paths, ready, strict=True)]
    for path, form in zip(paths, forms, strict=True):
        if form != forms[0]:
            raise FileError(f"{path}: this is {form}, but {paths[0]} is {forms[0]}. Give files of one form.")
    return Files(name, forms[0], ready, frozenset(wanted), tuple(map(shown_name, paths)))


def _named(named: str | Sequence[str], paths: tuple[str, ...]) -> str:
    return named if isinstance(named, str) else f"{paths[0]} and {len(paths) - 1} more"


def _ready(path: str, folder: str) -> str:
    """An absolute path that is no pattern; standard input as a file."""
    if path == STANDARD_INPUT:
        return _spooled(folder)
    with open_input(path) as stream:  # says in plain words why not
        stream.read(0)
    whole = os.path.abspath(path)  # noqa: PTH100 -- a link stays a link
    if not WILD & set(whole):
        return whole
    # DuckDB takes every name for a pattern, and allows only paths that it was told of.
    link = Path(folder) / f"input-{len(os.listdir(folder))}{''.join(PurePath(path).suffixes[-2:])}"  # noqa: PTH208
    if WILD & set(str(link)):
        link = link.with_suffix("")
    link.symlink_to(whole)
    return str(link)


def _spooled(folder: str) -> str:
    """What comes on standard input, as a file."""
    target = Path(folder) / "standard-input"
    with open_input(STANDARD_INPUT) as stream, target.open("wb") as copy:
        while block := stream.read(_CHUNK):
            copy.write(block)
    return str(target)


def _shown_form(shown: str, path: str) -> str:
    try:
        return _form(path)
    except FileError as problem:
        raise FileError(str(problem).replace(path, shown_name(shown))) from None


def _form(path: str) -> str:
    if path.lower().endswith(PARQUET_ENDINGS):
        return PARQUET
    with open_input(path) as stream:
        try:
            if stream.read(len(_PARQUET_MAGIC)) == _PARQUET_MAGIC:
                return PARQUET
        except (OSError, EOFError, zlib.error):
            pass  # the reader of lines says what is wrong
    form, lines = form_of(path)
    next(lines, None)  # refuses what is no text
    return form


# As inputs -------------------------------------------------------------------


def input_of(files: Files) -> Input:
    """What DuckDB is to read; FileError when a header is not as it should be."""
    match files.form:
        case "parquet":
            return ParquetFiles(files.paths)
        case "csv":
            return _csv_input(files)
        case _:
            return _json_input(files)


def _csv_input(files: Files) -> Input:
    layouts = [_layout(files, path) for path in files.paths]
    parts = [
        CsvFiles(tuple(path for _, path in group), layout.header, layout.separator, layout.skipped)
        for layout, group in groupby(zip(layouts, files.paths, strict=True), key=lambda each: each[0])
    ]
    return parts[0] if len(parts) == 1 else _several(parts, [layout.header for layout in layouts])


def _layout(files: Files, path: str) -> Layout:
    try:
        return read_layout(path, form_of(path)[1], files.wanted)
    except FileError as problem:
        raise FileError(str(problem).replace(path, _shown(files, path))) from None


def _json_input(files: Files) -> Input:
    wanted = tuple(sorted(files.wanted))
    layouts = [_json_layout(path, files.form) for path in files.paths]
    parts = [
        JsonFiles(tuple(path for _, path in group), layout, wanted)
        for layout, group in groupby(zip(layouts, files.paths, strict=True), key=lambda each: each[0])
    ]
    return parts[0] if len(parts) == 1 else _several(parts, [wanted])


def _several(parts: Sequence[CsvFiles | JsonFiles], headers: Iterable[tuple[str, ...]]) -> Several:
    return Several(tuple(parts), tuple(dict.fromkeys(name for header in headers for name in header)))


def _json_layout(path: str, form: str) -> str:
    if form == "jsonl":
        return "newline_delimited"
    first = next((line for line in form_of(path)[1] if line.strip()), "")
    return "array" if first.lstrip().startswith("[") else "unstructured"


def _shown(files: Files, path: str) -> str:
    return files.shown[files.paths.index(path)]


# Read by the other engine first ----------------------------------------------


def reads_alike(files: Files) -> bool:
    """Whether nothing in text files is of the kind that DuckDB 2.0 reads otherwise than `healthdsl.records`:
    NUL characters, and blanks before a quote, which it drops with the quotes.
    """
    return all(_is_plain(path) for path in files.paths) if files.form == "csv" else True


_QUOTE_BEHIND_BLANKS = re.compile(rb'[,;\t\n] +"')


def _is_plain(path: str) -> bool:
    before = b""
    with open_input(path) as stream:
        try:
            while block := stream.read(_CHUNK):
                text = before + block
                if b"\0" in block or (b' "' in text and _QUOTE_BEHIND_BLANKS.search(text)):
                    return False
                before = block[-64:]
        except (OSError, EOFError, zlib.error):
            return False  # the reader of lines says what is wrong
    return True


def rewritten(files: Files, folder: str) -> Files:
    """The same records in files that any reader reads alike; FileError says what is wrong with a file."""
    paths = [_rewritten(files, path, Path(folder) / f"again-{k}") for k, path in enumerate(files.paths)]
    form = files.form if files.form == "csv" else "jsonl"
    return replace(files, form=form, paths=tuple(paths))


def _rewritten(files: Files, path: str, stem: Path) -> str:
    form, records = read_table(path, files.wanted)
    ending = ".csv" if form == "csv" else ".jsonl"
    target = stem.with_name(f"{stem.name}-{len(os.listdir(stem.parent))}{ending}")  # noqa: PTH208
    try:
        with target.open("w", encoding="utf-8", newline="") as stream:
            if form == "csv":
                header = read_layout(path, form_of(path)[1], files.wanted).header
                writer = csv.writer(stream, lineterminator="\n", quoting=csv.QUOTE_ALL)
                writer.writerow(header)
                writer.writerows([row.get(name) for name in header] for _, row in records)
            else:
                stream.writelines(f"{json.dumps(row, ensure_ascii=False)}\n" for _, row in records)
    except FileError as problem:
        raise FileError(str(problem).replace(path, _shown(files, path))) from None
    except UnicodeEncodeError:
        raise FileError(
            f"{files.name}: a text has half of a character (a lone surrogate). Write it as UTF-8."
        ) from None
    return str(target)
