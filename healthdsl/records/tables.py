"""Any file of records, whatever its form.

The form is told by the file's ending, and otherwise (standard input, other endings) by how its text begins.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from pathlib import PurePath

from healthdsl.records.csv_reader import read_csv
from healthdsl.records.input_file import shown_name, text_lines
from healthdsl.records.json_reader import Row, is_json, read_json, read_json_lines

_ENDINGS = {".csv": "csv", ".tsv": "csv", ".json": "json", ".jsonl": "jsonl", ".ndjson": "jsonl"}


def read_table(path: str, wanted: frozenset[str]) -> tuple[str, Iterator[tuple[str, Row]]]:
    """The form of a file (csv, json, jsonl) and its records, each with its place.

    `wanted` are the columns that may stand only once in the header of a CSV file.
    """
    name = shown_name(path)
    form, lines = form_of(path)
    match form:
        case "json":
            return form, read_json(name, lines)
        case "jsonl":
            return form, read_json_lines(name, lines)
        case _:
            return form, read_csv(name, lines, wanted)


def form_of(path: str) -> tuple[str, Iterator[str]]:
    """The form of a file (csv, json, jsonl), and its lines."""
    lines = text_lines(path)
    form = _ENDINGS.get(PurePath(path.lower().removesuffix(".gz")).suffix)
    return (form, lines) if form else _told_by_text(lines)


def _told_by_text(lines: Iterator[str]) -> tuple[str, Iterator[str]]:
    """The form, and all the lines again."""
    read = []
    for line in lines:
        read.append(line)
        if line.strip():
            break
    begins = read[-1].lstrip() if read else ""
    if begins.startswith("["):
        form = "json"
    elif begins.startswith("{"):
        form = "jsonl" if is_json(begins) else "json"
    else:
        form = "csv"
    return form, chain(read, lines)
