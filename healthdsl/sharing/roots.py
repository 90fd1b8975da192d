"""Where the files may come from that a ruleset uses: a folder, texts in memory, or nowhere.

A root is asked for paths below it (`paths.below_root`), with `/` and without `..`. It gives bytes or text, or
says by `NotUsableError` why not; nothing outside of it is ever opened.
"""

from __future__ import annotations

import itertools
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from healthdsl.sharing.paths import ENDING, folder_of


class NotUsableError(Exception):
    """A file cannot be used: the code of the mistake, what was found, what to do."""

    def __init__(self, code: str, message: str, advice: str) -> None:
        self.code = code
        self.message = message
        self.advice = advice
        super().__init__(message)


class Root(Protocol):
    """Where files come from; `own` is the path of the ruleset itself, "" when it has none."""

    @property
    def own(self) -> str: ...

    @property
    def folder(self) -> str:
        """The folder of the ruleset, below the root."""
        ...

    def read(self, path: str, limit: int) -> bytes | str:
        """The content of a file, at most `limit` bytes of it; NotUsableError."""
        ...

    def shown(self, path: str) -> str:
        """What messages and reports call a file."""
        ...

    def beside(self, folder: str) -> Iterable[str]:
        """The names of the files in a folder, as far as they are known; only for hints."""
        ...


@dataclass(frozen=True)
class Texts:
    """Files in memory by their path below the root, as they are for a ruleset in `folder`."""

    files: Mapping[str, str | bytes]
    folder: str = ""
    own: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    def read(self, path: str, limit: int) -> bytes | str:
        found = self.files.get(path)
        if found is None:
            raise _no_file(path, self.beside(folder_of(path)))
        return found[:limit]

    def shown(self, path: str) -> str:
        return self.names.get(path, path)

    def beside(self, folder: str) -> Iterable[str]:
        return [path.rpartition("/")[2] for path in self.files if folder_of(path) == folder]


@dataclass(frozen=True)
class Folder:
    """The files below a folder, which a person called `called`, for a ruleset in `folder`."""

    place: Path
    called: str
    folder: str = ""
    own: str = ""

    def read(self, path: str, limit: int) -> bytes:
        try:
            below = self._real(path)
            with os.fdopen(_open_below(os.path.realpath(self.place), below), "rb") as stream:
                return stream.read(limit)
        except (FileNotFoundError, NotADirectoryError):
            raise _no_file(self.shown(path), self.beside(folder_of(path))) from None
        except OSError as problem:
            message = f"`{self.shown(path)}` cannot be read ({problem.strerror or 'no such path'})"
            raise NotUsableError("E603", message, "make it a file that can be read") from None
        except ValueError:
            raise _no_file(self.shown(path), ()) from None

    def shown(self, path: str) -> str:
        return f"{self.called}/{path}" if self.called else path

    def beside(self, folder: str) -> Iterable[str]:
        try:
            found = (Path(os.path.realpath(self.place)) / self._real(folder)).iterdir()
            names = [path.name for path in itertools.islice(found, _MOST_NAMES)]
        except (OSError, ValueError, NotUsableError):
            return ()
        return [name for name in names if name.endswith(ENDING)]

    def _real(self, path: str) -> str:
        """The path below the root with every link followed; NotUsableError when one leads out."""
        root = os.path.realpath(self.place)
        target = os.path.realpath(os.path.join(root, path))  # noqa: PTH118 -- as written, no `..` in it
        if os.path.commonpath([root, target]) != root:
            message = f"`{self.shown(path)}` is a link that leads out of the folder of the rulesets"
            raise NotUsableError("E604", message, "put the file itself there, or give a folder above both")
        return os.path.relpath(target, root)


_MOST_NAMES = 1_000
_ONLY_FILES = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_ONLY_FOLDERS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_DIRECTORY", 0)


def _open_below(root: str, below: str) -> int:
    """A descriptor of a plain file, opened step by step so that no link is followed on the way.

    A link that somebody puts in the place of a folder, after `_real` has looked, is an error then.
    """
    if os.open not in os.supports_dir_fd:  # Windows
        _check_plain(os.stat(os.path.join(root, below)), below)  # noqa: PTH116, PTH118
        return os.open(os.path.join(root, below), os.O_RDONLY)  # noqa: PTH118
    *folders, name = Path(below).parts
    here = os.open(root, os.O_RDONLY | getattr(os, "O_DIRECTORY", 0))
    try:
        for folder in folders:
            inner = os.open(folder, _ONLY_FOLDERS, dir_fd=here)
            os.close(here)
            here = inner
        # Opening a device may do something: what is no file is not opened at all.
        _check_plain(os.stat(name, dir_fd=here, follow_symlinks=False), name)
        found = os.open(name, _ONLY_FILES, dir_fd=here)
    finally:
        os.close(here)
    try:
        _check_plain(os.fstat(found), name)
    except NotUsableError:
        os.close(found)
        raise
    return found


def _check_plain(about: os.stat_result, name: str) -> None:
    if not stat.S_ISREG(about.st_mode):
        what = "a folder" if stat.S_ISDIR(about.st_mode) else "no plain file"
        raise NotUsableError("E604", f"`{name}` is {what}", "only files of text can be used")


def _no_file(shown: str, names: Iterable[str]) -> NotUsableError:
    from healthdsl.syntax.repair.near import near_words

    wanted = shown.rpartition("/")[2]
    near = near_words(wanted.removesuffix(ENDING), [name.removesuffix(ENDING) for name in sorted(names)])
    advice = f"did you mean `{near[0]}{ENDING}`?" if near else "paths begin at the folder of this file"
    return NotUsableError("E603", f"there is no file `{shown}`", advice)


def root_of(path: str | Path, root: str | Path | None = None) -> Folder:
    """The root of a ruleset in a file: its own folder, or a folder above it; ValueError when it is not below
    that.
    """
    folder, name = os.path.split(os.fspath(path))
    if root is None:
        return Folder(Path(folder or "."), folder, "", name)
    place = os.path.relpath(os.path.realpath(folder or "."), os.path.realpath(root))
    steps = list(Path(place).parts)
    if steps[:1] == [os.pardir] or os.path.isabs(place):  # noqa: PTH117 -- another drive
        raise ValueError(f"{os.fspath(path)} does not lie in the folder {os.fspath(root)}")
    below = "/".join(steps)
    return Folder(Path(root), os.fspath(root).rstrip("/"), below, "/".join([*steps, name]))
