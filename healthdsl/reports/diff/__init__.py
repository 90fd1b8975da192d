"""Reports of what changed between two rulesets: a `Difference` in, text, Markdown or JSON out."""

from healthdsl.reports.diff.json_report import render_diff_json
from healthdsl.reports.diff.markdown import render_diff_markdown
from healthdsl.reports.diff.model import Compared, Version
from healthdsl.reports.diff.text import render_diff_text

__all__ = ["Compared", "Version", "render_diff_json", "render_diff_markdown", "render_diff_text"]
