"""A folder of pages, written whole or not at all.

The pages go to a temporary folder beside, which takes the name once all of them are there. An older folder of
ours is replaced; it is known by a file that names every page in it. A folder that holds anything else is
never touched.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from healthdsl.records.errors import FileError

MARKER = ".healthdsl-book.json"
_WHO = "healthdsl report"
MOST_MARKER_BYTES = 64 * 1_048_576


@dataclass(slots=True)
class PageFolder:
    """The folder while it is written: pages are added, then `put` gives it its name."""

    target: Path
    temporary: Path
    old: Path
    names: list[str] = field(default_factory=list)
    may_be_put: bool = False

    def add(self, name: str, text: str) -> None:
        """Write one page."""
        with _said_plainly(self.target):
            (self.temporary / name).write_text(text, "utf-8", newline="")
        self.names.append(name)

    def put(self) -> None:
        """Give the folder its name; what bore it before is kept aside until all is well."""
        marker = {"written_by": _WHO, "pages": self.names}
        with _said_plainly(self.target):
            (self.temporary / MARKER).write_text(json.dumps(marker, indent=0) + "\n", "utf-8")
            check_folder(self.target)  # somebody may have put a file of theirs there meanwhile
            if os.path.lexists(self.target):
                self.target.rename(self.old)
            self.may_be_put = True
            self.temporary.rename(self.target)

    def take_back(self) -> None:
        """As it was before. An interrupt may have come between any two lines: what stands there says how far
        it went.
        """
        with suppress(OSError):
            if self.may_be_put and not os.path.lexists(self.temporary):
                self.target.rename(self.temporary)
            if os.path.lexists(self.old):
                self.old.rename(self.target)


@contextmanager
def page_folder(path: Path) -> Iterator[PageFolder]:
    """A folder to add pages to. When the block ends badly everything is as before, even after `put`."""
    target = Path(os.path.abspath(path))  # noqa: PTH100 -- a symbolic link must be seen, not followed
    check_folder(target)
    mark = secrets.token_hex(8)
    short = target.name[:60]
    made = PageFolder(
        target, target.with_name(f".{short}.{mark}.tmp"), target.with_name(f".{short}.{mark}.old")
    )
    try:
        with _said_plainly(target):
            made.temporary.mkdir()
        yield made
    except BaseException:
        made.take_back()
        raise
    else:
        shutil.rmtree(made.old, ignore_errors=True)
    finally:
        shutil.rmtree(made.temporary, ignore_errors=True)


def check_folder(path: Path) -> None:
    """FileError when something stands at the path that is no folder of ours."""
    if not os.path.lexists(path):
        return
    other = f"{path}: the pages of the accounts would go there, but"
    advice = "It was left as it is: choose another name for the book, or move it away."
    if path.is_symlink() or not path.is_dir():
        raise FileError(f"{other} it is no folder. {advice}")
    pages = _pages_of(path)
    if pages is None:
        raise FileError(f"{other} the folder there was not written by this command. {advice}")
    with _said_plainly(path):
        foreign = next(
            (each.name for each in path.iterdir() if each.name not in pages or each.is_dir()), None
        )
    if foreign is not None:
        raise FileError(f"{other} there is `{foreign}` in it, which this command did not write. {advice}")


def _pages_of(path: Path) -> set[str] | None:
    """What we wrote in a folder; None when it is not ours."""
    try:
        with (path / MARKER).open("rb") as stream:
            found = json.loads(stream.read(MOST_MARKER_BYTES))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or found.get("written_by") != _WHO:
        return None
    pages = found.get("pages")
    return {MARKER, *map(str, pages)} if isinstance(pages, list) else None


@contextmanager
def _said_plainly(path: Path) -> Iterator[None]:
    """Any refusal of the system inside the block as a FileError about `path`."""
    try:
        yield
    except OSError as problem:
        raise FileError(f"{path}: cannot be written ({problem.strerror}). Choose another place.") from None
