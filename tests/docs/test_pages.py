"""Every page does what it says, and every link in it leads somewhere."""

import re
from pathlib import Path

import pytest

from healthdsl.source import Source
from healthdsl.syntax.printer import format_text
from tests.docs.links import dead_links
from tests.docs.pages import Session, pages, problems
from tests.docs.rulesets import CONTEXTS
from tests.shared import ROOT

READMES = [
    path for folder in ("examples", "rulesets", "tests") for path in (ROOT / folder).rglob("README.md")
]
ALL = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md")), *sorted(READMES)]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("page", pages(), ids=name)
def test_page_does_what_it_says(page: Path, tmp_path: Path) -> None:
    found = problems(page.read_text("utf-8"), Session(tmp_path))
    assert not found, "\n" + "\n".join(f"{name(page)}: {problem}" for problem in found)


@pytest.mark.parametrize("page", ALL, ids=name)
def test_links_lead_somewhere(page: Path) -> None:
    assert dead_links(page) == []


@pytest.mark.parametrize("context", sorted(CONTEXTS.glob("*.health")), ids=lambda path: path.stem)
def test_contexts_are_laid_out(context: Path) -> None:
    text = context.read_text("utf-8")
    assert format_text(Source(text)) == text


def test_the_pages_are_found() -> None:
    assert {"README.md", "docs/tutorial.md", "docs/embedding.md"} <= {name(page) for page in pages()}


def test_every_decision_is_listed_by_its_title() -> None:
    folder = ROOT / "docs" / "adr"
    index = (folder / "README.md").read_text("utf-8")
    for page in folder.glob("[0-9]*.md"):
        number, title = page.read_text("utf-8").splitlines()[0].removeprefix("# ").split(". ", 1)
        assert f"| [{number}]({page.name}) | {title} |" in index


def sections(page: str) -> dict[str, str]:
    """The sections of a page by their headings, a subsection apart from its section."""
    parts = re.split(r"^##+ ", page, flags=re.MULTILINE)[1:]
    return {part.partition("\n")[0]: part for part in parts}


def test_every_construct_has_its_sql_and_an_example() -> None:
    found = sections((ROOT / "docs" / "language.md").read_text("utf-8"))
    first, last = "Signals: what is known of an account", "Flags and plays"
    names = list(found)
    constructs = names[names.index(first) : names.index(last) + 1]
    assert len(constructs) >= 25
    assert [name for name in constructs if "In SQL" not in found[name]] == []
    overviews = {"Measures: from a value to points"}  # its subsections have the examples
    assert {name for name in constructs if "```health" not in found[name]} == overviews
