"""What is served: the rulesets of a folder as one value that never changes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from healthdsl.api import CompiledRuleset
from healthdsl.backends.record.errors import shown
from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.records.errors import hint
from healthdsl.serve.problems import Kind, Problem
from healthdsl.source import Source

_LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class LoadError:
    """Why the text a file holds now is not served. `diagnostics` when it has mistakes, `text` shows them;
    `source` says in which file each of them stands.
    """

    at: datetime
    text: str
    diagnostics: tuple[Diagnostic, ...] = ()
    source: Source | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class RulesetFile:
    """One file of the folder.

    `compiled` is its last good text (None: it never had one), from `loaded_at`; `digest` that of the text it
    holds now, and `used` those of the files it looked for (None: not there). `error` says why the text it
    holds now is not what `compiled` is, or is not served.
    """

    name: str
    digest: bytes
    compiled: CompiledRuleset | None = None
    loaded_at: datetime | None = None
    error: LoadError | None = None
    used: Mapping[str, bytes | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Shelf:
    """The files of a folder by name, and the rulesets they serve: by name, the highest version first.

    Every CompiledRuleset in `rulesets` belongs to one file in `files`. `revision` counts shelves. `trouble`
    says why the folder cannot be read now.
    """

    revision: int = 0
    files: Mapping[str, RulesetFile] = field(default_factory=dict)
    rulesets: Mapping[str, tuple[RulesetFile, ...]] = field(default_factory=dict)
    trouble: LoadError | None = None

    def find(self, name: str, version: str | None = None) -> CompiledRuleset:
        """The ruleset of that name, in that version or the highest; Problem when there is none."""
        return compiled_of(self.file_of(name, version))

    def file_of(self, name: str, version: str | None = None) -> RulesetFile:
        """The file that serves a ruleset."""
        there = self.rulesets.get(name)
        if there is None:
            near = hint(name, self.rulesets) if len(name) <= _LONGEST_NAME else ""
            raise Problem(Kind.UNKNOWN_RULESET, f"there is no ruleset {shown(name)}{near}")
        if version is None:
            return there[0]
        for file in there:
            if compiled_of(file).version == version:
                return file
        versions = ", ".join(compiled_of(file).version for file in there)
        found = f"the ruleset {name} has no version {shown(version)}; it is here in {versions}"
        raise Problem(Kind.UNKNOWN_RULESET, found)


def compiled_of(file: RulesetFile) -> CompiledRuleset:
    """The ruleset of a file that serves one."""
    assert file.compiled is not None
    return file.compiled


def make_shelf(revision: int, files: Iterable[RulesetFile], before: Shelf) -> Shelf:
    """A shelf of these files. Where two say the same name and version, the one that served it goes on."""
    served: dict[tuple[str, str], RulesetFile] = {}
    kept: dict[str, RulesetFile] = {}
    for file in sorted(files, key=lambda file: (_serves(before, file) is False, file.name)):
        kept[file.name] = file
        if file.compiled is not None:
            served.setdefault((file.compiled.name, file.compiled.version), file)
    rulesets: dict[str, list[RulesetFile]] = {}
    for (name, _), file in served.items():
        rulesets.setdefault(name, []).append(file)
    for versions in rulesets.values():
        versions.sort(key=lambda file: _version_order(compiled_of(file).version), reverse=True)
    return Shelf(
        revision,
        MappingProxyType({name: kept[name] for name in sorted(kept)}),
        MappingProxyType({name: tuple(rulesets[name]) for name in sorted(rulesets)}),
    )


def doubled(shelf: Shelf) -> dict[str, str]:
    """The files whose ruleset another file serves, with the name of that one."""
    found: dict[str, str] = {}
    for file in shelf.files.values():
        if file.compiled is not None:
            first = shelf.file_of(file.compiled.name, file.compiled.version)
            if first.name != file.name:
                found[file.name] = first.name
    return found


def _serves(shelf: Shelf, file: RulesetFile) -> bool:
    """Whether the file served, before, the ruleset it has now."""
    if file.compiled is None:
        return False
    there = shelf.rulesets.get(file.compiled.name, ())
    return any(old.name == file.name and compiled_of(old).version == file.compiled.version for old in there)


def _version_order(version: str) -> tuple[list[int], str]:
    """2.10.0 is above 2.9.1."""
    return [int(number) for number in re.findall(r"[0-9]{1,9}", version)], version
