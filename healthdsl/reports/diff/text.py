"""What changed, for a terminal: the declarations with a line for each change, and what it can do."""

from __future__ import annotations

from healthdsl.reports.clean import clean, columns, wrap
from healthdsl.reports.diff.model import TITLES, Compared, counts, heading, told

LEAST_WIDTH = 40


def render_diff_text(compared: Compared, width: int = 100) -> str:
    """The whole text, ending in a line end. `width` is in columns."""
    room = max(width, LEAST_WIDTH) - max(map(len, TITLES.values())) - 4
    lines = [clean(heading(compared)), clean(counts(compared)[:1].upper() + counts(compared)[1:] + ".")]
    for subject, changes in compared.difference.grouped:
        lines += ["", clean(subject)]
        for change in changes:
            first, *rest = wrap(clean(told(change)), room) or [""]
            effect = TITLES[change.effect]
            lines.append(f"  {effect}{' ' * (18 - columns(effect))}{first}")
            lines += [f"{' ' * 20}{line}" for line in rest]
    return "\n".join(lines) + "\n"
