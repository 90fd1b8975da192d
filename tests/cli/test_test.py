"""`healthdsl test`: its options, forms and exit codes."""

import json
from xml.etree import ElementTree

import pytest

from tests.cli.program import RULESET, Program

FAILING = RULESET.replace("expect health is 20", "expect health is 30")


def test_coverage_names_what_is_not_reached(healthdsl: Program) -> None:
    ran = healthdsl("test", "tiny.health", "--coverage")
    assert ran.code == 0
    assert "coverage 60%: 6 of 10 places reached" in ran.out
    assert "      tiny.health:11: row of nps: otherwise -> 100\n" in ran.out
    assert "      tiny.health:25: flag of big: flag big when seats at least 100\n" in ran.out


@pytest.mark.parametrize(("least", "code"), [("60%", 0), ("60", 0), ("61%", 1)])
def test_a_least_coverage(healthdsl: Program, least: str, code: int) -> None:
    ran = healthdsl("test", "tiny.health", "--min-coverage", least)
    assert ran.code == code
    assert ("tiny.health: coverage 60% is below 61%" in ran.out) == (code == 1)


@pytest.mark.parametrize("least", ["lots", "101%", "-1", "8 0", ""])
def test_a_least_that_is_no_share(healthdsl: Program, least: str) -> None:
    ran = healthdsl("test", "tiny.health", f"--min-mutation={least}")
    assert ran.code == 2
    assert f"--min-mutation is {least}, expected a share such as 80%" in ran.err


def test_mutants_and_a_least_score(healthdsl: Program) -> None:
    ran = healthdsl("test", "tiny.health", "--mutate", "--min-mutation", "90%")
    assert ran.code == 1
    assert "        was    below 10 -> 50\n        reads  up to 10 -> 50\n" in ran.out
    assert "a test would notice" in ran.out
    assert "is below 90%" in ran.out
    assert healthdsl("test", "tiny.health", "--min-mutation", "5%").code == 0


def test_suggestions_go_to_the_screen_or_to_a_new_file(healthdsl: Program) -> None:
    ran = healthdsl("test", "tiny.health", "--suggest")
    assert ran.code == 0
    assert "\n# suggested: " in ran.out
    ran = healthdsl("test", "tiny.health", "--suggest-to", "more.health")
    assert (ran.code, "suggested in more.health" in ran.err) == (0, True)
    assert (healthdsl.folder / "tiny.health").read_text() == RULESET
    more = (healthdsl.folder / "more.health").read_text()
    healthdsl.file("both.health", f"{RULESET}\n{more}")
    assert healthdsl("fmt", "--check", "more.health").code == 0
    assert healthdsl("test", "both.health", "--min-mutation", "100%").code == 0
    ran = healthdsl("test", "both.health", "--suggest-to", "none.health")
    assert "no test to suggest" in ran.err
    assert not (healthdsl.folder / "none.health").exists()


def test_suggestions_never_overwrite(healthdsl: Program) -> None:
    healthdsl.file("mine.health", "mine")
    for target in ("mine.health", "tiny.health"):
        assert healthdsl("test", "tiny.health", "--suggest-to", target).code == 2
    assert (healthdsl.folder / "mine.health").read_text() == "mine"
    assert (healthdsl.folder / "tiny.health").read_text() == RULESET
    healthdsl.file("other.health", RULESET)
    ran = healthdsl("test", "tiny.health", "other.health", "--suggest-to", "more.health")
    assert (ran.code, "takes the tests of one ruleset, found 2" in ran.err) == (2, True)


def test_folders_and_files_each_once(healthdsl: Program) -> None:
    (healthdsl.folder / "rules" / "deep").mkdir(parents=True)
    healthdsl.file("rules/a.health", RULESET)
    healthdsl.file("rules/deep/b.health", FAILING)
    ran = healthdsl("test", "rules", "rules/a.health")
    assert ran.code == 1
    assert "rules/a.health: 1 test passed\n" in ran.out
    assert "rules/deep/b.health: 1 test, 1 failed\n" in ran.out
    assert ran.out.endswith("2 tests in 2 files, 1 failed\n")
    (healthdsl.folder / "empty").mkdir()
    assert healthdsl("test", "empty").code == 2


def test_a_file_with_mistakes_does_not_hide_the_others(healthdsl: Program) -> None:
    healthdsl.file("broken.health", RULESET.replace("40 seats", "40 seets"))
    ran = healthdsl("test", "broken.health", "tiny.health")
    assert ran.code == 1
    assert "did you mean `seats`?" in ran.err
    assert "tiny.health: 1 test passed" in ran.out
    assert "1 test in 2 files, 0 failed, 1 file with mistakes" in ran.out


def test_json(healthdsl: Program) -> None:
    healthdsl.file("bad.health", FAILING)
    ran = healthdsl("test", "bad.health", "--coverage", "--mutate", "--suggest", "--format", "json")
    assert ran.code == 1
    whole = json.loads(ran.out)
    assert (whole["version"], whole["tests"], whole["failed"]) == (1, 1, 1)
    (file,) = whole["files"]
    (test,) = file["tests"]
    (failure,) = test["failures"]
    assert (failure["expected"], failure["found"], failure["place"]) == ("30", "20", "bad.health:31")
    assert failure["because"][0]["name"] == "health"
    assert file["coverage"]["share"] == 0.6
    assert file["mutation"]["score"] == 0
    assert file["mutation"]["tests_left_out"] == ["unhappy and small is poor"]
    assert {"place", "kind", "was", "reads", "hint"} == set(file["mutation"]["survivors"][0])
    assert file["suggestions"][0].startswith("# suggested")


def test_junit_is_read_by_an_xml_parser(healthdsl: Program) -> None:
    healthdsl.file("bad.health", FAILING.replace('"unhappy and small', "\"<&> ' unhappy"))
    healthdsl.file("broken.health", "ruleset")
    options = ("--min-coverage", "99%", "--junit", "out.xml")
    assert healthdsl("test", "tiny.health", "bad.health", "broken.health", *options).code == 1
    suites = ElementTree.fromstring((healthdsl.folder / "out.xml").read_text())
    assert (suites.tag, suites.get("tests"), suites.get("failures"), suites.get("errors")) == (
        "testsuites",
        "5",
        "3",
        "1",
    )
    names = [case.get("name") for case in suites.iter("testcase")]
    assert names[:3] == ["unhappy and small is poor", "<&> ' unhappy is poor", "compiles"]
    failure = suites.find("./testsuite/testcase/failure")
    assert failure is not None
    assert failure.get("message") == "expected 30, found 20"
    assert failure.text is not None
    assert "bad.health:31: expect health is 30" in failure.text


def test_junit_is_not_written_over_a_ruleset(healthdsl: Program) -> None:
    assert healthdsl("test", "tiny.health", "--junit", "tiny.health").code == 2
    assert (healthdsl.folder / "tiny.health").read_text() == RULESET


def test_of_many_changes_that_no_test_notices_the_first_are_printed(healthdsl: Program) -> None:
    names = [f"s{number}" for number in range(8)]
    ladder = "ladder\n  below 5 -> 0\n  otherwise -> 100\n"
    declared = "".join(f"signal {name} count\nmeasure {name} {ladder}" for name in names)
    score = "score health average\n" + "".join(f"  10 {name}\n" for name in names)
    given = "".join(f"  given {name} 3\n" for name in names)
    test = f'test "nothing"\n{given}  expect health is 0\n'
    healthdsl.file("many.health", f"ruleset many\n  language 1\n{declared}{score}{test}")
    whole = json.loads(healthdsl("test", "many.health", "--mutate", "--format", "json").out)
    survivors = len(whole["files"][0]["mutation"]["survivors"])
    assert survivors > 20
    text = healthdsl("test", "many.health", "--mutate").out
    assert text.count("        reads  ") == 20
    assert f"      and {survivors - 20} more (--format json has all)\n" in text
    # An account that makes a test notice has to say all eight of its counts.
    accounts = [line for line in text.splitlines() if "would notice with" in line]
    assert any(all(f"{name} " in line for name in names) for line in accounts)
