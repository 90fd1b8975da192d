"""`check` finds mistakes and says where; `fmt` lays out, and changes nothing when asked to."""

from tests.cli.program import RULESET, Program

UNTIDY = RULESET.replace("signal seats  count  ", "signal seats count ").replace("  60 nps", "  60   nps")


def test_a_sound_ruleset(healthdsl: Program) -> None:
    ran = healthdsl("check", "tiny.health")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("tiny.health: ")


def test_every_mistake_of_every_file_is_shown(healthdsl: Program) -> None:
    healthdsl.file(
        "two.health", RULESET.replace("60 nps", "60 npz").replace("seats at least", "seets at least")
    )
    ran = healthdsl("check", "two.health", "tiny.health")
    assert ran.code == 1
    assert "--> two.health:18:6\n" in ran.out
    assert "60 npz" in ran.out
    assert "^^^" in ran.out
    assert "`nps`" in ran.out
    assert "`seets`" in ran.out
    assert "tiny.health: " in ran.out
    assert "2 findings in 2 files" in ran.out


def test_standard_input(healthdsl: Program) -> None:
    assert healthdsl("check", "-", stdin=RULESET).code == 0
    ran = healthdsl("check", "-", stdin=RULESET.replace("60 nps", "60 npz"))
    assert ran.code == 1
    assert "<stdin>:18" in ran.out


def test_escape_sequences_in_a_ruleset_are_not_passed_on(healthdsl: Program) -> None:
    healthdsl.file("odd.health", RULESET.replace("Unhappy", "\x1b]0;owned\x07"))
    assert healthdsl("check", "odd.health").code == 1  # the fixture looks for escapes in all output


def test_fmt_writes_the_layout_and_is_then_content(healthdsl: Program) -> None:
    healthdsl.file("tiny.health", UNTIDY)
    assert healthdsl("fmt", "--check", "tiny.health").code == 1
    ran = healthdsl("fmt", "tiny.health")
    assert (ran.code, ran.out) == (0, "tiny.health: laid out anew\n")
    assert (healthdsl.folder / "tiny.health").read_text() != UNTIDY
    ran = healthdsl("fmt", "--check", "tiny.health")
    assert (ran.code, ran.out) == (0, "")
    ran = healthdsl("fmt", "tiny.health")
    assert (ran.code, ran.out) == (0, "")


def test_fmt_check_diff_and_stdout_change_nothing(healthdsl: Program) -> None:
    healthdsl.file("tiny.health", UNTIDY)
    laid_out = healthdsl("fmt", "-", stdin=UNTIDY).out
    check = healthdsl("fmt", "--check", "tiny.health")
    diff = healthdsl("fmt", "--diff", "tiny.health")
    stdout = healthdsl("fmt", "--stdout", "tiny.health")
    assert (check.code, diff.code, stdout.code) == (1, 1, 0)
    assert check.out == "tiny.health: would be laid out anew\n"
    assert "-  60   nps\n+  60 nps\n" in diff.out
    assert stdout.out == laid_out
    assert (healthdsl.folder / "tiny.health").read_text() == UNTIDY


def test_fmt_leaves_a_declaration_with_a_mistake_as_it_is(healthdsl: Program) -> None:
    broken = UNTIDY.replace("otherwise -> 100\n\nmeasure seats", "otherwise   100 200\n\nmeasure seats")
    healthdsl.file("tiny.health", broken)
    ran = healthdsl("fmt", "tiny.health")
    assert ran.code == 1
    said = "1 line has a mistake, so what it belongs to was left as written. To see what is wrong, run: "
    assert ran.err == f"tiny.health: {said}healthdsl check tiny.health\n"
    assert "otherwise   100 200" in (healthdsl.folder / "tiny.health").read_text()
