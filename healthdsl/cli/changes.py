"""`healthdsl changes`: why scores moved between two runs of a history."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from healthdsl.cli.common.accounts import day_of
from healthdsl.cli.common.messages import MisuseError, say, writes_unicode
from healthdsl.cli.common.options import OutOption, RootOption
from healthdsl.cli.common.output import check_not_read, form_by_ending, output
from healthdsl.cli.common.rulesets import load_ruleset

if TYPE_CHECKING:
    from healthdsl.history.pair import Pair

WIDEST = 110


class Form(StrEnum):
    """The form of the changes."""

    TEXT = "text"
    MD = "md"
    JSON = "json"


ENDINGS = {".txt": Form.TEXT, ".md": Form.MD, ".json": Form.JSON}


def changes(  # noqa: PLR0913, PLR0917 -- a parameter an option
    history: Annotated[
        str,
        typer.Option("--history", metavar="DIR", help="The folder of the runs that `score --history` keeps."),
    ],
    account: Annotated[
        str | None, typer.Option("--account", metavar="ID", help="One account, with its score over time.")
    ] = None,
    from_: Annotated[
        str | None,
        typer.Option("--from", metavar="DATE", help="The older run. Default: the last one before the newer."),
    ] = None,
    to: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="The newer run. Default: the last one.")
    ] = None,
    ruleset: Annotated[
        str | None,
        typer.Option("--ruleset", metavar="NAME", help="Which ruleset, where runs of several are kept."),
    ] = None,
    ruleset_file: Annotated[
        str | None,
        typer.Option(
            "--ruleset-file",
            metavar="FILE",
            help="The ruleset of the newer run, to tell what the ruleset did from what the accounts did.",
        ),
    ] = None,
    drop: Annotated[
        str, typer.Option("--drop", metavar="POINTS", help="So many points make a sudden drop.")
    ] = "15",
    format_: Annotated[
        Form | None, typer.Option("--format", help="Default: by the ending of OUT, or text.")
    ] = None,
    out: OutOption = None,
    root: RootOption = None,
) -> None:
    """Say why scores moved between two runs: what the accounts did, and what the ruleset did.

    \b
    Examples:
      healthdsl score saas_health.health accounts.csv --as-of 2026-03-31 --history runs
      healthdsl changes --history runs
      healthdsl changes --history runs --account B-060 --from 2026-02-28 --to 2026-03-31
      healthdsl changes --history runs --ruleset-file saas_health.health -o changes.md

    Where both runs were made by the same rules, all that moved is the accounts'. Where the rules differ, the
    older run is scored again by those of --ruleset-file, from what it kept: that is what the ruleset did, and
    the rest is what the accounts did. Without the file the two are not told apart.
    """
    from healthdsl.history.pair import make_pair
    from healthdsl.history.runs import open_history, two_runs

    days = day_of(from_), day_of(to)
    points = _points(drop)
    check_not_read(out, [ruleset_file] if ruleset_file else [])
    form = format_ or Form(form_by_ending(out, ENDINGS, Form.TEXT))
    rules = None
    if ruleset_file is not None:
        compiled = load_ruleset(ruleset_file, root)
        rules = (compiled.ruleset, compiled.graph)
    with open_history(history, ruleset or (rules[0].name if rules else None)) as opened:
        pair = make_pair(opened, *two_runs(opened, *days), rules)
        page = _page(form, out)
        text = _book(pair, points, page) if account is None else _account(pair, account.strip(), page)
    if out is None or out == "-":
        say(text, end="")
    else:
        with output(out, ()) as stream:
            stream.write(text)


def _points(text: str) -> Decimal:
    """A number of points above 0; MisuseError for anything else."""
    try:
        points = Decimal(text.strip())
    except InvalidOperation:
        points = Decimal(0)
    if not (points.is_finite() and 0 < points < Decimal(10) ** 12):
        raise MisuseError(f"--drop {text}: this is no number of points above 0. Write it like 15.")
    return points


@dataclass(frozen=True, slots=True)
class _Page:
    """How the changes are told: `width` and signs that the screen or a file takes."""

    form: Form
    width: int
    unicode: bool


def _page(form: Form, out: str | None) -> _Page:
    if out in {None, "-"}:
        return _Page(form, min(get_terminal_size().columns, WIDEST), writes_unicode(sys.stdout))
    return _Page(form, WIDEST, unicode=True)


def _book(pair: Pair, drop: Decimal, page: _Page) -> str:
    from healthdsl.history.book import book_changes
    from healthdsl.reports.history.markdown import book_markdown
    from healthdsl.reports.history.text import book_text
    from healthdsl.reports.json_report import render_model

    found = book_changes(pair, drop)
    match page.form:
        case Form.JSON:
            return render_model(found)
        case Form.MD:
            return book_markdown(found)
        case Form.TEXT:
            return book_text(found, width=page.width, unicode=page.unicode)
        case _:
            assert_never(page.form)


def _account(pair: Pair, account: str, page: _Page) -> str:
    from healthdsl.history.account import account_changes
    from healthdsl.reports.history.markdown import account_markdown
    from healthdsl.reports.history.text import account_text
    from healthdsl.reports.json_report import render_model

    found = account_changes(pair, account)
    match page.form:
        case Form.JSON:
            return render_model(found)
        case Form.MD:
            return account_markdown(found)
        case Form.TEXT:
            return account_text(found, width=page.width, unicode=page.unicode)
        case _:
            assert_never(page.form)
