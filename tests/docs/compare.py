"""Shown output against real output: equal line by line, with `...` for what was left out.

A line that is only `...` stands for any number of lines, `...` inside a line for any text on that line. White
space at the end of a line, and empty lines at the end, do not count.
"""

import difflib
import re

ELISION = "..."


def difference(shown: str, real: str) -> str | None:
    """What a reader of the page would be told wrongly, as a diff from shown to real; None when they agree."""
    shown_lines, real_lines = tidy(shown), tidy(real)
    if re.fullmatch(pattern(shown_lines), "".join(f"{line}\n" for line in real_lines)):
        return None
    return "\n".join(difflib.unified_diff(shown_lines, real_lines, "shown", "real", lineterm="", n=1))


def tidy(text: str) -> list[str]:
    lines = [line.rstrip() for line in text.splitlines()]
    while lines and not lines[-1]:
        lines.pop()
    return lines


def pattern(lines: list[str]) -> str:
    return "".join(r"(?:.*\n)*" if line.strip() == ELISION else inline(line) + r"\n" for line in lines)


def inline(line: str) -> str:
    return ".*".join(re.escape(part) for part in line.split(ELISION))
