"""Rulesets shown in the docs: checked, tested and laid out like any other ruleset.

In: the text of a `health` block. Out: what a reader who copies it would stumble over. A fragment is put
behind its context, docs/contexts/NAME.health; one that begins with an indented line goes on with the last
declaration there.
"""

from collections.abc import Iterator
from pathlib import Path

from healthdsl import loads
from healthdsl.diagnostics.render import render_diagnostics
from healthdsl.pipeline import compile_source
from healthdsl.source import Source
from healthdsl.syntax.printer import format_text
from healthdsl.testing import run_tests
from tests.docs.blocks import Block
from tests.docs.compare import difference
from tests.shared import ROOT

CONTEXTS = ROOT / "docs" / "contexts"


def check_ruleset(block: Block, contexts: Path = CONTEXTS) -> Iterator[str]:
    """Problems of a `health` block: errors, failed tests, layout; with `error=CODE` any code but that one."""
    text = whole_text(block, contexts)
    compilation = compile_source(text, "docs.health")
    errors = [found for found in compilation.diagnostics if found.is_error]
    if wanted := block.settings.get("error"):
        codes = sorted({found.code for found in compilation.diagnostics})
        if codes != [wanted]:
            yield f"gives {', '.join(codes) or 'no message'}, not {wanted}"
        return
    if errors:
        yield "does not compile\n" + render_diagnostics(Source(text, "docs.health"), tuple(errors))
        return
    yield from failed_tests(text)
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
    return any(line.startswith("ruleset ") for line in block.text.splitlines())


def failed_tests(text: str) -> Iterator[str]:
    for outcome in run_tests(loads(text)):
        if not outcome.passed:
            yield f"its test fails: {outcome}"
