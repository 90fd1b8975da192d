"""`healthdsl diff`: what changed between two versions of a ruleset, in meaning and not in text."""

from __future__ import annotations

import shutil
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, assert_never

import typer

from healthdsl.cli.common.messages import say
from healthdsl.cli.common.options import OutOption, RootOption
from healthdsl.cli.common.output import check_not_read, form_by_ending, output
from healthdsl.cli.common.versions import NewArgument, OldArgument, load_versions

if TYPE_CHECKING:
    from healthdsl.reports.diff import Compared


class Form(StrEnum):
    """The form of a comparison."""

    TEXT = "text"
    MD = "md"
    JSON = "json"


ENDINGS = {".md": Form.MD, ".json": Form.JSON, ".txt": Form.TEXT}


def diff(
    old: OldArgument,
    new: NewArgument,
    format_: Annotated[
        Form | None,
        typer.Option("--format", help="Text, Markdown or JSON. Default: by the ending of OUT, or text."),
    ] = None,
    out: OutOption = None,
    root: RootOption = None,
) -> None:
    """Say what changed between two versions of a ruleset: each change in a sentence, and what it can do.

    Layout, comments and order that says nothing are no change. A change is score-changing, explanation-only
    (titles, reasons, labels) or cosmetic (tests). The fingerprint of a ruleset changes exactly with the first
    two.

    \b
    Examples:
      healthdsl diff old.health new.health
      healthdsl diff HEAD~1:rulesets/saas.health rulesets/saas.health
      healthdsl diff main:rulesets/saas.health rulesets/saas.health --format md
    """
    inputs = [old, new]
    check_not_read(out, inputs)
    form = format_ or Form(form_by_ending(None if out == "-" else out, ENDINGS, Form.TEXT))
    text = _rendered(form, load_versions(old, new, root).compared)
    if out is None or out == "-":
        say(text, end="")
    else:
        with output(out, inputs) as stream:
            stream.write(text)


def _rendered(form: Form, compared: Compared) -> str:
    from healthdsl.reports.diff import render_diff_json, render_diff_markdown, render_diff_text

    match form:
        case Form.TEXT:
            width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 100
            return render_diff_text(compared, width)
        case Form.MD:
            return render_diff_markdown(compared)
        case Form.JSON:
            return render_diff_json(compared)
        case _:
            assert_never(form)
