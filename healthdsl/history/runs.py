"""The runs of a history: found, checked, and opened in an engine of their own.

Runs that are compared are first linked (or copied) into a folder of ours, so that a writer who replaces one
meanwhile does not change what is read. Whatever is no run, or a damaged one, is a FileError with its name.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import unquote

from healthdsl.backends.duckdb.engine import Engine, EngineError
from healthdsl.backends.duckdb.quoting import literal
from healthdsl.history.about import About, about_of
from healthdsl.history.columns import TYPES
from healthdsl.history.store import ENDING, LAYOUT, PARTITION
from healthdsl.records.errors import FileError, hint
from healthdsl.records.whole_file import whole_folder


@dataclass(frozen=True, slots=True)
class Run:
    """One run. `path` is what an engine reads, `name` what messages call it."""

    as_of: date
    ruleset: str
    version: str
    fingerprint: str
    about: About
    path: str
    name: str

    @property
    def sql(self) -> str:
        return f"read_parquet({literal(self.path)}, hive_partitioning = false)"


@dataclass(frozen=True, slots=True)
class History:
    """The runs of one ruleset, from the first day on, and the engine that reads them."""

    folder: str
    ruleset: str
    runs: tuple[Run, ...]
    engine: Engine
    room: Path

    def before(self, day: date) -> tuple[Run, ...]:
        return tuple(run for run in self.runs if run.as_of < day)


@contextmanager
def open_history(folder: str, ruleset: str | None = None) -> Iterator[History]:
    """The history of a ruleset; None: of the only one there is.

    FileError for a folder without runs, runs of several rulesets or of others, and damaged files.
    """
    found = _found(folder)
    name = _chosen(folder, found, ruleset)
    with whole_folder(None) as room:
        paths = [str(path.absolute()) for _, path in found[name]]
        engine = Engine(str(room), paths)
        try:
            days = [day for day, _ in found[name]]
            runs = [_run(engine, name, day, path) for day, path in zip(days, paths, strict=True)]
            yield History(folder, name, tuple(runs), engine, room)
        finally:
            engine.close()


def _found(folder: str) -> dict[str, list[tuple[date, Path]]]:
    """The files of each ruleset by day."""
    root = Path(folder)
    if not root.is_dir():
        raise FileError(f"{folder}: there is no such folder. `healthdsl score --history {folder}` makes it.")
    found: dict[str, list[tuple[date, Path]]] = {}
    try:
        partitions = sorted(each for each in root.iterdir() if each.name.startswith(PARTITION))
        for partition in partitions:
            day = _day(partition.name.removeprefix(PARTITION))
            if day is None or not partition.is_dir():
                raise FileError(f"{partition}: this is no day of a history. Move it away.")
            for path in sorted(partition.iterdir()):
                if path.suffix == ENDING and not path.name.startswith("."):
                    found.setdefault(unquote(path.stem), []).append((day, path))
    except OSError as problem:
        raise FileError(f"{folder}: cannot be read ({problem.strerror}).") from None
    if not found:
        raise FileError(f"{folder}: there is no run in this folder. `score --history {folder}` keeps one.")
    return found


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def _chosen(folder: str, found: dict[str, list[tuple[date, Path]]], ruleset: str | None) -> str:
    names = sorted(found)
    listed = ", ".join(f"`{name}`" for name in names)
    if ruleset is None:
        if len(names) > 1:
            raise FileError(f"{folder}: there are runs of {listed}. Name one with --ruleset {names[0]}.")
        return names[0]
    if ruleset not in found:
        raise FileError(f"{folder}: there is no run of `{ruleset}`{hint(ruleset, names)}, only of {listed}.")
    return ruleset


# One run ---------------------------------------------------------------------


def _run(engine: Engine, ruleset: str, day: date, path: str, name: str | None = None) -> Run:
    """A run with what it says about itself; `name` is what messages call it, if not its path."""
    shown = name or path
    try:
        rows = engine.ask(f"SELECT decode(key), decode(value) FROM parquet_kv_metadata({literal(path)})")  # noqa: S608
        columns = engine.describe(f"read_parquet({literal(path)}, hive_partitioning = false)")
    except EngineError:
        raise _damaged(shown, "it is no whole Parquet file") from None
    tags = {str(key): str(value) for key, value in rows}
    kinds = {column: found.type_name.replace('"', "") for column, found in columns.items()}
    told = _checked(tags, kinds, day, shown)
    if tags.get("healthdsl_ruleset") != ruleset:
        raise _damaged(shown, f"it is a run of `{tags.get('healthdsl_ruleset')}`")
    version, print_ = tags.get("healthdsl_version", ""), tags.get("healthdsl_fingerprint", "")
    return Run(day, ruleset, version, print_, told, path, shown)


def held(history: History, run: Run) -> Run:
    """The run as it is now, whatever becomes of its file."""
    path = _held(Path(run.path), history.room / f"held-{run.as_of}.parquet")
    return _run(history.engine, run.ruleset, run.as_of, path, run.name)


def _held(path: Path, target: Path) -> str:
    """The file under a name of ours, as it is now."""
    try:
        try:
            os.link(path, target)
        except OSError:  # another file system, or one without links
            shutil.copyfile(path, target)
    except OSError as problem:
        raise FileError(f"{path}: cannot be read ({problem.strerror}).") from None
    return str(target)


def _checked(tags: dict[str, str], kinds: dict[str, str], day: date, name: str) -> About:
    """What the run says about its ruleset, once it is known to be a run of this day."""
    layout = tags.get("healthdsl_history")
    if layout is None:
        raise _damaged(name, "it is no run that `score --history` kept")
    if layout != LAYOUT:
        raise FileError(
            f"{name}: this run has layout {layout}, and this healthdsl reads {LAYOUT}. Use a newer healthdsl."
        )
    if tags.get("healthdsl_as_of") != day.isoformat():
        raise _damaged(name, f"it is of the day {tags.get('healthdsl_as_of')}")
    told = about_of(tags.get("healthdsl_about", ""))
    if told is None or any(kinds.get(key) != kind for key, kind in TYPES.items()):
        raise _damaged(name, "its columns are not those of a run")
    return told


def _damaged(name: str, why: str) -> FileError:
    return FileError(
        f"{name}: this file is damaged or does not belong here: {why}. Score that day again, or move it away."
    )


# Two runs --------------------------------------------------------------------


def two_runs(history: History, start: date | None, end: date | None) -> tuple[Run, Run]:
    """The runs of two days; by default the last and the one before it.

    FileError when a day has no run, or there is nothing to compare it with.
    """
    earlier, later = _two_runs(history, start, end)
    return held(history, earlier), held(history, later)


def _two_runs(history: History, start: date | None, end: date | None) -> tuple[Run, Run]:
    later = _on(history, end, "to") if end is not None else history.runs[-1]
    if start is not None:
        earlier = _on(history, start, "from")
        if earlier.as_of >= later.as_of:
            raise FileError(f"--from {earlier.as_of} is not before {later.as_of}. Give two days in order.")
        return earlier, later
    before = history.before(later.as_of)
    if not before:
        raise FileError(
            f"{history.folder}: the run of `{history.ruleset}` for {later.as_of} is the first, so there"
            " is nothing to compare it with. Score another day with --history."
        )
    return before[-1], later


def _on(history: History, day: date, option: str) -> Run:
    for run in history.runs:
        if run.as_of == day:
            return run
    near = sorted(history.runs, key=lambda run: abs((run.as_of - day).days))[:3]
    days = ", ".join(str(run.as_of) for run in sorted(near, key=lambda run: run.as_of))
    raise FileError(
        f"--{option} {day}: there is no run of `{history.ruleset}` for this day. The nearest are {days}."
    )
