"""Links of a page to files beside it.

In: a page. Out: the relative links that lead nowhere, headings (`#part`) included. The web is not asked.
"""

import re
from pathlib import Path

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"^(`{3,}).*?^\1\s*$|`[^`\n]*`", re.MULTILINE | re.DOTALL)
ELSEWHERE = ("http:", "https:", "mailto:")
HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)


def dead_links(page: Path) -> list[str]:
    """The relative links of `page` that lead to no file or to no heading."""
    links = LINK.findall(CODE.sub("", page.read_text("utf-8")))
    return [link for link in links if not link.startswith(ELSEWHERE) and dead(page, link)]


def dead(page: Path, link: str) -> bool:
    name, _, part = link.partition("#")
    target = page.parent / name if name else page
    if not target.exists():
        return True
    return bool(part) and part not in anchors(target)


def anchors(page: Path) -> set[str]:
    """The names of a page's headings as GitHub makes them: lower case, no punctuation, spaces as hyphens."""
    if page.suffix != ".md":
        return set()
    text = re.sub(r"^(`{3,}).*?^\1\s*$", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = [re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(text)]
    return {heading.replace(" ", "-") for heading in headings}
