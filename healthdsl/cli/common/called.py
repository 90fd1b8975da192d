"""How a person calls this program again, for commands that are shown to be copied."""

from __future__ import annotations

import os
import shlex
import shutil
import sys
from pathlib import Path

NAME = "healthdsl"


def called() -> str:
    """`healthdsl` where the shell finds it, else the way to it from here: `.venv/bin/healthdsl`."""
    if shutil.which(NAME):
        return NAME
    program = Path(sys.argv[0])
    if program.stem == NAME and program.is_file():
        return shlex.quote(_from_here(program))
    return f"{shlex.quote(_from_here(Path(sys.executable)))} -m {NAME}"


def _from_here(program: Path) -> str:
    """The path from the current folder, in full when the program is not below it."""
    whole = os.path.abspath(program)  # noqa: PTH100 -- links stay: the interpreter of an environment is one
    here = f"{os.path.abspath('.')}{os.sep}"  # noqa: PTH100
    return whole.removeprefix(here)
