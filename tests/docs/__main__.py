"""Write the real output into the transcripts of pages: `python -m tests.docs docs/tutorial.md`.

Only output that no longer agrees is replaced, elisions in it included; everything else stays as it is.
"""

import sys
import tempfile
from pathlib import Path

from tests.docs.blocks import Block, blocks
from tests.docs.compare import difference, tidy
from tests.docs.console import Command, commands, run
from tests.docs.pages import Session, run_block


def main() -> None:
    for name in sys.argv[1:]:
        page = Path(name)
        with tempfile.TemporaryDirectory() as folder:
            text = recorded(page.read_text("utf-8"), Session(Path(folder)))
        page.write_text(text, "utf-8")


def recorded(page: str, session: Session) -> str:
    """The page with its transcripts as they really are."""
    lines = page.splitlines()
    shift = 0
    for block in blocks(page):
        if block.language != "console":
            tuple(run_block(block, session))
            continue
        new = transcript(block, session.folder)
        start = block.line + shift
        lines[start : start + len(block.text.splitlines())] = new
        shift += len(new) - len(block.text.splitlines())
    return "".join(f"{line}\n" for line in lines)


def transcript(block: Block, folder: Path) -> list[str]:
    every = commands(block.text)
    return [line for command in every for line in (f"$ {command.text}", *output(command, every[-1], folder))]


def output(command: Command, last: Command, folder: Path) -> list[str]:
    """The lines to show below `command`; an empty line parts it from the next."""
    ran = run(command.text, folder)
    if ran is None or difference(command.shown, ran.output) is None:
        return command.shown.splitlines()
    return tidy(ran.output) if command is last else [*tidy(ran.output), ""]


if __name__ == "__main__":
    main()
