"""What is served, for GET /rulesets.

The names of the classes are those of the OpenAPI document, which has the parts of an explanation too: no two
may be alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.model.ruleset import Bands, Ruleset, Signal
from healthdsl.records.cells import printable
from healthdsl.serve.shelf import LoadError, RulesetFile, Shelf, compiled_of, doubled
from healthdsl.source import Source


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake of a file that is not served as it is now; `file` and `line` say where, which may be in a
    file that it uses.
    """

    code: str
    file: str
    line: int
    message: str
    help: str | None


@dataclass(frozen=True, slots=True)
class FileError:
    """Why a file is not served as it is now; `text` shows it to people, with the lines of the file."""

    file: str
    at: datetime | None
    text: str
    mistakes: list[Mistake]


@dataclass(frozen=True, slots=True)
class ServedSignal:
    """A signal; one without a formula is read from the record, by `column`."""

    name: str
    title: str
    type: str
    column: str | None


@dataclass(frozen=True, slots=True)
class ServedBand:
    name: str
    label: str
    colour: str | None


@dataclass(frozen=True, kw_only=True)
class ServedRuleset:
    """A ruleset that is served. `load_error`: its file holds another text now, which cannot be."""

    name: str
    version: str
    title: str
    owner: str | None
    fingerprint: str
    needs_as_of: bool
    file: str
    loaded_at: datetime | None
    load_error: FileError | None


@dataclass(frozen=True, kw_only=True)
class ServedRulesetPage(ServedRuleset):
    """A ruleset with what it reads and gives; `versions` are all that are served, the highest first."""

    versions: list[str]
    score: str | None
    signals: list[ServedSignal]
    bands: dict[str, list[ServedBand]]
    flags: list[str]
    plays: list[str]
    record_schema: dict[str, Any]


@dataclass(frozen=True, slots=True)
class RulesetList:
    """All rulesets. `broken` are the files that serve nothing; `trouble` says why the folder cannot be read.
    `revision` grows with every reload.
    """

    revision: int
    trouble: str | None
    rulesets: list[ServedRuleset]
    broken: list[FileError]


def describe_all(shelf: Shelf) -> RulesetList:
    """The list of GET /rulesets."""
    files = [file for versions in shelf.rulesets.values() for file in versions]
    served = {file.name for file in files}
    repeated = doubled(shelf)
    idle = [file for file in shelf.files.values() if file.name not in served]
    return RulesetList(
        shelf.revision,
        None if shelf.trouble is None else shelf.trouble.text,
        [_line(file) for file in files],
        [_broken(file, repeated.get(file.name)) for file in idle],
    )


def describe_one(shelf: Shelf, name: str, version: str | None) -> ServedRulesetPage:
    """The page of GET /rulesets/{name}; Problem when there is no such ruleset."""
    file = shelf.file_of(name, version)
    line, compiled = _line(file), compiled_of(file)
    ruleset = compiled.ruleset
    return ServedRulesetPage(
        **vars(line),
        versions=[compiled_of(other).version for other in shelf.rulesets[name]],
        score=ruleset.main_score,
        signals=[_signal(signal) for signal in ruleset.signals],
        bands={bands.node: _bands(bands) for bands in ruleset.bands},
        flags=_raised(ruleset, "flag"),
        plays=_raised(ruleset, "play"),
        record_schema=compiled.schema(),
    )


def _line(file: RulesetFile) -> ServedRuleset:
    compiled = compiled_of(file)
    ruleset = compiled.ruleset
    return ServedRuleset(
        name=compiled.name,
        version=compiled.version,
        title=ruleset.title,
        owner=ruleset.owner,
        fingerprint=compiled.fingerprint,
        needs_as_of=compiled.needs_as_of,
        file=printable(file.name),
        loaded_at=file.loaded_at,
        load_error=None if file.error is None else _file_error(file.name, file.error),
    )


def _broken(file: RulesetFile, other: str | None) -> FileError:
    """Why a file serves nothing: its mistakes, or that another file serves the same version already."""
    if file.error is not None or other is None:
        assert file.error is not None
        return _file_error(file.name, file.error)
    compiled = compiled_of(file)
    served = f"{compiled.name} {compiled.version} is served from {printable(other)}"
    text = f"{served}; give this one a version of its own"
    return FileError(printable(file.name), file.loaded_at, text, [])


def _file_error(name: str, error: LoadError) -> FileError:
    mistakes = [_mistake(name, error.source, found) for found in error.diagnostics]
    return FileError(printable(name), error.at, error.text, mistakes)


def _mistake(name: str, source: Source | None, found: Diagnostic) -> Mistake:
    file, line = (name, found.span.line) if source is None else source.place_of(found.span.line)
    return Mistake(found.code, printable(file), line, found.message, found.help)


def _signal(signal: Signal) -> ServedSignal:
    column = signal.column if signal.formula is None else None
    return ServedSignal(signal.name, signal.title, signal.type.kind.value, column)


def _bands(bands: Bands) -> list[ServedBand]:
    return [ServedBand(band.name, band.label, band.colour) for band in bands.bands]


def _raised(ruleset: Ruleset, word: str) -> list[str]:
    return [flag.name for flag in ruleset.flags if flag.word == word]
