"""Where runs lie, and how one is put there: DIR/as_of=2026-03-31/RULESET.parquet.

A run is written beside its place under a name that no reader takes for a run, put on the disk, and renamed.
So a run is there as a whole or not at all, whenever the writer is stopped; of two that write the same run at
once the one that ends last stays.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import quote

from healthdsl.records.errors import FileError

PARTITION = "as_of="
ENDING = ".parquet"
LAYOUT = "1"
"""The number of this layout of columns, in the metadata of every run."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the run of a ruleset and a day lies."""

    history: str
    ruleset: str
    as_of: date

    @property
    def folder(self) -> Path:
        return Path(self.history) / f"{PARTITION}{self.as_of.isoformat()}"

    @property
    def path(self) -> Path:
        return self.folder / f"{quote(self.ruleset, safe='')}{ENDING}"


def check_history(history: str) -> None:
    """FileError when no run can be put there; the folder itself need not exist yet."""
    folder = Path(history)
    with _said_plainly(history):
        there, is_folder = os.path.lexists(folder), folder.is_dir()
        parent = folder.absolute().parent
        has_parent = parent.is_dir()
    if there and not is_folder:
        raise FileError(f"{history}: this is no folder. Name the folder of the history.")
    if not there and not has_parent:
        raise FileError(f"{history}: there is no folder {parent}. Make it first, or choose another place.")


def put_run(written: Path, place: Place) -> None:
    """Put a finished run in its place, instead of an older one of the same ruleset and day.

    FileError when that cannot be; then all is as before.
    """
    check_history(place.history)
    with _said_plainly(place.history):
        place.folder.mkdir(parents=True, exist_ok=True)
        temporary = place.folder / f".{place.path.stem[:60]}.{secrets.token_hex(8)}.tmp"
        try:
            with written.open("rb") as source, temporary.open("xb") as target:
                shutil.copyfileobj(source, target, 1 << 20)
                target.flush()
                os.fsync(target.fileno())
            temporary.replace(place.path)
        finally:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        _on_disk(place.folder)


def _on_disk(folder: Path) -> None:
    """Put the new name on the disk too."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


@contextmanager
def _said_plainly(path: str) -> Iterator[None]:
    """Any refusal of the system inside the block as a FileError about `path`."""
    try:
        yield
    except OSError as problem:
        raise FileError(f"{path}: cannot be written ({problem.strerror}). Choose another place.") from None
    except ValueError:
        raise FileError(f"{path!r}: this is no file name.") from None
