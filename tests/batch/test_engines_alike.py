"""Both engines of `healthdsl score` give the same file and say the same, for good files and for bad ones."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import pytest

from tests.batch.alike import by_both
from tests.cli.program import ACCOUNTS, RULESET, Program
from tests.marks import thinned
from tests.shared import ROOT

BOOK = ROOT / "examples" / "b2b_book"
ROWS = RULESET.replace(
    "measure nps",
    "rows tickets dated opened\n  opened date\n  kind one of bug, wish\n  hours number\n"
    "signal open = count of tickets\nsignal spent = sum hours of tickets\n\nmeasure nps",
    1,
).partition("test ")[0]
DAY = ("--as-of", "2026-03-31")


@pytest.mark.parametrize("explain", thinned(["parts", "none", "full"]))
@pytest.mark.parametrize("form", ["csv", "txt", "json", "jsonl"])
def test_the_example_book(healthdsl: Program, explain: str, form: str) -> None:
    files = [f"--rows={name}={BOOK / name}.csv" for name in ("tickets", "logins")]
    arguments = [str(BOOK / "saas_health.health"), str(BOOK / "accounts.csv"), *files, *DAY]
    ran, written = by_both(healthdsl, *arguments, "--explain", explain, form=form)
    assert ran.code == 0
    assert written.count(b"\n") >= 60


def telco_accounts(number: int) -> str:
    """Accounts for the telco ruleset, some cells blank and some wrong."""
    draw = random.Random(number)
    ruleset = (ROOT / "examples" / "telco" / "telco_health.health").read_text()
    import healthdsl

    compiled = healthdsl.loads(ruleset)
    fields = compiled.graph.inputs
    lines = [",".join(["customerID", *(field.column for field in fields)])]
    for k in range(number):
        cells = [f"C-{k}"]
        for field in fields:
            choices = [
                *field.type.choices,
                "yes",
                "no",
                "",
                "x",
                str(draw.randrange(90)),
                f"{draw.random():.5f}",
            ]
            cells.append(draw.choice(choices))
        lines.append(",".join(cells))
    return "\n".join(lines) + "\n"


def test_the_telco_ruleset_with_wrong_cells(healthdsl: Program) -> None:
    healthdsl.file("telco.csv", telco_accounts(300))
    ran, _ = by_both(
        healthdsl, str(ROOT / "examples" / "telco" / "telco_health.health"), "telco.csv", "--explain", "full"
    )
    assert ran.code == 0
    assert "cells cannot be read and count as missing" in ran.err


@pytest.mark.parametrize("name", ["rejects.csv", "rejects.jsonl"])
def test_rejected_cells(healthdsl: Program, name: str) -> None:
    healthdsl.file("rows.health", ROWS)
    healthdsl.file("accounts.csv", "account_id;seats;NPS Score\nA-1;12,5;=7\nA-2;1 000;400\nA-3;5;\n")
    healthdsl.file("t.csv", "account_id,opened,kind,hours\nA-3,2026-03-30,bugg,1\nA-1,2026-03-01,bug,1h\n")
    files = []
    for engine in ("record", "duckdb"):
        arguments = ["rows.health", "accounts.csv", "--rows", "tickets=t.csv", *DAY]
        ran = healthdsl("score", *arguments, "--engine", engine, "--rejects", name, "--format", "csv")
        assert ran.code == 0
        files.append(sorted((healthdsl.folder / name).read_text().splitlines()))
    assert files[0] == files[1]
    assert len(files[0]) == 6 + (name == "rejects.csv")
    assert sum("did you mean `bug`?" in line for line in files[0]) == 1
    assert sum("write 12.5" in line for line in files[0]) == 0  # a count may not be broken
    assert sum("write 1000" in line for line in files[0]) == 1


TEXTS = {
    "plain": ACCOUNTS,
    "byte order mark": "\ufeff" + ACCOUNTS,
    "semicolons": ACCOUNTS.replace(",", ";"),
    "tabs": ACCOUNTS.replace(",", "\t"),
    "windows": ACCOUNTS.replace("\n", "\r\n"),
    "both line ends": ACCOUNTS.replace("45\n", "45\r\n"),
    "no last line end": ACCOUNTS.rstrip("\n"),
    "blank lines": ACCOUNTS.replace("\n", "\n\n"),
    "lines of blanks": ACCOUNTS.replace("A-2", "   \n\t\nA-2"),
    "rows of blank cells": ACCOUNTS.replace("A-2", ",,,\n , ,,\nA-2"),
    "blank lines first": "\n\n" + ACCOUNTS,
    "blanks first": "   \n" + ACCOUNTS,
    "blanks around names": ACCOUNTS.replace("seats", " seats "),
    "quoted": ACCOUNTS.replace("Acme", '"Acme, ""the"" best"'),
    "quotes within": ACCOUNTS.replace("Acme", 'Ac"me'),
    "line end in quotes": ACCOUNTS.replace("Acme", '"Ac\nme"'),
    "line end in a name": ACCOUNTS.replace("seats", '"se\nats"'),
    "blank before a quote": ACCOUNTS.replace("Acme", ' "Acme"'),
    "blank before a quoted number": ACCOUNTS.replace("120", ' "120"'),
    "ids with blanks": ACCOUNTS.replace("A-1", " A-1\u00a0"),
    "ids of numbers": ACCOUNTS.replace("A-", ""),
    "columns twice": "account_id,x,seats,NPS Score,x\nA-1,a,1,2,b\n",
    "no id": ACCOUNTS.replace("account_id", "who"),
    "no name": ACCOUNTS.replace("name", "who"),
    "two names": ACCOUNTS.replace("name,seats", "name,account_name").replace("NPS Score", "seats"),
    "other case": ACCOUNTS.replace("seats", "Seats"),
    "a column missing": ACCOUNTS.replace("NPS Score", "NPS"),
    "no column": "account_id,x\nA-1,1\n",
    "formulas": ACCOUNTS.replace("Acme", "=1+1").replace("Birch", "@x").replace("A-3", "-3"),
    "formula of full width": ACCOUNTS.replace("Acme", "\uff1dx").replace("Birch", "  =x"),
    "unsafe letters": ACCOUNTS.replace("Acme", "A\x1b[2J\u202e\x7f\x85e").replace("Birch", "\u2028\ufeff"),
    "commas and quotes": ACCOUNTS.replace("Acme", '"a,b"').replace("Birch", '"say ""hi"""'),
    "hash": ACCOUNTS.replace("A-1", "#1"),
    "texts that mean nothing": ACCOUNTS.replace("Acme", "NULL").replace("Birch", "null"),
    "wrong cells": ACCOUNTS.replace("120", "x").replace("45", "4.5.6").replace("-20", "-101"),
    "one column": "seats\n1\n\n2\n",
    "short row": ACCOUNTS + "A-4,x\n",
    "long row": ACCOUNTS + "A-4,x,1,2,3\n",
    "open quote": ACCOUNTS + 'A-4,"x,1,2\nA-5,y,1,2\n',
    "text after a quote": ACCOUNTS + 'A-4,"x"y,1,2\n',
    "nul": ACCOUNTS + "A-4,x\0,1,2\n",
    "old mac": ACCOUNTS.replace("\n", "\r"),
    "bare return": ACCOUNTS.replace("Acme", "Ac\rme"),
    "id twice": ACCOUNTS + "A-1,x,1,2\n",
    "no id in a row": ACCOUNTS + ",x,1,2\n",
    "blank id in a row": ACCOUNTS + "  ,x,1,2\n",
    "header alone": "account_id,seats,NPS Score\n",
    "empty": "",
    "blank": " \n\n",
    "pipes": ACCOUNTS.replace(",", "|"),
    "column twice": ACCOUNTS.replace("name", "seats"),
}
REFUSED = {
    *(
        "no column",
        "short row",
        "long row",
        "open quote",
        "text after a quote",
        "nul",
        "old mac",
        "bare return",
    ),
    *("id twice", "no id in a row", "blank id in a row", "header alone", "empty", "blank", "pipes"),
    "column twice",
}


@pytest.mark.parametrize("kind", thinned(TEXTS, 3))
def test_csv_of_every_kind(healthdsl: Program, kind: str) -> None:
    healthdsl.file("a.csv", TEXTS[kind])
    ran, written = by_both(healthdsl, "tiny.health", "a.csv")
    assert (ran.code == 2) == (kind in REFUSED), ran
    assert bool(written) == (kind not in REFUSED)


@pytest.mark.parametrize(
    "content", [ACCOUNTS.encode("utf-16"), ACCOUNTS.replace("Acme", "é").encode("latin-1"), b"PK\x03\x04abc"]
)
def test_files_that_are_no_utf8(healthdsl: Program, content: bytes) -> None:
    healthdsl.file("a.csv", content)
    ran, _ = by_both(healthdsl, "tiny.health", "a.csv")
    assert ran.code == 2


def record(number: int, **more: object) -> dict[str, object]:
    return {"account_id": f"A-{number}", "name": f"n{number}", "seats": 12, "NPS Score": -3, **more}


JSONS: dict[str, list[object]] = {
    "plain": [record(1), record(2, seats=None), record(3, seats="7", name=None)],
    "missing keys": [{"account_id": "A-1"}, record(2), {"account_id": "A-3", "NPS Score": 5}],
    "ids of every kind": [record(1, account_id=k) for k in (1, 2.0, 3.5, " x ", "4", 10**20, 1e22)],
    "nested rows": [
        record(1, tickets=[{"opened": "2026-03-01", "kind": "bug", "hours": 2.5}] * 2),
        record(2, tickets=[]),
        record(3, tickets=None),
        record(4),
        record(5, tickets=[{"opened": "2026-03-01", "kind": "x"}, {"hours": "1h"}, {}]),
    ],
    "wrong values": [record(1, seats=True), record(2, seats=[1]), record(3, **{"NPS Score": {}}), record(4)],
    "unsafe letters": [record(1, name="a\u202eb\x1b\u0000"), record(2, name='q"\\,;\n')],
    "id twice": [record(1), record(1)],
    "no id": [record(1), {"seats": 1}],
    "no record": [],
    "a number": [5],
}
JSONS_REFUSED = {"id twice", "no id", "no record", "a number"}


@pytest.mark.parametrize("ending", ["json", "jsonl"])
@pytest.mark.parametrize("kind", thinned(JSONS))
def test_json_of_every_kind(healthdsl: Program, kind: str, ending: str) -> None:
    healthdsl.file("rows.health", ROWS)
    records = JSONS[kind]
    lines = "".join(f"{json.dumps(each)}\n" for each in records)
    healthdsl.file(f"a.{ending}", json.dumps(records, indent=1) if ending == "json" else lines)
    ran, written = by_both(healthdsl, "rows.health", f"a.{ending}", *DAY)
    assert (ran.code == 2) == (kind in JSONS_REFUSED), ran
    assert bool(written) == (kind not in JSONS_REFUSED)


def test_rows_that_are_no_list_are_refused(healthdsl: Program) -> None:
    healthdsl.file("rows.health", ROWS)
    for wrong in (5, ["x"], {"a": 1}):
        healthdsl.file("a.jsonl", json.dumps(record(1, tickets=wrong)))
        for engine in ("record", "duckdb"):
            ran = healthdsl("score", "rows.health", "a.jsonl", *DAY, "--engine", engine, "--format", "csv")
            assert ran.code == 2
            assert "tickets" in ran.err


@pytest.mark.parametrize(
    "text",
    [
        '{"account_id": 1, "account_id": 2}\n',
        "{\n",
        '{"account_id": 1}\nx\n',
        "[1, 2]\n",
        "\n",
    ],
)
def test_broken_json_lines(healthdsl: Program, text: str) -> None:
    healthdsl.file("a.jsonl", text)
    ran, _ = by_both(healthdsl, "tiny.health", "a.jsonl")
    assert ran.code == 2


def test_rows_of_files(healthdsl: Program) -> None:
    healthdsl.file("rows.health", ROWS)
    days = ("A-1,2026-03-01,bug,0.1", "A-1,2026-03-02,wish,0.2", "A-2,2026-04-30,bug,7")
    rows = "\n".join(["account_id,opened,kind,hours", *days, ""])
    healthdsl.file("t.csv", rows)
    ran, written = by_both(healthdsl, "rows.health", "accounts.csv", "--rows", "tickets=t.csv", *DAY)
    assert ran.code == 0
    assert b"A-1,Acme,100,good,1,big" in written


@pytest.mark.parametrize(
    "text",
    [
        "account_id,kind\nA-1,bug\n",  # no date
        "who,opened\nA-1,2026-03-01\n",
        "account_id,opened,kind\nZ-9,2026-03-01,bug\n",
        "",
        "account_id,opened\n",
    ],
)
def test_odd_files_of_rows(healthdsl: Program, text: str) -> None:
    healthdsl.file("rows.health", ROWS)
    healthdsl.file("t.csv", text)
    by_both(healthdsl, "rows.health", "accounts.csv", "--rows", "tickets=t.csv", *DAY)


def test_compressed_files(healthdsl: Program) -> None:
    healthdsl.file("a.csv.gz", gzip.compress(ACCOUNTS.encode()))
    ran, written = by_both(healthdsl, "tiny.health", "a.csv.gz")
    assert ran.code == 0
    assert written.count(b"\n") == 4
    healthdsl.file("a.csv.gz", gzip.compress(ACCOUNTS.encode())[:-9])
    assert by_both(healthdsl, "tiny.health", "a.csv.gz")[0].code == 2


def test_a_planted_difference_is_seen(healthdsl: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from healthdsl.batch import record_rows

    monkeypatch.setattr(record_rows.RecordRows, "_shown", lambda self, output, value: value or 7.0)
    with pytest.raises(AssertionError):
        by_both(healthdsl, "tiny.health", "accounts.csv")


def test_names_of_strangers_are_only_names(healthdsl: Program) -> None:
    for name in ("a'b.csv", "we[1]rd*?.csv", 'q"uo;te.csv', "a b\u202e.csv"):
        healthdsl.file(name, ACCOUNTS)
        Path(healthdsl.folder / "we1rdXX.csv").write_text("account_id,seats,NPS Score\nother,1,1\n")
        ran, written = by_both(healthdsl, "tiny.health", name)
        assert ran.code == 0
        assert b"A-3,Cobalt" in written
