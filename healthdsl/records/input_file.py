"""Files as people name them: opened, or refused in plain words.

In: a path, or `-` for standard input. Out: bytes or decoded lines. Every refusal is a `FileError`.
"""

from __future__ import annotations

import errno
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import IO, cast

from healthdsl.records.errors import FileError, hint

STANDARD_INPUT = "-"
LONGEST_LINE = 16_000_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_ZIP = b"PK\x03\x04"  # also the start of a spreadsheet workbook
_BOM = b"\xef\xbb\xbf"


def shown_name(path: str) -> str:
    return "standard input" if path == STANDARD_INPUT else path


def open_input(path: str) -> AbstractContextManager[IO[bytes]]:
    """The file at `path` for reading, or standard input for `-`; FileError when it cannot be opened."""
    if path == STANDARD_INPUT:
        return nullcontext(sys.stdin.buffer)
    try:
        if path.lower().endswith(".gz"):
            import gzip

            return cast("IO[bytes]", gzip.open(path))
        return Path(path).open("rb")
    except (OSError, ValueError) as problem:
        raise FileError(_why_not_opened(path, problem)) from None


def read_input(path: str, limit: int) -> bytes:
    """The bytes of a file, at most `limit` of them."""
    with open_input(path) as stream:
        try:
            return stream.read(limit)
        except OSError as problem:
            raise FileError(_why_not_opened(path, problem)) from None


def text_lines(path: str) -> Iterator[str]:
    """The lines of a UTF-8 file with their line ends, without a byte order mark; errors name the line."""
    with open_input(path) as stream:
        number = 0
        while True:
            try:
                line = stream.readline(LONGEST_LINE + 1)
            except EOFError:  # of gzip
                raise FileError(f"{path}: the compressed file is cut off.") from None
            except (OSError, zlib.error) as problem:
                raise FileError(_why_not_opened(path, problem)) from None
            if not line:
                return
            number += 1
            yield _decoded(line, number, path)


def _decoded(line: bytes, number: int, path: str) -> str:
    place = f"{shown_name(path)}, line {number}"
    if number == 1:
        if line.startswith(_UTF16):
            raise FileError(
                f"{shown_name(path)}: this is UTF-16 text. Save it as UTF-8 (CSV UTF-8 in a spreadsheet)."
            )
        if line.startswith(_ZIP):
            raise FileError(
                f"{shown_name(path)}: this is a workbook or an archive. Save the sheet as CSV UTF-8."
            )
        line = line.removeprefix(_BOM)
    if len(line) > LONGEST_LINE:
        raise FileError(f"{place}: the line is longer than {LONGEST_LINE:_} bytes. Is this a text file?")
    if b"\0" in line:
        raise FileError(
            f"{place}: there is a NUL byte. This is no text file: save it as CSV, JSON or JSON Lines."
        )
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError as problem:
        found = line[problem.start]
        raise FileError(
            f"{place}: byte 0x{found:02x} is not UTF-8 text. "
            "Save the file as UTF-8 (CSV UTF-8 in a spreadsheet)."
        ) from None


def _why_not_opened(path: str, problem: OSError | ValueError | zlib.error) -> str:
    """What is wrong with `path`, for a person."""
    name = shown_name(path)
    match problem:
        case FileNotFoundError():
            folder = Path(path).parent
            if not folder.is_dir():
                return f"{name}: there is no folder {folder}."
            return f"{name}: there is no such file{hint(Path(path).name, _names_in(folder))}."
        case IsADirectoryError():
            return f"{name}: this is a folder. Name a file in it."
        case PermissionError():
            return f"{name}: no permission to read this file."
        case OSError(errno=errno.ENAMETOOLONG):
            return f"{name[:60]}...: this file name is too long."
        case OSError():
            return f"{name}: cannot be read ({problem.strerror or problem})."
        case ValueError():
            return f"{name!r}: this is no file name."
        case _:
            return f"{name}: this is no gzip file ({problem})."


def _names_in(folder: Path) -> list[str]:
    try:
        return os.listdir(folder)[:5_000]  # noqa: PTH208 -- names alone
    except OSError:
        return []
