"""A page, run from top to bottom as a reader would.

In: a page of the docs. Out: its problems, each with the line of the page. Blocks share one empty folder and
one Python namespace, so that a later block goes on where an earlier one stopped. README.md beside this file
has the conventions.
"""

import contextlib
import doctest
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.docs.blocks import Block, blocks
from tests.docs.compare import difference
from tests.docs.console import check_transcript, make_problems
from tests.docs.rulesets import CONTEXTS, check_ruleset
from tests.shared import ROOT

# Not run. `sh` installs something or leaves the folder; its make targets are looked up.
SHOWN_ONLY = {"text", "json", "html", "sql", "css", "jinja"}


@dataclass
class Session:
    """What the blocks of one page share: a folder, a namespace, and what the last Python block printed."""

    folder: Path
    contexts: Path = CONTEXTS
    namespace: dict[str, Any] = field(default_factory=lambda: {"__name__": "docs"})
    printed: str = ""


def pages() -> list[Path]:
    """README.md and everything under docs/, but the generated pages, which have a test of their own."""
    every = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
    return [page for page in every if page.parent != ROOT / "docs" / "diagnostics"]


def problems(page: str, session: Session) -> list[str]:
    """Every problem of a page's text, each beginning with its line."""
    try:
        found = list(blocks(page))
    except ValueError as error:
        return [str(error)]
    return [f"line {line}: {problem}" for block in found for line, problem in run_block(block, session)]


def run_block(block: Block, session: Session) -> Iterator[tuple[int, str]]:
    """The problems of one block, with the line of the page they stand on."""
    try:
        yield from ((block.line + offset, problem) for offset, problem in act(block, session))
    except (ValueError, OSError) as error:
        yield block.line, str(error)


def act(block: Block, session: Session) -> Iterator[tuple[int, str]]:
    if block.language == "diff":
        edit(session.folder / block.settings["file"], block.text)
    elif "file" in block.settings:
        (session.folder / block.settings["file"]).write_text(block.text, "utf-8")
    match block.language:
        case "health":
            yield from ((0, problem) for problem in check_ruleset(block, session.contexts, session.folder))
        case "console":
            yield from check_transcript(block.text, session.folder, int(block.settings.get("exit", "0")))
        case "python":
            yield from run_python(block, session)
        case "text" if "output" in block.words:
            if differs := difference(block.text, session.printed):
                yield 0, f"the Python block above prints something else\n{differs}"
        case "sh":
            for number, line in enumerate(block.text.splitlines(), start=1):
                if line.startswith("make "):
                    yield from ((number, problem) for problem in make_problems(line))
        case language if language not in SHOWN_ONLY and "file" not in block.settings:
            yield 0, f"`{block.kind}` is no kind of block that the tests know"


def edit(path: Path, change: str) -> None:
    """Replace the `-` lines of a `diff` block by its `+` lines; lines that begin with a space say where.

    ValueError when the old lines do not stand in the file exactly once.
    """
    lines = [(line[:1], line[1:]) for line in change.splitlines()]
    if stray := [mark for mark, _ in lines if mark not in ("-", "+", " ")]:
        raise ValueError(f"a line of a change begins with `-`, `+` or a space; found `{stray[0]}`")
    old, new = ("".join(f"{line}\n" for mark, line in lines if mark in (keep, " ")) for keep in ("-", "+"))
    text = path.read_text("utf-8")
    places = [match.start() for match in re.finditer(f"^{re.escape(old)}", text, re.MULTILINE)]
    if len(places) != 1:
        raise ValueError(f"the old lines of this change stand {len(places)} times in {path.name}")
    start = places[0]
    path.write_text(text[:start] + new + text[start + len(old) :], "utf-8")


def run_python(block: Block, session: Session) -> Iterator[tuple[int, str]]:
    """Run a block in the page's namespace: `>>>` lines with their output compared, or plain code."""
    printed = io.StringIO()
    with contextlib.chdir(session.folder):
        if ">>>" in block.text:
            examples = doctest.DocTestParser().get_doctest(block.text, {}, "docs", None, 0)
            examples.globs = session.namespace
            runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
            ran = runner.run(examples, out=printed.write, clear_globs=False)
            failures = [(0, printed.getvalue())] if ran.failed else []
        else:
            with contextlib.redirect_stdout(printed):
                exec(compile(block.text, f"<line {block.line}>", "exec"), session.namespace)
            failures = []
    session.printed = printed.getvalue()
    yield from failures
