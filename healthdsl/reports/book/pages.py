"""Names of the pages beside a book. Account ids come from strangers and may hold anything.

A name begins with what can be read of the id and ends with a digest of all of it, in letters, digits and
hyphens only: no folder, no hidden file, no name that some system reserves, and no two that differ in case
alone.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

INDEX = "index.html"
MOST_READABLE = 40
DIGITS = 16


def page_names(ids: Iterable[str]) -> dict[str, str]:
    """A file name for each id, `b-052-6f1ed002ab559585.html`; the same id always has the same one."""
    found: dict[str, str] = {}
    taken = {INDEX}
    for account in dict.fromkeys(ids):
        name, again = _name(account, ""), 1
        while name in taken:  # two ids with one digest: somebody took pains to find them
            again += 1
            name = _name(account, f"-{again}")
        taken.add(name)
        found[account] = name
    return found


def _name(account: str, end: str) -> str:
    plain = unicodedata.normalize("NFKD", account[:200]).encode("ascii", "ignore").decode("ascii")
    readable = re.sub(r"[^a-z0-9]+", "-", plain.lower())[:MOST_READABLE].strip("-")
    digest = hashlib.sha256(account.encode("utf-8", "surrogatepass")).hexdigest()[:DIGITS]
    return f"{readable or 'account'}-{digest}{end}.html"
