"""`healthdsl explain`: why one account has its score."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from healthdsl.cli.common.accounts import Asked, ask, check_date, check_order, check_standard_input
from healthdsl.cli.common.book import read_by_duckdb
from healthdsl.cli.common.messages import MisuseError, say, say_painted, wants_colour, warn, writes_unicode
from healthdsl.cli.common.options import (
    AccountsArgument,
    AsOfOption,
    HistoryOption,
    IdOption,
    OutOption,
    RootOption,
    RowsOption,
    RulesetArgument,
    StrictOption,
)
from healthdsl.cli.common.output import check_not_read, form_by_ending, output
from healthdsl.cli.common.rulesets import load_ruleset
from healthdsl.cli.common.scoring import Scoring, tell_bad

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset
    from healthdsl.explain.explanation import Explanation
    from healthdsl.model.ruleset import Ruleset
    from healthdsl.reports.history.model import Trend

MOST_TEMPLATE_BYTES = 1_000_000
WIDEST = 110


class Report(StrEnum):
    """The form of an explanation."""

    TEXT = "text"
    MD = "md"
    HTML = "html"
    JSON = "json"


ENDINGS = {
    ".html": Report.HTML,
    ".txt": Report.TEXT,
    ".md": Report.MD,
    ".json": Report.JSON,
    ".htm": Report.HTML,
}


def explain(  # noqa: PLR0913, PLR0917 -- a parameter an option
    ruleset: RulesetArgument,
    accounts: AccountsArgument,
    account: Annotated[
        str, typer.Option("--account", metavar="ID", help="The id of the account to explain.")
    ],
    rows: RowsOption = None,
    as_of: AsOfOption = None,
    format_: Annotated[
        Report | None,
        typer.Option(
            "--format", help="Text, Markdown, one HTML page or JSON. Default: by the ending of OUT, or text."
        ),
    ] = None,
    out: OutOption = None,
    template: Annotated[
        str | None,
        typer.Option(
            "--template", metavar="FILE", help="A jinja2 template of your own, instead of --format."
        ),
    ] = None,
    strict: StrictOption = False,
    history: HistoryOption = None,
    where: Annotated[
        bool,
        typer.Option("--where", help="Also say the line of the ruleset behind each reason, for reviewers."),
    ] = False,
    id_column: IdOption = None,
    root: RootOption = None,
) -> None:
    """Explain the score of one account: what it is made of, what it lost and why, and what would move it.

    \b
    Examples:
      healthdsl explain saas_health.health accounts.csv --account B-060 --as-of 2026-03-31 \\
        --rows tickets=tickets.csv --rows logins=logins.csv
      healthdsl explain saas_health.health accounts.json --account A1 -o a1.html
      healthdsl explain saas_health.health accounts.json --account A1 --where
      healthdsl explain saas_health.health scored.parquet --account A1 --as-of 2026-03-31
      healthdsl explain saas_health.health accounts.csv --account A1 --as-of today --history runs -o a1.html
      healthdsl explain saas_health.health accounts.csv --account A1 --template mail.jinja -o mail.txt

    ACCOUNTS may also be a Parquet file that score wrote with --explain parts or full: the line says it all.
    The page is fit for a customer's eyes; --where adds the lines of the ruleset. The HTML page has them where
    the pointer rests, and needs no other file and no network. A template sees the explanation as
    `explanation`, in a sandbox. The fields are those of --format json.
    """
    asked = ask(accounts, rows, as_of, id_column, strict)
    inputs = [ruleset, *asked.files, *([template] if template else [])]
    check_order("explain", ruleset, accounts)
    check_standard_input(inputs)
    check_not_read(out, inputs)
    form = format_ or (Report.TEXT if template else Report(form_by_ending(out, ENDINGS, Report.TEXT)))
    compiled = load_ruleset(ruleset, root)
    check_date(compiled, asked)
    explanation = _explained(compiled, asked, account)
    trend = _trend(compiled, explanation, history)
    shown = _Shown(explanation, trend, where)
    text = _templated(explanation, template) if template else _rendered(shown, form, out)
    if out is None or out == "-":
        show = say_painted if form is Report.TEXT and not template else say
        show(text, end="" if text.endswith("\n") else "\n")
    else:
        with output(out, inputs) as stream:
            stream.write(text)


def _explained(compiled: CompiledRuleset, asked: Asked, account: str) -> Explanation:
    """The explanation of one account; of a file that only DuckDB reads by way of its line."""
    if read_by_duckdb(asked.files) is not None:
        return _explained_by_line(compiled, asked, account)
    scoring = Scoring(compiled, asked)
    records = scoring.records()
    result = scoring.result_of(_find(records, compiled.ruleset, account, asked.accounts))
    scoring.end()
    return result.explain()


def _explained_by_line(compiled: CompiledRuleset, asked: Asked, account: str) -> Explanation:
    from healthdsl.batch import reading
    from healthdsl.batch.one_account import Wish, explain_one
    from healthdsl.records.accounts import check_rows
    from healthdsl.records.whole_file import whole_folder

    check_rows(asked.accounts, compiled.ruleset, asked.rows)
    book = reading.Asked(compiled.ruleset, compiled.graph, asked.accounts, asked.rows, asked.id_column, warn)
    wish = Wish(account.strip(), asked.as_of, warn, lambda bad: tell_bad(bad, strict=asked.strict))
    with whole_folder(None) as folder:
        return explain_one(book, wish, folder)


def _find(
    records: Iterator[Mapping[str, object]], ruleset: Ruleset, account: str, file: str
) -> Mapping[str, object]:
    """The record of an account; MisuseError when there is none, with the id of the account that is called so,
    or the nearest ids.

    The file is read to its end: its ids may repeat, and then an account is not what was found first.
    """
    from healthdsl.records.reading import id_key

    wanted, ids, called = account.strip(), [], []
    names = (ruleset.account_name,) if ruleset.account_name else ("account_name", "name")
    found: Mapping[str, object] | None = None
    for record in records:
        ids.append(str(record[id_key(ruleset)]))
        if ids[-1] == wanted:
            found = record
        elif any(str(record.get(name) or "").strip().casefold() == wanted.casefold() for name in names):
            called.append(ids[-1])
    if found is None:
        raise MisuseError(f"{file}: no account `{account}` among {len(ids)}{_advice(wanted, ids, called)}.")
    return found


def _advice(account: str, ids: list[str], called: list[str]) -> str:
    from healthdsl.records.errors import hint

    if called and account:
        return f"; `{called[0]}` is called so: --account takes the id"
    examples = ", ".join(f"`{each}`" for each in ids[:3])
    return hint(account, ids) or f" (the file has {examples} ..)"


def _trend(compiled: CompiledRuleset, explanation: Explanation, history: str | None) -> Trend | None:
    """The score over time, where there is a history that has the account."""
    if history is None:
        return None
    from healthdsl.cli.common.history import over_time

    account = explanation.account.id or ""
    with over_time(compiled, history, [account]) as trend:
        found = trend(explanation)
    if found is None:
        warn(f"{history}: no run of `{compiled.name}` has the account `{account}` up to this day")
    return found


@dataclass(frozen=True, slots=True)
class _Shown:
    """What is shown; `where`: with the lines of the ruleset."""

    explanation: Explanation
    trend: Trend | None
    where: bool


def _rendered(shown: _Shown, form: Report, out: str | None) -> str:
    from healthdsl import reports

    explanation, trend, where = shown.explanation, shown.trend, shown.where
    match form:
        case Report.TEXT if out is None or out == "-":
            width = min(get_terminal_size().columns, WIDEST)
            return reports.render_text(
                explanation,
                width=width,
                unicode=writes_unicode(sys.stdout),
                colour=wants_colour(sys.stdout),
                trend=trend,
                where=where,
            )
        case Report.TEXT:
            return reports.render_text(explanation, trend=trend, where=where)
        case Report.MD:
            return reports.render_markdown(explanation, trend, where=where)
        case Report.HTML:
            return reports.render_html(explanation, trend=trend, where=where)
        case Report.JSON:
            return reports.render_json(explanation, trend)
        case _:
            assert_never(form)


def _templated(explanation: Explanation, template: str) -> str:
    from healthdsl.records.input_file import text_lines
    from healthdsl.reports import TemplateProblem, render_template

    text = "".join(text_lines(template))
    try:
        return render_template(explanation, text)
    except TemplateProblem as problem:
        raise MisuseError(f"{template}: {problem}") from None
