"""What `score_many` refuses and what it tells: files that would be lost, ids, options, columns, packages."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from healthdsl import BackendUnavailable, BookWarning, FileError, loads
from tests.batch.small_books import ROWS, SCORES, TINY, scores, table
from tests.cli.program import ACCOUNTS, RULESET
from tests.shared import ROOT


@pytest.mark.parametrize("address", ["http://x.example/a.csv", "s3://bucket/a.parquet", "gcs://b/*.csv"])
def test_addresses_are_no_files(address: str) -> None:
    with pytest.raises(FileError, match="files are read from this computer only"):
        TINY.score_many(address)


def test_ids_are_there_and_stand_once() -> None:
    frame = table()
    with pytest.raises(
        FileError, match=r"accounts: an account id stands there more than once:\n  `A-1`: 2 times"
    ):
        TINY.score_many(pa.concat_tables([frame, frame.slice(0, 1)]))
    missing = frame.set_column(0, "account_id", pa.array(["A-1", None, "A-3"]))
    with pytest.raises(FileError, match="there are accounts without an id"):
        TINY.score_many(missing)
    with pytest.raises(FileError, match="there is no account"):
        TINY.score_many(frame.slice(0, 0))
    with pytest.warns(BookWarning, match=r"accounts go by their number, 1, 2, 3 \.\. \(id_column=\.\. names"):
        numbered = TINY.score_many(frame.drop_columns(["account_id"]))
    assert list(scores(numbered)) == ["1", "2", "3"]
    assert list(scores(TINY.score_many(frame, id_column="name"))) == ["Acme", "Birch", "Cobalt"]


def test_ids_of_a_large_book_that_go_up_stand_once(tmp_path: Path) -> None:
    """Two times as many as DuckDB puts in a group of rows, which threads share out."""
    ids = pa.array([f"A-{number:06}" for number in range(122_880)])
    once, twice, out = (tmp_path / f"{name}.parquet" for name in ("once", "twice", "out"))
    nothing = {"seats": pa.nulls(245_760), "NPS Score": pa.nulls(245_760)}
    pq.write_table(pa.table({"account_id": pa.concat_arrays([ids, ids]), **nothing}), twice)
    with pytest.raises(FileError, match="more than once:\n  `A-000000`: 2 times"):
        TINY.score_many(twice, out=out)
    again = pc.binary_join_element_wise("B", ids, "")
    pq.write_table(pa.table({"account_id": pa.concat_arrays([ids, again]), **nothing}), once)
    TINY.score_many(once, out=out)
    assert pq.read_metadata(out).num_rows == 245_760


def test_options_that_make_no_sense(accounts: Path) -> None:
    for options, said in (
        ({"explain": "all"}, "explain is 'all'"),
        ({"result": "excel"}, "result is 'excel'"),
        ({"memory": "lots"}, "memory is 'lots', expected an amount such as 500MB"),
        ({"threads": 0}, "threads is 0"),
    ):
        with pytest.raises(ValueError, match=said):
            TINY.score_many(accounts, **options)
    with pytest.raises(TypeError, match="accounts: found int, expected a path"):
        TINY.score_many(5)
    with pytest.raises(FileError, match=r"scored accounts are written as \.parquet"):
        TINY.score_many(accounts, out="scores.xlsx")
    with pytest.raises(FileError, match="there is no folder"):
        TINY.score_many(accounts, out=accounts.parent / "no" / "scores.csv")
    dated = loads(
        RULESET.partition("test ")[0]
        .replace("when seats", "when days from today to due below 9 and seats")
        .replace("signal nps", "signal due date\nsignal nps", 1)
    )
    with pytest.raises(ValueError, match="looks at dates"):
        dated.score_many(accounts)


PLAIN = table().to_pandas()
TWICE = pd.concat([PLAIN, PLAIN[["seats"]]], axis=1)


@pytest.mark.parametrize(
    ("wrong", "options", "said"),
    [
        (
            TypeError,
            {"rows": PLAIN},
            r'rows: found DataFrame, expected a mapping .* rows=\{"tickets": \.\.\}',
        ),
        (TypeError, {"rows": [("tickets", PLAIN)]}, "rows: found list, expected a mapping"),
        (TypeError, {"rows": {5: PLAIN}}, "rows: found 5 as the name of a table"),
        (TypeError, {"rows": {"tickets": None}}, "tickets: found NoneType, expected a path"),
        (FileError, {"rows": {"tickets": pd.DataFrame()}}, "tickets: this table has no column"),
        (TypeError, {"threads": "two"}, "threads is 'two', expected a whole number such as 2"),
        (TypeError, {"threads": 2.0}, "threads is 2.0, expected a whole number"),
        (TypeError, {"threads": True}, "threads is True"),
        (TypeError, {"memory": 1000}, 'memory is 1000, expected an amount as text, such as "500MB"'),
        (TypeError, {"progress": 1}, "progress is 1, expected a function"),
        (TypeError, {"id_column": 5}, "id_column is 5, expected the name of a column"),
        (TypeError, {"out": 5}, "out is 5, expected a path"),
        (TypeError, {"rejects": b"r.csv"}, "rejects is b'r.csv', expected a path"),
        (ValueError, {"explain": ["parts"]}, r"explain is \['parts'\], expected \"none\""),
        (ValueError, {"result": ["arrow"]}, r"result is \['arrow'\], expected one of arrow"),
        (FileError, {"accounts": pd.DataFrame()}, "accounts: this table has no column"),
        (FileError, {"accounts": pl.DataFrame()}, "accounts: this table has no column"),
        (TypeError, {"accounts": PLAIN["seats"]}, "accounts: found Series of pandas, expected a table"),
        (TypeError, {"accounts": pl.Series([1])}, "accounts: found Series of polars, expected a table"),
        (TypeError, {"accounts": pa.array([1])}, "accounts: found Int64Array of arrow, expected a table"),
        (
            TypeError,
            {"accounts": [{"account_id": 1}]},
            r"found list, .*\. pandas\.DataFrame\(records\) makes",
        ),
        (
            FileError,
            {"accounts": TWICE},
            r"two columns are called `seats`, .* Rename the other, or leave it out",
        ),
        (FileError, {"accounts": PLAIN.assign(Seats=1)}, "`seats` and `Seats` differ in their case only"),
        (FileError, {"rows": {"tickets": TWICE.rename(columns={"seats": "kind"})}}, "called `kind`"),
    ],
)
def test_options_of_a_wrong_type(wrong: type[Exception], options: dict[str, Any], said: str) -> None:
    given = {"accounts": PLAIN, **options}
    with pytest.raises(wrong, match=said):
        ROWS.score_many(given.pop("accounts"), given.pop("rows", None), **given)


def test_columns_twice_that_nobody_reads_are_no_matter() -> None:
    frame = pd.concat([PLAIN.assign(x=1), PLAIN.assign(x=2)[["x"]]], axis=1)
    assert scores(TINY.score_many(frame)) == SCORES


@pytest.mark.parametrize("result", ["arrow", "duckdb"])
def test_a_column_that_nobody_has_is_told(accounts: Path, result: Any) -> None:
    accounts.write_text(ACCOUNTS.replace("seats", "seets"))
    with pytest.warns(BookWarning) as told:
        TINY.score_many(accounts, result=result)
    assert [str(each.message) for each in told] == [
        f"{accounts}: no such column, so it is missing in every account:\n  `seats` (did you mean `seets`?)"
    ]
    assert told[0].filename == __file__


def test_a_remark_that_is_an_error_writes_nothing(accounts: Path) -> None:
    out = accounts.parent / "scores.csv"
    with pytest.raises(
        BookWarning, match=r'no rows `tickets` given, .*\(rows=\{"tickets": \.\.\} gives them\)'
    ):
        ROWS.score_many(accounts, out=out)  # a warning is an error in the tests
    assert [path.name for path in accounts.parent.iterdir()] == ["accounts.csv"]


@pytest.mark.parametrize(
    ("result", "package"), [("arrow", "pyarrow"), ("pandas", "pandas"), ("polars", "polars")]
)
def test_a_package_that_is_not_installed_is_named(accounts: Path, result: str, package: str) -> None:
    program = f"""
import sys
sys.modules[{package!r}] = None
import importlib.util
find = importlib.util.find_spec
importlib.util.find_spec = lambda name, *rest: None if name == {package!r} else find(name, *rest)
import healthdsl
ruleset = healthdsl.loads({RULESET!r})
try:
    ruleset.score_many({str(accounts)!r}, result={result!r})
except healthdsl.BackendUnavailable as problem:
    print(problem)
print(ruleset.score_many({str(accounts)!r}, out={str(accounts.parent / "out.parquet")!r}).accounts)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    said = f'result="{result}" needs {package}, which is not installed: pip install {package}'
    assert done.stdout.splitlines() == [said, "3"]
    assert issubclass(BackendUnavailable, ImportError)


@pytest.mark.parametrize("option", ["out", "rejects"])
@pytest.mark.parametrize("named", ["accounts", "several", "pattern", "rows"])
@pytest.mark.parametrize("spelling", ["{0}/t.csv", "{0}/../{1}/t.csv", "{0}/link.csv"])
def test_a_file_that_is_read_is_not_written_over(
    tmp_path: Path, option: str, named: str, spelling: str
) -> None:
    path = tmp_path / "t.csv"
    text = "account_id,seats,NPS Score,kind,hours\nA-1,1,1,bug,1\n"
    path.write_text(text)
    (tmp_path / "link.csv").symlink_to(path)
    given: dict[str, tuple[Any, Any]] = {
        "accounts": (path, None),
        "several": ([path], None),
        "pattern": (str(tmp_path / "[st]*.csv"), None),
        "rows": (table(), {"tickets": path}),
    }
    accounts, rows = given[named]
    written: dict[str, Any] = {option: spelling.format(tmp_path, tmp_path.name)}
    with pytest.raises(FileError, match=f"this file is read, so it is not written over as {option}"):
        ROWS.score_many(accounts, rows, **written)
    assert path.read_text() == text


def test_one_file_is_not_written_twice(accounts: Path) -> None:
    out, link = accounts.parent / "y.csv", accounts.parent / "link.csv"
    link.symlink_to(out)
    for rejects in (out, f"{accounts.parent}/./y.csv", link):
        with pytest.raises(FileError, match="out and rejects are one file"):
            TINY.score_many(accounts, out=out, rejects=rejects)
    assert not out.exists()
