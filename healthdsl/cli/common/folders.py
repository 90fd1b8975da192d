"""Folders on the command line: each stands for the rulesets in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from healthdsl.cli.common.messages import MisuseError
from healthdsl.records.input_file import STANDARD_INPUT

ENDING = ".health"


def rulesets_in(files: Sequence[str]) -> Iterator[str]:
    """The files, and those in the folders in the order of their paths, each once.

    MisuseError for a folder without rulesets.
    """
    seen: set[str] = set()
    for name in files:
        inside = _in_folder(name) if name != STANDARD_INPUT and Path(name).is_dir() else [name]
        for path in inside:
            if path not in seen:
                seen.add(path)
                yield path


def _in_folder(name: str) -> list[str]:
    """The rulesets in a folder and the folders in it; hidden ones are left out."""
    folder = Path(name)
    found = sorted(
        path
        for path in folder.rglob(f"*{ENDING}")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )
    if not found:
        raise MisuseError(f"{name}: this is a folder without rulesets. Their names end in {ENDING}.")
    return [str(path) for path in found]
