"""Reports: an `Explanation` in, text, Markdown, HTML or JSON out. Nothing else is seen.

Rulesets and records may come from strangers: whatever they hold is shown, never obeyed by a terminal or a
browser.
"""

from healthdsl.reports.html import render_html
from healthdsl.reports.json_report import render_json
from healthdsl.reports.markdown import render_markdown
from healthdsl.reports.template import TemplateProblem, render_template
from healthdsl.reports.text import render_text

__all__ = [
    "TemplateProblem",
    "render_html",
    "render_json",
    "render_markdown",
    "render_template",
    "render_text",
]
