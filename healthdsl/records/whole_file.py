"""Output files, written whole or not at all.

The text goes to a temporary file in the same folder, which takes the place of the old file once all is on the
disk. A symbolic link stays a link: the file it points to is replaced. The permissions of an old file are
kept.
"""

from __future__ import annotations

import os
import secrets
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from healthdsl.records.errors import FileError


@contextmanager
def whole_file(path: str, *, replace: bool = True) -> Iterator[TextIO]:
    """A stream whose text becomes the file at `path` when the block ends well; FileError when that cannot be.

    With `replace` False a file that is there already is left alone, and that is a FileError too.
    """
    target, mode = _target(path)
    if (
        mode is not None and not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)
    ):  # /dev/null, a pipe: there is nothing to replace
        with _said_plainly(path):
            stream = target.open("w", encoding="utf-8", newline="")
        with stream:
            yield stream
        return
    _check(path, target, mode, replace)
    temporary = target.with_name(f".{target.name[:60]}.{secrets.token_hex(8)}.tmp")
    try:  # around the opening too: an interrupt may come between it and the next line
        with _said_plainly(path):
            stream = temporary.open("x", encoding="utf-8", newline="")
        with stream:
            yield stream
            with _said_plainly(path):
                stream.flush()
                os.fsync(stream.fileno())
        with _said_plainly(path):
            if mode is not None:
                temporary.chmod(stat.S_IMODE(mode))
            _put(temporary, target, replace)
    finally:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: str | None) -> Iterator[Path]:
    """A folder of our own beside the file at `path` (None: where temporary files go), for what becomes of it
    in several steps; it is gone afterwards. FileError when `path` cannot be written.
    """
    beside = None
    if path is not None:
        target, mode = _target(path)
        if mode is None or stat.S_ISREG(mode) or stat.S_ISDIR(mode):
            _check(path, target, mode, replace=True)
            beside = target.parent
    with _said_plainly(path or "temporary files"):
        folder = Path(tempfile.mkdtemp(prefix=".healthdsl-", suffix=".tmp", dir=beside))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def put_whole(written: Path, path: str) -> None:
    """Give a finished file in a `whole_folder` of `path` that name; FileError when that cannot be."""
    target, mode = _target(path)
    if mode is not None and not stat.S_ISREG(mode):
        with _said_plainly(path), written.open("rb") as source, target.open("wb") as device:
            shutil.copyfileobj(source, device)
        return
    with _said_plainly(path):
        with written.open("rb") as stream:
            os.fsync(stream.fileno())
        if mode is not None:
            written.chmod(stat.S_IMODE(mode))
        _put(written, target, replace=True)


def _target(path: str) -> tuple[Path, int | None]:
    """The file itself, behind links, and its mode; None when there is no file yet."""
    with _said_plainly(path):
        target = Path(os.path.realpath(path))
        return target, target.stat().st_mode if target.exists() else None


def write_whole(path: str, text: str, *, replace: bool = True) -> None:
    """`text` as the whole content of the file at `path`, in UTF-8, with the line ends it has."""
    with whole_file(path, replace=replace) as stream:
        stream.write(text)


def _check(path: str, target: Path, mode: int | None, replace: bool) -> None:
    if not target.parent.is_dir():
        raise FileError(
            f"{path}: there is no folder {target.parent}. Make it first, or choose another place."
        )
    if mode is None:
        return
    if stat.S_ISDIR(mode):
        raise FileError(f"{path}: this is a folder. Name a file in it.")
    if not replace:
        raise FileError(f"{path}: there is a file of this name already; it was left as it is.")
    if not os.access(target, os.W_OK):
        raise FileError(f"{path}: this file may only be read. Choose another place, or allow writing to it.")


def _put(temporary: Path, target: Path, replace: bool) -> None:
    """Give the finished file its name, and put the name on the disk too."""
    if replace:
        temporary.replace(target)
    else:
        try:
            target.hardlink_to(temporary)  # unlike a rename this fails when the name is taken meanwhile
        except FileExistsError:
            raise
        except OSError:  # a file system without hard links
            temporary.rename(target)
    with suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


@contextmanager
def _said_plainly(path: str) -> Iterator[None]:
    """Any refusal of the system inside the block as a FileError about `path`."""
    try:
        yield
    except FileExistsError:
        raise FileError(f"{path}: there is a file of this name already; it was left as it is.") from None
    except OSError as problem:
        raise FileError(f"{path}: cannot be written ({problem.strerror}). Choose another place.") from None
    except ValueError:
        raise FileError(f"{path!r}: this is no file name.") from None
