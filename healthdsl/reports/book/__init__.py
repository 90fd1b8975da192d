"""Reports of a whole book of accounts: a `Book` in, HTML, Markdown or JSON out. Nothing else is seen."""

from healthdsl.reports.book.html import render_book_html, render_index_html
from healthdsl.reports.book.json_report import render_book_json
from healthdsl.reports.book.markdown import render_book_markdown

__all__ = ["render_book_html", "render_book_json", "render_book_markdown", "render_index_html"]
