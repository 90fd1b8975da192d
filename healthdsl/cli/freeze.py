"""`healthdsl freeze`: how a signal is distributed over a book, as a file that rulesets rank accounts in."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePath
from typing import TYPE_CHECKING, Annotated

import typer

from healthdsl.cli.common.accounts import Asked, ask, check_date, check_order, check_standard_input
from healthdsl.cli.common.book import BookRequest, Engine, Format, engine_for
from healthdsl.cli.common.messages import MisuseError, warn
from healthdsl.cli.common.options import (
    AccountsArgument,
    AsOfOption,
    IdOption,
    OutOption,
    RootOption,
    RowsOption,
    RulesetArgument,
    StrictOption,
)
from healthdsl.cli.common.output import check_not_read, output
from healthdsl.cli.common.rulesets import load_ruleset
from healthdsl.cli.common.scoring import Scoring, tell_bad

if TYPE_CHECKING:
    from datetime import date

    from healthdsl.api import CompiledRuleset
    from healthdsl.batch.frozen_points import Counted
    from healthdsl.model.ruleset import Signal

LARGEST = 1e15
LEAST_POINTS = 2
_NAME = re.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*", re.ASCII)


def freeze(  # noqa: PLR0913, PLR0917 -- a parameter an option
    ruleset: RulesetArgument,
    accounts: AccountsArgument,
    signal: Annotated[str, typer.Option("--signal", metavar="NAME", help="The signal to freeze.")],
    name: Annotated[
        str | None,
        typer.Option("--name", metavar="NAME", help="What to call the distribution; else as the file."),
    ] = None,
    rows: RowsOption = None,
    as_of: AsOfOption = None,
    out: OutOption = None,
    engine: Annotated[
        Engine, typer.Option("--engine", help="What reads the files; auto chooses by their size.")
    ] = Engine.AUTO,
    strict: StrictOption = False,
    id_column: IdOption = None,
    root: RootOption = None,
) -> None:
    """Freeze how a signal is distributed over a book of accounts, for percentiles that stay what they are.

    The file holds at most 101 points of the distribution, beside the biggest error of a rank. A ruleset (or a
    dictionary) uses it, so that one account has the same rank alone as among all others.

    \b
    Examples:
      healthdsl freeze saas_health.health accounts.csv --signal mrr --as-of 2026-03-31 -o mrr_2026.health
      healthdsl freeze signals.health accounts.parquet --signal seats --name seats_q1 -o q1.health

    \b
    In a ruleset:
      use "mrr_2026.health"
      measure spend percentile in mrr_2026 of mrr
    """
    asked = ask(accounts, rows, as_of, id_column, strict)
    inputs = [ruleset, *asked.files]
    check_order("freeze", ruleset, accounts)
    check_standard_input(inputs)
    check_not_read(out, inputs)
    called = _name(name, signal, out)
    chosen = engine_for(engine, BookRequest(asked, "parts", Format.CSV, out))
    if chosen is Engine.SPARK:
        raise MisuseError("--engine spark: freezing reads one signal, which DuckDB does. Leave --engine out.")
    compiled = load_ruleset(ruleset, root, dictionary=True)
    frozen = _signal(compiled, signal)
    check_date(compiled, asked)
    counted = (_by_record if chosen is Engine.RECORD else _by_duckdb)(compiled, asked, signal)
    text = _text(called, compiled, frozen, counted, asked.as_of)
    with output(out, inputs) as stream:
        stream.write(text)


def _name(name: str | None, signal: str, out: str | None) -> str:
    """The name that was asked for, else that of the file, else that of the signal."""
    found = name
    if found is None and out not in {None, "-"}:
        found = PurePath(out or "").stem
    found = found if found is not None else f"{signal}_frozen"
    if not _NAME.fullmatch(found):
        raise MisuseError(
            f"{found}: no name for a distribution. Write --name with lower case words joined by `_`."
        )
    return found


def _signal(compiled: CompiledRuleset, name: str) -> Signal:
    """The signal to freeze; MisuseError when there is none, or it is no number."""
    from healthdsl.records.errors import hint

    signals = {signal.name: signal for signal in compiled.ruleset.signals}
    found = signals.get(name)
    if found is None:
        advice = hint(name, signals) or ". A signal that only a used file has is frozen from that file"
        raise MisuseError(f"--signal {name}: {compiled.name} has no such signal{advice}.")
    if not found.type.is_numeric:
        kind = found.type.kind.value
        raise MisuseError(f"--signal {name}: only numbers have ranks, and this signal is `{kind}`.")
    return found


def _by_record(compiled: CompiledRuleset, asked: Asked, signal: str) -> Counted:
    """The values, one account after the other."""
    from healthdsl.batch.frozen_points import Counted

    counter: Counter[float] = Counter()
    accounts = 0
    for result in Scoring(compiled, asked).results():
        accounts += 1
        value = result.values[signal]
        if isinstance(value, float | int):
            counter[float(value)] += 1
    return Counted(sorted(counter.items()), accounts, len(counter))


def _by_duckdb(compiled: CompiledRuleset, asked: Asked, signal: str) -> Counted:
    """The same in one query."""
    from healthdsl.batch import reading
    from healthdsl.batch.freezing import values_of
    from healthdsl.records.accounts import check_rows
    from healthdsl.records.whole_file import whole_folder

    ruleset = compiled.ruleset
    check_rows(asked.accounts, ruleset, asked.rows)
    book = reading.Asked(ruleset, compiled.graph, asked.accounts, asked.rows, asked.id_column, warn)
    with whole_folder(None) as folder:
        return values_of(book, signal, asked.as_of, folder, lambda bad: tell_bad(bad, strict=asked.strict))


def _text(name: str, compiled: CompiledRuleset, signal: Signal, counted: Counted, day: date | None) -> str:
    """The file; MisuseError when there is nothing to rank."""
    from healthdsl.batch.frozen_points import freeze_points, ranked
    from healthdsl.batch.frozen_text import Frozen, frozen_text
    from healthdsl.source import Source
    from healthdsl.syntax.printer import format_text

    values = [value for value, _ in counted.counts]
    if any(abs(value) >= LARGEST for value in values):
        raise MisuseError(f"--signal {signal.name}: a value has more than 15 digits, which no ruleset holds.")
    points = freeze_points(ranked(counted)) if values else None
    if points is None or len(points.points) < LEAST_POINTS:
        found = "all accounts have the same value" if values else "no account has a value"
        raise MisuseError(f"--signal {signal.name}: {found}, so there are no ranks to freeze.")
    about = Frozen(compiled.ruleset, compiled.fingerprint, signal, day, counted)
    return format_text(Source(frozen_text(name, about, points)))
