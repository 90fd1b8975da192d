"""Every code a ruleset's author can meet, in one table.

E0xx the file itself, E1xx how a line is written, E2xx names, E3xx types and units, E4xx what a declaration
holds, E5xx tests, E6xx used files. W codes are warnings; from W503 on they are the findings of `checks`.
The rows stand in the modules of the stages that report them.
"""

from __future__ import annotations

from healthdsl.diagnostics.check_codes import CHECK_CODES
from healthdsl.diagnostics.entry import Entry
from healthdsl.diagnostics.meaning_codes import MEANING_CODES
from healthdsl.diagnostics.syntax_codes import SYNTAX_CODES
from healthdsl.diagnostics.use_codes import USE_CODES

CATALOGUE: dict[str, Entry] = {
    entry.code: entry for entry in (*SYNTAX_CODES, *MEANING_CODES, *USE_CODES, *CHECK_CODES)
}
