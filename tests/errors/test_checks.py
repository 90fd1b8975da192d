"""Every file in checks/ gives exactly the findings it marks, each with advice and a place in the text."""

from pathlib import Path

import pytest

from healthdsl.checks.run import check_ruleset
from healthdsl.diagnostics.check_codes import CHECK_CODES
from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.pipeline import compile_source
from tests.errors.corpus import FOLDER, check_marks, check_recorded, read_marks, rendered

FILES = sorted((FOLDER / "checks").glob("*.health"))


def findings(path: Path) -> tuple[Diagnostic, ...]:
    compilation = compile_source(path.read_bytes(), path.name)
    assert compilation.ruleset is not None
    assert compilation.graph is not None
    checked = check_ruleset(
        compilation.ruleset, compilation.graph, compilation.source, compilation.diagnostics
    )
    return tuple(finding.diagnostic for finding in checked.found.left)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_gives_what_it_marks(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    found = findings(path)
    assert read_marks(text)
    check_marks(text, found)
    for finding in found:
        assert finding.help
        assert not finding.is_error
        assert "\n" not in finding.message + finding.help + "".join(finding.notes)
        assert text[finding.span.start : finding.span.end].strip()


def test_rendered_findings() -> None:
    blocks = [rendered(path, findings(path)) for path in FILES]
    check_recorded(FOLDER / "checks" / "rendered.txt", "\n".join(blocks))


def test_every_code_is_in_the_corpus() -> None:
    marked = {mark.code for path in FILES for mark in read_marks(path.read_text(encoding="utf-8"))}
    assert marked == {entry.code for entry in CHECK_CODES}
