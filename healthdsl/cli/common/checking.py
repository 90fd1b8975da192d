"""Checking rulesets: every diagnostic shown, without typer, so that `healthdsl check` starts quickly."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from healthdsl.cli.common.messages import FINDINGS, FINE, count, say, say_painted, wants_colour
from healthdsl.cli.common.rulesets import read_ruleset, root_for


def check_files(files: Sequence[str], root: str | None = None) -> int:
    """Show what is wrong with each ruleset; the exit code. FileError when a file cannot be read.

    `root` is the folder that the files come from which they use; None: each from its own.
    """
    from healthdsl.diagnostics.render import render_diagnostics
    from healthdsl.pipeline import compile_source

    colour = wants_colour(sys.stdout)
    found = 0
    for path in files:
        data, name = read_ruleset(path)
        compilation = compile_source(data, name, root_for(path, root))
        found += len(compilation.diagnostics)
        if compilation.diagnostics:
            say_painted(render_diagnostics(compilation.source, compilation.diagnostics, colour))
        else:
            say(f"{name}: no mistakes found")
    if not found:
        return FINE
    say(f"{count(found, 'finding')} in {count(len(files), 'file')}")
    return FINDINGS
