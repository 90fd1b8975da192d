"""Write what is real into pages: `python -m tests.docs docs/tutorial.md`.

Output in transcripts that no longer agrees is replaced, elisions in it included, and rulesets are laid out as
the formatter does. Everything else stays as it is.
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from healthdsl.source import Source
from healthdsl.syntax.printer import format_text
from tests.docs.blocks import Block, blocks
from tests.docs.compare import difference, tidy
from tests.docs.console import Command, commands, run
from tests.docs.pages import Session, run_block
from tests.docs.rulesets import whole_text


def main() -> None:
    for name in sys.argv[1:]:
        page = Path(name)
        with tempfile.TemporaryDirectory() as folder:
            text = recorded(page.read_text("utf-8"), Session(Path(folder)))
        page.write_text(text, "utf-8")


def recorded(page: str, session: Session) -> str:
    """The page with its transcripts as they really are, and its rulesets laid out."""
    lines = page.splitlines()
    shift = 0
    for block in blocks(page):
        new = renewed(block, session)
        start = block.line + shift
        lines[start : start + len(block.text.splitlines())] = new
        shift += len(new) - len(block.text.splitlines())
    return "".join(f"{line}\n" for line in lines)


def renewed(block: Block, session: Session) -> list[str]:
    """The lines of a block as they should be; files and names it makes are there for the blocks below it."""
    if block.language == "console":
        return transcript(block, session.folder)
    if block.language == "health" and "error" not in block.settings:
        block = replace(block, text=laid_out(block, session.contexts))
    tuple(run_block(block, session))
    return block.text.splitlines()


def laid_out(block: Block, contexts: Path) -> str:
    """A ruleset or fragment as the formatter writes it; as it stands when that would change its context."""
    text = whole_text(block, contexts)
    before = text.removesuffix(block.text)
    formatted = format_text(Source(text))
    return formatted.removeprefix(before) if formatted.startswith(before) else block.text


def transcript(block: Block, folder: Path) -> list[str]:
    every = commands(block.text)
    return [line for command in every for line in (f"$ {command.text}", *output(command, every[-1], folder))]


def output(command: Command, last: Command, folder: Path) -> list[str]:
    """The lines to show below `command`; an empty line parts it from the next."""
    ran = run(command.text, folder)
    if ran is None or "Traceback" in ran.output or difference(command.shown, ran.output) is None:
        return command.shown.splitlines()
    return tidy(ran.output) if command is last else [*tidy(ran.output), ""]


if __name__ == "__main__":
    main()
