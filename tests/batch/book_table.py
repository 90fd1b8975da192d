"""A scored book in DuckDB, filled by the record engine: every output of the graph is a column."""

import json
from collections import Counter
from pathlib import Path

import duckdb

from healthdsl.batch.summary_sql import Scored

TYPES = {bool: "BOOLEAN", str: "VARCHAR", int: "DOUBLE", float: "DOUBLE"}


def row_of(result):
    """One account as a row of `--explain full`, the points of the main score under both of its names."""
    bad = Counter(cell_name(error.signal) for error in result.errors or ())
    return {
        "account_id": result.account_id,
        "account_name": result.account_name,
        "score": result.score,
        "band": result.band,
        "coverage": result.coverage,
        "bad_cells": "; ".join(bad) or None,
        **result.values,
    }


def cell_name(signal):
    """`tickets, row 3, priority` is `tickets.priority` in the column of bad cells."""
    table, _, rest = signal.partition(", row ")
    return f"{table}.{rest.split(', ', 1)[1]}" if rest else signal


def scored_table(compiled, rows, folder):
    """The rows as a table `scored`."""
    columns = dict.fromkeys(("account_id", "account_name", "band", "bad_cells"), "VARCHAR")
    columns |= {"score": "DOUBLE", "coverage": "DOUBLE"}
    for name in (output.name for output in compiled.graph.outputs):
        found = next((row[name] for row in rows if row.get(name) is not None), 0.0)
        columns[name] = TYPES[type(found)]
    file = Path(folder) / "scored.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8")
    connection = duckdb.connect()
    told = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    read = f"read_json('{file}', format='newline_delimited', columns={{{told}}})"
    connection.execute(f"CREATE TABLE scored AS SELECT * FROM {read}")

    def ask(sql):
        return connection.execute(sql).fetchall()

    return Scored(ask, "scored", frozenset(columns), compiled.ruleset.main_score)
