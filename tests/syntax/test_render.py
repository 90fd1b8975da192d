"""What a person sees of a problem: the place exactly, whatever stands before it."""

from healthdsl.diagnostics.diagnostic import Diagnostic, Label
from healthdsl.diagnostics.render import render_diagnostics
from healthdsl.source import Source


def shown(text: str, word: str, *labels: Label) -> str:
    source = Source(text, "a.health")
    start = text.index(word)
    problem = Diagnostic("E203", "no such signal", source.span(start, start + len(word)), "add it", labels)
    return render_diagnostics(source, [problem])


def test_a_problem_with_its_help() -> None:
    assert shown("signal a count\nflag f when b\n", "b") == (
        "error[E203]: no such signal\n"
        " --> a.health:2:13\n"
        "2 | flag f when b\n"
        "  |             ^\n"
        "  = help: add it\n"
    )


def test_tabs_and_wide_characters() -> None:
    lines = shown('\tx "\u4e2d\u6587" bad\n', "bad").split("\n")
    assert lines[2] == '1 |     x "\u4e2d\u6587" bad'
    assert lines[3] == "  |              ^^^"


def test_control_characters_are_not_printed() -> None:
    assert "\x1b" not in shown("a \x1b[31m bad\n", "bad")
    assert "\u202e" not in shown("a \u202e bad\n", "bad")


def test_a_label_on_another_line() -> None:
    text = "signal a count\nsignal a number\n"
    source = Source(text)
    label = Label(source.span(7, 8), "first declared here")
    assert "1 | signal a count\n  |        - first declared here\n" in shown(text, "a number", label)


def test_a_long_line_is_cut_around_the_place() -> None:
    line = shown("x" * 400 + " bad " + "y" * 400, "bad").split("\n")[2]
    assert len(line) < 140
    assert "bad" in line


def test_at_most_a_hundred() -> None:
    source = Source("a\n" * 120)
    problems = [Diagnostic("E100", "no", source.span(2 * i, 2 * i + 1)) for i in range(120)]
    text = render_diagnostics(source, problems)
    assert text.count("error[") == 100
    assert text.endswith("and 20 more\n")


def test_colour_only_when_asked() -> None:
    source = Source("a")
    problem = Diagnostic("E100", "no", source.span(0, 1))
    assert "\x1b" not in render_diagnostics(source, [problem])
    assert "\x1b[1;31m" in render_diagnostics(source, [problem], colour=True)
