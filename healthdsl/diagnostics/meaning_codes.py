"""Catalogue rows of the mistakes found while giving names and types a meaning (E2xx to E5xx, W)."""

from __future__ import annotations

from healthdsl.diagnostics.entry import Entry

MEANING_CODES: tuple[Entry, ...] = ()
