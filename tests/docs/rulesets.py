"""Rulesets shown in the docs: checked, tested and laid out like any other ruleset.

In: the text of a `health` block. Out: what a reader who copies it would stumble over. A fragment is put
behind its context, docs/contexts/NAME.health; one that begins with an indented line goes on with the last
declaration there.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from healthdsl.diagnostics.render import render_diagnostics
from healthdsl.model.ruleset import Ruleset
from healthdsl.pipeline import compile_source
from healthdsl.sharing.roots import Folder
from healthdsl.source import Source
from healthdsl.syntax.printer import format_text
from healthdsl.testing import run_tests
from tests.docs.blocks import Block
from tests.docs.compare import difference
from tests.shared import ROOT

CONTEXTS = ROOT / "docs" / "contexts"


def check_ruleset(block: Block, contexts: Path = CONTEXTS, folder: Path | None = None) -> Iterator[str]:
    """Problems of a `health` block: errors, failed tests, layout; with `error=CODE` any code but that one.

    Files that it uses lie in `folder`.
    """
    text = whole_text(block, contexts)
    root = None if folder is None else Folder(folder, "", own=block.settings.get("file", ""))
    compilation = compile_source(text, "docs.health", root)
    errors = [found for found in compilation.diagnostics if found.is_error]
    if wanted := block.settings.get("error"):
        codes = sorted({found.code for found in compilation.diagnostics})
        if codes != [wanted]:
            yield f"gives {', '.join(codes) or 'no message'}, not {wanted}"
        return
    if errors:
        yield "does not compile\n" + render_diagnostics(compilation.source, tuple(errors))
        return
    assert compilation.ruleset is not None
    yield from failed_tests(Tested(compilation.ruleset))
    if differs := difference(text, format_text(Source(text))):
        yield f"the formatter writes it otherwise\n{differs}"


def whole_text(block: Block, contexts: Path = CONTEXTS) -> str:
    """The block as a file of its own; ValueError when it is a fragment without a context."""
    if is_whole(block):
        return block.text
    if block.context is None:
        raise ValueError("a fragment needs `<!-- context: NAME -->` above it, or a `ruleset` line")
    before = (contexts / f"{block.context}.health").read_text("utf-8")
    return before + block.text if block.text.startswith(" ") else f"{before}\n{block.text}"


def is_whole(block: Block) -> bool:
    return any(line.startswith(("ruleset ", "dictionary ")) for line in block.text.splitlines())


@dataclass(frozen=True)
class Tested:
    """A ruleset or a dictionary, as far as its tests are concerned."""

    ruleset: Ruleset


def failed_tests(tested: Tested) -> Iterator[str]:
    for outcome in run_tests(tested):
        if not outcome.passed:
            yield f"its test fails: {outcome}"
