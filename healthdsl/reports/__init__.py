"""Reports: an `Explanation` in, text, Markdown, HTML or JSON out. Nothing else is seen.

Rulesets and records may come from strangers: whatever they hold is shown, never obeyed by a terminal or a
browser.
"""

from healthdsl.reports.json_report import render_json
from healthdsl.reports.text import render_text

__all__ = ["render_json", "render_text"]
