"""Every command with a ruleset that uses files: beside it, above it with `--root`, and not at all."""

from __future__ import annotations

import pytest

from tests.cli.program import RULESET, Program

SHARED, OWN = RULESET.split("measure nps")[0], "measure nps" + RULESET.split("measure nps", 1)[1]
DICTIONARY = SHARED.replace("ruleset tiny", "dictionary shared").replace("  version  1.2.0\n", "")
USING = f'ruleset tiny "Tiny health"\n  language 1\n  version  1.2.0\n\nuse {{}}\n\n{OWN}'
COMMANDS = {
    "check": (),
    "test": (),
    "schema": (),
    "score": ("accounts.csv", "--format", "json"),
    "explain": ("accounts.csv", "--account", "A-2"),
    "report": ("accounts.csv", "-o", "book.json"),
    "compile": ("--dialect", "postgres"),
    "conform": ("--dialect", "postgres"),
    "freeze": ("accounts.csv", "--signal", "seats"),
}

SLOW = ("conform", "report")


@pytest.fixture
def teams(healthdsl: Program) -> Program:
    """Rulesets in folders: emea/tiny.health uses ../shared.health."""
    (healthdsl.folder / "emea").mkdir()
    healthdsl.file("shared.health", DICTIONARY)
    healthdsl.file("emea/tiny.health", USING.replace("{}", '"../shared.health"'))
    healthdsl.file("using.health", USING.replace("{}", '"shared.health"'))
    return healthdsl


@pytest.mark.parametrize(
    "command", [pytest.param(name, marks=[pytest.mark.slow] * (name in SLOW)) for name in COMMANDS]
)
def test_files_beside_and_above(teams: Program, command: str) -> None:
    arguments = COMMANDS[command]
    alone = teams(command, "tiny.health", *arguments)
    beside = teams(command, "using.health", *arguments)
    above = teams(command, "emea/tiny.health", *arguments, "--root", ".")
    refused = teams(command, "emea/tiny.health", *arguments)
    assert (alone.code, beside.code, above.code, refused.code) == (0, 0, 0, 1)
    assert "E602" in refused.out + refused.err
    if command in {"schema", "score", "compile", "conform", "freeze"}:
        assert beside.out == above.out == alone.out
    wrong = teams(command, "using.health", *arguments, "--root", "emea")
    assert (wrong.code, "does not lie in the folder emea" in wrong.err) == (2, True)


def test_a_mistake_in_a_shared_file_shows_where_it_lies(teams: Program) -> None:
    teams.file("shared.health", DICTIONARY.replace("count ", "cuont "))
    told = teams("check", "emea/tiny.health", "--root", ".")
    assert "--> ./shared.health:4:15" in told.out
    assert "--> shared.health:4:15" in teams("check", "using.health").out


def test_standard_input_has_a_folder_only_by_root(teams: Program) -> None:
    text = (teams.folder / "using.health").read_text("utf-8")
    assert "E601" in teams("check", "-", stdin=text).out
    assert teams("check", "-", "--root", ".", stdin=text).code == 0


def test_dictionaries_are_checked_laid_out_and_tested(teams: Program) -> None:
    teams.file("shared.health", DICTIONARY + '\ntest "t"\n  given  seats 1\n  expect seats is 2\n')
    assert teams("check", "shared.health").code == 0
    assert teams("fmt", "shared.health").code == 0
    assert 'failed: "t" (shared.health:' in teams("test", "shared.health").out
    assert teams("test", "using.health").code == 0
    for command in ("schema", "compile"):
        told = teams(command, "shared.health")
        assert (told.code, "E611" in told.err) == (1, True)


def test_use_lines_are_laid_out(healthdsl: Program) -> None:
    text = 'ruleset r\n  language 1\nuse   "b.health"  # ours\nuse "a.health"\nscore s = 1\n'
    laid = healthdsl("fmt", "-", stdin=text).out
    assert laid == 'ruleset r\n  language    1\n\nuse "b.health"  # ours\nuse "a.health"\n\nscore s = 1\n'


def test_a_mistake_in_a_shared_file_is_told_once(healthdsl: Program) -> None:
    shared = (
        'dictionary shared "Shared"\n  language 1\n\nsignal use percent = activ / seats\nsignal seats count\n'
    )
    user = 'ruleset {} "{}"\n  language 1\n\nuse "shared.health"\n\nscore health = seats\n'
    healthdsl.file("shared.health", shared)
    healthdsl.file("one.health", user.format("one", "One"))
    healthdsl.file("two.health", user.format("two", "Two") + "flag f when seat above 3\n")
    ran = healthdsl("check", "one.health", "two.health", "shared.health")
    assert ran.code == 1
    assert ran.out.count("unknown signal `activ`") == 1
    assert "unknown signal `seat`" in ran.out
    assert "shared.health: 1 finding, told above\n" in ran.out
    assert "no mistakes found" not in ran.out
    assert ran.out.endswith("2 findings in 3 files\n")
    shown = healthdsl("check", "--format", "github", "one.health", "shared.health")
    assert (shown.code, shown.out.count("::error")) == (1, 1)
