"""The paths that `use` takes: relative to the file that says it, never out of the root.

In: a path as written. Out: the path below the root, with `/` and without `..`; no file is looked at.
"""

from __future__ import annotations

import re
import unicodedata

ENDING = ".health"
LONGEST = 200
_DRIVE = re.compile("[A-Za-z]:")


def below_root(folder: str, written: str) -> str | None:
    """The path below the root that `written` means in a file of `folder`; None when it leads out."""
    steps = folder.split("/") if folder else []
    for step in written.split("/"):
        if step == "..":
            if not steps:
                return None
            steps.pop()
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)


def folder_of(path: str) -> str:
    """The folder of a path below the root, "" for the root itself."""
    return path.rpartition("/")[0]


def path_problem(written: str) -> tuple[str, str] | None:
    """What is wrong with a path before it is looked for, and what to write; None when nothing is."""
    relative = 'write where it is from this file on, such as `use "shared/signals.health"`'
    if not written.strip():
        return "`use` names no file", relative
    if len(written) > LONGEST:
        return f"this path has {len(written):,} characters, at most {LONGEST} are allowed", "shorten it"
    if any(unicodedata.category(char)[0] == "C" for char in written):
        return "this path holds a character that cannot be seen", "type the path anew"
    if "\\" in written:
        return "this path is written with `\\`", f"write `/`: `{written.replace(chr(92), '/')}`"
    if written.startswith(("/", "~")) or _DRIVE.match(written):
        return f"`{written}` is not relative to this file", relative
    if "://" in written:
        return f"`{written}` is an address, and nothing is fetched from elsewhere", relative
    if not written.endswith(ENDING) or written.endswith(f"/{ENDING}") or written == ENDING:
        return f"`{written}` does not end in `{ENDING}`", f"only {ENDING} files can be used"
    return None
