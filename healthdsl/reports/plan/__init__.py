"""Reports of what a change does to a book of accounts: a `Plan` in, text, Markdown, HTML or JSON out."""

from healthdsl.reports.plan.html import render_plan_html
from healthdsl.reports.plan.json_report import render_plan_json
from healthdsl.reports.plan.markdown import render_plan_markdown
from healthdsl.reports.plan.text import render_plan_text

__all__ = ["render_plan_html", "render_plan_json", "render_plan_markdown", "render_plan_text"]
