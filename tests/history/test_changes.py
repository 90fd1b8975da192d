"""`changes`: what moved, split into what the accounts did and what the ruleset did. Scores by hand.

tiny: 60 for NPS (0 below 0, else 100) and 40 for seats (50 below 10, else 100); poor below 50.
"""

import atexit
import contextlib
import io
import json
import shutil
import tempfile
from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from healthdsl.cli.main import run
from tests.history.program import ACCOUNTS, RULESET, Program, keep

LATER = """\
account_id,name,seats,NPS Score
A-1,Acme,120,-5
A-2,Birch,12,-20
A-4,Dune,50,50
"""
NEWER = (
    RULESET.replace("  60 nps\n  40 seats", "  40 nps\n  60 seats")
    .replace("1.2.0", "1.3.0")
    .replace("least 100", "least 200")
)
RISK = RULESET.replace("poor red", "poor green").replace("good green", "good red")
FORMULA = """\
ruleset tiny
  language 1

signal seats count "Seats"
signal nps   number from -100 to 100
  column "NPS Score"

score health = seats * 2 + nps
  -10 when nps below 0 "Unhappy"
"""
OLDER = defaultdict(lambda: RULESET, {RISK: RISK, FORMULA: FORMULA})


def two_days(program: Program, newer: str = RULESET) -> None:
    """The runs of two days in `runs`, the second by `newer`, which is in tiny.health afterwards."""
    program.file("tiny.health", newer)
    shutil.copytree(_made(newer), program.folder / "runs")


@cache
def _made(newer: str) -> Path:
    """The same runs for every test that asks for them; scoring takes most of the time."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for day, text, accounts in (("2026-03-01", OLDER[newer], ACCOUNTS), ("2026-03-31", newer, LATER)):
        (folder / "tiny.health").write_text(text)
        (folder / "accounts.csv").write_text(accounts)
        with contextlib.redirect_stdout(io.StringIO()):
            files = [str(folder / name) for name in ("tiny.health", "accounts.csv")]
            assert run(["score", *files, "--as-of", day, "--history", str(folder / "runs")]) == 0
    return folder / "runs"


def told(program: Program, *options: str) -> dict[str, Any]:
    ran = program("changes", "--history", "runs", "--format", "json", *options)
    assert ran.code == 0, ran.err
    found = json.loads(ran.out)
    assert isinstance(found, dict)
    return found


def test_a_book_by_the_same_rules(healthdsl: Program) -> None:
    two_days(healthdsl)
    found = told(healthdsl)
    # A-1 from 100 to 40, A-2 from 20 to 40; A-3 had no score and is gone, A-4 is new.
    assert (found["compared"], found["better"], found["worse"], found["same"]) == (2, 1, 1, 0)
    assert found["average"] == {"total": -20.0, "account": -20.0, "ruleset": 0.0}
    assert found["parts"] == [{"title": "NPS", "change": -30.0}, {"title": "Seats", "change": 10.0}]
    assert [(each["id"], each["split"]["total"]) for each in found["drops"]] == [("A-1", -60.0)]
    assert found["drop_count"] == 1
    (crossing,) = found["crossings"]
    assert (crossing["before"]["name"], crossing["after"]["name"]) == ("good", "poor")
    assert (crossing["accounts"], crossing["better"]) == (1, False)
    assert [each["id"] for each in found["new"]] == ["A-4"]
    assert [each["id"] for each in found["gone"]] == ["A-3"]
    assert (found["runs"]["before"]["accounts"], found["runs"]["before"]["scored"]) == (3, 2)
    assert found["runs"]["same_rules"] is True


def test_flags_and_plays_of_a_book_and_of_an_account(healthdsl: Program) -> None:
    two_days(healthdsl)
    (call,) = told(healthdsl)["raised"]  # A-1 is poor now, A-2 stays so, A-3 is gone
    assert (call["word"], call["name"], call["title"]) == ("play", "call", "Call them")
    assert call["raised"] == {"accounts": 1, "by_ruleset": 0, "listed": [{"id": "A-1", "name": "Acme"}]}
    assert call["ended"] == {"accounts": 0, "by_ruleset": 0, "listed": []}
    (line,) = told(healthdsl, "--account", "A-1")["account"]["raised"]
    assert (line["name"], line["is_raised"], line["by_ruleset"]) == ("call", True, False)
    assert told(healthdsl, "--account", "A-2")["account"]["raised"] == []


def test_who_ended_a_flag_between_different_rulesets(healthdsl: Program) -> None:
    # By the newer rules A-1 was never big, and A-2 was poor (30) until its seats grew (60).
    two_days(healthdsl, NEWER)
    found = {
        each["name"]: each["ended"] for each in told(healthdsl, "--ruleset-file", "tiny.health")["raised"]
    }
    assert {name: (each["accounts"], each["by_ruleset"]) for name, each in found.items()} == {
        "big": (1, 1),
        "call": (1, 0),
    }
    unknown = told(healthdsl)["raised"]
    assert [each["ended"]["by_ruleset"] for each in unknown] == [None, None]
    said = healthdsl("changes", "--history", "runs", "--ruleset-file", "tiny.health").out
    assert "  Big (flag)\n      no longer raised for 1 account, by the ruleset: Acme (A-1)\n" in said
    assert (
        "  Call them (play)\n      no longer raised for 1 account, by what changed in the accounts: Birch"
        in said
    )


def test_a_drop_is_as_large_as_asked(healthdsl: Program) -> None:
    two_days(healthdsl)
    assert told(healthdsl, "--drop", "60")["drop_count"] == 1
    below = told(healthdsl, "--drop", "60.01")
    assert (below["drop_count"], below["crossed_count"]) == (0, 1)
    assert [each["id"] for each in below["crossed"]] == ["A-1"]


@pytest.mark.slow
def test_where_lower_is_better_a_rise_is_a_drop(healthdsl: Program) -> None:
    two_days(healthdsl, RISK)
    found = told(healthdsl)
    assert [each["id"] for each in found["drops"]] == ["A-2"]
    assert found["crossings"][0]["better"] is True


def test_an_account_by_the_same_rules(healthdsl: Program) -> None:
    two_days(healthdsl)
    found = told(healthdsl, "--account", "A-1")["account"]
    assert (found["before"], found["after"]) == (100.0, 40.0)
    assert (found["band_before"]["name"], found["band_after"]["name"]) == ("good", "poor")
    assert found["split"] == {"total": -60.0, "account": -60.0, "ruleset": 0.0}
    (cause,) = found["causes"]
    assert (cause["title"], cause["before"], cause["after"], cause["change"]) == ("NPS", 100.0, 0.0, -60.0)
    assert cause["signals"] == [{"name": "nps", "title": "NPS", "before": "45", "after": "-5"}]
    assert (found["rule_causes"], found["signals"]) == ([], [])


def test_other_rules_without_their_file_are_not_split(healthdsl: Program) -> None:
    two_days(healthdsl, NEWER)
    found = told(healthdsl, "--account", "A-2")
    # 0.6 * 0 + 0.4 * 50 was 20; 0.4 * 0 + 0.6 * 100 is 60.
    assert found["account"]["split"] == {"total": 40.0, "account": None, "ruleset": None}
    assert "--ruleset-file" in found["runs"]["unsplit"]
    text = " ".join(healthdsl("changes", "--history", "runs").out.split())
    assert "cannot be told apart" in text
    assert "--ruleset-file" in text


def test_other_rules_with_their_file(healthdsl: Program) -> None:
    two_days(healthdsl, NEWER)
    found = told(healthdsl, "--account", "A-2", "--ruleset-file", "tiny.health")["account"]
    # By the newer rules the older signals give 0.6 * 50 = 30: the ruleset did +10, the account +30.
    assert found["split"] == {"total": 40.0, "account": 30.0, "ruleset": 10.0}
    assert [(each["title"], each["change"]) for each in found["causes"]] == [("Seats", 30.0)]
    assert [(each["title"], each["change"]) for each in found["rule_causes"]] == [("Seats", 10.0)]
    book = told(healthdsl, "--ruleset-file", "tiny.health")
    # the ruleset 0, the account -40. On average 0, of it -5 and +5.
    assert book["average"] == {"total": 0.0, "account": -5.0, "ruleset": 5.0}
    text = healthdsl("changes", "--history", "runs", "--account", "A-2", "--ruleset-file", "tiny.health").out
    assert "+30.00 by what changed in the account, +10.00 by the ruleset" in " ".join(text.split())


def test_a_score_without_parts_is_its_own_cause(healthdsl: Program) -> None:
    two_days(healthdsl, FORMULA)
    found = told(healthdsl, "--account", "A-1", "--from", "2026-03-01")["account"]
    # 120 * 2 + 45 was 285, 120 * 2 - 5 - 10 is 225.
    assert [(each["title"], each["change"]) for each in found["causes"]] == [
        ("Health", -50.0),
        ("Unhappy", -10.0),
    ]
    assert [each["name"] for each in found["causes"][0]["signals"]] == ["nps"]


@pytest.mark.slow
def test_a_newer_rule_that_asks_for_a_signal_the_run_has_not(healthdsl: Program) -> None:
    more = NEWER.replace(
        "measure nps",
        'signal calls count "Calls"\n\nmeasure calls ladder\n'
        "  below 3   -> 0\n  otherwise -> 100\n\nmeasure nps",
    )
    two_days(healthdsl, more.replace("  60 seats", "  60 seats\n  100 calls"))
    found = told(healthdsl, "--ruleset-file", "tiny.health")
    assert found["runs"]["notes"] == [
        "The run of 2026-03-01 has not kept Calls: the newer ruleset was tried without."
    ]
    assert found["average"]["ruleset"] == 5.0


def test_an_account_that_lost_its_score(healthdsl: Program) -> None:
    keep(healthdsl, "2026-03-01", accounts=ACCOUNTS)
    keep(healthdsl, "2026-03-31", accounts="account_id,name,seats,NPS Score\nA-1,Acme,,\nA-3,Cobalt,5,5\n")
    found = told(healthdsl)
    assert (found["compared"], found["lost_score"], found["got_score"]) == (0, 1, 1)
    assert (found["average"], found["parts"]) == (None, [])
    one = told(healthdsl, "--account", "A-1")["account"]
    assert (one["before"], one["after"], one["split"], one["causes"]) == (100.0, None, None, [])
    assert [(each["name"], each["after"]) for each in one["signals"]] == [
        ("seats", "missing"),
        ("nps", "missing"),
    ]


def test_text_and_markdown(healthdsl: Program) -> None:
    two_days(healthdsl)
    text = healthdsl("changes", "--history", "runs").out
    for said in (
        "1 better, 1 worse, 0 the same, 1 new, 1 gone",
        "Good to Poor: 1 account (worse)",
        "Sudden drops (15 points or more): 1",
        "Acme (A-1): 100 Good, then 40 Poor",
    ):
        assert said in text
    one = healthdsl("changes", "--history", "runs", "--account", "A-1").out
    assert "2026-03-01 100 Good █▁ 2026-03-31 40 Poor" in one
    assert healthdsl("changes", "--history", "runs", "-o", "c.md").code == 0
    written = (healthdsl.folder / "c.md").read_text()
    assert "| Acme (A-1) | 100 Good, then 40 Poor | −60.00 |" in written
    assert healthdsl("changes", "--history", "runs", "--account", "A-1", "--format", "md").out.startswith(
        "# Acme"
    )


def test_a_stranger_s_name_is_text(healthdsl: Program) -> None:
    keep(healthdsl, "2026-03-01", accounts="account_id,name,seats,NPS Score\nX,<b>|*a*\x1b[31m,120,45\n")
    keep(healthdsl, "2026-03-31", accounts="account_id,name,seats,NPS Score\nX,<b>|*a*\x1b[31m,120,-5\n")
    found = healthdsl("changes", "--history", "runs", "--format", "md").out
    assert "<b>" not in found
    assert "\\*a\\*" in found
    assert healthdsl("changes", "--history", "runs").code == 0


# What cannot be done ---------------------------------------------------------


def refused(program: Program, *options: str, history: str = "runs") -> str:
    ran = program("changes", "--history", history, *options)
    assert (ran.code, ran.out) == (2, "")
    return ran.err


def test_no_history(healthdsl: Program) -> None:
    assert "there is no such folder" in refused(healthdsl)
    (healthdsl.folder / "runs").mkdir()
    assert "there is no run in this folder" in refused(healthdsl)
    keep(healthdsl, "2026-03-01")
    assert "2026-03-01 is the first, so there is nothing to compare it with" in refused(healthdsl)


def test_days_without_a_run(healthdsl: Program) -> None:
    two_days(healthdsl)
    assert (
        "--to 2026-03-30: there is no run of `tiny` for this day. The nearest are 2026-03-01, 2026-03-31"
        in (refused(healthdsl, "--to", "2026-03-30"))
    )
    assert "--from 2026-03-31 is not before" in refused(healthdsl, "--from", "2026-03-31")
    assert "this is no date" in refused(healthdsl, "--from", "March")
    for drop in ("0", "-3", "many", "NaN", "Infinity"):
        assert f"--drop {drop}: this is no number of points above 0" in refused(healthdsl, "--drop", drop)


def test_which_ruleset(healthdsl: Program) -> None:
    two_days(healthdsl)
    assert "there is no run of `tine` (did you mean `tiny`?), only of `tiny`" in refused(
        healthdsl, "--ruleset", "tine"
    )
    healthdsl.file("tiny.health", RULESET.replace("ruleset tiny", "ruleset other"))
    keep(healthdsl, "2026-03-31")
    assert "there are runs of `other`, `tiny`. Name one with --ruleset other" in refused(healthdsl)
    assert healthdsl("changes", "--history", "runs", "--ruleset", "tiny").code == 0
    assert "this is `other`, and the runs are of `tiny`" in (
        refused(healthdsl, "--ruleset", "tiny", "--ruleset-file", "tiny.health")
    )


def test_the_file_of_another_version(healthdsl: Program) -> None:
    two_days(healthdsl, NEWER)
    healthdsl.file("old.health", RULESET)
    assert "It is that of the older run." in refused(healthdsl, "--ruleset-file", "old.health")
    healthdsl.file("old.health", NEWER.replace("below 50", "below 55"))
    said = refused(healthdsl, "--ruleset-file", "old.health")
    assert "this is version 1.3.0 with the fingerprint" in said
    assert "It is that of" not in said


def test_an_account_without_history(healthdsl: Program) -> None:
    two_days(healthdsl)
    assert "no run of `tiny` has an account `A-9`" in refused(healthdsl, "--account", "A-9")
    assert "`A-3` is not in both runs" in refused(healthdsl, "--account", "A-3")


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda path: path.write_bytes(path.read_bytes()[:-100]), "it is no whole Parquet file"),
        (lambda path: path.write_bytes(b""), "it is no whole Parquet file"),
        (lambda path: path.rename(path.with_name("other.parquet")), "is the first"),
        (
            lambda path: path.write_bytes((path.parents[1] / "as_of=2026-03-01" / path.name).read_bytes()),
            "it is of the day 2026-03-01",
        ),
        (lambda path: path.parent.rename(path.parents[1] / "as_of=soon"), "this is no day of a history"),
    ],
)
def test_a_damaged_history(healthdsl: Program, damage: Any, said: str) -> None:
    two_days(healthdsl)
    path = healthdsl.folder / "runs" / "as_of=2026-03-31" / "tiny.parquet"
    damage(path)
    found = refused(healthdsl, "--ruleset", "tiny")
    assert said in found
    assert "runs" in found


@pytest.mark.slow
def test_a_file_that_is_no_run(healthdsl: Program) -> None:
    two_days(healthdsl)
    target = healthdsl.folder / "runs" / "as_of=2026-03-31" / "tiny.parquet"
    assert healthdsl("score", "tiny.health", "accounts.csv", "-o", "plain.parquet").code == 0
    (healthdsl.folder / "plain.parquet").replace(target)
    assert "it is no run that `score --history` kept" in refused(healthdsl)
    target.with_name(".tiny.0123.tmp").write_bytes(b"half")
    keep(healthdsl, "2026-03-31")
    assert healthdsl("changes", "--history", "runs").code == 0


def test_shares_of_the_json_add_up(healthdsl: Program) -> None:
    two_days(healthdsl, NEWER)
    found = told(healthdsl, "--account", "A-1", "--ruleset-file", "tiny.health")["account"]
    split = {key: Decimal(str(value)) for key, value in found["split"].items()}
    assert split["account"] + split["ruleset"] == split["total"] == Decimal(-40)


GAP = "account_id,name,seats,NPS Score\nA-1,Acme,5,\nA-2,Birch,5,10\n"
FILLED = "account_id,name,seats,NPS Score\nA-1,Acme,5,10\nA-2,Birch,50,10\n"


def test_what_became_known_is_no_gain_of_its_part(healthdsl: Program) -> None:
    keep(healthdsl, "2026-03-01", accounts=GAP)
    keep(healthdsl, "2026-03-31", accounts=FILLED)
    found = told(healthdsl)
    # A-1 is 50 by its seats alone, then 0.6 * 100 + 0.4 * 50 = 80. A-2 is 60 + 20, then 60 + 40.
    assert found["average"]["total"] == 25.0
    known, seats = found["parts"]
    assert known["title"].endswith("NPS (known now in 1 account)")
    assert (known["change"], seats) == (15.0, {"title": "Seats", "change": 10.0})


@pytest.mark.parametrize(
    ("rule", "rest"), [("  -10 when nps below 0", -5.0), ("  cap at 30 when nps below 0", -5.0)]
)
def test_the_averages_add_up_with_steps_and_limits(healthdsl: Program, rule: str, rest: float) -> None:
    healthdsl.file("tiny.health", RULESET.replace("  40 seats\n", f"  40 seats\n{rule}\n"))
    keep(
        healthdsl, "2026-03-01", accounts="account_id,name,seats,NPS Score\nA-1,Acme,50,45\nA-2,Birch,50,45\n"
    )
    keep(
        healthdsl, "2026-03-31", accounts="account_id,name,seats,NPS Score\nA-1,Acme,50,-5\nA-2,Birch,50,45\n"
    )
    found = told(healthdsl)
    # A-1 from 100 to 40, and 10 less by the rule: half of both on average.
    assert found["average"]["total"] == -35.0
    assert found["parts"] == [
        {"title": "NPS", "change": -30.0},
        {"title": "Adjustments, limits and rounding", "change": rest},
    ]


def test_the_cause_of_one_account_that_became_known_is_named(healthdsl: Program) -> None:
    keep(healthdsl, "2026-03-01", accounts=GAP)
    keep(healthdsl, "2026-03-31", accounts=GAP.replace("A-1,Acme,5,", "A-1,Acme,50,-5"))
    found = told(healthdsl, "--account", "A-1")["account"]
    # 50 by its seats alone; then 0.6 * 0 + 0.4 * 100. The seats did 0.4 * 50, the NPS took 0.6 of the 50.
    assert [(each["kind"], each["title"], each["change"]) for each in found["causes"]] == [
        ("became known", "NPS became known (0 points)", -30.0),
        ("part", "Seats", 20.0),
    ]
    assert [each["name"] for each in found["causes"][0]["signals"]] == ["nps"]


def causes(program: Program, *options: str) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """What the account did, and what the ruleset did: kind, title and points of each cause."""
    found = told(program, *options)["account"]
    return tuple(  # type: ignore[return-value]
        [(each["kind"], each["title"], each["change"]) for each in found[side]]
        for side in ("causes", "rule_causes")
    )


def test_what_became_known_between_different_rulesets(healthdsl: Program) -> None:
    keep(healthdsl, "2026-03-01", accounts=GAP)
    # A-1 is 50 by its seats alone. By the newer rules 0.4 * 100 + 0.6 * 50 with its NPS.
    healthdsl.file("tiny.health", NEWER)
    keep(healthdsl, "2026-03-31", accounts=GAP.replace("A-1,Acme,5,", "A-1,Acme,5,10"))
    assert causes(healthdsl, "--account", "A-1") == (
        [("became known", "NPS became known (100 points)", 40.0), ("part", "Seats", -20.0)],
        [],
    )
    parts = told(healthdsl)["parts"]  # on average of two; A-2 goes from 60 + 20 to 40 + 30
    assert parts == [
        {"title": "Became known or unknown: NPS (known now in 1 account)", "change": 20.0},
        {"title": "NPS", "change": -10.0},
        {"title": "Seats", "change": -5.0},
    ]


def test_what_the_ruleset_made_known_or_a_part(healthdsl: Program) -> None:
    keep(healthdsl, "2026-03-01", accounts=GAP)
    known = RULESET.replace(
        "otherwise -> 100\n\nmeasure seats", "otherwise -> 100\n  missing -> 20\n\nmeasure seats"
    )
    more = known.replace("score health", "measure base = 50\n\nscore health").replace(
        "  40 seats\n", "  40 seats\n  100 base\n"
    )
    healthdsl.file("tiny.health", more)
    keep(healthdsl, "2026-03-31", accounts=GAP)
    # A-1 was 50, and is (60 * 20 + 40 * 50 + 100 * 50) / 200 = 41.
    assert causes(healthdsl, "--account", "A-1", "--ruleset-file", "tiny.health") == (
        [],
        [
            ("part", "Seats", -40.0),
            ("another place", "Base is a part now (50 points)", 25.0),
            ("became known", "NPS became known (20 points)", 6.0),
        ],
    )
    (average,) = [
        each["title"]
        for each in told(healthdsl, "--ruleset-file", "tiny.health")["parts"]
        if "nown" in each["title"]
    ]
    assert average == "Became known or unknown by the ruleset: NPS (known now in 1 account)"


STAGES = RULESET.replace(
    "score health average\n  60 nps\n  40 seats",
    "measure nps_late = nps\n  only when seats at least 5\n\n"
    "score health average for new when seats below 10\n  50 seats\n  50 nps\n"
    "score health average for old when seats at least 10\n  50 seats\n  30 nps_late\n  20 nps",
)


def test_another_variant_and_a_part_that_applies_now(healthdsl: Program) -> None:
    healthdsl.file("tiny.health", STAGES)
    keep(healthdsl, "2026-03-01", accounts="account_id,name,seats,NPS Score\nA-1,Acme,8,50\n")
    keep(healthdsl, "2026-03-31", accounts="account_id,name,seats,NPS Score\nA-1,Acme,50,50\n")
    # (50 + 100) / 2 is 75; then 50 + 15 + 20 is 85: the seats did 25, the other variant 15 - 30.
    assert causes(healthdsl, "--account", "A-1")[0] == [
        ("part", "Seats", 25.0),
        ("another place", "Another variant of the rules applies: Nps late (50 points) is a part now", -15.0),
    ]
    one, two = told(healthdsl)["parts"]
    assert (one, two["change"]) == ({"title": "Seats", "change": 25.0}, -15.0)
    assert two["title"].endswith("(in 1 account)")
    guarded = STAGES.replace("old when seats at least 10", "old when seats at least 1")
    guarded = guarded.replace("new when seats below 10", "new when seats below 1").replace(
        "least 5", "least 10"
    )
    healthdsl.file("tiny.health", guarded)
    keep(healthdsl, "2026-03-01", accounts="account_id,name,seats,NPS Score\nA-1,Acme,8,50\n")
    keep(healthdsl, "2026-03-31", accounts="account_id,name,seats,NPS Score\nA-1,Acme,50,50\n")
    # Without it (50 * 50 + 20 * 100) / 70 = 64.29, then 50 + 15 + 20 = 85; the seats did 25 of that.
    seats, late = causes(healthdsl, "--account", "A-1")[0]
    assert (seats[1:], late[1]) == (("Seats", 25.0), "Nps late counts now (50 points)")
    assert late[2] == pytest.approx(-4.29)


def test_a_cap_that_stopped_biting_is_no_good_news(healthdsl: Program) -> None:
    healthdsl.file(
        "tiny.health", RULESET.replace("  40 seats\n", "  40 seats\n  cap at 30 when seats below 90\n")
    )
    keep(healthdsl, "2026-03-01", accounts="account_id,name,seats,NPS Score\nA-1,Acme,50,45\n")
    keep(healthdsl, "2026-03-31", accounts="account_id,name,seats,NPS Score\nA-1,Acme,5,-5\n")
    found = told(healthdsl, "--account", "A-1")["account"]
    # 100, capped at 30; then 0.4 * 50 = 20, with nothing to cap.
    assert (found["before"], found["after"]) == (30.0, 20.0)
    (cap,) = [each for each in found["causes"] if each["kind"] == "adjustment"]
    assert (cap["change"], cap["remark"]) == (70.0, "no longer lowers the score, which is lower all the same")
