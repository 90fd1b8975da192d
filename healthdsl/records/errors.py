"""The error of files: accounts, rows and outputs that cannot be read or written."""

from __future__ import annotations

from collections.abc import Iterable


class FileError(ValueError):
    """A file cannot be used. `str()` says in plain words where, what was found and what to do."""


def nearest(name: str, names: Iterable[str], most: int = 3) -> list[str]:
    """The known names most like `name`, best first; case, spaces and underscores count as alike."""
    from difflib import get_close_matches

    folded: dict[str, str] = {}
    for known in names:
        folded.setdefault(_fold(known), known)
    return [folded[match] for match in get_close_matches(_fold(name), folded, n=most, cutoff=0.6)]


def hint(name: str, names: Iterable[str]) -> str:
    """` (did you mean a, b or c?)`, or nothing when no known name is near."""
    near = [f"`{match}`" for match in nearest(name, names)]
    if not near:
        return ""
    listed = " or ".join([", ".join(near[:-1]), near[-1]] if len(near) > 1 else near)
    return f" (did you mean {listed}?)"


def _fold(name: str) -> str:
    return name.casefold().replace(" ", "_").replace("-", "_")
