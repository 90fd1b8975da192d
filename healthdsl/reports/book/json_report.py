"""The book as JSON: the model field by field, amounts as numbers."""

from __future__ import annotations

from healthdsl.reports.book.model import Book
from healthdsl.reports.json_report import render_model


def render_book_json(book: Book) -> str:
    """JSON text of the whole book, keys in the order of the model, ending in a line end."""
    return render_model(book)
