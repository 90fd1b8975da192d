"""`healthdsl fmt`: rulesets in their one canonical layout."""

from __future__ import annotations

from typing import Annotated

import typer

from healthdsl.cli.common.messages import FINDINGS, FoundError, MisuseError, say, tell
from healthdsl.cli.common.rulesets import read_ruleset
from healthdsl.records.input_file import STANDARD_INPUT

OF_CHARACTERS = "E0"
"""How the codes of mistakes begin that are about the file itself and its characters."""


def fmt(
    files: Annotated[list[str], typer.Argument(metavar="FILE", help="Rulesets; - is standard input.")],
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit code 1 when a file would change.")
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Change nothing; show what would change, exit code 1 if anything.")
    ] = False,
    stdout: Annotated[
        bool, typer.Option("--stdout", help="Change nothing; write the laid-out text to standard output.")
    ] = False,
) -> None:
    """Lay rulesets out in their canonical form: aligned, in the words of the language, comments kept.

    Files are changed in place, whole or not at all. Declarations with mistakes stay as they are written.
    Standard input (-) goes to standard output.

    \b
    Examples:
      healthdsl fmt saas_health.health
      healthdsl fmt --check rulesets/*.health
      healthdsl fmt --diff saas_health.health
    """
    if check + diff + stdout > 1:
        raise MisuseError("Choose one of --check, --diff and --stdout.")
    changes = 0
    broken = False
    for path in files:
        old, new, lines = _laid_out(path)
        if lines:
            broken = True
            tell(f"{path}: {_left(lines)}. To see what is wrong, run: healthdsl check {path}")
        if stdout or (path == STANDARD_INPUT and not (check or diff)):
            say(new, end="")
        elif old != new:
            changes += 1
            _change(path, old, new, "check" if check else "diff" if diff else "write")
    if broken or (changes and (check or diff)):
        raise typer.Exit(FINDINGS)


def _left(lines: int) -> str:
    """How many lines could not be laid out."""
    if lines == 1:
        return "1 line has a mistake, so what it belongs to was left as written"
    return f"{lines} lines have mistakes, so what they belong to was left as written"


def _laid_out(path: str) -> tuple[str, str, int]:
    """The text of a file as it is and as it should be, and how many of its lines have mistakes.

    FoundError when the mistakes are in the characters of the file: such a file is not touched.
    """
    from healthdsl.diagnostics.render import render_diagnostics
    from healthdsl.source import Source
    from healthdsl.syntax.guards import read_source
    from healthdsl.syntax.parser import parse_ruleset
    from healthdsl.syntax.printer import format_text

    data, name = read_ruleset(path)
    source, diagnostics = read_source(data, name)
    if source is not None:
        _, diagnostics = parse_ruleset(source)
    errors = [diagnostic for diagnostic in diagnostics if diagnostic.is_error]
    unreadable = [diagnostic for diagnostic in errors if diagnostic.code.startswith(OF_CHARACTERS)]
    if source is None or unreadable:
        shown = render_diagnostics(source or Source("", name), unreadable or diagnostics)
        raise FoundError(shown.rstrip("\n"))
    lines = {source.line_of(error.span.start) for error in errors}
    return source.text, format_text(source), len(lines)


def _change(path: str, old: str, new: str, what: str) -> None:
    match what:
        case "check":
            say(f"{path}: would be laid out anew")
        case "diff":
            from difflib import unified_diff

            lines = unified_diff(old.splitlines(), new.splitlines(), path, f"{path} (laid out)", lineterm="")
            say("\n".join(lines))
        case _:
            from healthdsl.records.whole_file import write_whole

            write_whole(path, new)
            say(f"{path}: laid out anew")
