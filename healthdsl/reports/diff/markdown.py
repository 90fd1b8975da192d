"""What changed, as Markdown for a pull request. Text of strangers is escaped."""

from __future__ import annotations

from healthdsl.diff.change import Change, Difference, Effect
from healthdsl.reports.diff.model import MEANINGS, TITLES, Compared, counts, heading, told
from healthdsl.reports.markdown import escape

MOST_LISTED = 200
"""Changes; a comment on a pull request has a limit of its own."""


def render_diff_markdown(compared: Compared) -> str:
    """The whole text, ending in a line end."""
    said = counts(compared)
    lines = [f"## {escape(heading(compared))}", "", f"{said[:1].upper()}{said[1:]}.", ""]
    lines += change_lines(compared.difference)
    old, new = compared.old, compared.new
    foot = f"{old.source} (fingerprint {old.fingerprint}) to {new.source} (fingerprint {new.fingerprint})"
    return "\n".join([*lines, escape(foot)]) + "\n"


def change_lines(difference: Difference) -> list[str]:
    """The changes by what they can do, below their declarations."""
    lines: list[str] = []
    left = MOST_LISTED
    for effect in Effect.SCORE, Effect.EXPLANATION, Effect.COSMETIC:
        changes = difference.of(effect)
        if not changes:
            continue
        title = TITLES[effect]
        lines += [f"**{title[:1].upper()}{title[1:]}** ({MEANINGS[effect]})", ""]
        lines += _grouped(changes[:left])
        if len(changes) > left:
            lines += [f"- and {len(changes) - left} more"]
        left = max(left - len(changes), 0)
        lines.append("")
    return lines


def _grouped(changes: tuple[Change, ...]) -> list[str]:
    lines: list[str] = []
    subject = ""
    for change in changes:
        if change.subject != subject:
            subject = change.subject
            lines.append(f"- {escape(subject)}")
        lines.append(f"  - {marked(told(change))}")
    return lines


def marked(sentence: str) -> str:
    """A sentence with its pieces of rulesets as code: those hold no escapes, only what cannot end them."""
    pieces = sentence.split("`")
    if len(pieces) % 2 == 0:
        return escape(sentence)
    pieces[::2] = [escape(piece) if piece.strip() else piece for piece in pieces[::2]]
    pieces[1::2] = [_code(piece) for piece in pieces[1::2]]
    return "".join(pieces)


def _code(piece: str) -> str:
    from healthdsl.reports.clean import clean

    return f"`{clean(piece)}`" if piece.strip() else ""
