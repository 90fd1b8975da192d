"""`healthdsl plan`: what a change of a ruleset does to a book of accounts, before it is made."""

from __future__ import annotations

import re
import shutil
import sys
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from healthdsl.cli.common.accounts import Asked, ask, check_date, check_standard_input
from healthdsl.cli.common.messages import FINDINGS, MisuseError, say, tell, warn
from healthdsl.cli.common.options import (
    AccountsArgument,
    AsOfOption,
    IdOption,
    OutOption,
    RootOption,
    RowsOption,
    StrictOption,
)
from healthdsl.cli.common.output import check_not_read, form_by_ending, output
from healthdsl.cli.common.progress import progress_bar
from healthdsl.cli.common.scoring import tell_bad
from healthdsl.cli.common.versions import NewArgument, OldArgument, Versions, load_versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from healthdsl.batch.scoring import Limits
    from healthdsl.reports.plan.model import Plan, Verdict


class Form(StrEnum):
    """The form of a plan."""

    TEXT = "text"
    MD = "md"
    HTML = "html"
    JSON = "json"


ENDINGS = {".html": Form.HTML, ".md": Form.MD, ".json": Form.JSON, ".txt": Form.TEXT, ".htm": Form.HTML}
_LIMIT = re.compile(r"(?P<number>\d+(?:\.\d+)?)(?P<percent>\s*%)?")


def plan(  # noqa: PLR0913, PLR0917 -- a parameter an option
    old: OldArgument,
    new: NewArgument,
    accounts: AccountsArgument,
    rows: RowsOption = None,
    as_of: AsOfOption = None,
    format_: Annotated[
        Form | None,
        typer.Option(
            "--format", help="Text, Markdown, one HTML page or JSON. Default: by the ending of OUT, or text."
        ),
    ] = None,
    out: OutOption = None,
    max_moved: Annotated[
        str | None,
        typer.Option(
            "--max-moved",
            metavar="LIMIT",
            help="Exit code 1 when more accounts move: a share such as 5%, or a number.",
        ),
    ] = None,
    max_worse_band: Annotated[
        str | None,
        typer.Option(
            "--max-worse-band",
            metavar="LIMIT",
            help="Exit code 1 when more accounts go to a worse band or lose their score.",
        ),
    ] = None,
    movers: Annotated[
        int, typer.Option("--movers", metavar="N", min=0, max=1000, help="Accounts listed of each kind.")
    ] = 20,
    strict: StrictOption = False,
    memory: Annotated[
        str | None, typer.Option("--memory", metavar="SIZE", help="At most so much at once, such as 1GB.")
    ] = None,
    id_column: IdOption = None,
    root: RootOption = None,
) -> None:
    """Score a book by two versions of a ruleset, and show whom the change moves and by which edit.

    Shows the bands before and after, what each edit does, the money that moves, flags and plays that start or
    stop, and the accounts that move most. An account moves when its score, as it is shown, or its band is
    another one, or it gets or loses a score.

    \b
    Examples:
      healthdsl plan HEAD~1:saas.health saas.health accounts.csv --rows tickets=tickets.csv --as-of 2026-03-31
      healthdsl plan main:saas.health saas.health accounts.parquet --format md --max-moved 5%
      healthdsl plan old.health new.health accounts.csv -o plan.html

    Exit code 0: every limit is kept. 1: one is not, or a ruleset has mistakes.
    """
    asked = ask(accounts, rows, as_of, id_column, strict)
    limits = Policy(parse_limit("--max-moved", max_moved), parse_limit("--max-worse-band", max_worse_band))
    inputs = [old, new, *asked.files]
    check_standard_input(inputs)
    check_not_read(out, inputs)
    form = format_ or Form(form_by_ending(None if out == "-" else out, ENDINGS, Form.TEXT))
    versions = load_versions(old, new, root)
    check_date(versions.old, asked)
    check_date(versions.new, asked)
    file = None if out == "-" else out
    found = _planned(versions, asked, file, (memory, movers))
    found = found.model_copy(update={"verdicts": tuple(limits.judged(found))})
    _write(file, _rendered(form, found), inputs)
    if not found.kept:
        for verdict in found.verdicts:
            if not verdict.kept:
                tell(f"limit broken: {verdict.said}")
        raise typer.Exit(FINDINGS)


# Limits ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many accounts, or such a share of them, in percent."""

    said: str
    number: Decimal
    is_share: bool

    def keeps(self, count: int, of: int) -> bool:
        return count * 100 <= self.number * of if self.is_share else count <= self.number


@dataclass(frozen=True, slots=True)
class Policy:
    """The limits that were given."""

    moved: Limit | None
    worse: Limit | None

    def judged(self, found: Plan) -> Iterator[Verdict]:
        """What each limit says about a plan."""
        from healthdsl.reports.plan.model import Verdict

        totals = found.totals
        down = totals.worse + totals.unscored
        for limit, count, what in (
            (self.moved, totals.moved, "move"),
            (self.worse, down, "go to a worse band or lose their score"),
        ):
            if limit is not None:
                said = f"{count:,} of {totals.accounts:,} accounts {what}, at most {limit.said} may"
                yield Verdict(said=said, kept=limit.keeps(count, totals.accounts))


def parse_limit(option: str, text: str | None) -> Limit | None:
    """A limit such as `5%` or `20`; MisuseError for anything else."""
    if text is None:
        return None
    found = _LIMIT.fullmatch(text.strip())
    is_share = found is not None and found["percent"] is not None
    if found is None or (not is_share and "." in text) or (is_share and Decimal(found["number"]) > 100):
        raise MisuseError(f"{option} {text}: write a share such as 5%, or a whole number of accounts.")
    return Limit(text.strip(), Decimal(found["number"]), is_share)


# The plan --------------------------------------------------------------------


def _planned(versions: Versions, asked: Asked, file: str | None, how: tuple[str | None, int]) -> Plan:
    """Both versions scored, with a bar for a person who waits."""
    from healthdsl.batch.plan import Book, Planned, make_plan
    from healthdsl.records.whole_file import whole_folder

    memory, listed = how
    old, new = versions.old.ruleset, versions.new.ruleset
    book = Book(asked.accounts, asked.rows, asked.as_of, asked.id_column, warn)
    planned = Planned(old, new, versions.compared.difference, listed)
    with whole_folder(file) as folder, _limits(memory) as limits:
        return make_plan(planned, book, limits, folder, lambda bad: tell_bad(bad, strict=asked.strict))


@contextmanager
def _limits(memory: str | None) -> Iterator[Limits]:
    from healthdsl.batch.options import check_limits
    from healthdsl.batch.scoring import Limits

    try:
        check_limits(Limits(memory))
    except ValueError as problem:
        raise MisuseError(f"--{problem}") from None
    with progress_bar() as progress:
        yield Limits(memory, progress=progress)


def _rendered(form: Form, found: Plan) -> str:
    from healthdsl.reports.plan import (
        render_plan_html,
        render_plan_json,
        render_plan_markdown,
        render_plan_text,
    )

    match form:
        case Form.TEXT:
            width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 100
            return render_plan_text(found, width)
        case Form.MD:
            return render_plan_markdown(found)
        case Form.HTML:
            return render_plan_html(found)
        case Form.JSON:
            return render_plan_json(found)
        case _:
            assert_never(form)


def _write(out: str | None, text: str, inputs: list[str]) -> None:
    if out is None:
        say(text, end="")
    else:
        with output(out, inputs) as stream:
            stream.write(text)
