"""Catalogue rows of the mistakes found while giving names and types a meaning.

E2xx names, E3xx types and units, E4xx what a declaration holds, E5xx tests, W5xx warnings. The rows stand in
one module for each hundred; each example is a whole ruleset, a frame with one place in it, wrong in `bad`
and right in `good`.
"""

from __future__ import annotations

from healthdsl.diagnostics.declaration_codes import DECLARATION_CODES
from healthdsl.diagnostics.entry import Entry
from healthdsl.diagnostics.name_codes import NAME_CODES
from healthdsl.diagnostics.test_codes import TEST_CODES
from healthdsl.diagnostics.type_codes import TYPE_CODES

MEANING_CODES: tuple[Entry, ...] = (*NAME_CODES, *TYPE_CODES, *DECLARATION_CODES, *TEST_CODES)
