"""Catalogue rows of the mistakes found while reading the text (E0xx, E1xx)."""

from __future__ import annotations

from healthdsl.diagnostics.entry import Entry

SYNTAX_CODES: tuple[Entry, ...] = ()
