"""`check` tells findings in four forms, looks through folders, and mends what has one safe answer."""

import json
import re
from typing import Any

import pytest

from tests.cli.program import RULESET, Program

SHADOWED = RULESET.replace(
    'measure nps ladder\n  below 0   -> 0    "Unhappy"\n  otherwise -> 100\n',
    "measure nps first match\n  when nps above 0  -> 100\n  when nps above 50 -> 80\n  otherwise -> 0\n",
)
ALLOW = "# healthdsl: allow W508 because 100% of them, they say: fine"
SHARED = RULESET.replace(
    "bands health\n  below 50  -> poor red\n",
    "bands health\n  up to 50  -> poor red\n  from 50 to 70 -> fair\n",
)


def test_a_finding_is_told_with_its_account(healthdsl: Program) -> None:
    healthdsl.file("dead.health", SHADOWED)
    ran = healthdsl("check", "dead.health")
    assert ran.code == 1
    assert "warning[W508]" in ran.out
    assert "= shown by nps 75: gets `100` from line 10\n" in ran.out
    assert ran.out.endswith("1 finding in 1 file\n")


def test_both_doors_say_the_same(healthdsl: Program) -> None:
    healthdsl.file("dead.health", SHADOWED)
    short = healthdsl("check", "dead.health", "tiny.health")
    assert short == healthdsl("check", "dead.health", "tiny.health", "--format", "text")


def test_verbose_tells_the_range_and_what_is_allowed(healthdsl: Program) -> None:
    healthdsl.file("dead.health", SHADOWED.replace("-> 80", f"-> 80  {ALLOW}"))
    ran = healthdsl("check", "--verbose", "dead.health")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0] == "dead.health: no mistakes found"
    assert lines[1] == "dead.health:11: W508 is allowed: 100% of them, they say: fine"
    assert lines[2].startswith("dead.health: health is from 0 to 100 (")


def test_folders(healthdsl: Program) -> None:
    for folder in ("more/deep", "more/.hidden", "none"):
        (healthdsl.folder / folder).mkdir(parents=True)
    healthdsl.file("more/deep/dead.health", SHADOWED)
    healthdsl.file("more/.hidden/dead.health", SHADOWED)
    healthdsl.file("more/tiny.health", RULESET)
    ran = healthdsl("check", "more", "more/tiny.health", "tiny.health")
    assert ran.code == 1
    assert ran.out.endswith("1 finding in 3 files\n")
    healthdsl.file("none/readme.txt", "")
    ran = healthdsl("check", "none")
    assert ran.code == 2
    assert ran.err == "error: none: this is a folder without rulesets. Their names end in .health.\n"


# Forms --------------------------------------------------------------------------------


def test_json(healthdsl: Program) -> None:
    healthdsl.file("dead.health", SHADOWED)
    healthdsl.file("bad.health", RULESET.replace("60 nps", "60 npz"))
    ran = healthdsl("check", "--format", "json", "dead.health", "bad.health", "tiny.health")
    assert ran.code == 1
    told: dict[str, Any] = json.loads(ran.out)
    assert (told["version"], told["found"]) == (1, 2)
    dead, bad, tiny = told["files"]
    (finding,) = dead["findings"]
    assert (finding["code"], finding["severity"], finding["about"]) == ("W508", "warning", "nps")
    assert finding["place"] == {
        "file": "dead.health",
        "line": 11,
        "column": 3,
        "end_line": 11,
        "end_column": 26,
    }
    (shown,) = finding["shown"]
    assert shown["facts"] == {"nps": 75.0}
    assert shown["outcome"] == "gets `100` from line 10"
    assert [each["severity"] for each in bad["findings"]] == ["error"]
    assert bad["scores"] == []
    assert tiny["findings"] == []
    (score,) = tiny["scores"]
    assert (score["score"], score["low"], score["high"]) == ("health", 0.0, 100.0)
    assert (score["lowest_found"], score["highest_found"]) == (0.0, 100.0)


def test_sarif_has_the_shape_of_its_standard(healthdsl: Program) -> None:
    (healthdsl.folder / "a b").mkdir()
    healthdsl.file("a b/dead.health", SHADOWED.replace("-> 80", f"-> 80  {ALLOW}"))
    healthdsl.file("bad.health", RULESET.replace("60 nps", "60 npz"))
    ran = healthdsl("check", "--format", "sarif", "a b/dead.health", "bad.health")
    assert ran.code == 1
    told: dict[str, Any] = json.loads(ran.out)
    assert told["version"] == "2.1.0"
    assert told["$schema"].endswith("sarif-2.1.0.json")
    (run,) = told["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "healthdsl"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(ids) == len(set(ids))
    for rule in driver["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["defaultConfiguration"]["level"] in {"warning", "error"}
    for result in run["results"]:
        assert ids[result["ruleIndex"]] == result["ruleId"]
        assert result["level"] in {"warning", "error"}
        assert result["message"]["text"]
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert re.fullmatch(r"[A-Za-z0-9%./_-]+", place["artifactLocation"]["uri"])
        region = place["region"]
        assert 1 <= region["startLine"] <= region["endLine"]
        assert (region["startLine"], region["startColumn"]) < (region["endLine"], region["endColumn"])
    allowed, error = run["results"]
    assert allowed["suppressions"] == [{"kind": "inSource", "justification": "100% of them, they say: fine"}]
    assert allowed["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "a%20b/dead.health"
    assert "suppressions" not in error


def test_annotations_of_github(healthdsl: Program) -> None:
    healthdsl.file("a,b.health", SHADOWED)
    ran = healthdsl("check", "--format", "github", "a,b.health")
    assert ran.code == 1
    (line,) = ran.out.splitlines()
    head = "::warning file=a%2Cb.health,line=11,endLine=11,col=3,endColumn=26,title=W508::"
    assert line.startswith(f"{head}no account reaches this row")
    assert "%0Ashown by nps 75" in line
    assert healthdsl("check", "--format", "github", "tiny.health").out == ""


def test_an_unknown_form_is_misuse(healthdsl: Program) -> None:
    assert healthdsl("check", "--format", "xml", "tiny.health").code == 2


# Mending --------------------------------------------------------------------------------


def test_fix_mends_what_has_one_answer(healthdsl: Program) -> None:
    healthdsl.file("shared.health", SHARED)
    ran = healthdsl("check", "--fix", "shared.health")
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "shared.health:23: W504: `from 50 to 70` is now `up to 70`",
        "shared.health: no mistakes found",
    ]
    text = (healthdsl.folder / "shared.health").read_text()
    assert re.search(r"\n  up to 50 +-> poor +red\n  up to 70 +-> fair\n", text)
    assert healthdsl("fmt", "--check", "shared.health").code == 0
    again = healthdsl("check", "--fix", "shared.health")
    assert (again.code, again.out) == (0, "shared.health: no mistakes found\n")


def test_fix_takes_an_idle_comment_out(healthdsl: Program) -> None:
    healthdsl.file("idle.health", RULESET.replace("60 nps", f"60 nps  {ALLOW}"))
    assert healthdsl("check", "idle.health").code == 1
    assert healthdsl("check", "--fix", "idle.health").code == 0
    assert "healthdsl: allow" not in (healthdsl.folder / "idle.health").read_text()


def test_fix_leaves_what_a_person_decides(healthdsl: Program) -> None:
    healthdsl.file("dead.health", SHADOWED)
    assert healthdsl("check", "--fix", "dead.health").code == 1
    assert (healthdsl.folder / "dead.health").read_text() == SHADOWED


def test_fix_of_standard_input_is_misuse(healthdsl: Program) -> None:
    ran = healthdsl("check", "--fix", "-", stdin=SHARED)
    assert ran.code == 2
    assert ran.err == "error: --fix changes files, and standard input (-) is none. Name a file.\n"


@pytest.mark.parametrize("form", ["json", "sarif", "github"])
def test_fix_tells_its_changes_beside_other_forms(healthdsl: Program, form: str) -> None:
    healthdsl.file("shared.health", SHARED)
    ran = healthdsl("check", "--fix", "--format", form, "shared.health")
    assert ran.code == 0
    assert ran.err == "shared.health:23: W504: `from 50 to 70` is now `up to 70`\n"


def test_a_mistake_of_a_shared_file_is_told_once(healthdsl: Program) -> None:
    healthdsl.file("signals.health", "dictionary signals\n  language 1\n\nsignal a count\nsignal b cuont\n")
    for name in ("one", "two"):
        text = f'ruleset {name}\n  language 1\n\nuse "signals.health"\n\nscore health = a\n'
        healthdsl.file(f"{name}.health", text)
    files = ("one.health", "two.health", "./two.health")
    ran = healthdsl("check", "--format", "json", *files)
    told = json.loads(ran.out)
    assert (ran.code, told["found"]) == (1, 1)
    assert [(len(each["findings"]), each["told_before"]) for each in told["files"]] == [
        (1, 0),
        (0, 1),
        (0, 1),
    ]
    ran = healthdsl("check", "--format", "sarif", *files)
    (result,) = json.loads(ran.out)["runs"][0]["results"]
    assert (ran.code, result["ruleId"]) == (1, "E208")
    place = result["locations"][0]["physicalLocation"]
    assert (place["artifactLocation"]["uri"], place["region"]["startLine"]) == ("signals.health", 5)
    ran = healthdsl("check", "--format", "github", *files)
    assert (ran.code, ran.out.count("::error file=")) == (1, 1)


def test_a_file_used_by_a_ruleset_is_named(healthdsl: Program) -> None:
    healthdsl.file("signals.health", "dictionary signals\n  language 1\n\nsignal a count\nsignal b count\n")
    healthdsl.file(
        "main.health",
        'ruleset r\n  language 1\n\nuse "signals.health"\n\nscore s first match\n  when a above 1 -> 1\n'
        "  when a above 3 -> 2\n  otherwise -> 0\n",
    )
    ran = healthdsl("check", "main.health", "signals.health")
    assert ran.code == 1
    assert "--> main.health:8:3" in ran.out
    assert "W511" not in ran.out  # others may read what a shared file declares
    assert ran.out.endswith("1 finding in 2 files\n")
