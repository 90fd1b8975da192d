"""The pages of docs/diagnostics/, one for each code: `python -m tests.docs.diagnostics` writes them.

In: the catalogue. Out: the text of every page by its file name. A page shows the message that its bad example
really gives.
"""

import difflib
import re
import textwrap
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from healthdsl.checks.run import check_ruleset
from healthdsl.diagnostics.catalogue import CATALOGUE
from healthdsl.diagnostics.check_codes import CHECK_CODES
from healthdsl.diagnostics.diagnostic import Diagnostic
from healthdsl.diagnostics.entry import Entry
from healthdsl.diagnostics.render import render_diagnostics
from healthdsl.pipeline import Compilation, compile_source
from healthdsl.sharing.roots import Texts
from tests.shared import ROOT

FOLDER = ROOT / "docs" / "diagnostics"
NAME = "example.health"
LONGEST = 60  # lines of an example that a page shows
WIDEST = 110
GROUPS = {
    "E0": "The file and its characters",
    "E1": "How a line is written",
    "E2": "Names",
    "E3": "Types and units",
    "E4": "What a declaration holds",
    "E5": "Tests",
    "E6": "Used files",
    "W": "Warnings",
}
HEAD = "ruleset example\n  language 1\n\n"
MANY = HEAD + "".join(f"signal s{number} count\n" for number in range(5_001))
DEEP = f"{HEAD}rows t0\n  x number\n\n" + "".join(
    f"rows t{number} of t{number - 1} where x above {number}\n" for number in range(1, 25)
)
LONG = f"{HEAD}signal seats count\n\nmeasure seats lookup\n" + "".join(
    f"  {number} -> 1\n" for number in range(1_001)
)
HIGH = f"{HEAD}measure m0 = 1\n\n" + "".join(
    f"measure m{number} = points of m{number - 1}\n" for number in range(1, 101)
)
CROWD = (
    HEAD
    + "".join(f'use "f{number}.health"\n' for number in range(51))
    + "".join(f"#--- f{number}.health\ndictionary d{number}\n  language 1\n" for number in range(51))
)
SEEN = frozenset({"E604", "E611"})  # what a text cannot hold: a folder, and what is done with it
UNSHOWN = {
    "E001": ("a file of 600,000 characters", b"#" * 600_000),
    "E002": ("a file in UTF-16, as some editors write it", "ruleset r\n".encode("utf-16")),
    "E448": ("a file with 5,001 signals", MANY.encode()),
    "E449": ("24 sub-tables, each of the one before", DEEP.encode()),
    "E458": ("a lookup with 1,001 rows", LONG.encode()),
    "E459": ("101 measures, each worked out from the one before", HIGH.encode()),
    "E606": ("a ruleset that uses 51 files", CROWD.encode()),
}  # what no page can show, as words and as it stands in the file
NOTE = "<!-- made from the catalogue by `make docs`; change healthdsl/diagnostics/*_codes.py instead -->"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for stray in stray_pages():
        stray.unlink()
    for name, text in pages().items():
        (FOLDER / name).write_text(text, "utf-8")


def pages() -> dict[str, str]:
    """The text of every page by file name, the index among them."""
    entries = sorted(CATALOGUE.values(), key=lambda entry: entry.code)
    return {f"{entry.code}.md": page(entry) for entry in entries} | {"README.md": index(entries)}


def stray_pages() -> list[Path]:
    """Pages of codes that are no longer in the catalogue."""
    wanted = {f"{code}.md" for code in CATALOGUE} | {"README.md"}
    return [path for path in sorted(FOLDER.glob("*.md")) if path.name not in wanted]


def page(entry: Entry) -> str:
    meaning = textwrap.wrap(entry.meaning, WIDEST, break_long_words=False, break_on_hyphens=False)
    lines = [f"# {entry.code}: {entry.title}", "", NOTE, "", *meaning, "", "## Example", ""]
    if entry.code in SEEN:
        del lines[-2:]
    elif entry.code in UNSHOWN:
        lines += [f"From {UNSHOWN[entry.code][0]}:", "", *fenced("text", message(entry))]
    else:
        lines += [*fenced("health", entry.bad), "", *fenced("text", message(entry))]
        lines += ["", "## Mended", "", *fenced("diff", "\n".join(change(entry)))]
    return "\n".join([*lines, "", "[All messages](README.md) · [The language](../language.md)", ""])


def change(entry: Entry) -> Iterator[str]:
    """The lines that differ between the bad example and the good one, with one line around them."""
    compared = difflib.unified_diff(entry.bad.split("\n"), entry.good.split("\n"), lineterm="", n=1)
    for line in compared:
        if line.strip() and not line.startswith(("---", "+++", "@@")):
            yield line


def message(entry: Entry) -> str:
    """What `healthdsl check` says about the bad example."""
    compilation = compiled(bad(entry))
    return render_diagnostics(compilation.source, found(entry, compilation))


def found(entry: Entry, compilation: Compilation) -> tuple[Diagnostic, ...]:
    """What is told of an example; the examples of other codes are no rulesets to look through."""
    ruleset, graph = compilation.ruleset, compilation.graph
    if entry not in CHECK_CODES or ruleset is None or graph is None:
        return compilation.diagnostics
    checked = check_ruleset(ruleset, graph, compilation.source, compilation.diagnostics)
    return tuple(finding.diagnostic for finding in checked.found.left)


def compiled(text: str | bytes) -> Compilation:
    """What becomes of an example: E6xx are several files, each but the first behind a line `#--- NAME`."""
    first, *rest = re.split(r"^#--- (\S+)\n", text if isinstance(text, str) else "", flags=re.MULTILINE)
    if isinstance(text, bytes) and b"#--- " in text:
        return compiled(text.decode())
    if not rest:
        return compile_source(text, NAME)
    return compile_source(first, NAME, Texts(dict(zip(rest[::2], rest[1::2], strict=True)), own=NAME))


def bad(entry: Entry) -> str | bytes:
    """The bad example as it stands in a file."""
    return UNSHOWN[entry.code][1] if entry.code in UNSHOWN else entry.bad


def fenced(language: str, text: str) -> Iterator[str]:
    """A block; a text too long or too wide for a page is cut where it says `...`.

    Characters that cannot be seen are named: `<U+202E>`.
    """
    lines = [
        line if len(line) <= WIDEST else f"{line[:WIDEST]} ..."
        for line in visible(text).rstrip("\n").split("\n")
    ]
    if len(lines) > LONGEST:
        lines = [*lines[: LONGEST - 5], "...", *lines[-4:]]
    yield f"```{language}"
    yield from lines
    yield "```"


def visible(text: str) -> str:
    """The text with control, format and unusual space characters written out; tabs stay."""
    return "".join(f"<U+{ord(c):04X}>" if hidden(c) else c for c in text)


def hidden(character: str) -> bool:
    if character in "\n\t ":
        return False
    return unicodedata.category(character) in ("Cc", "Cf", "Zs", "Zl", "Zp")


def index(entries: list[Entry]) -> str:
    lines = [
        "# Messages",
        "",
        NOTE,
        "",
        "Every message of `healthdsl check` has a code. `E` codes are mistakes: nothing is scored until they",
        "are mended. `W` codes are warnings: the ruleset works, and probably does not do what was meant.",
    ]
    for prefix, title in GROUPS.items():
        rows = [
            f"| [{entry.code}]({entry.code}.md) | {entry.title} |"
            for entry in entries
            if entry.code.startswith(prefix)
        ]
        if rows:
            lines += ["", f"## {title}", "", "| Code | Says |", "|---|---|", *rows]
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
