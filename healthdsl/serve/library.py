"""Reads a folder of rulesets into a `Shelf`, again and again.

A file that rulesets use is not served itself; when it changes, those that use it are loaded again, wherever
below the root it lies.

A file whose text has mistakes, or cannot be read, keeps the last good text that it had. A folder that cannot
be read, or holds no ruleset any more, keeps everything. The new shelf takes the place of the old one in a
single step, all files together.
"""

from __future__ import annotations

import hashlib
import logging
import os
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from healthdsl.api import CompiledRuleset
from healthdsl.diagnostics.diagnostic import RulesetError
from healthdsl.records.cells import printable
from healthdsl.serve.logs import tell
from healthdsl.serve.shelf import LoadError, RulesetFile, Shelf, doubled, make_shelf
from healthdsl.sharing.roots import Folder, NotUsableError, root_of
from healthdsl.syntax.guards import MAX_BYTES

ENDING = ".health"
# Far more than the compiler accepts, so that it can say how large a file is; no more than memory can take.
MOST_BYTES = 32 * 1_048_576

Stamp = tuple[str, tuple[tuple[str, int, int, int, int], ...]]
"""What tells that a folder has changed: where it really is, and of each file name, times, size and inode."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What lay in a folder at one moment: the bytes of each file, or why it cannot be read."""

    stamp: Stamp
    texts: Mapping[str, bytes]
    unreadable: Mapping[str, str]


class Library:
    """A folder, and the shelf made of it. One thread reads at a time; any thread may look at the shelf."""

    def __init__(self, folder: Path, root: Path | None = None) -> None:
        self.folder = folder
        self.root = root
        self.shelf = Shelf()
        self.reloads = {"changed": 0, "refused": 0}

    def read(self, contents: Contents) -> None:
        """Serve what lies in the folder, as far as it is good."""
        before = self.shelf
        if before.files and not (contents.texts or contents.unreadable):
            self.keep(f"the folder holds no {ENDING} file any more")
            return
        now = datetime.now(UTC)
        rulesets = {name: data for name, data in contents.texts.items() if not is_dictionary(data)}
        files = [
            *(self._file(before.files.get(name), name, data, now) for name, data in rulesets.items()),
            *(_unread(before.files.get(name), name, why, now) for name, why in contents.unreadable.items()),
        ]
        if before.trouble is None and {file.name: file for file in files} == dict(before.files):
            return
        self._serve(make_shelf(before.revision + 1, files, before))

    def look(self) -> Stamp:
        """The stamp of the folder and of every file that a ruleset in it looked for; OSError."""
        place, listed = look(self.folder)
        asked = sorted({path for file in self.shelf.files.values() for path in file.used})
        root = os.path.realpath(self.root or self.folder)
        return place, (*listed, *(_stamp_of(root, path) for path in asked))

    def _file(self, before: RulesetFile | None, name: str, data: bytes, now: datetime) -> RulesetFile:
        """The file with the text it holds now: compiled when it is good, else with what was good before."""
        digest = hashlib.sha256(data).digest()
        root = Watched(root_of(self.folder / name, self.root))
        if before is not None and before.digest == digest and root.has(before.used):
            return before
        try:
            compiled = CompiledRuleset(data, printable(name), root)
            return RulesetFile(name, digest, compiled, now, used=root.seen)
        except RulesetError as problem:
            error = LoadError(now, str(problem), problem.diagnostics, problem.source)
            if before is None:
                return RulesetFile(name, digest, error=error, used=root.seen)
            return replace(before, digest=digest, error=error, used=root.seen)

    def keep(self, trouble: str) -> None:
        """Serve on what is there, and say why the folder cannot be used."""
        before = self.shelf
        if before.trouble is None or before.trouble.text != trouble:
            self.shelf = replace(before, trouble=LoadError(datetime.now(UTC), trouble))
            self.reloads["refused"] += 1
            tell(logging.ERROR, "the folder cannot be read; serving on what was loaded", detail=trouble)

    def _serve(self, shelf: Shelf) -> None:
        before, self.shelf = self.shelf, shelf
        if before.trouble is not None:
            tell(logging.INFO, "the folder can be read again")
        fresh = [file for file in shelf.files.values() if file != before.files.get(file.name)]
        self.reloads["refused" if any(file.error for file in fresh) else "changed"] += 1
        for file in fresh:
            _tell_of(file)
        for name in before.files.keys() - shelf.files.keys():
            tell(logging.INFO, "ruleset file gone", file=printable(name))
        for name, other in doubled(shelf).items():
            detail = f"its ruleset, in this version, is served from {printable(other)}"
            tell(logging.ERROR, "ruleset file not served", file=printable(name), detail=detail)


def look(folder: Path) -> Stamp:
    """The stamp of a folder; OSError when it cannot be listed."""
    place = os.path.realpath(folder)
    found = []
    with os.scandir(place) as entries:
        for entry in entries:
            if entry.name.endswith(ENDING) and not entry.name.startswith("."):
                try:
                    about = entry.stat()
                except OSError:  # a link to nothing, or gone since it was listed
                    continue
                if stat.S_ISREG(about.st_mode):
                    times = about.st_mtime_ns, about.st_ctime_ns
                    found.append((entry.name, *times, about.st_size, about.st_ino))
    return place, tuple(sorted(found))


def take(folder: Path, stamp: Stamp | None = None) -> Contents:
    """What lies in a folder now; OSError when it cannot be listed. `stamp` is what was seen before that."""
    stamp = stamp or look(folder)
    texts: dict[str, bytes] = {}
    unreadable: dict[str, str] = {}
    for name in (name for name, *_ in stamp[1] if "/" not in name):
        try:
            with (Path(stamp[0]) / name).open("rb") as stream:
                texts[name] = stream.read(MOST_BYTES)
        except FileNotFoundError:
            continue
        except OSError as problem:
            unreadable[name] = f"{printable(name)}: cannot be read ({problem.strerror or problem})"
    return Contents(stamp, texts, unreadable)


def is_dictionary(data: bytes) -> bool:
    """Whether a file is one that others use: its first word says so."""
    for line in data.removeprefix(b"\xef\xbb\xbf").split(b"\n"):
        words = line.split(maxsplit=1)
        if words and not words[0].startswith(b"#"):
            return words[0] == b"dictionary"
    return False


def _stamp_of(root: str, path: str) -> tuple[str, int, int, int, int]:
    """What tells that a used file has changed; its name holds a `/`, as that of no listed file does."""
    try:
        about = os.stat(os.path.join(root, path))  # noqa: PTH116, PTH118
    except (OSError, ValueError):
        return f"./{path}", 0, 0, 0, 0
    return f"./{path}", about.st_mtime_ns, about.st_ctime_ns, about.st_size, about.st_ino


@dataclass(frozen=True)
class Watched:
    """A root that remembers what was asked of it: the digest of each file, None for one that is not there."""

    root: Folder
    seen: dict[str, bytes | None] = field(default_factory=dict)

    @property
    def own(self) -> str:
        return self.root.own

    @property
    def folder(self) -> str:
        return self.root.folder

    def read(self, path: str, limit: int) -> bytes:
        self.seen[path] = None
        data = self.root.read(path, limit)
        self.seen[path] = hashlib.sha256(data).digest()
        return data

    def has(self, seen: Mapping[str, bytes | None]) -> bool:
        """Whether every file is still what it was."""
        return all(self._digest(path) == digest for path, digest in seen.items())

    def _digest(self, path: str) -> bytes | None:
        try:
            return hashlib.sha256(self.root.read(path, MAX_BYTES + 1)).digest()
        except NotUsableError:
            return None

    def shown(self, path: str) -> str:
        return printable(path)

    def beside(self, folder: str) -> Iterable[str]:
        return self.root.beside(folder)


def _unread(before: RulesetFile | None, name: str, why: str, now: datetime) -> RulesetFile:
    if before is None:
        return RulesetFile(name, b"", error=LoadError(now, why))
    if before.error is not None and before.error.text == why:
        return before
    return replace(before, digest=b"", error=LoadError(now, why))


def _tell_of(file: RulesetFile) -> None:
    """Log what became of a file that is new or has changed."""
    name = printable(file.name)
    compiled = file.compiled
    served = None if compiled is None else f"{compiled.name} {compiled.version}"
    if file.error is None and compiled is not None:
        mark = compiled.fingerprint
        tell(logging.INFO, "ruleset loaded", file=name, ruleset=served, fingerprint=mark)
    elif file.error is not None:
        tell(logging.ERROR, "ruleset not loaded", file=name, detail=file.error.text, still_served=served)
