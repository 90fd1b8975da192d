"""`healthdsl demo`: the main job on a small made-up book of accounts that comes with the package."""

from __future__ import annotations

import sys
from datetime import date
from importlib.resources import files
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

from healthdsl.cli.common.accounts import Asked
from healthdsl.cli.common.called import called
from healthdsl.cli.common.messages import MisuseError, say, say_painted, wants_colour, writes_unicode
from healthdsl.cli.common.rulesets import load_ruleset
from healthdsl.cli.common.scoring import Scoring

if TYPE_CHECKING:
    from healthdsl.api import CompiledRuleset, Result

FOLDER = Path("healthdsl-demo")
RULESET = "saas_health.health"
BOOK = (RULESET, "accounts.csv", "tickets.csv", "logins.csv")
MARK = "README.txt"
MARK_TEXT = """\
This folder was made by `healthdsl demo`. Its accounts, tickets and logins are made up.
Change the ruleset and run `healthdsl demo` again: what is here is kept, only the results are written anew.
"""
AS_OF = date(2026, 3, 31)
ACCOUNT = "B-060"
LOWEST = 16
WIDEST = 100


def demo() -> None:
    """See it work: score a made-up book of 60 accounts, and explain one of the scores.

    Makes a folder healthdsl-demo with a ruleset and the accounts, shows the lowest scores, and explains an
    account on the screen and as an HTML page. Files of yours are never written over.

    \b
    Example:
      healthdsl demo
    """
    _prepare()
    ruleset, accounts, tickets, logins = (str(FOLDER / name) for name in BOOK)
    compiled = load_ruleset(ruleset)
    asked = Asked(accounts, {"tickets": tickets, "logins": logins}, AS_OF, None)
    results = list(Scoring(compiled, asked).results())
    arguments = (
        f"{ruleset} {accounts} \\\n    --rows tickets={tickets} --rows logins={logins} --as-of {AS_OF}"
    )
    say(
        f"{FOLDER} has a ruleset and {len(results)} accounts with tickets and logins. All of it is made up.\n"
    )
    _show_scores(compiled, results, arguments)
    _show_account(results, arguments)
    program = called()
    say("Try next:")
    say(f"  open {ruleset} in an editor, change a weight, and run {program} demo again")
    say(f"  {program} check {ruleset}")
    say(f"  {program} test {ruleset}")
    say(f"  {program} new our_health")


def _prepare() -> None:
    """The folder with every file of the book; what is there already stays as it is."""
    from healthdsl.records.whole_file import write_whole

    if FOLDER.exists() and not (FOLDER / MARK).is_file():
        raise MisuseError(
            f"{FOLDER}: this was not made by `healthdsl demo`. Rename it, or go to another folder."
        )
    FOLDER.mkdir(exist_ok=True)
    if not (FOLDER / MARK).exists():
        write_whole(str(FOLDER / MARK), MARK_TEXT, replace=False)
    book = files("healthdsl.cli") / "demo_book"
    for name in BOOK:
        if not (FOLDER / name).exists():
            write_whole(str(FOLDER / name), (book / name).read_text("utf-8"), replace=False)


def _show_scores(compiled: CompiledRuleset, results: list[Result], arguments: str) -> None:
    from healthdsl.batch.record_rows import RecordRows
    from healthdsl.cli.common.table import bands_counted, table_text
    from healthdsl.records.whole_file import whole_file
    from healthdsl.records.writers import write_csv

    book = RecordRows(compiled.ruleset, compiled.graph, "parts")
    columns = book.columns(named=True)
    rows = [book.row(result, result.account_id, result.account_name) for result in results]
    scores = str(FOLDER / "scores.csv")
    with whole_file(scores) as stream:
        write_csv(stream, columns, rows)
    scored = sorted((result.score, index) for index, result in enumerate(results) if result.score is not None)
    lowest = [rows[index] for _, index in scored[:LOWEST]]
    say(f"$ {called()} score {arguments}")
    say_painted(table_text(sys.stdout, compiled.ruleset, columns, lowest), end="")
    say(f"The {len(lowest)} lowest. {bands_counted(compiled.ruleset, rows)}. All are in {scores}.\n")


def _show_account(results: list[Result], arguments: str) -> None:
    from healthdsl.records.whole_file import write_whole
    from healthdsl.reports import render_html, render_text

    chosen = next((result for result in results if result.account_id == ACCOUNT), results[0])
    explanation = chosen.explain()
    width = min(get_terminal_size().columns, WIDEST)
    command = f"$ {called()} explain {arguments} \\\n    --account {chosen.account_id}"
    say(command)
    colour, unicode = wants_colour(sys.stdout), writes_unicode(sys.stdout)
    say_painted(render_text(explanation, width=width, unicode=unicode, colour=colour))
    page = str(FOLDER / f"{ACCOUNT}.html")
    write_whole(page, render_html(explanation))
    say(f"{command} --format html -o {page}")
    say(f"wrote {page}: open it in a browser.\n")
