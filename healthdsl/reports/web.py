"""What every HTML page shares: its colours, its policy, and a template engine that escapes.

Everything from the ruleset and the records is escaped by the template engine. A page's own policy forbids
whatever else: only the style sheet with the hash written there applies.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import PurePath

from jinja2 import Environment, StrictUndefined, Template

from healthdsl.explain.explanation import Badge
from healthdsl.reports.clean import clean

COLOURS = ("green", "lightgreen", "yellow", "orange", "red", "grey", "blue", "black", "white", "purple")
_CHIP = ".chip.{word} {{ background: var(--{word}-chip); color: var(--{word}-text); }}"


@dataclass(frozen=True, slots=True)
class Layout:
    """A template of ours, its style sheets, and the rules that these need for each colour word."""

    template: str
    sheets: tuple[str, ...]
    rules: tuple[str, ...]


def render_page(layout: Layout, values: Mapping[str, object]) -> str:
    """The page of a layout."""
    page, style = _page_and_style(layout)
    return page.render(values, style=style, policy=_policy(style)) + "\n"


@lru_cache(maxsize=8)
def _page_and_style(layout: Layout) -> tuple[Template, str]:
    """The template, ready to fill, and the style sheet. A book has many pages of one layout, and compiling
    the template takes most of the time of a page.
    """
    folder = files("healthdsl.reports") / "templates"
    sheets = [folder.joinpath(name).read_text("utf-8").strip() for name in layout.sheets]
    rules = (rule.format(word=word) for word in COLOURS for rule in (_CHIP, *layout.rules))
    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=_harmless)
    page = environment.from_string(folder.joinpath(layout.template).read_text("utf-8"))
    return page, "\n".join([*sheets, *rules])


def _policy(style: str) -> str:
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _harmless(value: object) -> object:
    """Text without characters that steer; what says it is HTML is our own."""
    return clean(value) if isinstance(value, str) and not hasattr(value, "__html__") else value


def colour_of(badge: Badge) -> str:
    """The colour word of a badge; grey where it has none."""
    return badge.colour if badge.colour in COLOURS else "grey"


def short_place(place: str) -> str:
    """A place of a rule without the folders before its file, which are nobody's business."""
    return PurePath(place.replace("\\", "/")).name


def share_of(part: float, least: float = 0.0) -> str:
    """A share of the width, such as `12.5%`."""
    return f"{max(part * 100, least):.2f}%"
