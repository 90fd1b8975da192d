"""`score_many`: every kind of input and result, and what it may touch."""

from __future__ import annotations

import csv
import datetime as dt
import gc
import io
import json
import os
import stat
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from healthdsl import BookWarning, FileError
from healthdsl.backends.duckdb.engine import Engine, EngineError
from healthdsl.batch.bad_cells import BadCellsError
from healthdsl.batch.score_many import BookSummary
from tests.batch.small_books import ROWS, SCORES, TINY, lines, scores, table
from tests.cli.program import ACCOUNTS
from tests.shared import ROOT

BOOK = ROOT / "examples" / "b2b_book"


# What goes in, and what comes out ---------------------------------------------


def test_a_path_gives_an_arrow_table(accounts: Path) -> None:
    found = TINY.score_many(accounts)
    assert isinstance(found, pa.Table)
    assert scores(found) == SCORES
    assert found.column("account_name").to_pylist() == ["Acme", "Birch", "Cobalt"]
    assert found.column("band").to_pylist() == ["good", "poor", None]
    assert found.column("big").to_pylist() == [True, False, False]
    assert "flags" not in found.column_names


@pytest.mark.parametrize("kind", ["arrow", "reader", "batch", "pandas", "polars", "lazy", "duckdb"])
def test_frames_of_every_kind(kind: str) -> None:
    frame = table()
    given = {
        "arrow": lambda: frame,
        "reader": frame.to_reader,
        "batch": lambda: frame.to_batches()[0],
        "pandas": frame.to_pandas,
        "polars": lambda: pl.from_arrow(frame),
        "lazy": lambda: pl.from_arrow(frame).lazy(),  # type: ignore[union-attr]
        "duckdb": lambda: duckdb.from_arrow(frame),
    }[kind]()
    found = TINY.score_many(given)
    results = {
        "arrow": pa.Table,
        "reader": pa.Table,
        "batch": pa.Table,
        "pandas": pd.DataFrame,
        "polars": pl.DataFrame,
        "lazy": pl.DataFrame,
        "duckdb": duckdb.DuckDBPyRelation,
    }
    assert isinstance(found, results[kind])
    assert scores(found) == SCORES


@pytest.mark.parametrize("result", ["arrow", "pandas", "polars", "duckdb"])
def test_results_of_every_kind(accounts: Path, result: Any) -> None:
    found = TINY.score_many(accounts, result=result)
    gc.collect()
    assert scores(found) == SCORES


def test_columns_of_the_example_book_agree_with_its_records() -> None:
    from healthdsl import load
    from healthdsl.records.accounts import read_accounts

    ruleset = load(BOOK / "saas_health.health")
    rows = {name: str(BOOK / f"{name}.csv") for name in ("tickets", "logins")}
    found = ruleset.score_many(BOOK / "accounts.csv", rows, as_of="2026-03-31", explain="full")
    records = list(read_accounts(str(BOOK / "accounts.csv"), ruleset.ruleset, rows=rows))
    results = [ruleset.score(record, as_of="2026-03-31") for record in records]
    assert len(results) == 60
    for name in found.column_names:
        if name not in results[0].values:
            continue
        column = found.column(name).to_pylist()
        for value, result in zip(column, results, strict=True):
            expected = result.values[name]
            if isinstance(value, dt.date):
                expected = dt.date.fromordinal(int(str(expected)))
            assert value == expected, (name, result.account_id)


def test_several_files_of_several_layouts(tmp_path: Path) -> None:
    (tmp_path / "a1.csv").write_text("account_id,seats,NPS Score\nA-1,120,45\n")
    (tmp_path / "a2.csv").write_text("NPS Score;account_id;seats\n-20;A-2;8\n")
    (tmp_path / "a3.csv").write_text("account_id,seats,NPS Score\nA-3,,\n")
    assert scores(TINY.score_many(str(tmp_path / "a*.csv"))) == SCORES
    assert scores(TINY.score_many([tmp_path / "a1.csv", tmp_path / "a2.csv"])) == {"A-1": 100, "A-2": 20}
    with pytest.raises(FileError, match="no file is called like this"):
        TINY.score_many(str(tmp_path / "b*.csv"))


def test_parquet_files_with_other_columns(tmp_path: Path) -> None:
    pq.write_table(table().slice(0, 2), tmp_path / "a1.parquet")
    pq.write_table(table().slice(2).drop_columns(["seats"]), tmp_path / "a2.parquet")
    with pytest.warns(BookWarning, match=r"a2.parquet: `seats`"):
        assert scores(TINY.score_many(str(tmp_path / "*.parquet"))) == SCORES
    (tmp_path / "b.csv").write_text(ACCOUNTS)
    with pytest.raises(FileError, match="this is csv, but"):
        TINY.score_many([tmp_path / "a1.parquet", tmp_path / "b.csv"])


def in_files(folder: Path, ending: str, parts: list[dict[str, list[Any]]]) -> str:
    """The parts of a table as files of one pattern."""
    for k, part in enumerate(parts):
        path, made = folder / f"part-{k}.{ending}", pa.table(part)
        match ending:
            case "parquet":
                pq.write_table(made, path)
            case "csv":
                made.to_pandas().to_csv(path, index=False)
            case _:
                path.write_text("".join(json.dumps(line) + "\n" for line in made.to_pylist()))
    return str(folder / f"part-*.{ending}")


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
def test_files_that_lack_columns_of_others_are_told(tmp_path: Path, ending: str) -> None:
    parts: list[dict[str, list[Any]]] = [
        {"account_id": ["A-1"], "seats": [120], "NPS Score": [45], "x": [1]},
        {"account_id": ["A-2"], "seats": [8]},
        {"NPS Score": [0], "account_id": ["A-3"]},
        {"seats": [1], "NPS Score": [0], "account_id": ["A-4"]},
    ]
    named = in_files(tmp_path, ending, parts)
    with pytest.warns(BookWarning) as told:
        TINY.score_many(named)
    assert [str(each.message).splitlines() for each in told] == [
        [
            f"{named}: columns that other files have are not in these, so they are missing there:",
            f"  {tmp_path}/part-1.{ending}: `NPS Score`",
            f"  {tmp_path}/part-2.{ending}: `seats`",
        ]
    ]
    for k in (1, 2):  # of those that are left one lacks x, which nobody reads
        (tmp_path / f"part-{k}.{ending}").unlink()
    TINY.score_many(named)


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_files_of_rows_that_lack_columns_are_told(tmp_path: Path, ending: str) -> None:
    row: dict[str, list[Any]] = {"account_id": ["A-1"], "kind": ["bug"]}
    parts = [{**row, "hours": [1.0]}, *[row] * 7]
    named = in_files(tmp_path, ending, parts)
    with pytest.warns(BookWarning) as told:
        ROWS.score_many(table(), {"tickets": named})
    assert [str(each.message).splitlines()[1:] for each in told] == [
        [*(f"  {tmp_path}/part-{k}.{ending}: `hours`" for k in range(1, 6)), "  and 2 more"]
    ]


def test_nested_fields_are_no_columns_of_a_file(tmp_path: Path) -> None:
    nested = pa.array([[{"seats": 1, "deep": [{"x": 1}]}]])
    pq.write_table(pa.table({"account_id": ["A-1"], "t": nested, "NPS Score": [1]}), tmp_path / "1.parquet")
    pq.write_table(
        pa.table({"account_id": ["A-2"], "t": nested, "Seats": [1], "NPS Score": [1]}), tmp_path / "2.parquet"
    )
    pq.write_table(pa.table({"account_id": ["A-3"], "seats": [1], "NPS Score": [1]}), tmp_path / "3.parquet")
    with pytest.warns(BookWarning) as told:
        TINY.score_many(str(tmp_path / "[23].parquet"))
    assert "no such column" in str(told[0].message)  # Seats, the first spelling, is what the two are called
    (tmp_path / "2.parquet").unlink()
    with pytest.warns(BookWarning) as told:
        TINY.score_many(str(tmp_path / "*.parquet"))
    assert [str(each.message).splitlines()[1] for each in told] == [f"  {tmp_path}/1.parquet: `seats`"]


def test_a_parquet_file_is_known_by_its_first_bytes(tmp_path: Path) -> None:
    pq.write_table(table(), tmp_path / "accounts")
    assert scores(TINY.score_many(tmp_path / "accounts")) == SCORES


def test_typed_columns_of_a_frame() -> None:
    frame = pa.table(
        {
            "account_id": pa.array([1, 2, 3], pa.uint64()),
            "seats": pa.array([Decimal("120.00"), Decimal("8.00"), Decimal("8.50")]),
            "NPS Score": pa.array(["45", " -20 ", "x"]).dictionary_encode(),
        }
    )
    found = TINY.score_many(frame)
    assert scores(found) == {"1": 100.0, "2": 20.0, "3": None}
    assert found.column("bad_cells").to_pylist() == [None, None, "seats; nps"]


def test_a_pandas_column_of_mixed_objects() -> None:
    frame = pd.DataFrame({"account_id": range(2000), "seats": [1] * 1998 + ["7", None], "NPS Score": 5})
    found = TINY.score_many(frame)
    assert found["seats"].iloc[-2] == 7.0
    assert pd.isna(found["seats"].iloc[-1])
    assert found["bad_cells"].isna().all()


NESTED = [
    [{"kind": "bug", "hours": 2.0}, {"kind": "wish", "hours": None}],
    [],
    None,
]


@pytest.mark.parametrize("kind", ["arrow", "parquet", "pandas", "json"])
def test_nested_rows(tmp_path: Path, kind: str) -> None:
    frame = table().append_column("tickets", pa.array(NESTED))
    given: Any = frame
    if kind == "parquet":
        given = tmp_path / "a.parquet"
        pq.write_table(frame, given)
    elif kind == "pandas":
        given = frame.to_pandas()
    elif kind == "json":
        given = tmp_path / "a.json"
        given.write_text(json.dumps(frame.to_pylist()))
    found = {str(line["account_id"]): line for line in lines(ROWS.score_many(given))}
    assert [found[key]["open"] for key in SCORES] == [2, 0, None]
    assert [found[key]["spent"] for key in SCORES] == [2, 0, None]


def test_rows_of_a_frame_beside_accounts_of_a_file(accounts: Path) -> None:
    tickets = pd.DataFrame({"account_id": ["A-1", "A-1", "Z-9"], "kind": "bug", "hours": [1, 2, 3]})
    with pytest.warns(BookWarning, match="tickets: 1 row is of an account that .* does not have, .*`Z-9`"):
        result = ROWS.score_many(accounts, {"tickets": tickets})
    found = {line["account_id"]: line for line in lines(result)}
    assert [found[key]["spent"] for key in SCORES] == [3, 0, 0]


def test_rows_given_twice_are_refused() -> None:
    frame = table().append_column("tickets", pa.array(NESTED))
    rows = pa.table({"account_id": ["A-1"], "kind": ["bug"], "hours": [1]})
    with pytest.raises(FileError, match="`tickets` is in the accounts and in a file of its own"):
        ROWS.score_many(frame, {"tickets": rows})
    with pytest.raises(FileError, match=r"no rows `ticket`.*did you mean `tickets`"):
        ROWS.score_many(table(), {"ticket": table()})
    with pytest.raises(FileError, match="`tickets` holds INTEGER"):
        ROWS.score_many(table().append_column("tickets", pa.array([1, 2, 3], pa.int32())))


# Files ------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["parquet", "csv", "json", "jsonl"])
def test_a_file_is_written_and_summed_up(accounts: Path, ending: str) -> None:
    out = accounts.parent / f"scores.{ending}"
    found = TINY.score_many(accounts, out=out)
    assert found == BookSummary(str(out), 3, 2, {"poor": 1, "good": 1}, {})
    again: dict[str, Any] = {"csv": pd.read_csv, "parquet": pd.read_parquet, "json": pd.read_json}
    read = again.get(ending, lambda path: pd.read_json(path, lines=True))(out)
    assert read["score"].tolist()[:2] == [100, 20]
    assert ("flags" in read.columns) == (ending != "parquet")
    assert sorted(path.name for path in accounts.parent.iterdir()) == ["accounts.csv", out.name]


def test_a_parquet_file_says_what_made_it(accounts: Path) -> None:
    out = accounts.parent / "scores.parquet"
    TINY.score_many(accounts, out=out)
    told = {key.decode(): value.decode() for key, value in pq.read_metadata(out).metadata.items()}
    assert (told["healthdsl_ruleset"], told["healthdsl_version"]) == ("tiny", "1.2.0")
    assert told["healthdsl_fingerprint"] == TINY.fingerprint


def test_permissions_of_the_old_file_and_links_stay(accounts: Path) -> None:
    out = accounts.parent / "scores.parquet"
    out.write_bytes(b"old")
    out.chmod(0o640)
    link = accounts.parent / "link.parquet"
    link.symlink_to(out)
    TINY.score_many(accounts, out=link)
    assert link.is_symlink()
    assert stat.S_IMODE(out.stat().st_mode) == 0o640
    assert pq.read_table(out).num_rows == 3
    new = accounts.parent / "new.parquet"
    TINY.score_many(accounts, out=new)
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(new.stat().st_mode) == 0o666 & ~mask


def test_bad_cells_are_counted_named_and_kept(accounts: Path) -> None:
    accounts.write_text(ACCOUNTS.replace("120", "many").replace("-20", "-200"))
    rejects = accounts.parent / "rejects.parquet"
    out = accounts.parent / "scores.parquet"
    found = TINY.score_many(accounts, out=out, rejects=rejects)
    assert found.bad_cells == {"seats": 1, "nps": 1}
    assert pq.read_table(out).column("bad_cells").to_pylist() == ["seats", "nps", None]
    assert sorted(tuple(row.values()) for row in pq.read_table(rejects).to_pylist()) == [
        ("A-1", "seats", "seats", "'many'", "a whole number, not negative"),
        ("A-2", "nps", "NPS Score", "'-200'", "a number from -100 to 100"),
    ]


def test_strict_writes_nothing(accounts: Path) -> None:
    accounts.write_text(ACCOUNTS.replace("120", "many"))
    out = accounts.parent / "scores.csv"
    out.write_text("old")
    with pytest.raises(BadCellsError, match="account A-1: 'many', expected a whole number") as caught:
        TINY.score_many(accounts, out=out, strict=True, rejects=accounts.parent / "r.csv")
    assert caught.value.bad.counts == {"seats": 1}
    assert out.read_text() == "old"
    assert len(list(accounts.parent.iterdir())) == 2


def test_wrong_cells_of_rows_are_counted_one_by_one(accounts: Path) -> None:
    tickets = accounts.parent / "t.csv"
    tickets.write_text("account_id,kind,hours\nA-1,bugg,1\nA-1,bug,x\nA-1,wish,y\nA-2,bug,3\nZ-9,?,?\n")
    rejects = accounts.parent / "r.csv"
    with pytest.warns(BookWarning, match="`Z-9`"):
        found = ROWS.score_many(accounts, {"tickets": tickets}, rejects=rejects)
    assert found.column("bad_cells").to_pylist() == ["tickets.kind; tickets.hours", None, None]
    told = list(csv.DictReader(io.StringIO(rejects.read_text())))
    assert sorted((row["signal"], row["found"]) for row in told) == [
        ("tickets.hours", "'x'"),
        ("tickets.hours", "'y'"),
        ("tickets.kind", "'bugg'"),
    ]


def test_accounts_keep_their_order_beside_many_rows(tmp_path: Path) -> None:
    owners = [f"A-{k}" for k in range(300, 0, -1)]
    accounts = pa.table({"account_id": owners, "seats": [1] * 300, "NPS Score": [1] * 300})
    many = sorted(owners * 20)
    rows = pa.table({"account_id": many, "kind": ["bug"] * 6000, "hours": [1.0] * 6000})
    assert list(scores(ROWS.score_many(accounts, {"tickets": rows}))) == owners
    ROWS.score_many(accounts, {"tickets": rows}, out=tmp_path / "o.parquet")
    assert pq.read_table(tmp_path / "o.parquet").column("account_id").to_pylist() == owners


@pytest.mark.parametrize("kind", ["frame", "parquet", "csv"])
def test_examples_are_of_the_first_accounts(tmp_path: Path, kind: str) -> None:
    """In the order of the accounts, whatever the order of their rows."""
    owners = [f"A-{k}" for k in range(300, 0, -1)]
    accounts = pd.DataFrame({"account_id": owners, "seats": "no", "NPS Score": 1})
    rows = pd.DataFrame([(each, "bug", k) for each in sorted(owners) for k in range(20)])
    rows.columns = pd.Index(["account_id", "kind", "hours"])
    rows["hours"] = rows["hours"].astype(str).where(rows["hours"] != 7, "x" + rows["account_id"])
    given: Any = rows
    if kind != "frame":
        given = tmp_path / f"t.{kind}"
        rows.to_csv(given, index=False) if kind == "csv" else rows.to_parquet(given)
    with pytest.raises(BadCellsError) as caught:
        ROWS.score_many(accounts, {"tickets": given}, strict=True)
    bad = caught.value.bad
    assert bad.counts == {"seats": 300, "tickets.hours": 300}
    found = {name: [(each.account, each.found) for each in cells] for name, cells in bad.examples.items()}
    assert found == {
        "seats": [("A-300", "'no'"), ("A-299", "'no'"), ("A-298", "'no'")],
        "tickets.hours": [("A-300", "'xA-300'"), ("A-299", "'xA-299'"), ("A-298", "'xA-298'")],
    }


def test_a_progress_is_told_between_0_and_1(tmp_path: Path) -> None:
    number = 300_000
    frame = pa.table(
        {"account_id": pa.array(range(number)), "seats": pa.array(range(number)), "NPS Score": [5] * number}
    )
    told: list[float] = []
    TINY.score_many(frame, out=tmp_path / "o.csv", progress=told.append, explain="full", threads=1)
    assert all(0.0 <= share <= 1.0 for share in told)


# What the engine may touch -----------------------------------------------------


def test_the_engine_touches_nothing_else(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in.csv", tmp_path / "out.csv"
    inside.write_text("a\n1\n")
    outside.write_text("a\n1\n")
    folder = tmp_path / "folder"
    folder.mkdir()
    engine = Engine(str(folder), [str(inside)])
    assert engine.ask(f"SELECT * FROM read_csv('{inside}')") == [(1,)]
    for query in (
        f"SELECT * FROM read_csv('{outside}')",
        f"SELECT * FROM '{outside}'",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM glob('/etc/*')",
        f"COPY (SELECT 1) TO '{tmp_path / 'new.csv'}'",
        f"ATTACH '{tmp_path / 'x.db'}'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT * FROM read_csv('http://127.0.0.1:9/a.csv')",
        "SET enable_external_access = true",
        "SET memory_limit = '90GB'",
        "SET allowed_paths = ['/etc/passwd']",
        "PRAGMA threads = 9",
    ):
        with pytest.raises(EngineError):
            engine.run(query)
    planted = [1]
    with pytest.raises(EngineError):
        engine.run("SELECT * FROM planted")
    assert planted
    engine.close()


def test_a_small_memory_is_enough(tmp_path: Path) -> None:
    number = 400_000
    frame = pl.DataFrame({"account_id": [f"account {k:020}" for k in range(number)]}).with_columns(
        pl.lit(5).alias("seats"), pl.lit(5).alias("NPS Score")
    )
    frame.write_parquet(tmp_path / "a.parquet")
    found = TINY.score_many(
        tmp_path / "a.parquet", out=tmp_path / "o.parquet", explain="full", memory="200MB", threads=2
    )
    assert found.accounts == number
    assert (
        pq.read_table(tmp_path / "o.parquet", columns=["account_id"]).column(0)[-1].as_py()
        == frame["account_id"][-1]
    )
    with pytest.raises(FileError, match="not enough memory"):
        TINY.score_many(tmp_path / "a.parquet", out=tmp_path / "o.parquet", explain="full", memory="2MB")
