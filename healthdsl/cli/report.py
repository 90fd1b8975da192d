"""`healthdsl report`: a whole book of accounts on one page, with a page for each account that it lists."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from healthdsl.cli.common.accounts import Asked, ask, check_date, check_order, check_standard_input
from healthdsl.cli.common.messages import MisuseError, count, say, tell, warn
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
from healthdsl.cli.common.progress import progress_bar
from healthdsl.cli.common.rulesets import load_ruleset
from healthdsl.cli.common.scoring import tell_bad

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset
    from healthdsl.batch.summary_book import SummedUp
    from healthdsl.reports.book.model import Book


class Report(StrEnum):
    """The form of a book."""

    HTML = "html"
    MD = "md"
    JSON = "json"


ENDINGS = {".html": Report.HTML, ".md": Report.MD, ".json": Report.JSON, ".htm": Report.HTML}


def report(  # noqa: PLR0913, PLR0917 -- a parameter an option
    ruleset: RulesetArgument,
    accounts: AccountsArgument,
    rows: RowsOption = None,
    as_of: AsOfOption = None,
    format_: Annotated[
        Report | None,
        typer.Option(
            "--format", help="One HTML page, Markdown or JSON. Default: by the ending of OUT, or md."
        ),
    ] = None,
    out: OutOption = None,
    all_accounts: Annotated[
        bool,
        typer.Option(
            "--all-accounts",
            help="A page for every account (the worst 2,000 of them), not only for the listed.",
        ),
    ] = False,
    strict: StrictOption = False,
    memory: Annotated[
        str | None, typer.Option("--memory", metavar="SIZE", help="At most so much at once, such as 1GB.")
    ] = None,
    history: HistoryOption = None,
    id_column: IdOption = None,
    root: RootOption = None,
) -> None:
    """Sum up a whole book of accounts: scores, bands, the commonest reasons, the worst and the best.

    \b
    Examples:
      healthdsl report saas_health.health accounts.csv --rows tickets=tickets.csv --rows logins=logins.csv \\
        --as-of 2026-03-31 -o book.html
      healthdsl report saas_health.health accounts.parquet -o book.json
      healthdsl report saas_health.health accounts.csv --all-accounts -o book.html
      healthdsl report saas_health.health accounts.csv --as-of today --history runs -o book.html

    book.html needs no network. Beside it a folder book/ gets a page for each account that is
    listed. With --history those pages get the account's score over time; the book itself stays
    the same, and `healthdsl changes` says what moved. Both are written whole or not at all, and an
    older folder of this command is replaced.
    """
    asked = ask(accounts, rows, as_of, id_column, strict)
    inputs = [ruleset, *asked.files]
    check_order("report", ruleset, accounts)
    check_standard_input(inputs)
    check_not_read(out, inputs)
    form = format_ or Report(form_by_ending(out, ENDINGS, Report.MD))
    file = None if out == "-" else out
    pages = file if form is Report.HTML else None
    if pages is None and (all_accounts or history is not None):
        option = "--all-accounts writes pages" if all_accounts else "--history is for the pages of accounts"
        raise MisuseError(f"{option} beside a file: -o book.html")
    compiled = load_ruleset(ruleset, root)
    check_date(compiled, asked)
    if pages is not None:
        _check_pages(pages)
    with _summed_up(compiled, asked, file, memory) as summed:
        if pages is not None:
            _write_pages(pages, summed, compiled, history, all_accounts=all_accounts)
        else:
            _write(file, form, summed, inputs)


@contextmanager
def _summed_up(
    compiled: CompiledRuleset, asked: Asked, file: str | None, memory: str | None
) -> Iterator[SummedUp]:
    """The accounts scored and summed up, with a bar for a person who waits."""
    from healthdsl.batch import reading
    from healthdsl.batch.options import check_limits
    from healthdsl.batch.scoring import Limits
    from healthdsl.batch.summary import Subject
    from healthdsl.batch.summary_book import summed_up
    from healthdsl.explain.bounds import find_reaches
    from healthdsl.records.accounts import check_rows
    from healthdsl.records.whole_file import whole_folder

    ruleset, graph = compiled.ruleset, compiled.graph
    check_rows(asked.accounts, ruleset, asked.rows)
    try:
        check_limits(Limits(memory))
    except ValueError as problem:
        raise MisuseError(f"--{problem}") from None
    book = reading.Asked(ruleset, graph, asked.accounts, asked.rows, asked.id_column, warn)
    subject = Subject(ruleset, compiled.fingerprint, find_reaches(graph), asked.as_of)
    with whole_folder(file) as folder, progress_bar() as progress:
        limits = Limits(memory, progress=progress)
        with summed_up(
            book, subject, limits, folder, lambda bad: tell_bad(bad, strict=asked.strict)
        ) as summed:
            yield summed


def _check_pages(out: str) -> None:
    """FileError when the folder of pages may not be written; said before any account is scored."""
    from healthdsl.batch.summary_folder import check_folder
    from healthdsl.batch.summary_pages import folder_of

    check_folder(folder_of(out))


def _write_pages(
    out: str, summed: SummedUp, compiled: CompiledRuleset, history: str | None, *, all_accounts: bool
) -> None:
    from healthdsl.batch.summary_pages import MOST_PAGES, folder_of, write_with_pages
    from healthdsl.cli.common.history import over_time

    accounts = summed.accounts(MOST_PAGES) if all_accounts else summed.book.listed
    if all_accounts and summed.book.accounts > MOST_PAGES:
        warn(f"pages for the worst {MOST_PAGES:,} of {summed.book.accounts:,} accounts, no more")
    explainer = summed.explainer(accounts, with_moves=True)
    with over_time(compiled, history, [each.id for each in accounts]) as trend:
        write_with_pages(out, summed.book, accounts, explainer, index=all_accounts, trend=trend)
    tell(f"{out}, and {count(len(accounts), 'page')} in {folder_of(out)}")


def _write(out: str | None, form: Report, summed: SummedUp, inputs: list[str]) -> None:
    from healthdsl.batch.summary_pages import with_reasons

    book = with_reasons(summed.book, summed.explainer(summed.book.listed, with_moves=False))
    text = _rendered(form, book)
    if out is None:
        say(text, end="")
    else:
        with output(out, inputs) as stream:
            stream.write(text)


def _rendered(form: Report, book: Book) -> str:
    from healthdsl.reports.book import render_book_html, render_book_json, render_book_markdown

    match form:
        case Report.HTML:
            return render_book_html(book)
        case Report.MD:
            return render_book_markdown(book)
        case Report.JSON:
            return render_book_json(book)
        case _:
            assert_never(form)
